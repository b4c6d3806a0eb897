-- Takes the state of a login, so that nobody can take it again. A wrong state removes none.
-- KEYS: the states. ARGV: the place, hash of the state.
-- Returns 1 if it was there and has not expired, else 0. Works when Redis is full.
local kept = redis.call('HMGET', KEYS[1], ARGV[1])[1]
if not kept then return 0 end
local expires, hash = string.match(kept, '^(%d+) (%x+)$')
if hash ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
local time = redis.call('TIME')
if tonumber(expires) <= time[1] * 1000 + math.floor(time[2] / 1000) then return 0 end
return 1
