-- Marks a record as erased. The time of the first mark stays; each call renews how long Redis keeps the mark, and never
-- makes that shorter. The epoch of the record ends too, so no grant from before holds, even if the mark is lost. The
-- copy of the record ends with it. Works when Redis is full.
-- KEYS: the Redis mark, the epoch of the record, the copy. ARGV: seconds since 1970, lifetime of the mark in
-- milliseconds.
-- Returns the seconds of the first mark.
local first = redis.call('GET', KEYS[1]) or ARGV[1]
local lifetime = math.max(tonumber(ARGV[2]), redis.call('PTTL', KEYS[1]))
-- A full Redis refuses SET only as the first write of a script.
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('SET', KEYS[1], first, 'PX', string.format('%.0f', lifetime))
return tonumber(first)
