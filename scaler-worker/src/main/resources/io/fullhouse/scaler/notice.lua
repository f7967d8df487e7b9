#!lua
-- Tells facts that the scaler sees in each pass: each once for as long as it stays as it is. Safe to repeat.
--
-- ARGV[1]  lease  fencing token; another one than the lease's is refused with FENCED
-- then for each fact:
--   name
--   value   what it is now; '' is how it is when there is nothing to tell, and then kept nowhere
--   notice  JSON, appended when the value is another one than the last time
--
-- Answers how many notices were written.
--#include seats.lua
if call('GET', prefix .. 'scaler:lease') ~= ARGV[1] then return redis.error_reply('FENCED another scaler acts') end
local NOTICED, written = prefix .. 'scaler:noticed', 0
for i = 2, #ARGV, 3 do
  local name, value, notice = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if (call('HGET', NOTICED, name) or '') ~= value then
    if value == '' then call('HDEL', NOTICED, name) else call('HSET', NOTICED, name, value) end
    call('XADD', prefix .. 'notices', 'MAXLEN', '~', 10000, '*', 'notice', notice, 'taken', '')
    written = written + 1
  end
end
return written
