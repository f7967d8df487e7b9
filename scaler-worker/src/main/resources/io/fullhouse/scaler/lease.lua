#!lua
-- The right to act for a broadcast's fleet: one scaler has it at a time, and every write of a scaler names it.
--
-- ARGV[1]  holder  unique to a process
-- ARGV[2]  life    ms until it lapses, unless it is asked for again; 0 gives it back
--
-- Answers the fencing token, '' when another scaler has the lease or it was given back.
--#include seats.lua
local LEASE = prefix .. 'scaler:lease'
local token = call('GET', LEASE)
if token and match(token, '^%d+|(.*)$') ~= ARGV[1] then return '' end
if ARGV[2] == '0' then
  call('DEL', LEASE)
  return ''
end
token = token or string.format('%d|%s', time_or_now(''), ARGV[1])
call('SET', LEASE, token, 'PX', ARGV[2])
return token
