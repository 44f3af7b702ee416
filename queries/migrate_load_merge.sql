-- migrate_load_merge: the staged batch into the mirror; what is not newer than it is stale
-- :load int   the load
-- offline: no documents are loaded into the server only
select applied, stale, errors from legacy.merge_incoming(:load)
