#!lua flags=no-writes
-- The fold state and the entry it holds for, in one instant: what an audit compares with the model. Writes nothing.
--
-- ARGV[1]  stage  '' for the fold's own state; else that stage's viewers, so that no call grows with the whole audience
--
-- Answers {position, total, viewers by seat, publisher status, {fold hash}, {stage, viewers key, ...}} or, for a stage,
-- {position, {user, value, ...}, {the stage of each user's seat}}.
--#include seats.lua
local s = ARGV[1]
if s == '' then
  local counts = {}
  for _, stage in ipairs(call('SMEMBERS', STAGES_WITH_VIEWERS)) do
    counts[#counts + 1] = stage
    counts[#counts + 1] = call('GET', viewers(stage)) or ''
  end
  return { position(), call('GET', TOTAL) or '', call('HLEN', SEAT), call('GET', PUBLISHER_STATUS) or '',
    call('HGETALL', FOLD), counts }
end
local values, seats = call('HGETALL', heartbeats(s)), {}
for i = 1, #values, 2 do seats[#seats + 1] = present(values[i]) or '' end
return { position(), values, seats }
