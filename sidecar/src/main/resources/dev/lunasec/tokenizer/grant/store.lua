-- Checks a grant for storing, and takes no use of it. Works when Redis is full.
-- KEYS: the grant, the Redis mark, the epoch of the record.
-- Returns the milliseconds that the grant lasts, -1 if there is no grant for storing, -2 if the record is erased; and
-- the epoch of the session that the grant names. The grant holds only if this epoch is the one of the session.
if redis.call('EXISTS', KEYS[2]) == 1 then return {-2, ''} end
-- Changes nothing, because there is no mark. It makes each check a write, which an isolated primary refuses.
redis.call('DEL', KEYS[2])
local grant = redis.call('HMGET', KEYS[1], 'direction', 'record', 'session')
if not grant[1] or grant[1] == 'READ' then return {-1, ''} end
if not grant[2] or grant[2] ~= redis.call('GET', KEYS[3]) then return {-1, ''} end
return {redis.call('PTTL', KEYS[1]), grant[3]}
