-- demand_cities: where the places are and how many live there: what src/demand is fed with
select c.city_id, c.latitude, c.longitude, c.population
  from city c
 order by c.city_id
