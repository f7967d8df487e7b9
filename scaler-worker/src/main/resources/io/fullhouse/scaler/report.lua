#!lua
-- Puts one event into the log for what IVS says when it is asked.
-- ARGV[1]   lease  fencing token; another one than the lease's is refused with FENCED
-- ARGV[2..] fields and values of the event
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
call('XADD', EVENTS, '*', unpack(ARGV, 2))
return 1
