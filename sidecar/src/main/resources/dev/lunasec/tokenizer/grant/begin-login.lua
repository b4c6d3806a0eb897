-- Keeps the state of a login in the next place. The places are used in turn, so a new state replaces the oldest one.
-- KEYS: the states. ARGV: hash of the state, lifetime in milliseconds, the number of places.
-- Returns the place. Fails without a change if Redis is full.
local time = redis.call('TIME')
local expires = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
-- The first write needs memory, so a full Redis refuses the script here.
local place = redis.call('HINCRBY', KEYS[1], 'next', 1) % tonumber(ARGV[3])
redis.call('HSET', KEYS[1], string.format('%.0f', place), string.format('%.0f', expires) .. ' ' .. ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return place
