-- demand: where an artist's fans are, and whom a city wants
-- :artist_id text = null     only this artist's
-- :city_id text = null       only in this city
select d.artist_id,
       d.city_id,
       a.name as artist,
       c.name as city,
       c.country,
       d.followers,
       d.buyers,
       d.tickets,
       d.shows,
       d.last_show
  from city_demand d
  join artist a on a.artist_id = d.artist_id
  join city c on c.city_id = d.city_id
 where (:artist_id is null or d.artist_id = :artist_id)
   and (:city_id is null or d.city_id = :city_id)
