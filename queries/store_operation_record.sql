-- store_operation_record: writes the key of a write down in its own transaction: when the answer to COMMIT is lost, it is there or not
-- :key text
-- :what text
-- offline: no a snapshot is never written to
insert into audit.operation (key, what)
values (cast(:key as uuid), :what)
