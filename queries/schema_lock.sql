-- schema_lock: one program at a time changes the schema, until its transaction ends
-- offline: no a snapshot has no schema of its own
select pg_advisory_xact_lock(hashtextextended('showx schema', 0))
