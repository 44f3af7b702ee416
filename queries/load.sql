-- load: one load
-- :load_id int              which
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
 where l.load_id = :load_id
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
 where l.load_id = :load_id
