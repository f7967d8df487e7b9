#!lua
-- Takes or holds a seat: a join, a rejoin, the healing of a proven heartbeat. One atomic step; safe to repeat.
--
-- With a participant whose token serves the chosen stage, the `join` is appended to the log at once. Without one the
-- seat is held while the caller fetches a token, and the same script is then called again with `only` = that stage.
--
-- ARGV[1]  now            epoch ms, or '' for Redis's clock
-- ARGV[2]  why            join | rejoin (the admission was proven by a seat) | heal (a heartbeat found nobody) |
--                         offer (a rejoin beside the place that the viewer has: only while that is `bound`)
-- ARGV[3]  user
-- ARGV[4]  participant    '' while there is no token yet
-- ARGV[5]  admission
-- ARGV[6]  only           this stage or none: a token was made for it, or the viewer is on it already
-- ARGV[7]  prefer         this stage if it has a seat; '' for the least loaded one
-- ARGV[8]  avoid          not this stage: IVS just refused it
-- ARGV[9]  bound          the stage the participant's token is for; '' if the token is made afterwards, for any
-- ARGV[10] nonce          names the reservation, so that its maker alone can give it back
-- ARGV[11] capacity       seats a stage
-- ARGV[12] hold           ms that a reservation lives
-- ARGV[13] needs_live     1: refuse while nobody publishes
-- ARGV[14] proven         1: the admission was proven by a seat
-- ARGV[15] request id     travels into the event
--
-- Answers {outcome, stage, entry id, is new, viewers of the stage, viewers in total, detail}; both counts include this
-- viewer.
--   TAKEN       the join is in the log            HELD       the seat is held: fetch a token
--   HERE        heal: is present or joining       UNKNOWN    heal: nobody, and nothing proves otherwise
--   SUPERSEDED  a newer admission of this user    CLOSED     this admission left not long ago
--   FULL        no seat free; the detail is why   GONE       the stage asked for is not registered
--               the scaler opens no more, or ''
--   OFFLINE     nobody publishes                  RECOVERING no stage is registered at all: the scaler is at it
--   ENDED       an operator ended the broadcast   SHUT       the doors are closed to who has no seat; the detail is
--                                                            what the operator said
--   BANNED      this user; the detail is until    KICKED     this admission, for good
--               when, epoch ms, 0 for ever
--   CUT         heal: this participant was disconnected: it needs another token
--#include seats.lua
local now = time_or_now(ARGV[1])
local why, u, p, a = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local only, prefer, avoid, bound = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local nonce, capacity, hold = ARGV[10], tonumber(ARGV[11]), tonumber(ARGV[12])
local needs_live, proven, request = ARGV[13] == '1', ARGV[14] == '1', ARGV[15]

local at = present(u)
local joining_s, joining_id, joining_p, joining_a = joining(u)
local held, held_nonce = reserved(u)
local function answer(outcome, s, id, is_new, detail)
  local of_stage = s and call('HLEN', heartbeats(s)) + (at == s and 0 or 1) or 0
  return { outcome, s or '', id or '', is_new and 1 or 0, of_stage, call('HLEN', SEAT) + (at and 0 or 1),
    detail or '' }
end

local home = joining_s or at
local offer = why == 'offer'
if offer then why = 'rejoin' end

local banned, ban_ends = is_banned(u, now)
if banned then return answer('BANNED', nil, nil, nil, string.format('%d', ban_ends)) end
if is_kicked(a, now) then return answer('KICKED', home) end
if ban_ends > 0 then -- it is over
  call('HDEL', BANNED, u)
  call('ZREM', BANS, u)
end

-- Whose presence is it?
if why ~= 'join' and home then
  local here_p, here_a = joining_p, joining_a
  if not joining_s then
    local _
    _, here_p, _, here_a = presence(call('HGET', heartbeats(at), u))
  end
  local mine = same(home, here_p or '', here_a or '', bound, p, a)
  if why == 'heal' then
    local taken_up = mine and proven and held == bound and held_nonce == p and home ~= bound
    if not mine then return answer('SUPERSEDED', home) end
    if not taken_up then return answer('HERE', home) end
    why = 'move'
  elseif not mine then
    return answer('SUPERSEDED', home)
  elseif offer and home ~= bound then
    return answer('HERE', home) -- it has moved, and its old participant does not know yet
  end
