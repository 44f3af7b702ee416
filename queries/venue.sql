-- venue: one venue, with figures
-- :venue_id text            which
-- :today date               shows from this day on are still to come
select v.venue_id,
       v.name,
       v.address,
       c.name as city,
       c.country,
       v.capacity,
       v.time_zone,
       v.currency,
       cast(v.email as text) as email,
       v.phone,
       v.challenge_hours,
       (select min(k.local_date)
          from concert k
         where k.venue_id = v.venue_id and k.local_date >= :today
           and k.status in ('announced', 'on_sale', 'sold_out')) as next_show,
       (select count(*) from concert k where k.venue_id = v.venue_id) as concerts,
       (select count(*)
          from booking b
         where b.venue_id = v.venue_id and b.show_date >= :today and b.status in ('hold', 'offer')) as holds_and_offers,
       v.active,
       v.note,
       v.latitude,
       v.longitude,
       v.city_id,
       v.version,
       v.updated_at,
       v.updated_by
  from venue v
  join city c on c.city_id = v.city_id
 where v.venue_id = :venue_id
