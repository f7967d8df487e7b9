#!lua flags=no-writes
-- One page of a stage's viewers, in no order. Reads about as much of the hash as the page shows, however many are on the
-- stage. Writes nothing.
--
-- HSCAN's promise becomes the pages': whoever is in the hash from the first page to the last is on one of them. But a
-- step of it may bring more than was asked for, and a hash of few fields comes whole. A step that does not fit is taken
-- in smaller ones, and the last of those is left to the next page: nothing has to be carried there. Only a step of COUNT 1
-- that does not fit an empty page is shown in parts, by the users' SHA-1. The next page takes it again: when it ends
-- where it ended before, it covers the same users, and goes on behind the last one shown; else it begins anew.
--
-- ARGV[1]  stage  its ARN, or the short id at its end
-- ARGV[2]  from   HSCAN's cursor
-- ARGV[3]  to     where the step from there ended of which a part was shown; '' if none was
-- ARGV[4]  last   SHA-1 of the last user of that part, or ''
-- ARGV[5]  limit  viewers on a page at most
--
-- Answers {ARN, or '' for an unknown stage; how many are there; from, to and last for the next page, from '' for none;
-- then user and value in turn}. A key of the wrong type reads as one that is not there.
--#include seats.lua
local STEPS = 40 -- bounds what a nearly empty hash that was large once costs: its pages are shorter
local named, from, to, last, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local function list(...)
  local found = redis.pcall(...)
  return found.err and {} or found
end
local function is_named(s) return s == named or sub(s, -#named - 1) == '/' .. named end
local function stage()
  for _, known in ipairs({ list('ZRANGE', OPEN, 0, -1), list('ZRANGE', CLOSING, 0, -1),
    list('SMEMBERS', STAGES_WITH_VIEWERS), list('HKEYS', prefix .. 'scaler:fleet') }) do
    for _, s in ipairs(known) do
      if is_named(s) then return s end
    end
  end
end
local s = stage()
if not s then return { '', 0, '', '', '' } end
local key = heartbeats(s)
local total = redis.pcall('HLEN', key)
if type(total) ~= 'number' then return { s, 0, '', '', '' } end

local page, on_page, shown = { s, total }, {}, 0
local function step(count) -- where it ends, and whom it brings that is not on this page
  local reply = call('HSCAN', key, from, 'COUNT', count)
  local users, fields, once = {}, reply[2], {}
  for i = 1, #fields, 2 do
    local u = fields[i]
    if not on_page[u] and not once[u] then
      once[u] = true
      users[#users + 1] = { u, fields[i + 1] }
    end
  end
  return reply[1], users
end
local function show(users, at_most)
  for i = 1, math.min(#users, at_most) do
    local u = users[i][1]
    on_page[u] = true
    shown = shown + 1
    page[5 + 2 * shown - 1], page[5 + 2 * shown] = u, users[i][2]
  end
end
local function next_page(next_from, next_to, next_last) page[3], page[4], page[5] = next_from, next_to, next_last end
local function behind(users, mark)
  local rest = {}
  for _, user in ipairs(users) do
    user.mark = redis.sha1hex(user[1])
    if user.mark > mark then rest[#rest + 1] = user end
  end
  table.sort(rest, function(a, b) return a.mark < b.mark end)
  return rest
end

local count = to == '' and limit or 1
for _ = 1, STEPS do
  local ended, users = step(count)
  if to ~= '' then users = behind(users, ended == to and last or '') end
  if #users <= limit - shown then
    show(users, #users)
    from, to, count = ended, '', limit - shown
    if from == '0' or shown == limit then break end
  elseif count > 1 then
    count = math.floor(count / 2)
  elseif shown > 0 then
    break
  else
    users = to == '' and behind(users, '') or users
    show(users, limit)
    next_page(from, ended, users[limit].mark)
    return page
  end
end
next_page(from == '0' and '' or from, '', '')
return page
