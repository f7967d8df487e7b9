#!lua flags=no-writes
-- What the scaler decides on: registry, counts, fleet and publishers, and how old they are, of one instant. Writes nothing.
--
-- Answers {now, clock, position, total viewers, mode, floor, {stage, metadata ...}, {request id, epoch ms ...},
-- {user, participant|stage|evidence|since ...}, 1 if the broadcast has ended, news of replications, {field, value ...}, {stage, source|participant ...}} and then for each stage: arn, state, seats taken, viewers, metadata.
-- The first list is the scaler's fleet, the second its intents, the third the publishers, the last `v` and `min` of the
-- newest counts as far as they are there, and the pins of replicas. `now` is Redis's time and
-- `clock` the fold's, both epoch ms. All are text: '' for what is not there, '?' for a key that somebody made another type.
--#include seats.lua
local function text(key)
  local value = redis.pcall('GET', key)
  if not value then return '' end
  return type(value) == 'string' and value or '?'
end
local function hash(key)
  local values = redis.pcall('HGETALL', key)
  return values.err and {} or values
end
local clock, publishers = '', {}
local fold = hash(FOLD)
for i = 1, #fold, 2 do
  if fold[i] == 'clock' then clock = fold[i + 1]
  elseif sub(fold[i], 1, 10) == 'publisher:' then
    publishers[#publishers + 1] = sub(fold[i], 11)
    publishers[#publishers + 1] = fold[i + 1]
  end
end
-- The newest entry of the counts tells by which rules the numbers above were written.
local function versions()
  local newest, found = redis.pcall('XREVRANGE', COUNTS, '+', '-', 'COUNT', '1'), {}
  local fields = not newest.err and newest[1] and newest[1][2] or {}
  for i = 1, #fields, 2 do
    if fields[i] == 'v' or fields[i] == 'min' then
      found[#found + 1] = fields[i]
      found[#found + 1] = fields[i + 1]
    end
  end
  return found
end
local fleet = hash(prefix .. 'scaler:fleet')
local ends = call('MGET', BROADCAST_END)[1]
local out = { string.format('%d', time_or_now('')), clock, position(), text(TOTAL), text(prefix .. 'scaler:mode'),
  text(prefix .. 'scaler:floor'), fleet, hash(prefix .. 'scaler:intents'), publishers,
  ends and (tonumber(ends) or 0) <= time_or_now('') and 1 or 0, text(prefix .. 'replication:news'),
  versions(), hash(prefix .. 'scaler:pins') }
local known = {}
local function add(s, state, taken)
  if known[s] then return end
  known[s] = true
  for _, value in ipairs({ s, state, taken, text(viewers(s)), text(prefix .. 'stage:' .. s) }) do out[#out + 1] = value end
end
for _, kind in ipairs({ { OPEN, 'OPEN' }, { CLOSING, 'CLOSING' } }) do
  local members = call('ZRANGE', kind[1], 0, -1, 'WITHSCORES')
  for i = 1, #members, 2 do add(members[i], kind[2], members[i + 1]) end
end
for _, s in ipairs(call('SMEMBERS', STAGES_WITH_VIEWERS)) do add(s, 'UNREGISTERED', '0') end
return out
