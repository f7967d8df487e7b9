#!lua flags=no-writes
-- What an operator said and what the scaler tells, of one instant. Writes nothing.
-- Answers {now, lease, state, mode, floor, doors, end}: texts, '' for what is not there.
--#include seats.lua
local out = { string.format('%d', time_or_now('')) }
for _, value in ipairs(call('MGET', prefix .. 'scaler:lease', prefix .. 'scaler:state', prefix .. 'scaler:mode',
  prefix .. 'scaler:floor', DOORS, BROADCAST_END)) do out[#out + 1] = value or '' end
return out