end
if why == 'heal' then
  if not proven then return answer('UNKNOWN') end
  if call('ZSCORE', CLOSED, a) then
    call('ZADD', CLOSED, now, a) -- stays closed while somebody still speaks for it
    return answer('CLOSED')
  end
end
if (why == 'heal' or why == 'rejoin') and p ~= '' and call('ZSCORE', DISCONNECTED, p) then -- its token is dead
  if why == 'heal' then return answer('CUT', home) end
  p = ''
end
if why == 'join' and p ~= '' and call('ZSCORE', CLOSED, a) then return answer('CLOSED') end -- a repeated call after its leave
-- A heartbeat is told of the end by its gateway, and its viewer goes on to count until it is gone.
if why == 'join' or why == 'rejoin' then
  local ends, shut = unpack(call('MGET', BROADCAST_END, DOORS))
  if ends and (tonumber(ends) or 0) <= now then return answer('ENDED', home) end
  if shut and not (home or held) then return answer('SHUT', nil, nil, nil, shut) end
end
if needs_live and call('GET', PUBLISHER_STATUS) ~= 'live' then return answer('OFFLINE') end

-- Which stage?
local function open(s) return tonumber(call('ZSCORE', OPEN, s) or nil) end
local function closing(s) return call('ZSCORE', CLOSING, s) end
local function seated(s) return s == home or s == held end
local function nothing_registered() return call('EXISTS', OPEN, CLOSING) == 0 end
local function least_loaded()
  for _, s in ipairs(call('ZRANGEBYSCORE', OPEN, '-inf', '(' .. capacity, 'LIMIT', 0, 2)) do
    if s ~= avoid then return s end
  end
end
local already_on_it = why == 'heal' or why == 'move'
local target, refusal
if only ~= '' then
  local score = open(only)
  if seated(only) then target = only
  elseif score then
    if score < capacity or already_on_it then target = only else refusal = 'FULL' end
  elseif already_on_it and (closing(only) or nothing_registered()) then target = only
  else refusal = nothing_registered() and 'RECOVERING' or 'GONE' end
else
  local score = prefer ~= '' and prefer ~= avoid and open(prefer)
  if score and (seated(prefer) or score < capacity) then target = prefer
  elseif why == 'join' and prefer ~= '' and not score and not closing(prefer) then
    refusal = nothing_registered() and 'RECOVERING' or 'GONE'
  elseif held and held ~= avoid and open(held) then target = held
  elseif home and home ~= avoid and open(home) then target = home
  else
    target = least_loaded()
    if not target and home and home ~= avoid and closing(home) then target = home end
    if not target then refusal = nothing_registered() and 'RECOVERING' or 'FULL' end
  end
end
if not target then return answer(refusal, nil, nil, nil, refusal == 'FULL' and call('MGET', LIMIT)[1] or '') end

local is_new = not (home or held)
if p ~= '' and (bound == '' or bound == target) then
  -- Not of a rejoin without a new token: a leave may stand behind that join, and one more changes nothing.
  if joining_s == target and joining_p == p and joining_a == a and (why == 'join' or only ~= '') then
    return answer('TAKEN', target, joining_id, is_new) -- the same call once more, by a connection that was lost
  end
  local id = call('XADD', EVENTS, new_entry_id(ARGV[1]), 't', 'join', 's', target, 'u', u, 'p', p, 'v', '1',
    'a', a, 'why', why, 'rid', request)
  call('HSET', JOINING, u, id .. '|' .. target .. '|' .. p .. '|' .. a)
  call('HDEL', RESERVED, u)
  change_held(home, target, held, nil)
  return answer('TAKEN', target, id, is_new)
end
call('HSET', RESERVED, u, string.format('%d', now + hold) .. '|' .. nonce .. '|' .. target)
change_held(home, home, held, target)
return answer('HELD', target, '', is_new)
