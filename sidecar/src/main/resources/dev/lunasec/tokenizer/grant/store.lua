-- Checks a grant for storing, and takes no use of it. Works when Redis is full.
-- KEYS: the grant, the Redis mark, the epoch of the record.
-- Returns the milliseconds that the grant lasts, -1 if there is no grant, -2 if there is one and the record is erased,
-- -3 if the grant is not for storing, -4 if its uses are spent, -5 if it was revoked; and the epoch of the session that
-- the grant names. The grant holds only if this epoch is the one of the session.
local grant = redis.call('HMGET', KEYS[1], 'direction', 'uses', 'record', 'session')
if not grant[1] then
  -- Comes before the mark, so that a caller without a grant does not learn that the record was erased. The DEL changes
  -- nothing, because there is no grant. It makes this answer need a write too, which an isolated primary refuses.
  redis.call('DEL', KEYS[1])
  return {-1, ''}
end
if redis.call('EXISTS', KEYS[2]) == 1 then return {-2, ''} end
-- Changes nothing, because there is no mark. It makes each check a write, which an isolated primary refuses.
redis.call('DEL', KEYS[2])
if not grant[3] or grant[3] ~= redis.call('GET', KEYS[3]) then return {-5, ''} end
if grant[1] == 'READ' then return {-3, grant[4]} end
if grant[2] and tonumber(grant[2]) <= 0 then return {-4, grant[4]} end
return {redis.call('PTTL', KEYS[1]), grant[4]}
