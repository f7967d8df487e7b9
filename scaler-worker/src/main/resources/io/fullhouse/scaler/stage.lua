#!lua
-- The scaler's only write of a stage: its place in the registry and what is known of it, in one step. Safe to repeat.
--
-- ARGV[1]  lease     fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  stage
-- ARGV[3]  wanted    open | closing | closed | forced | '' leaves the registry alone. `closed` is refused while a seat is
--                    taken or a viewer present, and unregisters in the same step: only then may the stage be deleted.
--                    `forced` does so whoever is seated, at an operator's deadline
-- ARGV[4]  metadata  JSON, kept in the fleet and under the stage's own key; '' leaves both alone, '-' forgets the stage
-- ARGV[5]  life      s of the stage's own key
-- ARGV[6]  intent    request id that is fulfilled by this; '' none
-- ARGV[7]  notice    JSON that tells of it: appended if anything new was written of the stage; '' none
-- ARGV[8]  pin       source|participant that an operator wants it to be fed from; '' or none leaves that alone, '-' ends it
--
-- Answers the state it is in afterwards: open, closing (also when `closed` was refused; then nothing was written) or
-- closed.
--#include seats.lua
local s, wanted, metadata, pin = ARGV[2], ARGV[3], ARGV[4], ARGV[8] or ''
local PINS = prefix .. 'scaler:pins'
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end

-- First of all: a key that somebody made another type refuses it before anything is written.
if pin ~= '' and pin ~= '-' then call('HSET', PINS, s, pin) end

local function register()
  local open, closing = call('ZSCORE', OPEN, s), call('ZSCORE', CLOSING, s)
  if wanted == '' then return open and 'open' or closing and 'closing' or 'closed' end
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
  if wanted == 'forced' then
    call('ZREM', OPEN, s)
    call('ZREM', CLOSING, s)
    return 'closed'
  end
  if open then return 'open' end
  -- Present without a seat here: a viewer whose join to another stage is in the log and not yet folded.
  if tonumber(taken) > 0 or call('HLEN', heartbeats(s)) > 0 then return 'closing' end
  call('ZREM', CLOSING, s)
  call('DEL', viewers(s))
  return 'closed'
end

local function seats_taken() return call('ZSCORE', OPEN, s) or call('ZSCORE', CLOSING, s) end
local taken_before = seats_taken()
local state = register()
if wanted == 'closed' and state ~= 'closed' then return state end
if pin == '-' then redis.pcall('HDEL', PINS, s) end
if metadata == '-' then
  local pins = redis.pcall('HGETALL', PINS)
  for i = 1, #pins, 2 do -- with its own go those that name it as their source
    if pins[i] == s or sub(pins[i + 1], 1, #s + 1) == s .. '|' then call('HDEL', PINS, pins[i]) end
  end
  call('HDEL', prefix .. 'scaler:fleet', s)
  -- Whoever is still counted there is to hear that it is gone; the key says so until it expires.
  if call('HLEN', heartbeats(s)) == 0 then call('DEL', prefix .. 'stage:' .. s) end
elseif metadata ~= '' then
  if ARGV[7] ~= '' and call('HGET', prefix .. 'scaler:fleet', s) ~= metadata then
    call('XADD', prefix .. 'notices', 'MAXLEN', '~', 10000, '*', 'notice', ARGV[7],
      'taken', seats_taken() or taken_before or '0')
  end
  call('HSET', prefix .. 'scaler:fleet', s, metadata)
  call('SET', prefix .. 'stage:' .. s, metadata, 'EX', ARGV[5])
end
if ARGV[6] ~= '' then call('HDEL', prefix .. 'scaler:intents', ARGV[6]) end
return state
