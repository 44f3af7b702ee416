-- model: bookings
-- collection: bookings
-- target: showx.booking
-- key: booking_id
-- also: showx.radius_clause booking_id
-- park: status = 'released', hold_rank = null
-- edited: note
-- parents: artists, venues, tours, concerts
-- position: 100
--
-- A date can be taken once: of several confirmed bookings of an artist's day or a room's day, and of several holds of one
-- rank, the earliest has the row.

select read.learn_words('booking_status', array[w], w)
  from unnest(array['hold', 'offer', 'confirmed', 'advanced', 'played', 'settled', 'released', 'declined', 'cancelled']) w;
select read.learn_words('booking_status', array['contracted'], 'confirmed'), read.learn_words('booking_status', array['offered'], 'offer'),
  read.learn_words('booking_status', array['canceled'], 'cancelled'), read.learn_words('booking_status', array['passed'], 'declined'),
  read.learn_words('booking_status', array['done'], 'played');

create view map.bookings as
select d.path, d.id as booking_id, r.artist_id, r.venue_id, r.room, r.show_date, s.status, s.hold_rank, r.expires_at,
       case when m.guarantee >= 0 then round(m.guarantee)::bigint end as guarantee, case when m.percentage between 0 and 10000 then round(m.percentage)::integer end as percentage,
       case when m.expenses >= 0 then round(m.expenses)::bigint end as expenses, k.currency, tu.tour_id, co.concert_id, r.note, t.created_at,
       case when x.good then array[row(d.id, 1, x.miles, x.before, x.after, x.effect)::showx.radius_clause] end as radius_clause,
       case when s.status in ('confirmed', 'advanced', 'played', 'settled') then array[
              row('artist', r.artist_id || ' ' || r.show_date, read.rank(t.created_at), 'artist', 'duplicate', 'blocking', 'artists/' || r.artist_id,
                  'the artist is confirmed elsewhere that day by an earlier booking', w.refs)::migration.claimed,
              row('room', r.venue_id || ' ' || r.room || ' ' || r.show_date, read.rank(t.created_at), 'venue', 'duplicate', 'blocking', 'venues/' || r.venue_id,
                  'the room is confirmed for somebody else that day by an earlier booking', w.refs)::migration.claimed]
            when s.status = 'hold' then array[
              row('rank', r.venue_id || ' ' || r.room || ' ' || r.show_date || ' ' || s.hold_rank, read.rank(t.created_at), 'holdRank', 'duplicate', 'blocking', s.hold_rank::text,
                  'an earlier booking holds this rank at the venue that day', w.refs)::migration.claimed] end as claims,
       array_remove(array[
         read.blocking(v.date is null, 'date', 'missing_field', null, 'the booking has no date'),
         read.blocking(v.date is not null and r.show_date is null, 'date', 'bad_time', read.shown(v.date), 'the booking''s date cannot be read'),
         read.blocking(v.status is null, 'status', 'missing_field', null, 'the booking has no status, and nobody may guess whether a date is taken'),
         read.blocking(v.status is not null and s.status is null, 'status', 'unknown_enum', read.shown(v.status),
                       'the status is not known, and nobody may guess whether a date is taken'),
         read.blocking(s.status = 'hold' and s.hold_rank is null, 'holdRank', 'missing_field', read.shown(v.rank), 'a hold without a rank'),
         read.blocking(r.artist_id is null, 'artist', 'missing_field', null, 'the booking names no artist'),
         read.blocking(r.venue_id is null, 'venue', 'missing_field', null, 'the booking names no venue'),
         read.blocking(a.artist_id is null, 'artist', 'missing_parent', 'artists/' || r.artist_id, 'the artist is not there', 'artists/' || r.artist_id),
         read.blocking(ve.venue_id is null, 'venue', 'missing_parent', 'venues/' || r.venue_id, 'the venue is not there', 'venues/' || r.venue_id),
         read.warning(v.guarantee is not null and coalesce(m.guarantee < 0, true), 'guarantee', 'bad_money', read.shown(v.guarantee),
                      'the guarantee cannot be read; it was left out'),
         read.warning(v.expenses is not null and coalesce(m.expenses < 0, true), 'expenses', 'bad_money', read.shown(v.expenses),
                      'the expenses cannot be read; they were left out'),
         read.warning(v.percentage is not null and coalesce(m.percentage not between 0 and 10000, true), 'percentage', 'bad_value', read.shown(v.percentage),
                      'the percentage is not between 0 and 100; it was left out'),
         read.warning(v.expires is not null and r.expires_at is null, 'expiresAt', 'bad_time', read.shown(v.expires), 'the time it expires cannot be read; it was left out'),
         read.warning(v.created is not null and r.created_at is null, 'createdAt', 'bad_time', read.shown(v.created),
                      'the time it was made cannot be read; the document''s own was taken'),
         read.warning(v.currency is not null and r.currency is null, 'currency', 'guessed_value', read.shown(v.currency),
                      'the currency is no ISO code; the venue''s was taken'),
         read.warning(r.concert_id is not null and co.concert_id is null, 'concert', 'missing_parent', 'concerts/' || r.concert_id,
                      'the concert is not there; the booking stands without', 'concerts/' || r.concert_id),
         read.warning(r.tour_id is not null and tu.tour_id is null, 'tour', 'missing_parent', 'tours/' || r.tour_id,
                      'the tour is not there; the booking stands without', 'tours/' || r.tour_id),
         read.warning(x.said is not null and not x.good, 'radius', 'bad_value', read.shown(x.said), 'the radius clause cannot be read; it was left out')
       ], null) as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'date', 'showDate', 'day') as date, read.value(d.fields, 'status', 'state') as status,
         read.value(d.fields, 'holdRank', 'rank') as rank, read.value(d.fields, 'expiresAt', 'holdExpires', 'expires') as expires,
         coalesce(g.whole, g.cents, g.fee) as guarantee, g.whole is null and g.cents is not null as guarantee_minor,
         coalesce(g.expenses, g.expenses_cents) as expenses, g.expenses is null as expenses_minor,
         coalesce(g.share, g.percent) as percentage, g.share is not null as may_be_share,
         read.value(d.fields, 'currency') as currency, read.value(d.fields, 'createdAt', 'created', 'created_at') as created
  from (select read.value(d.fields, 'guarantee') as whole, read.value(d.fields, 'guaranteeCents') as cents, read.value(d.fields, 'fee') as fee,
               read.value(d.fields, 'expenses') as expenses, read.value(d.fields, 'expensesCents') as expenses_cents,
               read.value(d.fields, 'percentage') as share, read.value(d.fields, 'percent', 'split') as percent
        offset 0) g
  offset 0) v
