-- plan_venues: the rooms a tour can be planned over, with their places
-- :artist_id text            whose tour: a room where it has a date in the window is in, wherever it is
-- :countries text            two letters each, a space between; empty: all
-- :from date                 first day of the window
-- :until date                last day
select v.venue_id,
       v.name,
       v.city_id,
       v.capacity,
       v.currency,
       case when v.latitude is null or v.longitude is null then c.latitude else v.latitude end as latitude,
       case when v.latitude is null or v.longitude is null then c.longitude else v.longitude end as longitude
  from venue v
  join city c on c.city_id = v.city_id
 where (v.active and (:countries = '' or ' ' || :countries || ' ' like '% ' || c.country || ' %'))
    or v.venue_id in (select b.venue_id
                        from booking b
                       where b.artist_id = :artist_id and b.show_date between :from and :until
                         and b.status in ('hold', 'offer', 'confirmed', 'advanced', 'played', 'settled'))
    or v.venue_id in (select s.venue_id
                        from concert s
                       where s.artist_id = :artist_id and s.local_date between :from and :until
                         and s.status in ('announced', 'on_sale', 'sold_out', 'played'))
 order by v.venue_id
