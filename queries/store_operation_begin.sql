-- store_operation_begin: says why a write is done and under which key, for the audit, and holds the key until the transaction ends
-- :reason text
-- :key text
-- offline: no a snapshot is never written to
select
  set_config('showx.reason', :reason, true),
  set_config('showx.operation', :key, true),
  pg_advisory_xact_lock(hashtextextended(:key, 0))
