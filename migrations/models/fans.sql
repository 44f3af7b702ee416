-- model: fans
-- collection: fans
-- target: showx.fan
-- key: fan_id
-- edited: note
-- parents: cities
-- position: 40
-- bulk: yes
--
-- The same e-mail address twice is a warning on the later fan: both keep their rows, and staff merge them.

create view map.fans as
select d.path, d.id as fan_id, coalesce(r.name, '') as name, r.email::citext as email, r.phone, city.city_id,
       case when r.born between 1900 and 2026 then r.born::integer end as birth_year,
       coalesce(r.consent, false) as marketing_consent, t.created_at, r.note, r.erased_at,
       case when r.email is not null then array[row('email', r.email, read.rank(t.created_at), 'email', 'duplicate', 'warning', r.email,
         'the same e-mail address as an earlier fan', null)::migration.claimed] end as claims,
       array_remove(array[
         read.blocking(r.name is null and v.email is null and v.phone is null and v.erased is null, 'email', 'missing_field', null,
                       'neither name nor e-mail nor phone: nobody could find this fan'),
         read.warning(v.email is not null and r.email is null, 'email', 'bad_email', read.shown(v.email), 'the e-mail address cannot be one; it was left out'),
         read.warning(v.phone is not null and r.phone is null, 'phone', 'bad_value', read.shown(v.phone), 'the phone number cannot be one; it was left out'),
         read.warning(coalesce(v.birth_year, v.birth_date) is not null and coalesce(r.born not between 1900 and 2026, true), 'birthYear', 'bad_value',
                      read.shown(coalesce(v.birth_year, v.birth_date)), 'the year of birth cannot be one; it was left out'),
         read.warning(v.created is not null and r.created_at is null, 'createdAt', 'bad_time', read.shown(v.created),
                      'the time it was made cannot be read; the document''s own was taken'),
         read.warning(city.city_id is null and c.said is not null, 'city', 'unknown_city', c.said,
                      'the city is not known; it was left out', coalesce('cities/' || c.ref, 'cities/*')),
         read.warning(city.guessed, 'city', 'guessed_city', c.said, 'the city is misspelt; taken as ' || p.name, 'cities/*'),
         read.warning(v.consent is not null and r.consent is null, 'marketing', 'bad_value', read.shown(v.consent),
                      'consent is neither yes nor no; taken as no'),
         read.warning(v.erased is not null and r.erased_at is null, 'erasedAt', 'bad_time', read.shown(v.erased),
                      'the time of the erasure cannot be read; it was left out'),
         read.warning(read.has_control(v.name ->> 'stringValue') or read.has_control(v.first ->> 'stringValue') or read.has_control(v.last ->> 'stringValue'),
                      'name', 'control_characters', r.name, 'control characters were taken out of the name')
       ], null) as issues
from legacy.document d
cross join lateral (select read.said(d.fields, read.has_blanks(d.fields)) as f offset 0) o
cross join lateral (
  select n.name, case when n.name is null then read.at(o.f, 'firstName') end as first,
         case when n.name is null then read.at(o.f, 'lastName') end as last,
         read.at(o.f, 'email', 'mail') as email, read.at(o.f, 'phone', 'phoneNumber', 'tel') as phone,
         read.at(o.f, 'city') as city, read.at(o.f, 'cityId') as city_ref, read.at(o.f, 'location') as location,
         read.at(o.f, 'birthYear', 'yearOfBirth') as birth_year, read.at(o.f, 'birthDate') as birth_date,
         coalesce(read.member(read.at(o.f, 'marketing'), 'consent'), read.at(o.f, 'newsletter', 'optIn')) as consent,
         read.at(o.f, 'createdAt', 'created', 'created_at') as created, read.at(o.f, 'erasedAt') as erased
  from (select read.at(o.f, 'displayName', 'name') as name offset 0) n
  offset 0) v
cross join lateral (
  select coalesce(read.as_text(v.name), nullif(concat_ws(' ', read.as_text(v.first), read.as_text(v.last)), '')) as name,
         read.as_email(v.email) as email, read.as_phone(v.phone) as phone,
         case when v.birth_year is not null then read.as_int(v.birth_year)
              when v.birth_date is not null then extract(year from read.as_date(v.birth_date))::bigint end as born,
         read.as_bool(v.consent) as consent, read.as_time(v.created) as created_at, read.as_time(v.erased) as erased_at,
         read.as_text(read.at(o.f, 'note', 'remarks')) as note
  offset 0) r
cross join lateral (select coalesce(r.created_at, read.own_time(d.create_time, d.version)) as created_at offset 0) t
cross join lateral read.city_of(coalesce(v.city, v.city_ref, v.location), v.city is null and v.city_ref is not null) c
left join showx.city_ref cr on cr.legacy_id = c.ref
left join read.city_name cn on cn.key = c.key
cross join lateral (
  select coalesce(x.known, x.guess) as city_id, x.known is null and x.guess is not null as guessed
  from (select coalesce(cr.city_id, cn.city_id) as known,
               case when cr.city_id is null and cn.city_id is null and c.key is not null then read.guess_city(c.place, c.region) end as guess
        offset 0) x
  offset 0) city
left join showx.city p on p.city_id = city.city_id
where d.collection = 'fans' and not d.deleted;
