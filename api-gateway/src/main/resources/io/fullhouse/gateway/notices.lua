#!lua flags=no-writes
-- Some of what the scaler told, the oldest first, and whether something is missing. Writes nothing.
--
-- ARGV[1]  after  entry id: what comes behind it
-- ARGV[2]  to     entry id: up to and with it
-- ARGV[3]  count  how many at most
--
-- Answers {1 if nothing behind `after` has been trimmed away, and for each: id, notice}. A key of the wrong type reads as
-- an empty stream.
--#include seats.lua
local function list(...)
  local found = redis.pcall(...)
  return found.err and {} or found
end
local NOTICES = prefix .. 'notices'
-- The oldest go first: while one of `after` or before is there, all behind it are. Else only a stream that still has all
-- it ever had.
local whole = list('XREVRANGE', NOTICES, ARGV[1], '-', 'COUNT', 1)[1] ~= nil
if not whole then
  local about = {}
  local info = list('XINFO', 'STREAM', NOTICES)
  for i = 1, #info, 2 do about[info[i]] = info[i + 1] end
  whole = about['length'] == about['entries-added']
end
local out = { whole and 1 or 0 }
for _, entry in ipairs(list('XRANGE', NOTICES, '(' .. ARGV[1], ARGV[2], 'COUNT', ARGV[3])) do
  local fields = {}
  for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
  out[#out + 1] = entry[1]
  out[#out + 1] = fields.notice or ''
end
return out
