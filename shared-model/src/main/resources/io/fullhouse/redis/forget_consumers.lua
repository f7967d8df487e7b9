#!lua
-- Takes consumers off a group's list that have been idle for long and have nothing pending. One step: deleting a
-- consumer also drops what is pending for it, so looking and deleting must not be two. Safe to repeat.
--
-- KEYS[1]  the broadcast's prefix, for routing
-- ARGV[1]  stream
-- ARGV[2]  group
-- ARGV[3]  own consumer, which stays
-- ARGV[4]  idle for at least so long, ms
--
-- Answers how many were forgotten.
local stream, group, own, idle_ms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local forgotten = 0
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
  local consumer = {}
  for i = 1, #info, 2 do consumer[info[i]] = info[i + 1] end
  if consumer.name ~= own and consumer.pending == 0 and consumer.idle >= idle_ms then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, consumer.name)
    forgotten = forgotten + 1
  end
end
return forgotten
