-- city_names: what places are called besides, for the index in memory
select c.geonameid, n.name
  from city_alias n
  join city c on c.city_id = n.city_id
 where c.geonameid is not null
 order by n.city_id, n.name
