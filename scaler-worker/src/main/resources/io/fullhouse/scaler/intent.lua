#!lua
-- Writes down that a stage is about to be asked of IVS, or that the question came to nothing. Safe to repeat.
-- ARGV[1]  lease    fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  request  id, which the stage will carry as a tag
-- ARGV[3]  now      epoch ms; '' forgets it
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
if ARGV[3] == '' then return call('HDEL', prefix .. 'scaler:intents', ARGV[2]) end
return call('HSET', prefix .. 'scaler:intents', ARGV[2], ARGV[3])
