#!lua flags=no-writes
-- Everything that reads show, of one instant: what stats, lists and heartbeats answer from. Writes nothing.
--
-- Answers {position, total viewers, publisher status, and for each stage: arn, state, seats taken, viewers, metadata}.
-- `metadata` is the scaler's JSON, '' when there is none.
--#include seats.lua
local out = { position(), tonumber(call('GET', TOTAL) or '0') or 0, call('GET', PUBLISHER_STATUS) or '' }
local known = {}
local function add(s, taken, state)
  if known[s] then return end
  known[s] = true
  local values = call('MGET', viewers(s), prefix .. 'stage:' .. s)
  for _, value in ipairs({ s, state, taken, tonumber(values[1] or '0') or 0, values[2] or '' }) do out[#out + 1] = value end
end
for _, kind in ipairs({ { OPEN, 'active' }, { CLOSING, 'draining' } }) do
  local members = call('ZRANGE', kind[1], 0, -1, 'WITHSCORES')
  for i = 1, #members, 2 do add(members[i], tonumber(members[i + 1]), kind[2]) end
end
-- Viewers may be on a stage that is not registered, for a moment after data was lost: the sum must still be the total.
for _, s in ipairs(call('SMEMBERS', STAGES_WITH_VIEWERS)) do add(s, 0, 'unregistered') end
return out
