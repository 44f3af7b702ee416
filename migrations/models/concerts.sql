-- model: concerts
-- collection: concerts
-- target: showx.concert
-- key: concert_id
-- also: showx.line_up concert_id
-- passes: currency
-- edited: note
-- parents: artists, venues
-- position: 50
-- bulk: yes
--
-- Times without a zone are local at the venue. A support act that is not known is left out of the line-up with a warning.

select read.learn_words('concert_status', array[w], w) from unnest(array['draft', 'announced', 'on_sale', 'sold_out', 'cancelled', 'postponed', 'played']) w;
select read.learn_words('concert_status', array['published', 'live'], 'announced'), read.learn_words('concert_status', array['selling'], 'on_sale'),
  read.learn_words('concert_status', array['canceled'], 'cancelled'), read.learn_words('concert_status', array['past', 'done'], 'played'),
  read.learn_words('concert_status', array['moved'], 'postponed');

create view map.concerts as
select d.path, d.id as concert_id, coalesce(r.title, a.name) as title, r.artist_id, r.venue_id, t.starts_at,
       coalesce(t.doors_at, (t.local_day + t.doors_clock) at time zone ve.time_zone) as doors_at, t.on_sale_at,
       (t.starts_at at time zone coalesce(ve.time_zone, 'UTC'))::date as local_date,
       to_char(t.starts_at at time zone coalesce(ve.time_zone, 'UTC'), 'HH24:MI') as local_time,
       ve.time_zone, coalesce(w.meant, 'announced') as status, case when r.capacity between 1 and 10000000 then r.capacity::integer end as capacity,
       coalesce(r.currency, ve.currency) as currency, r.note, l.line_up,
       array_remove(array[
         read.blocking(v.starts is null, 'startsAt', 'missing_field', null, 'the concert has no date'),
         read.blocking(v.starts is not null and t.starts_at is null, 'startsAt', 'bad_time', read.shown(v.starts), 'the concert''s date cannot be read'),
         read.blocking(r.artist_id is null, 'artist', 'missing_field', null, 'the concert names no artist'),
         read.blocking(r.venue_id is null, 'venue', 'missing_field', null, 'the concert names no venue'),
         read.blocking(a.artist_id is null, 'artist', 'missing_parent', 'artists/' || r.artist_id, 'the artist is not there', 'artists/' || r.artist_id),
         read.blocking(ve.venue_id is null, 'venue', 'missing_parent', 'venues/' || r.venue_id, 'the venue is not there', 'venues/' || r.venue_id),
         read.warning(t.day_only and t.starts_at is not null, 'startsAt', 'ambiguous_time', read.shown(v.starts),
                      'a date without a time; 20:00 at the venue was taken'),
         read.warning(v.doors is not null and t.doors_at is null and t.doors_clock is null, 'doorsAt', 'bad_time', read.shown(v.doors),
                      'the time of the doors cannot be read; it was left out'),
         read.warning(v.on_sale is not null and t.on_sale_at is null, 'onSaleAt', 'bad_time', read.shown(v.on_sale),
                      'the on-sale time cannot be read; it was left out'),
         read.warning(v.status is not null and w.meant is null, 'status', 'unknown_enum', read.shown(v.status), 'the status is not known; taken as announced'),
         read.warning(v.capacity is not null and coalesce(r.capacity not between 1 and 10000000, true), 'capacity', 'bad_value',
                      read.shown(v.capacity), 'the capacity is not a positive number; it was left out'),
         read.warning(v.currency is not null and r.currency is null, 'currency', 'guessed_value', read.shown(v.currency),
                      'the currency is no ISO code; the venue''s was taken'),
         read.warning(read.has_control(v.title ->> 'stringValue'), 'title', 'control_characters', r.title, 'control characters were taken out of the title')
       ], null) || l.issues as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'title', 'name') as title, coalesce(s.starts, s.day) as starts, case when s.starts is null then read.value(d.fields, 'time') end as clock,
         read.value(d.fields, 'doorsAt', 'doors') as doors, read.value(d.fields, 'onSaleAt', 'onSale', 'on_sale') as on_sale,
         read.value(d.fields, 'status', 'state') as status, read.value(d.fields, 'capacity') as capacity, read.value(d.fields, 'currency') as currency,
         coalesce(read.value(d.fields, 'lineUp'), read.value(d.fields, 'support'), read.value(d.fields, 'supports')) as line_up
  from (select read.value(d.fields, 'startsAt', 'startTime') as starts, read.value(d.fields, 'date') as day offset 0) s
  offset 0) v
cross join lateral (
  select read.as_text(v.title) as title, read.ref(d.fields, 'artist', 'artistId', 'artist_id') as artist_id,
         read.ref(d.fields, 'venue', 'venueId', 'venue_id') as venue_id, read.as_int(v.capacity) as capacity,
         read.as_currency(v.currency) as currency, read.text(d.fields, 'note') as note
  offset 0) r
left join showx.artist a on a.artist_id = r.artist_id
left join showx.venue ve on ve.venue_id = r.venue_id
left join read.word w on w.kind = 'concert_status' and w.said = read.slug(read.as_text(v.status))
cross join lateral (
  select x.*, (x.starts_at at time zone coalesce(ve.time_zone, 'UTC'))::date as local_day
  from (select y.day_only and y.clock is null as day_only,
               case when y.day_only then (read.as_date(v.starts) + coalesce(y.clock, time '20:00')) at time zone coalesce(ve.time_zone, 'UTC')
                    else read.as_time(v.starts, ve.time_zone) end as starts_at,
               read.as_time(v.doors, ve.time_zone) as doors_at, read.as_clock(v.doors) as doors_clock, read.as_time(v.on_sale, ve.time_zone) as on_sale_at
        from (select read.is_day(v.starts) as day_only, read.as_clock(v.clock) as clock offset 0) y
        offset 0) x
  offset 0) t
cross join lateral (
  select array_agg(row(d.id, x.artist_id, x.billing)::showx.line_up order by x.billing) filter (where x.artist_id is not null) as line_up,
         coalesce(array_agg(row('lineUp[' || x.nth || ']', 'missing_parent', 'warning', 'artists/' || x.said, 'a support act is not known; it was left out of the line-up',
                                array['artists/' || x.said])::migration.found order by x.nth) filter (where x.artist_id is null), '{}') as issues
  from (
    select a.artist_id, 1 as billing, r.artist_id as said, -1 as nth where a.artist_id is not null
    union all
    select b.artist_id, 1 + row_number() over (partition by b.artist_id is null order by s.billing, s.nth)::integer, s.said, s.nth
    from (
      select distinct on (n.said) n.said, n.billing, n.nth from (
        select read.as_ref(coalesce(read.member(m.item, 'artist', 'artistId', 'id'), m.item)) as said,
               coalesce(read.as_int(read.member(m.item, 'billing')), m.nth + 1) as billing, m.nth::integer - 1 as nth
        from read.members(v.line_up) m
        union all
        select btrim(u.t), u.nth + 1, u.nth::integer - 1 from unnest(string_to_array(v.line_up ->> 'stringValue', ',')) with ordinality u (t, nth)) n
      where n.said <> '' and n.said is distinct from r.artist_id
      order by n.said, n.nth) s
    left join showx.artist b on b.artist_id = s.said) x
  offset 0) l
where d.collection = 'concerts' and not d.deleted;
