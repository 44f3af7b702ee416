-- demand_grown: whether the shows have become so many more (or fewer) than at the last fit that it should be made again
-- :today date
-- offline: no a snapshot is never written to
select n.shows,
       coalesce((select abs(n.shows - m.shows) > m.shows / 20 + 20 from showx.demand_model m order by m.version desc limit 1), true) as grown
  from (select count(*) as shows
          from showx.concert s
         where s.status in ('played', 'sold_out') or (s.status = 'on_sale' and s.local_date < :today)) as n
