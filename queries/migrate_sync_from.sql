-- migrate_sync_from: how far a file of events was applied
-- :source text   the file
-- offline: no events are applied on the server only
select position, line, mark from migration.sync_position where source = :source
