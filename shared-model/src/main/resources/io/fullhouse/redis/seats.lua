-- Included by every script that seats, folds or closes: the names of a broadcast's keys (RedisKeys says what they
-- hold), and the one function that changes how many seats are taken.
--
--   present(u)   fold state: the stage where u is present
--   joining(u)   the newest join of u that is in the log and not yet folded
--   reserved(u)  a seat held for u while a token is fetched or a move is offered; the sweep ends it when its time is over
--   home(u)      joining(u), else present(u)
--   taken(s)     the number of users u with s = home(u) or s = reserved(u): the score of s in `stages`
--
-- KEYS[1]  the broadcast's prefix; on a cluster its hash tag puts every key below into one slot
local prefix = KEYS[1]
local EVENTS, COUNTS, DEAD_LETTERS = prefix .. 'events', prefix .. 'counts', prefix .. 'dead-letters'
local OPEN, CLOSING = prefix .. 'stages', prefix .. 'stages:closing'
local SEAT, JOINING, RESERVED = prefix .. 'viewer:seat', prefix .. 'viewer:joining', prefix .. 'viewer:reserved'
local CLOSED, DEADLINE = prefix .. 'viewer:closed', prefix .. 'viewer:deadline'
local TOTAL, STAGES_WITH_VIEWERS = prefix .. 'total_viewers', prefix .. 'viewer:stages'
local FOLD, POSITION, PUBLISHER_STATUS = prefix .. 'fold', prefix .. 'position', prefix .. 'publisher:status'
local BANNED, BANS, KICKED = prefix .. 'viewer:banned', prefix .. 'viewer:bans', prefix .. 'viewer:kicked'
local DISCONNECT_BANNED, DISCONNECT_SUPERSEDED = prefix .. 'disconnect:banned', prefix .. 'disconnect:superseded'
local DISCONNECT_EXPIRED, DISCONNECTED = prefix .. 'disconnect:expired', prefix .. 'disconnected'
local DOORS, BROADCAST_END, LIMIT = prefix .. 'doors', prefix .. 'broadcast:end', prefix .. 'scaler:limit'
local call, match, find, sub = redis.call, string.match, string.find, string.sub

local function heartbeats(stage) return prefix .. 'viewer:heartbeat:' .. stage end
local function viewers(stage) return prefix .. 'viewers:' .. stage end
local function history(user) return prefix .. 'viewer:history:' .. user end

-- Entry ids are two numbers: as text, 9-0 would stand behind 10-0.
local function id_parts(id)
  local ms, sequence = match(id, '^(%d+)%-(%d+)$')
  return tonumber(ms), tonumber(sequence)
end
local function after(a, b)
  local a_ms, a_sequence = id_parts(a)
  local b_ms, b_sequence = id_parts(b)
  return a_ms > b_ms or (a_ms == b_ms and a_sequence > b_sequence)
end

-- The last folded entry. A damaged key must not stop everything: the fold's own copy stands in for it.
local function position()
  local id = call('GET', POSITION)
  if id and match(id, '^%d+%-%d+$') then return id end
  return call('HGET', FOLD, 'at') or '0-0'
end

-- timestamp, participant, joinedAt, admission of a heartbeat value; nil when somebody damaged it.
local function presence(value)
  return match(value or '',
    '^{"timestamp":(%d+),"participantId":"([%w_-]*)","joinedAt":(%d+),"admission":"(%w*)"}$')
end

-- Whether participant p and admission a, said of stage s, mean the presence (present_p, present_a) on present_s.
-- PresenceId.matches says the same in Java.
local function same(present_s, present_p, present_a, s, p, a)
  if a ~= '' and present_a ~= '' then return a == present_a end
  if p == '' then return s == present_s end
  return p == present_p
end

local function present(u) return call('HGET', SEAT, u) or nil end

-- stage, entry id, participant, admission
local function joining(u)
  local id, s, p, a = match(call('HGET', JOINING, u) or '', '^(%d+%-%d+)|([^|]*)|([^|]*)|([^|]*)$')
  return s, id, p, a
