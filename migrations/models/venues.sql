-- model: venues
-- collection: venues
-- target: showx.venue
-- key: venue_id
-- passes: time_zone, currency
-- edited: note
-- parents: cities
-- position: 30

create view map.venues as
select d.path, d.id as venue_id, r.name, city.city_id, r.address,
       case when r.capacity between 1 and 10000000 then r.capacity::integer end as capacity,
       case when g.swapped then r.point[2] when g.good then r.point[1] end as latitude,
       case when g.swapped then r.point[1] when g.good then r.point[2] end as longitude,
       coalesce(z.name, p.time_zone) as time_zone, coalesce(r.currency, cc.currency, 'USD') as currency,
       r.email::citext as email, r.phone,
       case when r.hours between 1 and 720 then r.hours::integer else 48 end as challenge_hours,
       coalesce(r.active, true) as active, r.note,
       array_remove(array[
         read.blocking(r.name is null, 'name', 'missing_field', null, 'the venue has no name'),
         read.blocking(c.said is null, 'city', 'missing_field', null, 'the venue has no city, and a venue must be somewhere'),
         read.blocking(c.said is not null and city.city_id is null, 'city', 'unknown_city', c.said,
                       'the city is not known, and a venue must be somewhere', coalesce('cities/' || c.ref, 'cities/*')),
         read.warning(city.guessed, 'city', 'guessed_city', c.said, 'the city is misspelt; taken as ' || p.name, 'cities/*'),
         read.warning(g.swapped, 'location', 'swapped_coordinates', read.shown(v.point), 'latitude and longitude stood the wrong way round'),
         read.warning(v.point is not null and not g.good and not g.swapped, 'location', 'bad_value', read.shown(v.point),
                      'the coordinates are out of range; they were left out'),
         read.warning(v.capacity is not null and coalesce(r.capacity not between 1 and 10000000, true), 'capacity', 'bad_value',
                      read.shown(v.capacity), 'the capacity is not a positive number; it was left out'),
         read.warning(v.zone is not null and z.name is null, 'timeZone', 'guessed_value', read.shown(v.zone),
                      'the time zone is not known; the city''s was taken'),
         read.warning(v.email is not null and r.email is null, 'contactEmail', 'bad_email', read.shown(v.email),
                      'the e-mail address cannot be one; it was left out'),
         read.warning(v.phone is not null and r.phone is null, 'phone', 'bad_value', read.shown(v.phone),
                      'the phone number cannot be one; it was left out'),
         read.warning(v.hours is not null and coalesce(r.hours not between 1 and 720, true), 'challengeHours', 'bad_value', read.shown(v.hours),
                      'the challenge hours are not between 1 and 720; 48 were taken'),
         read.warning(v.currency is not null and r.currency is null, 'currency', 'guessed_value', read.shown(v.currency),
                      'the currency is no ISO code; the city''s was taken'),
         read.warning(v.active is not null and r.active is null, 'active', 'bad_value', read.shown(v.active), 'active is neither yes nor no; taken as yes'),
         read.warning(read.has_control(v.name ->> 'stringValue'), 'name', 'control_characters', r.name, 'control characters were taken out of the name')
       ], null) as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'name', 'venueName') as name, read.value(d.fields, 'city') as city, read.value(d.fields, 'cityId') as city_ref,
         read.value(d.fields, 'address') as address, read.value(d.fields, 'capacity', 'cap') as capacity,
         coalesce(read.value(d.fields, 'location'), read.pair(d.fields, 'lat', 'lng')) as point,
         read.value(d.fields, 'timeZone', 'tz') as zone, read.value(d.fields, 'currency') as currency,
         read.value(d.fields, 'contactEmail', 'email') as email, read.value(d.fields, 'phone', 'tel') as phone,
         read.value(d.fields, 'challengeHours') as hours, read.value(d.fields, 'active', 'open') as active
  offset 0) v
cross join lateral (
  select read.as_text(v.name) as name,
         case when v.address ? 'mapValue' then nullif(concat_ws(', ', read.as_text(read.member(v.address, 'street')),
                                                               read.as_text(read.member(v.address, 'postalCode'))), '')
              else read.as_text(v.address) end as address,
         read.as_int(v.capacity) as capacity, read.as_point(v.point) as point, read.as_currency(v.currency) as currency,
         read.as_email(v.email) as email, read.as_phone(v.phone) as phone, read.as_int(v.hours) as hours, read.as_bool(v.active) as active,
         read.text(d.fields, 'note') as note
  offset 0) r
cross join lateral read.city_of(coalesce(v.city, v.city_ref), v.city is null) c
left join showx.city_ref cr on cr.legacy_id = c.ref
left join read.city_name cn on cn.key = c.key
cross join lateral (
  select coalesce(x.known, x.guess) as city_id, x.known is null and x.guess is not null as guessed
  from (select coalesce(cr.city_id, cn.city_id) as known,
               case when cr.city_id is null and cn.city_id is null and c.key is not null then read.guess_city(c.place, c.region) end as guess
        offset 0) x
  offset 0) city
left join showx.city p on p.city_id = city.city_id
left join read.country_currency cc on cc.country = p.country
left join read.zone z on z.said = lower(read.as_text(v.zone))
cross join lateral (
  select coalesce(read.on_globe(r.point), false) as good,
         coalesce((abs(r.point[1] - p.latitude) > 1 or abs(r.point[2] - p.longitude) > 1)
                  and abs(r.point[2] - p.latitude) <= 1 and abs(r.point[1] - p.longitude) <= 1, false) as swapped
  offset 0) g
where d.collection = 'venues' and not d.deleted;
