-- Checks a grant for reading and takes a use if the caller asks for it. A grant without uses stays until it expires, so
-- that its holder is told that they are spent. Works when Redis is full.
-- KEYS: the grant, the Redis mark, the epoch of the record; and the copy of the record if the caller asks for it. ARGV:
-- '1' to take a use, '0' to take none; the milliseconds that a URL may be valid if the uses of the grant are limited.
-- Returns the milliseconds that a URL may be valid, -1 if there is no grant, -2 if there is one but the record is
-- erased, -3 if the grant is not for reading, -4 if its uses are spent, -5 if it was revoked; and the epoch of the
-- session that the grant names. The grant holds only if this epoch is the one of the session. If the answer is above 0,
-- the copy follows, empty if there is none.
local grant = redis.call('HMGET', KEYS[1], 'direction', 'uses', 'record', 'session')
if not grant[1] then
  -- Comes before the mark, so that a caller without a grant does not learn that the record was erased. The DEL changes
  -- nothing, because there is no grant. It makes this answer need a write too, which an isolated primary refuses.
  redis.call('DEL', KEYS[1])
  return {-1, ''}
end
if redis.call('EXISTS', KEYS[2]) == 1 then return {-2, ''} end
-- Changes nothing, because there is no mark. It makes each check a write, which an isolated primary refuses, and a full
-- Redis refuses HINCRBY only as the first write of a script.
redis.call('DEL', KEYS[2])
if not grant[3] or grant[3] ~= redis.call('GET', KEYS[3]) then return {-5, ''} end
if grant[1] == 'STORE' then return {-3, grant[4]} end
if grant[2] and tonumber(grant[2]) <= 0 then return {-4, grant[4]} end
local left = redis.call('PTTL', KEYS[1])
local copy = KEYS[4] and redis.call('GET', KEYS[4]) or ''
if not grant[2] then return {left, grant[4], copy} end
if ARGV[1] == '1' then redis.call('HINCRBY', KEYS[1], 'uses', -1) end
return {math.min(left, tonumber(ARGV[2])), grant[4], copy}
