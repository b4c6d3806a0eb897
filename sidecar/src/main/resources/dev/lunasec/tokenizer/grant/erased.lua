-- Checks a record for a caller who needs no grant. Works when Redis is full.
-- KEYS: the Redis mark.
-- Returns 1, or -2 if the record is erased.
if redis.call('EXISTS', KEYS[1]) == 1 then return -2 end
-- Changes nothing, because there is no mark. It makes the check a write, which an isolated primary refuses.
redis.call('DEL', KEYS[1])
return 1
