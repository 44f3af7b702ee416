-- estimate_issue: about how many issues there are
select greatest(c.reltuples, 0)::bigint as n from pg_class c where c.oid = 'migration.issue'::regclass
-- sqlite
select count(*) as n from migration_issue
