-- Marks a record as erased. The time of the first mark stays; each call renews how long Redis keeps the mark.
-- KEYS: the erase mark. ARGV: seconds since 1970, lifetime of the mark in milliseconds.
-- Returns the seconds of the first mark.
local first = redis.call('GET', KEYS[1]) or ARGV[1]
redis.call('SET', KEYS[1], first, 'PX', ARGV[2])
return tonumber(first)
