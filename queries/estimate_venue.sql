-- estimate_venue: about how many venues there are
-- By the planner's statistics; counted where there are none yet (a table never analyzed, or a small one).
select case when s.n > 0 then s.n::bigint else (select count(*) from showx.venue) end as n
  from (select (select c.reltuples from pg_class c where c.oid = 'showx.venue'::regclass) as n) as s
-- sqlite
select count(*) as n from venue
