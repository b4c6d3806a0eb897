-- Keeps a key at least as long as a grant may live that is set now, so its lifetime bounds that of every grant. It is
-- a write each time, which a Redis without writes refuses. Works when Redis is full.
-- KEYS: that key. ARGV: the longest lifetime of a grant in milliseconds.
-- Returns the milliseconds that the key lives.
local lifetime = math.max(tonumber(ARGV[1]), redis.call('PTTL', KEYS[1]))
-- A full Redis refuses SET only as the first write of a script.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], '1', 'PX', string.format('%.0f', lifetime))
return lifetime
