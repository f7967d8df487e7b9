#!lua
-- A planned end of the broadcast has come: nobody publishes any more. Whoever took a publisher token meanwhile began
-- anew, and this does nothing. Repeated, it appends again, which the fold does not mind.
-- ARGV[1]   lease  fencing token; another one than the lease's is refused with FENCED
-- ARGV[2..] fields and values of the event
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
local ends = call('GET', BROADCAST_END)
if not ends or (tonumber(ends) or 0) > time_or_now('') then return 0 end
call('XADD', EVENTS, '*', unpack(ARGV, 2))
return 1
