-- Checks a grant for reading and takes a use if the caller asks for it. The last use deletes the grant.
-- KEYS: the grant, the erase mark. ARGV: '1' to take a use, '0' to take none.
-- Returns the milliseconds that the grant still lasts, -1 if there is no grant for reading, -2 if the record is erased.
if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
local grant = redis.call('HMGET', KEYS[1], 'direction', 'uses')
if not grant[1] or grant[1] == 'STORE' then return -1 end
local left = redis.call('PTTL', KEYS[1])
if ARGV[1] == '1' and grant[2] and redis.call('HINCRBY', KEYS[1], 'uses', -1) <= 0 then
  redis.call('DEL', KEYS[1])
end
return left
