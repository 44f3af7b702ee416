-- venues: venues by name, with place, size and the next show
-- :city_id text = null       only venues in this city
-- :active bool = null        only those still open, or only those not
-- :today date                shows from this day on are still to come
select v.venue_id,
       v.name,
       c.name as city,
       c.country,
       v.capacity,
       (select min(k.local_date)
          from concert k
         where k.venue_id = v.venue_id and k.local_date >= :today
           and k.status in ('announced', 'on_sale', 'sold_out')) as next_show,
       (select count(*)
          from concert k
         where k.venue_id = v.venue_id and k.local_date >= :today
           and k.status in ('announced', 'on_sale', 'sold_out')) as shows_ahead,
       (select count(*)
          from booking b
         where b.venue_id = v.venue_id and b.show_date >= :today and b.status = 'hold') as holds,
       v.active,
       v.note,
       v.city_id,
       v.version,
       v.search_key || ' ' || c.search_key as search_key
  from venue v
  join city c on c.city_id = v.city_id
 where (:city_id is null or v.city_id = :city_id)
   and (:active is null or v.active = :active)
