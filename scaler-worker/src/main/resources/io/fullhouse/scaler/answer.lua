#!lua
-- Writes down that a command was begun, or what came of it: then it is taken off the list in the same step.
-- ARGV[1]  lease    fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  command  entry id
-- ARGV[3]  answer   JSON
-- ARGV[4]  life     s of the answer
-- ARGV[5]  done     1: it is answered; 0: it was begun
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
call('SET', prefix .. 'scaler:answer:' .. ARGV[2], ARGV[3], 'EX', ARGV[4])
if ARGV[5] == '1' then call('XDEL', prefix .. 'scaler:commands', ARGV[2]) end
return 1
