-- Keeps a copy of a sealed record beside a grant, for as long as the grant lives at most. It keeps none if the record
-- is erased, or if the grant does not hold as far as the record is concerned. It keeps none either while Redis is half
-- full or has no maxmemory, so copies take no memory that grants need.
-- KEYS: the grant, the Redis mark, the epoch of the record, the copy. ARGV: the record, the longest lifetime of the
-- copy in milliseconds.
-- Returns 1, or 0 if it has kept none. Fails without a change if Redis is full.
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local epoch = redis.call('HMGET', KEYS[1], 'record')[1]
if not epoch or epoch ~= redis.call('GET', KEYS[3]) then return 0 end
local memory = redis.call('INFO', 'memory')
local used = tonumber(string.match(memory, '\nused_memory:(%d+)'))
local limit = tonumber(string.match(memory, '\nmaxmemory:(%d+)'))
if not used or not limit or used * 2 >= limit then return 0 end
local lifetime = math.min(tonumber(ARGV[2]), redis.call('PTTL', KEYS[1]))
if lifetime < 1 then return 0 end
redis.call('SET', KEYS[4], ARGV[1], 'PX', string.format('%.0f', lifetime))
return 1
