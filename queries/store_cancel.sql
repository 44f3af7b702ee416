-- store_cancel: ends what another connection of the same person is doing
-- :backend int
-- :began text      when its transaction began (seconds since 1970), or '': behind a pooler the process may serve somebody else by now
-- offline: no a snapshot is read by this program alone
select cast(pg_cancel_backend(pid) as text)
from pg_stat_activity
where pid = cast(:backend as int)
  and (:began = '' or extract(epoch from xact_start) = cast(nullif(:began, '') as numeric))
