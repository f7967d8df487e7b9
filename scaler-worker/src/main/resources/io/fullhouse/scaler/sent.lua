#!lua
-- Notes up to where the notices need not be sent any more. Never goes back.
-- ARGV[1]  lease  fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  entry  id of the last notice that is done
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
local before = call('GET', prefix .. 'notices:sent')
if before and match(before, '^%d+%-%d+$') and not after(ARGV[2], before) then return before end
call('SET', prefix .. 'notices:sent', ARGV[2])
return ARGV[2]
