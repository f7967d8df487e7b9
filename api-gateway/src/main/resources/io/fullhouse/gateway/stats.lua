#!lua flags=no-writes
-- Everything that reads show, of one instant: what stats, lists and heartbeats answer from. Writes nothing.
--
-- ARGV[1]  now  epoch ms, or '' for Redis's clock
--
-- Answers {position, age of the oldest entry not yet folded in ms, total viewers, publisher status, live since
-- (epoch ms), evidence, 1 if the broadcast has ended, last entry of the counts, last notice, and for each stage: arn,
-- state, seats taken, viewers, metadata}. `metadata` is the scaler's JSON; '' stands for what is not there, '0-0' for an
-- entry. A key of the wrong type reads as one that is not there: it costs itself only.
--#include seats.lua
local function list(...)
  local found = redis.pcall(...)
  return found.err and {} or found
end
local at = position()
local waiting = list('XRANGE', EVENTS, '(' .. at, '+', 'COUNT', 1)[1]
local lag = waiting and math.max(0, time_or_now(ARGV[1]) - id_parts(waiting[1])) or 0

-- The publisher that has been live for the longest.
local since, evidence
local fold = list('HGETALL', FOLD)
for i = 1, #fold, 2 do
  if sub(fold[i], 1, 10) == 'publisher:' then
    local its_evidence, its_since = match(fold[i + 1], '|(%a+)|(%d+)$')
    if its_since and (not since or tonumber(its_since) < tonumber(since)) then since, evidence = its_since, its_evidence end
  end
end

local singles = call('MGET', TOTAL, PUBLISHER_STATUS, BROADCAST_END)
local ended = singles[3] and (tonumber(singles[3]) or 0) <= time_or_now(ARGV[1])
local function last(stream)
  local entry = list('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  return entry and entry[1] or '0-0'
end
local out = { at, lag, tonumber(singles[1] or '0') or 0, singles[2] or '', since or '', evidence or '', ended and 1 or 0,
  last(COUNTS), last(prefix .. 'notices') }
local known = {}
local function add(s, taken, state)
  if known[s] then return end
  known[s] = true
  local values = call('MGET', viewers(s), prefix .. 'stage:' .. s)
  for _, value in ipairs({ s, state, taken, tonumber(values[1] or '0') or 0, values[2] or '' }) do out[#out + 1] = value end
end
for _, kind in ipairs({ { OPEN, 'active' }, { CLOSING, 'draining' } }) do
  local members = list('ZRANGE', kind[1], 0, -1, 'WITHSCORES')
  for i = 1, #members, 2 do add(members[i], tonumber(members[i + 1]), kind[2]) end
end
-- Viewers may be on a stage that is not registered, for a moment after data was lost: the sum must still be the total.
for _, s in ipairs(list('SMEMBERS', STAGES_WITH_VIEWERS)) do add(s, 0, 'unregistered') end
return out
