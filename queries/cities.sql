-- cities: cities, largest first, with venues, artists and fans
-- Fewer than 5 people of an artist in a place are no figure.
-- :country text = null       only in this country (two letters)
-- :artist_id text = null     with this artist's followers, buyers and last show there
select c.city_id,
       c.name,
       c.admin1_name as region,
       c.country,
       c.country_name,
       c.population,
       (select count(*) from venue v where v.city_id = c.city_id) as venues,
       (select count(*) from artist a where a.city_id = c.city_id) as artists,
       (select count(*) from fan f where f.city_id = c.city_id) as fans,
       c.time_zone,
       (select max(v.capacity) from venue v where v.city_id = c.city_id) as largest,
       (select case when d.followers between 1 and 4 then null else d.followers end from city_demand d where d.city_id = c.city_id and d.artist_id = :artist_id) as followers,
       (select case when d.buyers between 1 and 4 then null else d.buyers end from city_demand d where d.city_id = c.city_id and d.artist_id = :artist_id) as buyers,
       (select d.last_show from city_demand d where d.city_id = c.city_id and d.artist_id = :artist_id) as last_show,
       c.search_key
  from city c
 where (:country is null or c.country = :country)
