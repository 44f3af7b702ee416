-- model: tours
-- collection: tours
-- target: showx.tour
-- key: tour_id
-- also: showx.tour_stop tour_id
-- parents: artists, cities, venues, concerts
-- position: 90
--
-- Stops are embedded; what a stop refers to and is not there is left out of it, the stop stands.

select read.learn_words('tour_status', array[w], w) from unnest(array['draft', 'planned', 'announced', 'running', 'done', 'cancelled']) w;
select read.learn_words('tour_status', array['active'], 'running'), read.learn_words('tour_status', array['finished', 'completed'], 'done'),
  read.learn_words('tour_status', array['canceled'], 'cancelled');

create view map.tours as
select d.path, d.id as tour_id, r.artist_id, r.name, r.starts_on, case when r.ends_on < r.starts_on then null else r.ends_on end as ends_on,
       coalesce(w.meant, 'draft') as status, i.tour_stop,
       array_remove(array[
         read.blocking(r.name is null, 'name', 'missing_field', null, 'the tour has no name'),
         read.blocking(r.artist_id is null, 'artist', 'missing_field', null, 'the tour names no artist'),
         read.blocking(a.artist_id is null, 'artist', 'missing_parent', 'artists/' || r.artist_id, 'the artist is not there', 'artists/' || r.artist_id),
         read.warning(v.status is not null and w.meant is null, 'status', 'unknown_enum', read.shown(v.status), 'the status is not known; taken as draft'),
         read.warning(r.ends_on < r.starts_on, 'endsOn', 'bad_value', read.shown(v.ends), 'the tour ends before it begins; the end was left out'),
         read.warning(v.starts is not null and r.starts_on is null, 'startsOn', 'bad_time', read.shown(v.starts), 'the first day cannot be read; it was left out'),
         read.warning(v.ends is not null and r.ends_on is null, 'endsOn', 'bad_time', read.shown(v.ends), 'the last day cannot be read; it was left out'),
         read.warning(read.has_control(v.name ->> 'stringValue'), 'name', 'control_characters', r.name, 'control characters were taken out of the name')
       ], null) || i.issues as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'name', 'title', 'tour_name') as name, read.value(d.fields, 'startsOn', 'from', 'start') as starts,
         read.value(d.fields, 'endsOn', 'to', 'end') as ends, read.value(d.fields, 'status', 'state') as status,
         read.value(d.fields, 'stops', 'dates') as stops
  offset 0) v
cross join lateral (
  select read.as_text(v.name) as name, read.ref(d.fields, 'artist', 'artistId', 'artist_id') as artist_id,
         read.as_date(v.starts) as starts_on, read.as_date(v.ends) as ends_on
  offset 0) r
left join showx.artist a on a.artist_id = r.artist_id
left join read.word w on w.kind = 'tour_status' and w.said = read.slug(read.as_text(v.status))
cross join lateral (
  select array_agg(row(d.id, y.nth, y.city_id, y.venue_id, y.concert_id, y.stop_date)::showx.tour_stop order by y.nth) filter (where y.is_stop) as tour_stop,
         coalesce(array_agg(y.wrong_stop) filter (where y.wrong_stop is not null), '{}') || coalesce(array_agg(y.wrong_city) filter (where y.wrong_city is not null), '{}')
           || coalesce(array_agg(y.guessed_city) filter (where y.guessed_city is not null), '{}')
           || coalesce(array_agg(y.wrong_venue) filter (where y.wrong_venue is not null), '{}')
           || coalesce(array_agg(y.wrong_concert) filter (where y.wrong_concert is not null), '{}')
           || coalesce(array_agg(y.wrong_date) filter (where y.wrong_date is not null), '{}') as issues
  from (
    select e.is_stop, e.nth, city.city_id, ve.venue_id, co.concert_id, e.stop_date,
           read.warning(not e.is_stop, 'stops[' || e.nth - 1 || ']', 'bad_value', read.shown(e.item), 'a member of stops is not a stop; it was left out') as wrong_stop,
           read.warning(c.said is not null and city.city_id is null, 'stops[' || e.nth - 1 || '].city', 'unknown_city', c.said,
                        'a stop''s city is not known; the stop stands without', coalesce('cities/' || c.ref, 'cities/*')) as wrong_city,
           read.warning(city.guessed, 'stops[' || e.nth - 1 || '].city', 'guessed_city', c.said, 'a stop''s city is misspelt; it was guessed', 'cities/*') as guessed_city,
           read.warning(e.venue_id is not null and ve.venue_id is null, 'stops[' || e.nth - 1 || '].venue', 'missing_parent', 'venues/' || e.venue_id,
                        'a stop''s venue is not there; the stop stands without', 'venues/' || e.venue_id) as wrong_venue,
           read.warning(e.concert_id is not null and co.concert_id is null, 'stops[' || e.nth - 1 || '].concert', 'missing_parent', 'concerts/' || e.concert_id,
                        'a stop''s concert is not there; the stop stands without', 'concerts/' || e.concert_id) as wrong_concert,
           read.warning(e.date is not null and e.stop_date is null, 'stops[' || e.nth - 1 || '].date', 'bad_time', read.shown(e.date),
                        'a stop''s date cannot be read; the stop stands without') as wrong_date
    from (
      select q.*, read.as_date(q.date) as stop_date
      from (
        select l.item ? 'mapValue' as is_stop, l.nth::integer as nth, l.item, read.value(l.f, 'city') as city, read.value(l.f, 'cityId') as city_ref,
               read.ref(l.f, 'venue', 'venueId') as venue_id, read.ref(l.f, 'concert', 'concertId') as concert_id, read.value(l.f, 'date', 'day') as date
        from (select ml.item, ml.nth, ml.item #> '{mapValue,fields}' as f from read.members(v.stops) ml offset 0) l
        offset 0) q
      offset 0) e
    cross join lateral read.city_of(coalesce(e.city, e.city_ref), e.city is null) c
    left join showx.city_ref cr on cr.legacy_id = c.ref
    left join read.city_name cn on cn.key = c.key
    cross join lateral (
      select coalesce(x.known, x.guess) as city_id, x.known is null and x.guess is not null as guessed
      from (select coalesce(cr.city_id, cn.city_id) as known,
                   case when cr.city_id is null and cn.city_id is null and c.key is not null then read.guess_city(c.place, c.region) end as guess
            offset 0) x
      offset 0) city
    left join showx.venue ve on ve.venue_id = e.venue_id
    left join showx.concert co on co.concert_id = e.concert_id
    offset 0) y
  offset 0) i
where d.collection = 'tours' and not d.deleted;
