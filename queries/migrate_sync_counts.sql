-- migrate_sync_counts: a sync's figures so far
-- :load int        its row among the loads
-- :documents int   events met
-- :applied int     of them newer than the mirror
-- :stale int       of them not, repeats included
-- :repeats int     the same event once more
-- :to_read int     events without contents, whose documents are to be read
-- :errors int      what was no event
-- offline: no events are applied on the server only
update migration.load
   set documents = :documents, applied = :applied, stale = :stale, repeats = :repeats, to_read = :to_read, errors = :errors
 where load_id = :load
