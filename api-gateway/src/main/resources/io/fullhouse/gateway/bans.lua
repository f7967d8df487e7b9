#!lua flags=allow-oom
-- One page of those who are banned: who comes free first stands first, those banned for ever last. Forgets bans that are
-- over.
-- ARGV[1]  now    epoch ms, or '' for Redis's clock
-- ARGV[2]  until  of the last one of the page before, epoch ms, 0 for ever; '' for the first page
-- ARGV[3]  user   of that one, who may be free by now
-- ARGV[4]  limit
-- Answers {how many are banned, 1 if there are more, then user and ban in turn}.
--#include seats.lua
local limit = tonumber(ARGV[4])
local over = call('ZRANGEBYSCORE', BANS, '-inf', time_or_now(ARGV[1]))
for i = 1, #over, 1000 do
  call('HDEL', BANNED, unpack(over, i, math.min(i + 999, #over)))
  call('ZREM', BANS, unpack(over, i, math.min(i + 999, #over)))
end
local from = 0
if ARGV[2] ~= '' then -- a sorted set knows a place only of who is in it
  local absent = call('ZADD', BANS, 'NX', ARGV[2] == '0' and '+inf' or ARGV[2], ARGV[3]) == 1
  from = call('ZRANK', BANS, ARGV[3]) + (absent and 0 or 1)
  if absent then call('ZREM', BANS, ARGV[3]) end
end
local users, total = call('ZRANGE', BANS, from, from + limit - 1), call('ZCARD', BANS)
local page = { total, from + #users < total and 1 or 0 }
for _, u in ipairs(users) do
  page[#page + 1] = u
  page[#page + 1] = call('HGET', BANNED, u) or ''
end
return page
