#!lua
-- What the scaler that acts tells an operator and the seat script, in one step. Safe to repeat, but for the decision.
-- ARGV[1]  lease     fencing token; another one than the lease's is refused with FENCED
-- ARGV[2]  state     JSON
-- ARGV[3]  life      s of the state
-- ARGV[4]  limit     why no further stage is coming although seats are wanted; '' for none
-- ARGV[5]  life      s of the limit: of a scaler that is gone for longer nobody knows
-- ARGV[6]  decision  JSON, if it differs from the one before; else ''
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
call('SET', prefix .. 'scaler:state', ARGV[2], 'EX', ARGV[3])
if ARGV[4] == '' then call('DEL', LIMIT) else call('SET', LIMIT, ARGV[4], 'EX', ARGV[5]) end
if ARGV[6] ~= '' then call('XADD', prefix .. 'scaler:decisions', 'MAXLEN', '~', 1000, '*', 'json', ARGV[6]) end
return 1
