#!lua flags=no-writes
-- What the scaler decides on: the registry, the counts and how old they are, of one instant. Writes nothing.
--
-- Answers {now, clock, position, total viewers, and for each stage: arn, state, seats taken, viewers, metadata}.
-- `now` is Redis's time and `clock` the fold's, both epoch ms. `metadata` is the scaler's own JSON. All are text: '' for
-- what is not there, '?' for a key that somebody made another type.
--#include seats.lua
local function text(key)
  local value = redis.pcall('GET', key)
  if not value then return '' end
  return type(value) == 'string' and value or '?'
end
local clock = call('HGET', FOLD, 'clock') or ''
local out = { string.format('%d', time_or_now('')), clock, position(), text(TOTAL) }
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
