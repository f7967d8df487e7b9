#!lua
-- Writes down what became of those who are to be disconnected. Safe to repeat.
--
-- ARGV[1]  lease  fencing token; another one than the lease's is refused with FENCED
-- then what happened and the member of a queue, in turn:
--   cut       it is disconnected, and its token dead. Where IVS's user id is known, the stage is then searched for more of
--             that user: a member without a participant
--   searched  it is searched once more a little later, as a token may have been on its way: participant `-`
--   drop      it is gone, or given up
--   found     of a banned user: to be disconnected, too
--   there     expired, and still connected: to be disconnected
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
local REMEMBERED_FOR, REMEMBERED_AT_MOST = 86400000, 20000 -- ms: no token that was made before is asked for after
local SEARCHED_AGAIN = 20000 -- ms: by then whoever has a token has joined with it
local now = time_or_now('')

local function forget(member)
  for _, queue in ipairs({ DISCONNECT_BANNED, DISCONNECT_SUPERSEDED, DISCONNECT_EXPIRED }) do call('ZREM', queue, member) end
end
for i = 2, #ARGV, 2 do
  local happened, member = ARGV[i], ARGV[i + 1]
  local s, p, ivs_user, u = match(member, '^([^|]*)|([^|]*)|([^|]*)|(.*)$')
  if happened == 'cut' then
    call('ZADD', DISCONNECTED, now, p)
    if ivs_user ~= '' then queue_disconnect(DISCONNECT_BANNED, now, s, '', u, ivs_user) end
    forget(member)
    forget(s .. '|' .. p .. '||' .. u)
  elseif happened == 'drop' then
    forget(member)
  elseif happened == 'searched' then
    forget(member)
    if p == '' then queue_disconnect(DISCONNECT_BANNED, now + SEARCHED_AGAIN, s, '-', u, ivs_user) end
  elseif happened == 'found' then
    call('ZADD', DISCONNECT_BANNED, 'NX', now, member)
  elseif happened == 'there' then
    local since = call('ZSCORE', DISCONNECT_EXPIRED, member)
    if since then queue_disconnect(DISCONNECT_SUPERSEDED, since, s, p, u, ivs_user) end
    call('ZREM', DISCONNECT_EXPIRED, member)
  end
end
call('ZREMRANGEBYSCORE', DISCONNECTED, '-inf', now - REMEMBERED_FOR)
call('ZREMRANGEBYRANK', DISCONNECTED, 0, -REMEMBERED_AT_MOST - 1)
return 1
