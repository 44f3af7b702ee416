-- city: one city
-- :city_id text             which
select c.city_id,
       c.name,
       c.admin1_name as region,
       c.country_name as country,
       c.population,
       c.time_zone,
       c.latitude,
       c.longitude,
       (select count(*) from venue v where v.city_id = c.city_id) as venues,
       (select count(*) from artist a where a.city_id = c.city_id) as artists,
       (select count(*) from fan f where f.city_id = c.city_id) as fans,
       c.geonameid
  from city c
 where c.city_id = :city_id
