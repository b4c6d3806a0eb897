-- Checks a grant for reading and takes a use if the caller asks for it. The last use deletes the grant. Works when
-- Redis is full.
-- KEYS: the grant, the erase mark. ARGV: '1' to take a use, '0' to take none; the milliseconds that a URL may be valid
-- if the uses of the grant are limited.
-- Returns the milliseconds that a URL may be valid, -1 if there is no grant for reading, -2 if the record is erased.
if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
local grant = redis.call('HMGET', KEYS[1], 'direction', 'uses')
if not grant[1] or grant[1] == 'STORE' then return -1 end
local left = redis.call('PTTL', KEYS[1])
if not grant[2] then return left end
if ARGV[1] == '1' then
  -- A full Redis refuses HINCRBY only as the first write of a script. This DEL changes nothing: there is no mark.
  redis.call('DEL', KEYS[2])
  if redis.call('HINCRBY', KEYS[1], 'uses', -1) <= 0 then redis.call('DEL', KEYS[1]) end
end
return math.min(left, tonumber(ARGV[2]))
