#!lua
-- Whom to disconnect next: who was banned or kicked, then who was superseded; who waits longest first. Safe to repeat.
--
-- Forgets who is wanted again, that is: speaks for its user now, has a join in the log or is offered a place. It is asked
-- right before each call, so a viewer who moves, or comes back with the seat it had, keeps its connection.
--
-- ARGV[1]  lease  fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  limit  at most so many of each queue
-- ARGV[3]  grace  ms in which who was superseded may go by itself
-- ARGV[4]  age    ms after which who was superseded or expired is given up
-- ARGV[5]  last   ms after which who was banned is: no token lives longer
--
-- Answers {how many were banned, superseded, expired, then queue and member in turn}.
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
local now, limit, grace, age = time_or_now(''), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function is_wanted(p, u)
  if p == '' or is_banned(u, now) then return false end
  local _, _, joining_p, joining_a = joining(u)
  if joining_p == p and not is_kicked(joining_a, now) then return true end
  local at = present(u)
  local value = at and redis.pcall('HGET', heartbeats(at), u)
  local _, here_p, _, here_a = presence(type(value) == 'string' and value or '')
  if here_p == p and not is_kicked(here_a, now) then return true end
  local _, held_for = reserved(u)
  return held_for == p
end

call('ZREMRANGEBYSCORE', DISCONNECT_BANNED, '-inf', '(' .. now - tonumber(ARGV[5]))
call('ZREMRANGEBYSCORE', DISCONNECT_SUPERSEDED, '-inf', '(' .. now - age)
call('ZREMRANGEBYSCORE', DISCONNECT_EXPIRED, '-inf', '(' .. now - age)
local out = { 0, 0, 0 }
local function take(queue, name, till)
  for _, member in ipairs(call('ZRANGEBYSCORE', queue, '-inf', till, 'LIMIT', 0, limit)) do
    local p, u = match(member, '^[^|]*|([^|]*)|[^|]*|(.*)$')
    if not p or is_wanted(p, u) then
      call('ZREM', queue, member)
    else
      out[#out + 1] = name
      out[#out + 1] = member
    end
  end
end
take(DISCONNECT_BANNED, 'banned', now)
take(DISCONNECT_SUPERSEDED, 'superseded', now - grace)
for i, queue in ipairs({ DISCONNECT_BANNED, DISCONNECT_SUPERSEDED, DISCONNECT_EXPIRED }) do out[i] = call('ZCARD', queue) end
return out
