-- loads: what was taken in from the old database, newest first
-- :state text = null         running, done, failed or cancelled
-- :with_errors bool = null   only loads with errors, or only those without
select l.load_id,
       l.source,
       l.state,
       l.started_at,
       l.finished_at,
       l.documents,
       l.applied,
       l.stale,
       l.errors
  from migration.load l
 where (:state is null or l.state = :state)
   and (:with_errors is null or (l.errors > 0) = :with_errors)
-- sqlite
select l.load_id,
       l.source,
       l.state,
       l.started_at,
       l.finished_at,
       l.documents,
       l.applied,
       l.stale,
       l.errors
  from migration_load l
 where (:state is null or l.state = :state)
   and (:with_errors is null or (l.errors > 0) = :with_errors)
