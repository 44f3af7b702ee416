-- schema_applied: the migrations of the schema that this database has
-- offline: no a snapshot has no schema of its own
select name, sha256, applied_at from showx_schema.applied order by name
