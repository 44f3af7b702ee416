-- model: artists
-- collection: artists
-- target: showx.artist
-- key: artist_id
-- also: showx.artist_genre artist_id
-- shared: showx.genre genre_id
-- passes: name
-- edited: note
-- parents: cities
-- position: 20

create view map.artists as
select d.path, d.id as artist_id, r.name, city.city_id, coalesce(r.currency, cc.currency, 'USD') as currency,
       r.manager, r.manager_name, r.email::citext as email, r.website, r.bio, coalesce(r.active, true) as active, r.note,
       coalesce(r.created_at, read.own_time(d.create_time, d.version)) as created_at,
       g.genre, g.artist_genre,
       array_remove(array[
         read.blocking(r.name is null, 'name', 'missing_field', null, 'the artist has no name'),
         read.warning(city.city_id is null and c.said is not null, 'homeCity', 'unknown_city', c.said,
                      'the home city is not known; it was left out', coalesce('cities/' || c.ref, 'cities/*')),
         read.warning(city.guessed, 'homeCity', 'guessed_city', c.said, 'the home city is misspelt; taken as ' || p.name, 'cities/*'),
         read.warning(read.has_control(v.name ->> 'stringValue'), 'name', 'control_characters', r.name, 'control characters were taken out of the name'),
         read.warning(v.email is not null and r.email is null, 'email', 'bad_email', read.shown(v.email), 'the e-mail address cannot be one; it was left out'),
         read.warning(v.active is not null and r.active is null, 'active', 'bad_value', read.shown(v.active), 'active is neither yes nor no; taken as yes'),
         read.warning(v.created is not null and r.created_at is null, 'createdAt', 'bad_time', read.shown(v.created),
                      'the time it was made cannot be read; the document''s own was taken'),
         read.warning(v.currency is not null and r.currency is null, 'currency', 'guessed_value', read.shown(v.currency),
                      'the currency is no ISO code; taken from the home city''s country, else USD')
       ], null) as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'name', 'artistName', 'title') as name, read.value(d.fields, 'homeCity', 'city', 'hometown') as city,
         read.value(d.fields, 'cityId') as city_ref,
         read.value(d.fields, 'genres', 'genre') as genres, read.value(d.fields, 'currency') as currency,
         read.value(d.fields, 'manager') as manager, read.value(d.fields, 'email', 'contact') as email,
         read.value(d.fields, 'active') as active, read.value(d.fields, 'createdAt', 'created', 'created_at') as created
  offset 0) v
cross join lateral (
  select read.as_text(v.name) as name, read.as_currency(v.currency) as currency,
         coalesce(read.as_text(read.member(v.manager, 'login')), read.text(d.fields, 'managerLogin'))::name as manager,
         coalesce(read.as_text(read.member(v.manager, 'name')), read.text(d.fields, 'managerName'),
                  case when not v.manager ? 'mapValue' then read.as_text(v.manager) end) as manager_name,
         read.as_email(v.email) as email, read.text(d.fields, 'website', 'url') as website, read.text(d.fields, 'bio', 'about') as bio,
         read.as_bool(v.active) as active, read.text(d.fields, 'note', 'remarks') as note, read.as_time(v.created) as created_at
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
cross join lateral (
  select array_agg(row(x.genre_id, x.name)::showx.genre order by x.n) as genre,
         array_agg(row(d.id, x.genre_id, x.n)::showx.artist_genre order by x.n) as artist_genre
  from (select genre_id, initcap(min(folded)) as name, row_number() over (order by min(nth))::integer as n
        from (select showx.fold(t) as folded, replace(showx.fold(t), ' ', '-') as genre_id, nth
              from unnest(read.as_texts(v.genres)) with ordinality u (t, nth)) y
        where folded <> '' group by genre_id) x
  offset 0) g
where d.collection = 'artists' and not d.deleted;
