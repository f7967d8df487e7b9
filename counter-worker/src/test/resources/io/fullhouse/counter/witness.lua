#!lua flags=no-writes
-- What the audit does not look at, in one instant.
--
-- ARGV  stages, and users whose histories are wanted
--
-- Answers {user, stage of the seat ...}, {closed ...}, {deadlines ...}, {open stages ...}, {closing stages ...},
-- {joining ...}, {reserved ...}, {ids of the dead letters}, {what `counts` announced last ...}, {stage, viewers key ...},
-- {stage, size of its hash ...}, {to be disconnected as banned ...}, {as superseded ...}, {as expired ...},
-- {user, {history, newest first ...} ...}; sorted sets as member and score in turn.
--#include seats.lua
local function scores(key) return call('ZRANGE', key, 0, -1, 'WITHSCORES') end
local dead, latest, announced, counts, sizes, histories = {}, {}, {}, {}, {}, {}
for _, entry in ipairs(call('XRANGE', DEAD_LETTERS, '-', '+')) do dead[#dead + 1] = entry[2][2] end
for _, entry in ipairs(call('XRANGE', COUNTS, '-', '+')) do
  for i = 1, #entry[2], 2 do latest[entry[2][i]] = entry[2][i + 1] end
end
for name, value in pairs(latest) do
  announced[#announced + 1] = name
  announced[#announced + 1] = value
end
for _, name in ipairs(ARGV) do
  if sub(name, 1, 4) == 'arn:' then
    counts[#counts + 1] = name
    counts[#counts + 1] = call('GET', viewers(name)) or '0'
    sizes[#sizes + 1] = name
    sizes[#sizes + 1] = string.format('%d', call('HLEN', heartbeats(name)))
  elseif call('EXISTS', history(name)) == 1 then
    histories[#histories + 1] = name
    histories[#histories + 1] = call('LRANGE', history(name), 0, -1)
  end
end
return { call('HGETALL', SEAT), scores(CLOSED), scores(DEADLINE), scores(OPEN), scores(CLOSING), call('HGETALL', JOINING),
  call('HGETALL', RESERVED), dead, announced, counts, sizes, scores(DISCONNECT_BANNED), scores(DISCONNECT_SUPERSEDED),
  scores(DISCONNECT_EXPIRED), histories }
