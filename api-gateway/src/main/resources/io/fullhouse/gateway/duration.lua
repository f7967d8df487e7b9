#!lua flags=no-writes
-- How a user is present on a stage, and the time, of one instant. Writes nothing.
--
-- ARGV[1]  stage
-- ARGV[2]  user
--
-- Answers {value or '', epoch ms}. A key of the wrong type reads as one that is not there.
--#include seats.lua
local value = redis.pcall('HGET', heartbeats(ARGV[1]), ARGV[2])
return { type(value) == 'string' and value or '', time_or_now('') }
