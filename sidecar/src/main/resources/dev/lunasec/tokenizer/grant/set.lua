-- Sets a grant, and makes the epoch of the record if there is none. An earlier grant of the same session and record is
-- replaced as a whole.
-- KEYS: the grant, the Redis mark, the epoch of the record. ARGV: direction, lifetime in milliseconds, uses (empty for
-- any number), the epoch of the session, a new epoch for the record, the shortest lifetime of it in milliseconds, the
-- lifetime that it gets if what is left is shorter.
-- Returns 1, or -2 if the record is erased. Fails without a change if Redis is full.
if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
local epoch = redis.call('GET', KEYS[3])
-- Redis checks its memory before the first write of a script, and no later one. So the first write is HSET, which needs
-- memory. A DEL before it would let grants grow beyond maxmemory.
redis.call('HSET', KEYS[1], 'direction', ARGV[1], 'record', epoch or ARGV[5], 'session', ARGV[4])
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], 'uses')
else
  redis.call('HSET', KEYS[1], 'uses', ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if not epoch then
  redis.call('SET', KEYS[3], ARGV[5], 'PX', ARGV[7])
elseif redis.call('PTTL', KEYS[3]) < tonumber(ARGV[6]) then
  redis.call('PEXPIRE', KEYS[3], ARGV[7])
end
return 1
