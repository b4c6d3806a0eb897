-- Tells whether there is a grant of either direction.
-- KEYS: the grant, the Redis mark, the epoch of the record.
-- Returns 1 if there is one and the record is not erased, else 0; and the epoch of the session that the grant names.
-- The grant holds only if this epoch is the one of the session.
if redis.call('EXISTS', KEYS[2]) == 1 then return {0, ''} end
-- Changes nothing, because there is no mark. It makes each check a write, which an isolated primary refuses.
redis.call('DEL', KEYS[2])
local grant = redis.call('HMGET', KEYS[1], 'record', 'session', 'uses')
if not grant[1] or grant[1] ~= redis.call('GET', KEYS[3]) then return {0, ''} end
if grant[3] and tonumber(grant[3]) <= 0 then return {0, ''} end
return {1, grant[2]}
