-- tour_stops: the stops of a tour, in order
-- :tour_id text = null       only this tour's
-- :city_id text = null       only stops in this city
select s.tour_id,
       s.position,
       t.name as tour,
       a.name as artist,
       s.stop_date,
       c.name as city,
       c.country,
       v.name as venue,
       k.title as concert,
       s.city_id,
       s.venue_id,
       s.concert_id,
       t.artist_id
  from tour_stop s
  join tour t on t.tour_id = s.tour_id
  join artist a on a.artist_id = t.artist_id
  left join city c on c.city_id = s.city_id
  left join venue v on v.venue_id = s.venue_id
  left join concert k on k.concert_id = s.concert_id
 where (:tour_id is null or s.tour_id = :tour_id)
   and (:city_id is null or s.city_id = :city_id)
