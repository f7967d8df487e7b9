#!lua flags=allow-oom
-- Folds the next entries of the log into the viewer keys: the only writer of those. One atomic step.
--
-- Redis scripts do not roll back, so: probe the keys, read, fold entry by entry, then assign the counts from
-- cardinalities (never add), and write the position last. A drain that was killed or failed is simply repeated: it
-- finds `torn` set, passes over the entries up to `done`, and derives every count again.
-- PresenceModel holds the same rules in Java; what one accepts, the other must.
--
-- An entry's own fault (malformed, its stage's key has another type) costs that entry: dead letter, go on. A fault of
-- the surroundings (READONLY, MOVED, MISCONF ...) stops the fold in front of the entry.
-- allow-oom: folding frees memory; intake is what must stop.
--
-- ARGV[1]  count    entries at most
-- ARGV[2]  timeout  ms of silence after which the sweep is to look at a viewer
-- ARGV[3]  gap      ms between two ticks beyond which nobody was listening
-- ARGV[4]  forgive  ms within which a lost gateway moves the floor once at most
-- ARGV[5]  kept     presences that are over, of a user
-- ARGV[6]  kept for seconds since the last of them
--
-- Answers {status, entries folded, position, dead letters}. Status: OK; REPLACED, the stream was replaced by one that
-- starts earlier and the fold begins again; VERSION, the next entry is a version ahead of this worker; STOPPED, with
-- the reason as a fifth value.
--#include seats.lua
local count, timeout, gap, forgive = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local history_kept, history_kept_for = tonumber(ARGV[5]), tonumber(ARGV[6])

-- Probes: a wrong type of any key that all entries share stops the drain before it has read anything.
local from = position()
local fold = call('HGETALL', FOLD)
call('HLEN', SEAT) call('HLEN', JOINING) call('HLEN', RESERVED)
call('ZCARD', DEADLINE) call('ZCARD', CLOSED) call('ZCARD', OPEN) call('ZCARD', CLOSING)
call('ZCARD', DISCONNECT_BANNED) call('ZCARD', DISCONNECT_SUPERSEDED) call('ZCARD', DISCONNECT_EXPIRED)
call('SCARD', STAGES_WITH_VIEWERS) call('XLEN', COUNTS) call('XLEN', DEAD_LETTERS)

local entries = call('XRANGE', EVENTS, '(' .. from, '+', 'COUNT', count)
if #entries == 0 then
  local info = redis.pcall('XINFO', 'STREAM', EVENTS)
  if not info.err then
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' and after(from, info[i + 1]) then
        call('SET', POSITION, '0-0')
        call('HDEL', FOLD, 'at', 'done')
        return { 'REPLACED', 0, '0-0', 0 }
      end
    end
  end
  return { 'OK', 0, from, 0 }
end

-- The fold hash, unpacked. Its writes come at the end and name the entry they hold for (`at`), so that entries folded
-- again after a failure do not move the clock twice. A damaged field counts as not set.
local function number(text) return tonumber(text) or 0 end
local function entry_id(text) return match(text, '^%d+%-%d+$') or '0-0' end
local clock, floor, held, lost, offline, fold_at, torn, done = 0, 0, 0, 0, 0, '0-0', false, '0-0'
local gateways, publishers, heard = {}, {}, {}
for i = 1, #fold, 2 do
  local name, value = fold[i], fold[i + 1]
  if name == 'clock' then clock = number(value)
  elseif name == 'floor' then floor = number(value)
  elseif name == 'held' then held = number(value)
  elseif name == 'lost' then lost = number(value)
  elseif name == 'offline' then offline = number(value)
  elseif name == 'at' then fold_at = entry_id(value)
  elseif name == 'torn' then torn = true
  elseif name == 'done' then done = entry_id(value)
  elseif value == '' then -- removed, see below
  elseif sub(name, 1, 8) == 'gateway:' then gateways[sub(name, 9)] = tonumber(value)
  elseif sub(name, 1, 10) == 'publisher:' then publishers[sub(name, 11)] = value
  elseif sub(name, 1, 6) == 'heard:' then heard[sub(name, 7)] = tonumber(value) end
end
local ticked, publisher_changed = false, false

-- What pcall caught, as text: versions of Redis differ.
local function reason_of(failure) return type(failure) == 'table' and failure.err or tostring(failure) end

