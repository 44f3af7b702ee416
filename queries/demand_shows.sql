-- demand_shows: shows that were played or whose sale is over, with what they sold: what src/demand learns from
-- :artist_id text = null     only this headliner's
-- :today date                the sale of what is before it is over
select s.artist_id,
       s.concert_id,
       v.city_id,
       s.local_date,
       coalesce(t.sold, 0) as sold,
       coalesce(s.capacity, v.capacity) as capacity,
       case when s.status = 'sold_out' or coalesce(t.sold, 0) >= coalesce(s.capacity, v.capacity, 2147483647) then 'true' else 'false' end as sold_out,
       coalesce(t.price, 0) as price,
       s.currency
  from concert s
  join venue v on v.venue_id = s.venue_id
  left join (select o.concert_id, count(*) as sold, cast(sum(k.price) as bigint) / count(*) as price
               from concert c
               join ticket_order o on o.concert_id = c.concert_id
               join ticket k on k.order_id = o.order_id and k.ordered_at = o.ordered_at
              where (:artist_id is null or c.artist_id = :artist_id)
                and o.status in ('paid', 'partly_refunded')
                and k.status in ('valid', 'scanned', 'transferred')
              group by o.concert_id) as t on t.concert_id = s.concert_id
 where (:artist_id is null or s.artist_id = :artist_id)
   and (s.status in ('played', 'sold_out') or (s.status = 'on_sale' and s.local_date < :today))
 order by s.artist_id, s.concert_id
