-- estimate_fan: about how many fans there are
select greatest(c.reltuples, 0)::bigint as n from pg_class c where c.oid = 'showx.fan'::regclass
-- sqlite
select count(*) as n from fan
