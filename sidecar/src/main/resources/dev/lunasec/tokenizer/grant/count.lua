-- Counts a grant that a granter is about to set, unless as many of its grants are live as it may have.
-- KEYS: the granter's counts. ARGV: lifetime of the grant in milliseconds, the most live grants of the granter.
-- Returns 1, or 0 if there are too many. Fails without a change if Redis is full.
--
-- The hash has one field for each span of time in which grants end: the end of the span, and how many grants. A span is
-- at most an eighth of the lifetime (at least a second), so a few fields count any number of grants, and a grant counts
-- at most that much longer than it lives.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lifetime = tonumber(ARGV[1])
local span = 1000
while span * 16 <= lifetime do span = span * 2 end
local ends = math.ceil((now + lifetime) / span) * span
local live = 0
local past = {}
local counts = redis.call('HGETALL', KEYS[1])
for i = 1, #counts, 2 do
  if tonumber(counts[i]) <= now then
    past[#past + 1] = counts[i]
  else
    live = live + tonumber(counts[i + 1])
  end
end
if live >= tonumber(ARGV[2]) then return 0 end
-- The first write needs memory, so a full Redis refuses the script here.
redis.call('HINCRBY', KEYS[1], string.format('%.0f', ends), 1)
if #past > 0 then redis.call('HDEL', KEYS[1], unpack(past)) end
if redis.call('PTTL', KEYS[1]) < ends - now then
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ends - now))
end
return 1
