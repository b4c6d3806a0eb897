-- Sets a grant. An earlier grant of the same session and record is replaced as a whole.
-- KEYS: the grant, the erase mark. ARGV: direction, lifetime in milliseconds, uses (empty for any number).
-- Returns 1, or -2 if the record is erased.
if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'direction', ARGV[1])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'uses', ARGV[3]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
