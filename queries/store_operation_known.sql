-- store_operation_known: whether a write was saved
-- :key text
-- offline: no a snapshot is never written to
select exists (select from audit.operation where key = cast(:key as uuid)) as saved
