#!lua
-- Looks at the viewers whose deadline has passed: re-files those heard since, appends an `expire` entry for the silent.
-- Removes nobody itself: the fold does, unless it hears of them in between. Two sweeps at once append once.
--
-- Time is the fold's clock, which only ticks move: a backlog counts as speech, and while no gateway listens nobody
-- grows silent. The brake: when too many fall silent at once it is rather the path to them that broke, so one `credit`
-- entry gives everybody another timeout; each silence is extended once at most.
--
-- ARGV[1]  now      epoch ms, or '' for Redis's clock
-- ARGV[2]  limit    viewers looked at, at most
-- ARGV[3]  timeout  ms of silence
-- ARGV[4]  share    the brake acts above this share of those looked at ...
-- ARGV[5]  minimum  ... and from this many on
-- ARGV[6]  closed   ms that those who left are remembered
--
-- Answers {looked at, expired, braked, reservations and joins that lapsed, expired who were never heard of since they
-- joined}.
--#include seats.lua
local limit, timeout, share, minimum = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local now, entry_id = time_or_now(ARGV[1]), new_entry_id(ARGV[1])

-- Seats held for a token that never came, and joins that the fold could not read.
local lapsed, damaged, folded_to = 0, false, position()
for _, u in ipairs(call('HKEYS', RESERVED)) do
  local s, _, till = reserved(u)
  if not s or till <= now then
    local home = joining(u) or present(u)
    call('HDEL', RESERVED, u)
    change_held(home, home, s, nil)
    lapsed, damaged = lapsed + 1, damaged or not s
  end
end
for _, u in ipairs(call('HKEYS', JOINING)) do
  local s, id = joining(u)
  if not s or not after(id, folded_to) then
    local held = reserved(u)
    call('HDEL', JOINING, u)
    if s then change_held(s, present(u), held, held) end
    lapsed, damaged = lapsed + 1, damaged or not s
  end
end

if damaged then recount_taken() end

local fold = call('HMGET', FOLD, 'clock', 'floor', 'held')
local function number(text) return tonumber(text or '') or 0 end
local clock, floor, held = number(fold[1]), number(fold[2]), number(fold[3])
if clock == 0 then return { 0, 0, 0, lapsed, 0 } end
call('ZREMRANGEBYSCORE', CLOSED, '-inf', '(' .. clock - tonumber(ARGV[6]))

local due = call('ZRANGEBYSCORE', DEADLINE, '-inf', '(' .. clock, 'LIMIT', 0, limit)
local silent, held_before, damaged = {}, {}, {}
for _, u in ipairs(due) do
  local s = present(u)
  if not s then
    call('ZREM', DEADLINE, u)
  else
    local value = redis.pcall('HGET', heartbeats(s), u)
    local seen, p, joined_at, a = presence(type(value) == 'string' and value or '')
    local last = tonumber(seen or 0) -- a damaged value counts as never seen
    local heard = math.max(last, floor)
    if clock - heard > timeout then
      local viewer = { u = u, s = s, p = p or '', a = a or '', seen = string.format('%d', last),
        unheard = seen and tonumber(joined_at) == last }
      if not seen then damaged[#damaged + 1] = viewer else silent[#silent + 1] = viewer end
      if seen and last <= held then held_before[#held_before + 1] = viewer end
    else
      call('ZADD', DEADLINE, heard + timeout, u)
    end
  end
end

local expired, braked = silent, false
if #held_before > 0 then
  expired = held_before -- extended once already: never again
elseif #silent >= minimum and #silent > share * #due then
  call('XADD', EVENTS, entry_id, 't', 'credit', 's', '', 'u', '', 'p', '', 'v', '1', 'silent', #silent, 'looked', #due)
  for _, viewer in ipairs(silent) do call('ZADD', DEADLINE, clock + timeout, viewer.u) end
  expired, braked = {}, true
end
for _, viewer in ipairs(damaged) do expired[#expired + 1] = viewer end -- costs itself only: no brake, nobody's turn
local unheard = 0
for _, viewer in ipairs(expired) do
  if viewer.unheard then unheard = unheard + 1 end
  call('XADD', EVENTS, entry_id, 't', 'expire', 's', viewer.s, 'u', viewer.u, 'p', viewer.p, 'v', '1', 'a', viewer.a,
    'seen', viewer.seen)
  call('ZADD', DEADLINE, clock + timeout, viewer.u) -- looked at again only after one more timeout
end
return { #due, #expired, braked and 1 or 0, lapsed, unheard }
