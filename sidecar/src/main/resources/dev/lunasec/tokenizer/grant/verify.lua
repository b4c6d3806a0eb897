-- Tells whether there is a grant of either direction.
-- KEYS: the grant, the erase mark.
-- Returns 1 if there is one and the record is not erased, else 0.
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
return redis.call('EXISTS', KEYS[1])
