#!lua
-- Many heartbeats in one trip, each as the gateway's Heartbeats has it: the event, and the look whether its viewer is
-- where it says. What is not found there is for the caller to bring to the seat script.
--
-- ARGV[1]  now    epoch ms
-- ARGV     then for each: stage  user  participant  admission
--
-- Answers a text with 1 for each that was found, 0 for each that was not.
--#include seats.lua
local found = {}
for i = 2, #ARGV, 4 do
  local s, u, p, a = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  call('XADD', EVENTS, new_entry_id(ARGV[1]), 't', 'heartbeat', 's', s, 'u', u, 'p', p, 'v', '1', 'a', a, 'rid', 'r')
  local _, here_p, _, here_a = presence(call('HGET', heartbeats(s), u) or nil)
  found[#found + 1] = here_p and same(s, here_p, here_a, s, p, a) and '1' or '0'
end
return table.concat(found)
