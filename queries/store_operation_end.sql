-- store_operation_end: ends the sessions that still hold the key of a write whose connection was lost
-- :key text
-- offline: no a snapshot is never written to
select pg_terminate_backend(l.pid)
from pg_locks l
where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
  and (cast(cast(l.classid as bigint) as bit(64)) << 32) | cast(cast(l.objid as bigint) as bit(64))
    = cast(hashtextextended(:key, 0) as bit(64))
