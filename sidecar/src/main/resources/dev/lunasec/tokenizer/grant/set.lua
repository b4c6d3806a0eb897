-- Sets a grant. An earlier grant of the same session and record is replaced as a whole.
-- KEYS: the grant, the erase mark. ARGV: direction, lifetime in milliseconds, uses (empty for any number).
-- Returns 1, or -2 if the record is erased. Fails without a change if Redis is full.
if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
-- Redis checks its memory before the first write of a script, and no later one. So the first write is HSET, which needs
-- memory. A DEL before it would let grants grow beyond maxmemory.
if ARGV[3] == '' then
  redis.call('HSET', KEYS[1], 'direction', ARGV[1])
  redis.call('HDEL', KEYS[1], 'uses')
else
  redis.call('HSET', KEYS[1], 'direction', ARGV[1], 'uses', ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
