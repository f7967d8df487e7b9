#!lua flags=no-writes
-- The fold state and the entry it holds for, in one instant: what an audit compares with the model. Writes nothing.
--
-- ARGV[1]  stage  that stage's viewers alone; '' for the fold's own state
-- ARGV[2]  limit  with the fold's own state also everybody's, if they are not more than this: no call is to grow
--                 with the largest audience
--
-- Answers {position, total, viewers by seat, publisher status, {fold field, value ...}, {stage, viewers key ...},
-- {stage ...}, {{user, value ...} and {the stage of each user's seat} of each of those stages}}, or for one stage
-- {position, {user, value ...}, {the stage of each user's seat}}. A key of the wrong type differs from what it should
-- hold, and costs itself only.
--#include seats.lua
local function pairs_of(key)
  local values = redis.pcall('HGETALL', key)
  return values.err and {} or values
end
local function text(key)
  local value = redis.pcall('GET', key)
  if not value then return '' end
  return type(value) == 'string' and value or 'a key of the wrong type'
end
local function of_stage(s)
  local values, seats = pairs_of(heartbeats(s)), {}
  for i = 1, #values, 2 do seats[#seats + 1] = present(values[i]) or '' end
  return values, seats
end
if ARGV[1] ~= '' then return { position(), of_stage(ARGV[1]) } end
local stages, counts, included, viewers_of = call('SMEMBERS', STAGES_WITH_VIEWERS), {}, {}, {}
local seated = call('HLEN', SEAT)
for _, s in ipairs(stages) do
  counts[#counts + 1] = s
  counts[#counts + 1] = text(viewers(s))
  if seated <= tonumber(ARGV[2]) then
    included[#included + 1] = s
    viewers_of[#viewers_of + 1], viewers_of[#viewers_of + 2] = of_stage(s)
  end
end
return { position(), text(TOTAL), seated, text(PUBLISHER_STATUS), call('HGETALL', FOLD), counts,
  included, viewers_of }