end

-- stage, nonce, until (epoch ms)
local function reserved(u)
  local till, nonce, s = match(call('HGET', RESERVED, u) or '', '^(%d+)|([^|]*)|(.*)$')
  return s, nonce, tonumber(till)
end

-- Whether u is banned at that time, and until when: epoch ms, 0 for ever. A damaged ban is one for ever.
local function is_banned(u, now)
  local ban = call('HGET', BANNED, u)
  if not ban then return false, 0 end
  local till = tonumber(match(ban, '^(%d+)|') or 0)
  return till == 0 or till > now, till
end

-- Whether the admission was kicked: its seat is worth nothing any more.
local function is_kicked(a, now)
  return a ~= '' and (tonumber(call('ZSCORE', KICKED, a) or 0) or 0) > now
end

-- Queues a participant for the scaler to disconnect; who waits longest is dropped when too many do. The user comes last,
-- as it may hold any character; ivs_user is what IVS calls it: '' for unknown, '=' for the same.
local QUEUED_AT_MOST = 20000
local function queue_disconnect(queue, ms, s, p, u, ivs_user)
  call('ZADD', queue, ms, s .. '|' .. p .. '|' .. ivs_user .. '|' .. u)
  if call('ZCARD', queue) > QUEUED_AT_MOST then call('ZREMRANGEBYRANK', queue, 0, -QUEUED_AT_MOST - 1) end
end

-- XX: a stage that is not registered has no score, and a removed one cannot come back.
local function change_taken(s, by)
  if not call('ZADD', OPEN, 'XX', 'INCR', by, s) then call('ZADD', CLOSING, 'XX', 'INCR', by, s) end
end

-- The only place where seats taken change: u's home goes from home_was to home_is, its reservation from
-- reserved_was to reserved_is (each may be nil), and the scores follow the difference of the two sets.
local function change_held(home_was, home_is, reserved_was, reserved_is)
  local function was(s) return s == home_was or s == reserved_was end
  local function is(s) return s == home_is or s == reserved_is end
  if home_was and not is(home_was) then change_taken(home_was, -1) end
  if reserved_was and reserved_was ~= home_was and not is(reserved_was) then change_taken(reserved_was, -1) end
  if home_is and not was(home_is) then change_taken(home_is, 1) end
  if reserved_is and reserved_is ~= home_is and not was(reserved_is) then change_taken(reserved_is, 1) end
end

-- taken(s) from its definition, as a function of s: for registering a stage, and for mending.
-- Looks at each join and reservation in flight, not at each viewer.
local function taken_by_definition()
  local difference, looked_at = {}, {}
  local function add(s, by) if s then difference[s] = (difference[s] or 0) + by end end
  local function look(u)
    if looked_at[u] then return end
    looked_at[u] = true
    local at, held = present(u), reserved(u)
    local home = joining(u) or at
    add(at, -1)
    add(home, 1)
    if held ~= home then add(held, 1) end
  end
  for _, u in ipairs(call('HKEYS', JOINING)) do look(u) end
  for _, u in ipairs(call('HKEYS', RESERVED)) do look(u) end
  return function(s) return call('HLEN', heartbeats(s)) + (difference[s] or 0) end
end

-- Every score anew from the definition, where the differences are lost: after a torn drain, or with a damaged key. A
-- stage whose hash cannot be read keeps its score.
local function recount_taken()
  local taken = taken_by_definition()
  for _, registry in ipairs({ OPEN, CLOSING }) do
    for _, s in ipairs(call('ZRANGE', registry, 0, -1)) do
      local ok, n = pcall(taken, s)
      if ok then call('ZADD', registry, 'XX', n, s) end
    end
  end
end

-- Redis's clock in epoch ms, or the time a test gave.
local function time_or_now(given)
  if given ~= '' then return tonumber(given) end
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function new_entry_id(given) return given == '' and '*' or given .. '-*' end