-- Validation: exactly what EventCodec, StageArn, UserId, PresenceId accept in Java.
local function invalid() error('invalid', 0) end
local function is_utf8(text)
  if not find(text, '[\128-\255]') then return true end
  local i, n = 1, #text
  while i <= n do
    local c, c2, c3, c4 = string.byte(text, i, i + 3)
    local function tail(x) return x and x >= 128 and x <= 191 end
    if c < 128 then i = i + 1
    elseif c >= 194 and c <= 223 and tail(c2) then i = i + 2
    elseif c >= 224 and c <= 239 and tail(c2) and tail(c3) and not (c == 224 and c2 < 160) and not (c == 237 and c2 > 159) then i = i + 3
    elseif c >= 240 and c <= 244 and tail(c2) and tail(c3) and tail(c4) and not (c == 240 and c2 < 144) and not (c == 244 and c2 > 143) then i = i + 4
    else return false end
  end
  return true
end
local function is_stage(s) return #s <= 128 and find(s, '^arn:aws:ivs:[a-z0-9-]+:[0-9]+:stage/[a-zA-Z0-9-]+$') end
local function is_user(u) return #u > 0 and #u <= 128 and not find(u, '[%z\1-\31\127]') and is_utf8(u) end
local function is_participant(p) return #p <= 64 and not find(p, '[^a-zA-Z0-9_-]') end
local function is_admission(a) return #a <= 64 and not find(a, '[^a-zA-Z0-9]') end

