#!lua
-- Ends presences that IVS does not have: each by an `expire` entry, as the sweep does. Safe to repeat.
--
-- What changed since it was looked at stays: a viewer who moves, or joined anew. The admission counts as closed, so that
-- the next heartbeat of one who is still there after all is answered with `rejoin`, not healed at once.
--
-- ARGV[1]  lease  fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  stage
-- then for each presence: user, participant, admission
--
-- Answers how many entries were written.
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
local s, now, written = ARGV[2], time_or_now(''), 0
for i = 3, #ARGV, 3 do
  local u, p, a = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local _, here_p, _, here_a = presence(call('HGET', heartbeats(s), u))
  if present(u) == s and not joining(u) and here_p == p and here_a == a then
    call('XADD', EVENTS, '*', 't', 'expire', 's', s, 'u', u, 'p', p, 'v', '1', 'a', a, 'seen',
      string.format('%d', now), 'why', 'correct')
    local closed = a ~= '' and a or p
    if closed ~= '' then call('ZADD', CLOSED, now, closed) end
    written = written + 1
  end
end
return written
