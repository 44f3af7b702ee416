-- model: cities
-- collection: cities
-- target: showx.city_ref
-- key: legacy_id
-- before: showx.city city_id
-- refer: showx.city city_id
-- passes: city_id
-- position: 10
--
-- A document of the old `cities` collection is tied to its place in GeoNames: by geonameId, else by name, state and country,
-- else by how the name sounds there. A place GeoNames does not know becomes a city of its own where coordinates, country and time zone
-- suffice. Only GeoNames' places are looked among, never those that other documents added: the order must not matter.

create view map.cities as
select d.path, d.id as legacy_id,
       coalesce(k.city_id, case when own.makes then d.id end) as city_id,
       coalesce(r.name, d.id) as label,
       case when own.makes then array[jsonb_populate_record(null::showx.city, jsonb_build_object(
         'city_id', d.id, 'name', r.name, 'admin1', coalesce(r.state, ''), 'admin1_name', '', 'country', r.country, 'country_name', '',
         'time_zone', z.name, 'population', coalesce(r.population, 0), 'latitude', r.point[1], 'longitude', r.point[2]))] end as city,
       array_remove(array[
         read.blocking(r.name is null, 'name', 'missing_field', null, 'the place has no name'),
         read.blocking(r.name is not null and k.city_id is null and not own.makes, 'name', 'unknown_city', r.name,
                       'GeoNames does not know the place, and coordinates, country and time zone do not suffice to make it one'),
         read.warning(k.guessed, 'name', 'guessed_city', r.name, 'the name is misspelt; taken as ' || k.name),
         read.warning(k.swapped, 'location', 'swapped_coordinates', read.shown(v.point), 'latitude and longitude stood the wrong way round'),
         read.warning(v.point is not null and not r.placed and not coalesce(k.swapped, false), 'location', 'bad_value', read.shown(v.point),
                      'the coordinates cannot be read; they were left out'),
         read.warning(v.population is not null and coalesce(r.population, -1) < 0, 'population', 'bad_value', read.shown(v.population),
                      'the population cannot be read; it was left out')
       ], null) as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'name', 'city') as name, read.value(d.fields, 'admin1', 'state') as state,
         read.value(d.fields, 'country', 'countryCode') as country, read.value(d.fields, 'population', 'pop') as population,
         read.value(d.fields, 'timeZone', 'tz') as zone, read.value(d.fields, 'geonameId') as geonameid,
         coalesce(read.value(d.fields, 'location'), read.pair(d.fields, 'lat', 'lng'), read.pair(d.fields, 'latitude', 'longitude')) as point
  offset 0) v
cross join lateral (
  select read.as_text(v.name) as name, read.as_text(v.state) as state, upper(read.as_text(v.country)) as country,
         read.as_int(v.population) as population, read.as_int(v.geonameid) as geonameid, read.as_point(v.point) as point,
         coalesce(read.on_globe(read.as_point(v.point)), false) as placed
  offset 0) r
cross join lateral (
  select showx.fold(r.name) as place, read.region_of(r.state, r.country) as region offset 0) w
left join read.zone z on z.said = lower(read.as_text(v.zone))
left join lateral (
  select c.city_id, c.name, f.guessed,
         r.point is not null and (abs(r.point[1] - c.latitude) > 1 or abs(r.point[2] - c.longitude) > 1)
           and abs(r.point[2] - c.latitude) <= 1 and abs(r.point[1] - c.longitude) <= 1 as swapped
  from (select coalesce(by_id.city_id, by_name.city_id, by_sound.city_id) as city_id,
               coalesce(by_id.city_id, by_name.city_id) is null as guessed
        from (select) nothing
        left join showx.city by_id on by_id.geonameid = r.geonameid
        left join lateral (select c1.city_id from read.city_name n join showx.city c1 on c1.city_id = n.city_id and c1.geonameid is not null
                           where n.key = concat_ws(' ', w.place, w.region) and by_id.city_id is null) by_name on true
        left join lateral (select read.guess_city(w.place, w.region) as city_id
                           where by_id.city_id is null and by_name.city_id is null and w.place <> '') by_sound on true) f
  join showx.city c on c.city_id = f.city_id
  offset 0) k on true
cross join lateral (
  select k.city_id is null and r.name is not null and r.placed and coalesce(r.country ~ '^[A-Z]{2}$', false) and z.name is not null as makes
  offset 0) own
where d.collection = 'cities' and not d.deleted;
