-- estimate_order: about how many orders there are
select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint as n
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = 'showx.ticket_order'::regclass
-- sqlite
select count(*) as n from ticket_order
