-- estimate_order: about how many orders there are
-- By the planner's statistics; counted where there are none yet (a table never analyzed, or a small one).
select case when s.n > 0 then s.n::bigint else (select count(*) from showx.ticket_order) end as n
  from (select (select sum(greatest(c.reltuples, 0))
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'showx.ticket_order'::regclass) as n) as s
-- sqlite
select count(*) as n from ticket_order
