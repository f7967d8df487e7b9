#!lua
-- Somebody is about to publish: the event is appended, and a broadcast that has ended begins anew in the same step. An
-- end that is still to come stays. Repeated, it appends again, which the fold does not mind.
-- ARGV[1]   now  epoch ms, or '' for Redis's clock
-- ARGV[2..] the event's fields and values
-- Answers the entry id.
--#include seats.lua
local ends = call('GET', BROADCAST_END)
if ends and (tonumber(ends) or 0) <= time_or_now(ARGV[1]) then call('DEL', BROADCAST_END) end
return call('XADD', EVENTS, new_entry_id(ARGV[1]), unpack(ARGV, 2))
