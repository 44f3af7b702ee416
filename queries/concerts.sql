-- concerts: concerts, newest first, with place, state and tickets sold
-- :artist_id text = null     only with this headliner
-- :venue_id text = null      only at this venue
-- :city_id text = null       only in this city
-- :status text = null        draft, announced, on_sale, sold_out, cancelled, postponed or played
-- :from date = null          from this day on
-- :until date = null         up to this day
-- :on_sale_from time = null  on sale from this moment on
-- :on_sale_until time = null on sale up to this moment
select k.concert_id,
       k.local_date,
       k.local_time,
       k.title,
       a.name as artist,
       v.name as venue,
       c.name as city,
       k.status,
       (select count(*)
          from ticket t
         where t.concert_id = k.concert_id and t.status in ('valid', 'scanned', 'transferred')) as sold,
       k.capacity,
       k.on_sale_at,
       k.starts_at,
       k.time_zone,
       k.artist_id,
       k.venue_id,
       v.city_id,
       k.search_key || ' ' || a.search_key || ' ' || v.search_key as search_key
  from concert k
  join artist a on a.artist_id = k.artist_id
  join venue v on v.venue_id = k.venue_id
  join city c on c.city_id = v.city_id
 where (:artist_id is null or k.artist_id = :artist_id)
   and (:venue_id is null or k.venue_id = :venue_id)
   and (:city_id is null or v.city_id = :city_id)
   and (:status is null or k.status = :status)
   and (:from is null or k.local_date >= :from)
   and (:until is null or k.local_date <= :until)
   and (:on_sale_from is null or k.on_sale_at >= :on_sale_from)
   and (:on_sale_until is null or k.on_sale_at <= :on_sale_until)
