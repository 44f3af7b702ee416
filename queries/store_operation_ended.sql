-- store_operation_ended: whether the transaction that held the key has ended, one way or the other
-- :key text
-- offline: no a snapshot is never written to
select pg_try_advisory_xact_lock(hashtextextended(:key, 0)) as ended