cross join lateral (
  select read.ref(d.fields, 'artist', 'artistId', 'artist_id') as artist_id, read.ref(d.fields, 'venue', 'venueId', 'venue_id') as venue_id,
         coalesce(read.text(d.fields, 'room'), '') as room, read.as_date(v.date) as show_date, read.as_time(v.expires) as expires_at,
         read.as_currency(v.currency) as currency, read.ref(d.fields, 'tour', 'tourId') as tour_id, read.ref(d.fields, 'concert', 'concertId') as concert_id,
         read.text(d.fields, 'note', 'memo') as note, read.as_time(v.created) as created_at, read.slug(read.as_text(v.status)) as said
  offset 0) r
left join showx.artist a on a.artist_id = r.artist_id
left join showx.venue ve on ve.venue_id = r.venue_id
left join showx.tour tu on tu.tour_id = r.tour_id
left join showx.concert co on co.concert_id = r.concert_id
left join read.word bw on bw.kind = 'booking_status' and bw.said = regexp_replace(r.said, '^hold\d+$', 'hold')
cross join lateral (
  select bw.meant as status,
         case when bw.meant = 'hold' and h.rank between 1 and 99 then h.rank::integer end as hold_rank
  from (select coalesce(read.as_int(v.rank), substring(r.said from '^hold(\d{1,2})$')::bigint) as rank offset 0) h
  offset 0) s
cross join lateral (select coalesce(r.created_at, read.own_time(d.create_time, d.version)) as created_at,
                           array['artists/' || r.artist_id, 'venues/' || r.venue_id] as refs offset 0) t
cross join lateral (select t.refs) w
cross join lateral (select coalesce(read.currency_in(v.guarantee), r.currency, ve.currency) as currency offset 0) k
cross join lateral (
  select read.amount(v.guarantee, read.digits(k.currency), v.guarantee_minor) as guarantee, read.amount(v.expenses, read.digits(k.currency), v.expenses_minor) as expenses,
         case when v.may_be_share and p.n between 0 and 1 then p.n * 10000 when abs(p.n) < 100000 then p.n * 100 else p.n end as percentage
  from (select coalesce(read.as_numeric(v.percentage), substring(v.percentage ->> 'stringValue' from '^\s*(-?\d{1,6}(\.\d{1,6})?)\s*%\s*$')::numeric) as n offset 0) p
  offset 0) m
cross join lateral (
  select z.*, coalesce(z.miles > 0 and z.before >= 0 and z.after >= 0 and z.before + z.after > 0, false) as good
  from (select y.said, read.small(y.miles) as miles, read.small(y.before) as before, read.small(y.after) as after,
               case when read.slug(read.as_text(y.effect)) = 'forbid' then 'forbid' else 'warn' end as effect
        from (select q.said, coalesce(read.member(q.map, 'miles'), q.miles) as miles, coalesce(read.member(q.map, 'daysBefore', 'days'), q.days) as before,
                     coalesce(read.member(q.map, 'daysAfter', 'days'), q.days) as after, read.member(q.map, 'effect') as effect
              from (select coalesce(read.value(d.fields, 'radius'), read.value(d.fields, 'radiusMiles'), read.value(d.fields, 'radiusDays')) as said,
                           read.value(d.fields, 'radius') as map, read.value(d.fields, 'radiusMiles') as miles, read.value(d.fields, 'radiusDays') as days offset 0) q
              offset 0) y
        offset 0) z
  offset 0) x
where d.collection = 'bookings' and not d.deleted;
