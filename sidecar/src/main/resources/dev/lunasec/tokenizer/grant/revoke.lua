-- Deletes a key: an epoch, or a grant. Works when Redis is full.
-- KEYS: the key.
-- Returns 1.
redis.call('DEL', KEYS[1])
-- Redis sends replicas only what changes something. So a repeated revocation changes something too, and if the replicas
-- confirm it, they have the first one. A full Redis refuses SET only as the first write of a script.
redis.call('SET', KEYS[1], '', 'PX', 1000)
redis.call('DEL', KEYS[1])
return 1
