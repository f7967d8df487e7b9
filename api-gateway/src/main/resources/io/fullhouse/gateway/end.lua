#!lua
-- Ends the broadcast by Redis's clock. Repeated, it sets the time anew.
-- ARGV[1]   now    epoch ms, or '' for Redis's clock
-- ARGV[2]   after  ms from now; 0 also appends the event below: nobody publishes any more. Else the scaler does so then
-- ARGV[3..] the event's fields and values
-- Answers {epoch ms at which it ends, entry id or ''}.
--#include seats.lua
local ends = string.format('%d', time_or_now(ARGV[1]) + tonumber(ARGV[2]))
call('SET', BROADCAST_END, ends)
return { ends, ARGV[2] == '0' and call('XADD', EVENTS, new_entry_id(ARGV[1]), unpack(ARGV, 3)) or '' }
