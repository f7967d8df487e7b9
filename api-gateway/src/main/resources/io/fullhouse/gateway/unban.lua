#!lua
-- Lifts a ban. Safe to repeat. One that is over already is forgotten without an event: the ban's own entry says until when.
-- ARGV[1]  now         epoch ms, or '' for Redis's clock
-- ARGV[2]  user
-- ARGV[3]  request id  travels into the event
-- Answers 1 if the user was banned.
--#include seats.lua
local u = ARGV[2]
local in_force = is_banned(u, time_or_now(ARGV[1]))
call('HDEL', BANNED, u)
call('ZREM', BANS, u)
if not in_force then return 0 end
call('XADD', EVENTS, new_entry_id(ARGV[1]), 't', 'unban', 's', '', 'u', u, 'p', '', 'v', '1', 'rid', ARGV[3])
return 1
