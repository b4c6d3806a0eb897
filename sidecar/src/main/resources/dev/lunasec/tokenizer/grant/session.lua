-- Returns the epoch of a session, which a grant then names; makes one if there is none. It then lives longer than the
-- grant.
-- KEYS: the epoch of the session. ARGV: a new epoch, the shortest lifetime in milliseconds, the lifetime that it gets
-- if what is left is shorter. Both differ, so that not every grant writes.
-- Fails without a change if there is none and Redis is full.
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  return ARGV[1]
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return epoch
