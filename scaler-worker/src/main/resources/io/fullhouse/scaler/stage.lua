#!lua
-- Registers a stage, closes its doors, unregisters it: the scaler's side of the seats. Safe to repeat.
--
-- ARGV[1]  stage
-- ARGV[2]  wanted  open | closing | closed. `closed` is refused while a seat is taken or a viewer present, and unregisters in
--                  the same step: only then may the stage be deleted
--
-- Answers the state it is in afterwards: open, closing (also when `closed` was refused) or closed.
--#include seats.lua
local s, wanted = ARGV[1], ARGV[2]
local open, closing = call('ZSCORE', OPEN, s), call('ZSCORE', CLOSING, s)
if wanted == 'open' then
  if open then return 'open' end
  call('ZREM', CLOSING, s)
  -- The counted value, not zero: after data was lost, viewers may have been healed onto it before it is registered.
  call('ZADD', OPEN, closing or taken_by_definition()(s), s)
  return 'open'
end
if wanted == 'closing' then
  if open then
    call('ZREM', OPEN, s)
    call('ZADD', CLOSING, open, s)
  end
  return (open or closing) and 'closing' or 'closed'
end
local taken = open or closing
if not taken then return 'closed' end
if open then return 'open' end
-- Present without a seat here: a viewer whose join to another stage is in the log and not yet folded.
if tonumber(taken) > 0 or call('HLEN', heartbeats(s)) > 0 then return 'closing' end
call('ZREM', CLOSING, s)
call('DEL', viewers(s))
return 'closed'
