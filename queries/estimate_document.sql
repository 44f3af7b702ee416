-- estimate_document: about how many documents there are
select greatest(c.reltuples, 0)::bigint as n from pg_class c where c.oid = 'legacy.document'::regclass
-- sqlite
select count(*) as n from legacy_document
