#!lua flags=allow-oom
-- Drops the log's oldest entries, some at a time: only up to a stored checkpoint, and never past the fold's position.
--
-- ARGV[1]  checkpoint   the entry id of a stored checkpoint; what is older than it can go
--
-- Answers how many entries were removed; 0 when there is nothing left to remove, or the checkpoint does not allow it.
--#include seats.lua
local CHECKPOINTS = prefix .. 'checkpoints'
local to = ARGV[1]
if call('HEXISTS', CHECKPOINTS, to) == 0 or after(to, position()) then return 0 end
for _, id in ipairs(call('HKEYS', CHECKPOINTS)) do
  if after(to, id) then call('HDEL', CHECKPOINTS, id) end
end
return call('XTRIM', EVENTS, 'MINID', '~', to)
