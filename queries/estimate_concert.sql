-- estimate_concert: about how many concerts there are
select greatest(c.reltuples, 0)::bigint as n from pg_class c where c.oid = 'showx.concert'::regclass
-- sqlite
select count(*) as n from concert
