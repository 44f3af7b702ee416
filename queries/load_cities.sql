-- load_cities: the gazetteer's places, in bulk
copy showx.city (city_id, geonameid, name, admin1, admin1_name, country, country_name, time_zone, population, latitude, longitude)
from stdin
-- sqlite
insert into city (city_id, geonameid, name, admin1, admin1_name, country, country_name, time_zone, population, latitude, longitude)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
