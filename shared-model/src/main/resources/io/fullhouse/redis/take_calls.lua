#!lua
-- Takes n calls out of a budget that everybody with this key shares, or says how long to wait. Repeated, it takes again:
-- a connection that was lost costs the budget n calls, and never lets more through.
--
-- A bucket of `burst` calls that fills at `rate` calls a second, kept as one number: the time at which it will be full
-- again. Redis's clock alone counts, so it is the same for all.
--
-- KEYS[1]  the budget: epoch µs at which it is full again; absent while it is full
-- ARGV[1]  now       epoch µs, or '' for Redis's clock
-- ARGV[2]  n         calls wanted, at most `burst`
-- ARGV[3]  each      µs in which one call comes back
-- ARGV[4]  burst     calls in a full bucket
-- ARGV[5]  patience  µs that the caller is ready to wait for its calls: they are then reserved, first come first served
-- ARGV[6]  horizon   µs: nobody's patience is longer, so a stored time beyond that was damaged
--
-- Answers {1 if the calls are the caller's, µs to wait: before making them, or before asking again}.
local t = ARGV[1] == '' and redis.call('TIME') or nil
local now = t and t[1] * 1000000 + t[2] or tonumber(ARGV[1])
local n, each, burst = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local patience, horizon = tonumber(ARGV[5]), tonumber(ARGV[6])
local size = burst * each

-- Redis is told `false` for what is not there, and a table for what is of another type.
local stored = redis.pcall('GET', KEYS[1])
local full_at = tonumber(type(stored) == 'string' and string.match(stored, '^%d+$') or nil)
if not stored then
  full_at = now
elseif not full_at or full_at > now + size + horizon then
  full_at = now + size -- damaged: taken for spent, so that AWS's limit holds all the same
end

local then_full_at = math.max(full_at, now) + n * each
local wait = math.max(0, then_full_at - size - now)
if wait > patience then return { 0, math.ceil(wait - patience) } end
then_full_at = math.ceil(then_full_at)
redis.call('SET', KEYS[1], string.format('%d', then_full_at), 'PX', math.ceil((then_full_at - now) / 1000))
return { 1, math.ceil(wait) }
