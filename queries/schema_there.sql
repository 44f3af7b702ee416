-- schema_there: whether any migration of the schema was ever applied here
-- offline: no a snapshot has no schema of its own
select to_regclass('showx_schema.applied') is not null as there
