-- schema_there: whether any migration of the schema was ever applied here
-- offline: no a snapshot has no schema of its own
-- Asked of the catalog's rows: to_regclass() would answer from what this session remembers, and miss who was quicker.
select exists (
  select
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'showx_schema' and c.relname = 'applied') as there
