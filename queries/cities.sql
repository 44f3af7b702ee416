-- cities: cities, largest first, with venues, artists and fans
-- :country text = null       only in this country (two letters)
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
       c.search_key
  from city c
 where (:country is null or c.country = :country)
