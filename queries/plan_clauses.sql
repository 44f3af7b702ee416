-- plan_clauses: radius clauses: of an artist's bookings around the window, and of rooms
-- :artist_id text            whose
-- :from date                 a year before the window
-- :until date                a year behind it
select b.venue_id,
       b.show_date,
       b.booking_id,
       b.status,
       r.miles,
       r.days_before,
       r.days_after,
       r.effect,
       v.name,
       case when v.latitude is null or v.longitude is null then c.latitude else v.latitude end as latitude,
       case when v.latitude is null or v.longitude is null then c.longitude else v.longitude end as longitude,
       r.position
  from radius_clause r
  join booking b on b.booking_id = r.booking_id
  join venue v on v.venue_id = b.venue_id
  join city c on c.city_id = v.city_id
 where b.artist_id = :artist_id and b.show_date between :from and :until
   and b.status in ('hold', 'offer', 'confirmed', 'advanced', 'played', 'settled')
union all
select k.venue_id, null, '', '', k.miles, k.days_before, k.days_after, k.effect, v.name,
       case when v.latitude is null or v.longitude is null then c.latitude else v.latitude end,
       case when v.latitude is null or v.longitude is null then c.longitude else v.longitude end,
       k.position
  from venue_clause k
  join venue v on v.venue_id = k.venue_id
  join city c on c.city_id = v.city_id
 order by 1, 3, 12
