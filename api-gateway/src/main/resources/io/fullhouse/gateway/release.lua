#!lua flags=allow-oom
-- Gives back a reservation, if it is still the caller's own. Safe to repeat.
-- ARGV[1]  user
-- ARGV[2]  nonce   of the reservation; another one means that somebody else of the same user holds the seat now
--#include seats.lua
local u = ARGV[1]
local held, nonce = reserved(u)
if nonce ~= ARGV[2] then return 0 end
local home = joining(u) or present(u)
call('HDEL', RESERVED, u)
change_held(home, home, held, nil)
return 1