local touched, stages = {}, {}
-- To be called before a write to the stage's hash: should this drain fail, the next one finds the stage in the index.
local function touch(s)
  if not touched[s] then
    call('SADD', STAGES_WITH_VIEWERS, s)
    touched[s] = true
    stages[#stages + 1] = s
  end
end

local function value_of(ms, p, joined_at, a)
  return '{"timestamp":' .. ms .. ',"participantId":"' .. p .. '","joinedAt":' .. joined_at .. ',"admission":"' .. a .. '"}'
end

-- Seats after present(u) went from `was` to `is` at entry id: a join not yet folded keeps its own claim.
local function settle(u, was, is, id)
  local joining_s, joining_id = joining(u)
  local held_s = reserved(u)
  if not joining_s then
    change_held(was, is, held_s, held_s)
  elseif not after(joining_id, id) then
    call('HDEL', JOINING, u)
    change_held(joining_s, is, held_s, held_s)
  end
end

-- What is told of a presence once it is over: not fold state, so a key that somebody damaged costs that user's history
-- only. The presence and the entry that ends it are all it depends on: a repeat finds it told already.
local function tell_history(u, s, p, joined_at, id, reason)
  local key = history(u)
  local record = '{"end":"' .. id .. '","stageArn":"' .. s .. '","participantId":"' .. p .. '","joinedAt":' .. joined_at
    .. ',"reason":"' .. reason .. '"}'
  local ok, newest = pcall(call, 'LINDEX', key, 0) -- of a damaged key this fails, before anything is written
  if ok then
    if newest ~= record and call('LPUSH', key, record) > history_kept then call('LTRIM', key, 0, history_kept - 1) end
    call('EXPIRE', key, history_kept_for)
  elseif not find(reason_of(newest), '^WRONGTYPE ') then
    error(newest, 0)
  end
end

-- joined_at is nil where the value was damaged, or a drain failed after it had removed the value: then it is told already.
local function remove(u, s, p, joined_at, id, reason)
  if joined_at then tell_history(u, s, p, joined_at, id, reason) end
  touch(s)
  call('HDEL', heartbeats(s), u)
  call('HDEL', SEAT, u)
  call('ZREM', DEADLINE, u)
  settle(u, s, nil, id)
end

-- stage of u's presence, and its value's parts; a damaged value counts as never seen.
local function present_of(u)
  local at = present(u)
  if not at then return nil end
  local value = call('HGET', heartbeats(at), u)
  local seen, p, joined_at, a = presence(value)
  return at, tonumber(seen or 0), p or '', joined_at, a or '', not value
end

local kinds = {}

function kinds.join(id, ms, s, u, p, a)
  local at, _, here_p, joined_at, here_a = present_of(u)
  if at ~= s then
    local leftover = call('HGET', heartbeats(s), u)
    if at and not joined_at then _, _, joined_at = presence(leftover) end -- a drain failed in the middle of this move
  end
  -- No write above this line: every key is known to have its type. Below, the new before the old: a repeat finds both.
  if at and not same(at, here_p, here_a, s, p, a) then
    local closed = here_a ~= '' and here_a or here_p
    if closed ~= '' then call('ZADD', CLOSED, ms, closed) end
    if here_p ~= '' and here_p ~= p then queue_disconnect(DISCONNECT_SUPERSEDED, ms, at, here_p, u, '') end
  end
  if at ~= s then
    touch(s)
    if at then touch(at) end
  end
  call('HSET', heartbeats(s), u, value_of(ms, p, joined_at or ms, a))
  if at ~= s then
    if at then call('HDEL', heartbeats(at), u) else call('ZADD', DEADLINE, tonumber(ms) + timeout, u) end
    call('HSET', SEAT, u, s)
  end
  local name = a ~= '' and a or p
  if name ~= '' then call('ZREM', CLOSED, name) end
  settle(u, at, s, id)
end

-- Nine of ten entries. What names a stored presence needs no further validation: it was validated when it was stored.
function kinds.heartbeat(ms, f)
  local key, u = heartbeats(f[4]), f[6]
  local current = call('HGET', key, u)
  local a = f[11] == 'a' and f[12] or ''
  if current and a ~= '' and sub(current, -16 - #a) == ',"admission":"' .. a .. '"}'
    and sub(current, 1, 13) == '{"timestamp":' and sub(current, 27, 27) == ',' and is_participant(f[8]) then
    call('HSET', key, u, '{"timestamp":' .. ms .. sub(current, 27))
    return true
  end
end

function kinds.slow_heartbeat(id, ms, s, u, p, a)
  local at, _, here_p, joined_at, here_a = present_of(u)
  if at and joined_at and same(at, here_p, here_a, s, p, a) then
    call('HSET', heartbeats(at), u, value_of(ms, here_p, joined_at, here_a))
  end
end

-- Also true of a seat without a value: a drain failed between the two while it removed this very presence.
local function is_presence(at, here_p, here_a, half_removed, s, p, a)
  return at and (same(at, here_p, here_a, s, p, a) or (torn and half_removed))
end

local reason_of_leave = { ban = 'banned', kick = 'kicked' } -- EndReason

function kinds.leave(id, ms, s, u, p, a, why)
  local at, _, here_p, joined_at, here_a, half_removed = present_of(u)
  local matches = is_presence(at, here_p, here_a, half_removed, s, p, a)
  local left = a ~= '' and a or p
  if left == '' and matches then left = here_a ~= '' and here_a or here_p end
  if left ~= '' then call('ZADD', CLOSED, ms, left) end
  if matches then remove(u, at, here_p, joined_at, id, reason_of_leave[why] or 'left') end
end

function kinds.expire(id, ms, s, u, p, a, why, seen)
  local at, last_seen, here_p, joined_at, here_a, half_removed = present_of(u)
  if is_presence(at, here_p, here_a, half_removed, s, p, a) and last_seen <= tonumber(seen) then
    if here_p ~= '' then queue_disconnect(DISCONNECT_EXPIRED, ms, at, here_p, u, '') end
    remove(u, at, here_p, joined_at, id, why == 'correct' and 'corrected' or 'expired')
  end
end

-- Whoever it is. The gateway appends a leave before it, which a worker that does not know bans yet folds to the same state.
function kinds.ban(id, ms, u)
  local at, _, here_p, joined_at, here_a = present_of(u)
  if not at then return end
  local closed = here_a ~= '' and here_a or here_p
  if closed ~= '' then call('ZADD', CLOSED, ms, closed) end
  if here_p ~= '' then queue_disconnect(DISCONNECT_BANNED, ms, at, here_p, u, '') end
  remove(u, at, here_p, joined_at, id, 'banned')
end

function kinds.unban() end -- who may join is not the fold's to say

function kinds.tick(id, ms, gateway)
  local t = tonumber(ms)
  if clock == 0 or t < clock or t - clock > gap then floor = t end -- nobody was listening
  local names = {}
  for name, last in pairs(gateways) do
    if name ~= gateway and t - last > gap then names[#names + 1] = name end
  end
  for _, name in ipairs(names) do -- it was killed: its viewers were silent through no fault of theirs
    gateways[name] = nil
    if lost == 0 or t - lost > forgive then floor, lost = t, t end
  end
  gateways[gateway] = t
  clock = t
  ticked = true
end

function kinds.bye(id, ms, gateway) gateways[gateway] = nil end

function kinds.credit(id, ms)
  floor, held = tonumber(ms), tonumber(ms)
end

local IVS_TELLS_WITHIN = 43200000 -- ms; FoldRules

-- IVS tells late, twice and in any order: what it said of a participant's later state stands.
local function is_news(ms, p, at)
  at, ms = tonumber(at or ms), tonumber(ms)
  if p == '' then return true end
  if at < (heard[p] or 0) then return false end
  for name, before in pairs(heard) do
    if before < ms - IVS_TELLS_WITHIN then heard[name] = nil end
  end
  heard[p] = at
  return true
end

-- IVS knows users by a pseudonym at most: the participant says whose it is.
local function is_known(p, s)
  local known = false
  for name, value in pairs(publishers) do
    local since = match(value, '|(%d+)$')
    if since and match(value, '^([^|]*)|') == p then
      publishers[name] = p .. '|' .. s .. '|ivs|' .. since
      known = true
    end
  end
  return known
end

function kinds.publisher(id, ms, s, u, p, state, evidence, at)
  if evidence == 'ivs' and not is_news(ms, p, at) then return end
  if state == 'live' then
    if evidence ~= 'ivs' then offline = 0
    elseif offline > 0 then return end -- the operator's word sticks until the next token
    if evidence ~= 'ivs' or not is_known(p, s) then
      local name = s .. '/' .. u -- a user may publish on several stages, once on each
      local since = match(publishers[name] or '', '|(%d+)$')
      publishers[name] = p .. '|' .. s .. '|' .. evidence .. '|' .. (since or ms)
    end
  else
    for name, value in pairs(publishers) do
      if p == '' or match(value, '^([^|]*)|') == p then publishers[name] = nil end
    end
    if evidence == 'operator' then offline = tonumber(ms) end
  end
  publisher_changed = true
end

local of_viewer = { join = true, heartbeat = true, leave = true, expire = true }
local of_gateway = { tick = true, bye = true }
local of_moderator = { ban = true, unban = true }
local of_fold = { tick = true, bye = true, credit = true, publisher = true }

local function fold_entry(id, f)
  if torn and not of_fold[f[2]] and not after(id, done) then return end -- the drain that failed had come past it
  if f[1] ~= 't' or f[3] ~= 's' or f[5] ~= 'u' or f[7] ~= 'p' or f[9] ~= 'v' then error('fields', 0) end
  if f[10] == '2' then return 'VERSION' end
  if f[10] ~= '1' then error('version', 0) end
  local ms, t, s, u, p = match(id, '^(%d+)'), f[2], f[4], f[6], f[8]
  if t == 'heartbeat' and kinds.heartbeat(ms, f) then return end
  if of_viewer[t] then
    local a = f[11] == 'a' and f[12] or ''
    if not (is_stage(s) and is_user(u) and is_participant(p) and is_admission(a)) then invalid() end
    if t == 'heartbeat' then kinds.slow_heartbeat(id, ms, s, u, p, a) return end
    if t == 'expire' and not (f[11] == 'a' and f[13] == 'seen' and find(f[14], '^%d+$') and #f[14] <= 15) then invalid() end
    local own = t == 'expire' and 14 or 12 -- the type's own fields end here
    kinds[t](id, ms, s, u, p, a, f[own + 1] == 'why' and f[own + 2] or '', f[14])
    call('HSET', FOLD, 'done', id)
  elseif of_moderator[t] then
    if not is_user(u) then invalid() end
    kinds[t](id, ms, u) -- folded again it finds nobody, or `done` lies behind it
  elseif of_gateway[t] then
    if u == '' or not is_participant(u) then invalid() end
    if after(id, fold_at) then kinds[t](id, ms, u) end
  elseif t == 'credit' then
    if after(id, fold_at) then kinds.credit(id, ms) end
  elseif t == 'publisher' then
    local state, evidence = f[12], f[14]
    if f[11] ~= 'state' or f[13] ~= 'evidence' or not is_participant(p) then invalid() end
    if evidence ~= 'token' and evidence ~= 'operator' and evidence ~= 'ivs' then invalid() end
    if state == 'live' then
      if not (is_stage(s) and is_user(u) and p ~= '') then invalid() end
    elseif state ~= 'offline' then invalid() end
    local at = f[15] == 'at' and f[16] or nil
    if at and not (find(at, '^%d+$') and #at <= 15) then invalid() end
    if after(id, fold_at) then kinds.publisher(id, ms, s, u, p, state, evidence, at ~= '0' and at or nil) end
  end
end

call('HSET', FOLD, 'torn', '1')
local last, folded, dead, stopped = nil, 0, 0, nil
for i = 1, #entries do
  local id, fields = entries[i][1], entries[i][2]
  local ok, result = pcall(fold_entry, id, fields)
  if ok and result == 'VERSION' then
    stopped = 'VERSION'
    break
  end
  if not ok then
    local reason = reason_of(result)
    if find(reason, '^%u+ ') and not find(reason, '^WRONGTYPE ') then -- Redis speaks in codes, a script's own errors do not
      stopped = reason
      break
    end
    dead = dead + 1
    call('XADD', DEAD_LETTERS, 'MAXLEN', '~', 1000, '*', 'id', id, 'reason', sub(reason, 1, 200),
      'fields', sub(cmsgpack.pack(fields), 1, 4096))
  end
  folded = folded + 1
  last = id
end
local half_done = stopped and stopped ~= 'VERSION' -- the entry it stopped at may be written in part: stays torn
if not last then
  if half_done then return { 'STOPPED', 0, from, 0, stopped } end
  if not torn then call('HDEL', FOLD, 'torn', 'done') end
  return { 'VERSION', 0, from, 0 }
end

-- A drain before this one failed half-way: what it touched was not counted, so all is derived again.
if torn then
  for _, s in ipairs(call('SMEMBERS', STAGES_WITH_VIEWERS)) do touch(s) end
  recount_taken()
end

local assignments, counts, empty = {}, {}, {}
for _, s in ipairs(stages) do
  local n = redis.pcall('HLEN', heartbeats(s))
  if type(n) == 'number' then
    if n == 0 then empty[#empty + 1] = s end
    assignments[#assignments + 1] = viewers(s)
    assignments[#assignments + 1] = n
    counts[#counts + 1] = s
    counts[#counts + 1] = n
  end
end
local state = { 'clock', string.format('%d', clock), 'floor', string.format('%d', floor), 'held', string.format('%d', held),
  'lost', string.format('%d', lost), 'offline', string.format('%d', offline), 'at', last }
local gone, live = {}, false
for name, t in pairs(gateways) do
  state[#state + 1] = 'gateway:' .. name
  state[#state + 1] = string.format('%d', t)
end
for name, value in pairs(publishers) do
  live = true
  state[#state + 1] = 'publisher:' .. name
  state[#state + 1] = value
end
for name, at in pairs(heard) do
  state[#state + 1] = 'heard:' .. name
  state[#state + 1] = string.format('%d', at)
end
for i = 1, #fold, 2 do
  local name = fold[i]
  local kept = heard[sub(name, 1, 6) == 'heard:' and sub(name, 7) or ''] or (sub(name, 1, 8) == 'gateway:' and gateways[sub(name, 9)]) or (sub(name, 1, 10) == 'publisher:' and publishers[sub(name, 11)])
  if find(name, ':', 1, true) and not kept then -- emptied by the same command that writes the rest, then removed
    gone[#gone + 1] = name
    state[#state + 1] = name
    state[#state + 1] = ''
  end
end
call('HSET', FOLD, unpack(state))
if #gone > 0 then call('HDEL', FOLD, unpack(gone)) end
local total = call('HLEN', SEAT)
if ticked or publisher_changed or torn then call('SET', PUBLISHER_STATUS, live and 'live' or 'offline', 'EX', 86400) end
-- `v` stays 1 while fields are only added: readers of the first release take no other (ViewerCounts says the rule).
if #counts > 0 or publisher_changed or torn then
  call('XADD', COUNTS, 'MAXLEN', '~', 10000, '*', 'v', '1', 'at', last, 'total', total, 'publisher', live and 'live' or 'offline', unpack(counts))
end
assignments[#assignments + 1] = TOTAL
assignments[#assignments + 1] = total
assignments[#assignments + 1] = POSITION
assignments[#assignments + 1] = last
call('MSET', unpack(assignments))
if #empty > 0 then call('SREM', STAGES_WITH_VIEWERS, unpack(empty)) end
if half_done then return { 'STOPPED', folded, last, dead, stopped } end
call('HDEL', FOLD, 'torn', 'done')
if stopped == 'VERSION' then return { 'VERSION', folded, last, dead } end
return { 'OK', folded, last, dead }
