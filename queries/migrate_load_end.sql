-- migrate_load_end: a load's figures, while it runs and at its end
-- :load int        the load
-- :documents int   documents met
-- :applied int     of them newer than the mirror
-- :stale int       of them not
-- :errors int      records that could not become a document
-- :state text      running, done, failed, cancelled
-- offline: no documents are loaded into the server only
update migration.load
   set documents = :documents, applied = :applied, stale = :stale, errors = :errors, state = :state,
       finished_at = case when :state <> 'running' then now() end
 where load_id = :load
