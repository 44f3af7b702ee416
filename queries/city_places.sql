-- city_places: all places, for the index in memory
select c.city_id, c.geonameid, c.name, c.admin1, c.admin1_name, c.country, c.country_name, c.time_zone, coalesce(c.feature, '') as feature, c.population, c.latitude, c.longitude
  from city c
 order by c.population desc, c.city_id
