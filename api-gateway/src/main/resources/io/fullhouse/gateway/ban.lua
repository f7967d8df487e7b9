#!lua flags=allow-oom
-- Bans or kicks a user: out of the count, without a seat, and to be disconnected. One atomic step; safe to repeat.
-- allow-oom: who misbehaves must go also while nobody else comes in.
--
-- A ban is kept until it is over, and is an event, so no log has a join of a user between a ban and its end. A kick ends
-- the admission there is, for good; its user may join anew. Whoever is present or joining leaves by an entry of its own:
-- a counter that does not know bans yet comes to the same state.
--
-- ARGV[1]  now         epoch ms, or '' for Redis's clock
-- ARGV[2]  act         ban | kick
-- ARGV[3]  user
-- ARGV[4]  until       epoch ms at which a ban is over; 0 never
-- ARGV[5]  reason      for moderators
-- ARGV[6]  IVS's user  id, under which IVS knows this user: '=' for the same, '' for unknown
-- ARGV[7]  life        ms that a seat is good for at most: so long a kicked admission is remembered
-- ARGV[8]  request id  travels into the events
--
-- Answers {outcome, since (epoch ms), stage that the user was on or ''}. PAST: until is over already, nothing was done.
--#include seats.lua
local now, entry_id = time_or_now(ARGV[1]), new_entry_id(ARGV[1])
local act, u, till, reason, ivs_user = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local life, request = tonumber(ARGV[7]), ARGV[8]
if till ~= '0' and tonumber(till) <= now then return { 'PAST', '0', '' } end

local at = present(u)
local s, _, p, a = joining(u)
local held, held_for = reserved(u)
local here_p, here_a = '', ''
if at then
  _, here_p, _, here_a = presence(call('HGET', heartbeats(at), u))
  here_p, here_a = here_p or '', here_a or ''
end
local in_force = is_banned(u, now)
local ban = call('HGET', BANNED, u) or ''
local since = string.format('%d', in_force and tonumber(match(ban, '^%d+|(%d+)|') or nil) or now)

-- No write above this line.
if act == 'ban' and ban ~= table.concat({ till, since, ivs_user, reason }, '|') or s or at then
  local function is_over(stage, participant, admission)
    if participant ~= '' or ivs_user ~= '' then
      queue_disconnect(DISCONNECT_BANNED, now, stage, participant, u, ivs_user)
    end
    if act == 'kick' and admission ~= '' then call('ZADD', KICKED, now + life, admission) end
  end
  if at then is_over(at, here_p, here_a) end
  if s then
    is_over(s, p, a)
  else
    s, p, a = at, here_p, here_a
  end
  if s then
    if held then is_over(held, held_for, '') end -- an offered place is held in the name of its participant
    call('XADD', EVENTS, entry_id, 't', 'leave', 's', s, 'u', u, 'p', p, 'v', '1', 'a', a, 'why', act, 'rid', request)
  end
  if act == 'ban' then
    call('HSET', BANNED, u, table.concat({ till, since, ivs_user, reason }, '|'))
    call('ZADD', BANS, till == '0' and '+inf' or till, u)
    call('XADD', EVENTS, entry_id, 't', 'ban', 's', '', 'u', u, 'p', '', 'v', '1', 'until', till, 'rid', request)
  end
end
if held and (s or act == 'ban') then -- a token that is being fetched finds no seat
  call('HDEL', RESERVED, u)
  change_held(s, s, held, nil)
end
call('ZREMRANGEBYSCORE', KICKED, '-inf', now)
return { 'DONE', since, s or '' }
