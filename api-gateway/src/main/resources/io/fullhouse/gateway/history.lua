#!lua flags=no-writes
-- A user's presence, if there is one, and those that are over, of one instant. Writes nothing.
--
-- ARGV[1]  user
--
-- Answers {epoch ms, stage or '', value or '', {those that are over, newest first}}; more than the fold keeps are not
-- looked at. A key of the wrong type reads as one that is not there.
--#include seats.lua
local function text(...)
  local value = redis.pcall(...)
  return type(value) == 'string' and value or ''
end
local u = ARGV[1]
local s = text('HGET', SEAT, u)
local past = redis.pcall('LRANGE', history(u), 0, 999)
return { time_or_now(''), s, s ~= '' and text('HGET', heartbeats(s), u) or '', past.err and {} or past }
