#!lua
-- Appends to the log as gateways and careless hands do. A gateway's join takes its seat in the same step.
--
-- ARGV  steps, one behind the other:
--       reserve     user  stage  until (epoch ms)
--       append      entry id  n  then n field names and values, where %xx stands for a byte
--       seat        likewise, for a join
--
-- Answers how many entries were appended.
--#include seats.lua
local function bytes(text)
  return (string.gsub(text, '%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end))
end

local i, appended = 1, 0
while i <= #ARGV do
  local kind = ARGV[i]
  if kind == 'reserve' then
    local u, s, till = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    local home, held = joining(u) or present(u), reserved(u)
    call('HSET', RESERVED, u, till .. '|nonce|' .. s)
    change_held(home, home, held, s)
    i = i + 4
  else
    local id, n, fields = ARGV[i + 1], tonumber(ARGV[i + 2]), {}
    for k = 1, n do fields[k] = bytes(ARGV[i + 2 + k]) end
    id = call('XADD', EVENTS, id, unpack(fields))
    appended = appended + 1
    if kind == 'seat' then
      local s, u, p, a = fields[4], fields[6], fields[8], fields[12] or ''
      local home, held = joining(u) or present(u), reserved(u)
      call('HSET', JOINING, u, id .. '|' .. s .. '|' .. p .. '|' .. a)
      call('HDEL', RESERVED, u)
      change_held(home, s, held, nil)
    end
    i = i + 3 + n
  end
end
return appended
