#!lua
-- Writes down what a broadcast uses of the account's quotas, and adds up what all others use. Safe to repeat.
--
-- Redis's clock alone counts, so it is the same for all. What is too old, from the future or not to be read is dropped:
-- a broadcast that lives says it again within seconds.
--
-- KEYS[1]  hash, broadcast to `epoch ms|stages|subscriptions`
-- ARGV[1]  now            epoch ms, or '' for Redis's clock
-- ARGV[2]  life           ms after which a broadcast that says nothing is gone
-- ARGV[3]  self           the broadcast
-- ARGV[4]  stages         that it has
-- ARGV[5]  subscriptions  that it has
--
-- Answers {stages, subscriptions} of the others.
local t = ARGV[1] == '' and redis.call('TIME') or nil
local now = t and t[1] * 1000 + math.floor(t[2] / 1000) or tonumber(ARGV[1])
local life, self = tonumber(ARGV[2]), ARGV[3]

local known = redis.pcall('HGETALL', KEYS[1])
if known.err then -- somebody made it another type
  redis.call('DEL', KEYS[1])
  known = {}
end
local stages, subscriptions = 0, 0
for i = 1, #known, 2 do
  if known[i] ~= self then
    local at, some, more = string.match(known[i + 1], '^(%d+)|(%d+)|(%d+)$')
    if at and #at <= 15 and #some <= 6 and #more <= 12 and math.abs(now - at) < life then
      stages, subscriptions = stages + some, subscriptions + more
    else
      redis.call('HDEL', KEYS[1], known[i])
    end
  end
end
redis.call('HSET', KEYS[1], self, string.format('%d', now) .. '|' .. ARGV[4] .. '|' .. ARGV[5])
redis.call('PEXPIRE', KEYS[1], life)
return { stages, subscriptions }
