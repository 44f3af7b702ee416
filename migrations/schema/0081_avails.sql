-- 0081 avails: when an artist or a room is not to be had, where an artist must be, what a drive really takes, and the radius
-- clauses. Changed by the functions below only, as bookings are (0040): a reason is needed (0020), a row with a version is changed
-- by the version that the person saw, and refusals are SX001, SX002, SX003.
--
-- What is one artist's business a manager may change for their own; what everybody's plans rest on (rooms, drives) support does.

grant showx_audit to current_user;
set local role showx_audit;
grant execute on function audit.row_change(), audit.refuse() to showx_owner;   -- to put the triggers on; taken back below
reset role;

set local role showx_owner;

create table showx.blackout (
  blackout_id text primary key default gen_random_uuid()::text,
  artist_id   text references showx.artist on delete cascade,
  venue_id    text references showx.venue on delete cascade,
  from_date   date not null,
  until_date  date not null,
  reason      text not null default '',
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user,
  check (num_nonnulls(artist_id, venue_id) = 1),
  check (until_date >= from_date)
);
create index blackout_artist on showx.blackout (artist_id, from_date) where artist_id is not null;
create index blackout_venue on showx.blackout (venue_id, from_date) where venue_id is not null;

-- A day on which the artist must be in a city without a ticketed show.
create table showx.anchor (
  anchor_id   text primary key default gen_random_uuid()::text,
  artist_id   text not null references showx.artist on delete cascade,
  city_id     text not null references showx.city,
  anchor_date date not null,
  what        text not null check (what <> ''),
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user,
  constraint anchor_one_a_day unique (artist_id, anchor_date)
);

-- Drives that differ from what the map says: a ferry, a border, a pass in winter. The same both ways.
create table showx.leg (
  city_a  text not null references showx.city on delete cascade,
  city_b  text not null references showx.city on delete cascade,
  metres  integer not null check (metres >= 0),
  minutes integer not null check (minutes > 0),
  note    text,
  primary key (city_a, city_b),
  check (city_a < city_b)
);

-- A venue's usual radius clause, for shows that are not booked yet; a booking's own is showx.radius_clause.
create table showx.venue_clause (
  venue_id    text not null references showx.venue on delete cascade,
  position    integer not null default 1,
  miles       integer not null check (miles > 0),
  days_before integer not null check (days_before >= 0),
  days_after  integer not null check (days_after >= 0),
  effect      text not null check (effect in ('warn','forbid')),
  primary key (venue_id, position)
);

grant select on showx.blackout, showx.anchor, showx.leg, showx.venue_clause to showx_manager;   -- the others by default (0030)

do $$
declare
  watched record;
  mine    constant text := 'artist_id = any (array(select showx.my_artists()))';
begin
  for watched in
    select * from (values
      ('blackout',     '{blackout_id}'::text[], true,  'artist_id is null or ' || mine),
      ('anchor',       '{anchor_id}',           true,  mine),
      ('leg',          '{city_a,city_b}',       false, null),
      ('venue_clause', '{venue_id,position}',   false, null)) as w (relation, key, versions, managers)
  loop
    execute format('create trigger audit_row after insert or update or delete on showx.%I for each row
                      when (not showx.by_migration()) execute function audit.row_change(%s)',
                   watched.relation,
                   (select string_agg(quote_literal(a), ', ' order by n)
                    from unnest(watched.relation || watched.key) with ordinality as t (a, n)));
    execute format('create trigger audit_truncate before truncate on showx.%I for each statement
                      when (not showx.by_migration()) execute function audit.refuse(%L)', watched.relation, 'showx.' || watched.relation);
    if watched.versions then
      execute format('create trigger keep_version before update on showx.%I for each row execute function showx.keep_version()',
                     watched.relation);
      execute format('create trigger keep_version_new before insert on showx.%I for each row
                        when (new.version <> 1 or new.updated_by <> session_user or new.updated_at <> now())
                        execute function showx.keep_version()', watched.relation);
    end if;
    if watched.managers is not null then
      execute format('alter table showx.%I enable row level security', watched.relation);
      execute format('create policy everyone on showx.%I to showx_support, showx_engineer, showx_readonly, showx_migration
                        using (true) with check (true)', watched.relation);
      execute format('create policy managers on showx.%I for select to showx_manager using (%s)', watched.relation, watched.managers);
    end if;
  end loop;
end $$;

-- ---- who may ----

create function showx.need_support(what text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if showx.session_role() not in ('owner', 'support') then
    raise exception '% is for support: % may not change it', what, session_user using errcode = 'SX002';
  end if;
end $$;

create function showx.need_artist(artist text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from showx.artist a where a.artist_id = need_artist.artist) or not showx.may_book(need_artist.artist) then
    raise exception 'there is no artist % that % may book', need_artist.artist, session_user using errcode = 'SX003';
  end if;
end $$;

create function showx.need_venue(venue text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from showx.venue v where v.venue_id = need_venue.venue) then
    raise exception 'there is no venue %', coalesce(need_venue.venue, 'without a name') using errcode = 'SX003';
  end if;
end $$;

create function showx.need_city(city text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from showx.city c where c.city_id = need_city.city) then
    raise exception 'there is no city %', coalesce(need_city.city, 'without a name') using errcode = 'SX003';
  end if;
end $$;

-- The same sentence for every kind of row that has a version.
create function showx.need_version(what text, id text, version bigint, expected_version bigint, updated_by text, updated_at timestamptz)
returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if version is distinct from expected_version then
    raise exception '% % was changed by somebody else: it is at version %, not %', what, id, version, coalesce(expected_version::text, 'none')
      using errcode = 'SX001', detail = jsonb_build_object('version', version, 'updated_by', updated_by, 'updated_at', updated_at);
  end if;
end $$;

-- ---- blackouts ----

-- Days on which one artist or one venue is not to be had. why null: the reason of the change itself.
create function showx.blackout_add(artist text, venue text, from_day date, until_day date, why text default null) returns showx.blackout
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made showx.blackout;
begin
  if num_nonnulls(nullif(artist, ''), nullif(venue, '')) <> 1 then
    raise exception 'a blackout belongs to one artist or to one venue' using errcode = 'SX002';
  end if;
  if nullif(artist, '') is not null then
    perform showx.need_artist(artist);
  else
    perform showx.need_support('a venue''s blackout');
    perform showx.need_venue(venue);
  end if;
  if from_day is null or coalesce(until_day, from_day) < from_day then
    raise exception 'a blackout needs a first day and a last one not before it' using errcode = 'SX002';
  end if;
  insert into showx.blackout (artist_id, venue_id, from_date, until_date, reason)
    values (nullif(artist, ''), nullif(venue, ''), from_day, coalesce(until_day, from_day),
            coalesce(nullif(btrim(why), ''), btrim(current_setting('showx.reason', true)), ''))
    returning * into made;
  return made;
end $$;

create function showx.blackout_remove(id text, expected_version bigint) returns showx.blackout
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone showx.blackout;
begin
  select * into gone from showx.blackout where blackout_id = id for update;
  if not found or (gone.artist_id is not null and not showx.may_book(gone.artist_id)) then
    raise exception 'there is no blackout % that % may change', id, session_user using errcode = 'SX003';
  end if;
  if gone.venue_id is not null then
    perform showx.need_support('a venue''s blackout');
  end if;
  perform showx.need_version('blackout', id, gone.version, expected_version, gone.updated_by, gone.updated_at);
  delete from showx.blackout where blackout_id = id;
  return gone;
end $$;

-- ---- anchors ----

create function showx.anchor_add(artist text, city text, on_date date, what text) returns showx.anchor
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made showx.anchor;
begin
  perform showx.need_artist(artist);
  perform showx.need_city(city);
  if on_date is null or coalesce(btrim(what), '') = '' then
    raise exception 'an anchor needs a day and what it is for' using errcode = 'SX002';
  end if;
  insert into showx.anchor (artist_id, city_id, anchor_date, what)
    values (artist, city, on_date, btrim(what)) on conflict on constraint anchor_one_a_day do nothing returning * into made;
  if made.anchor_id is null then
    raise exception 'artist % has an anchor on % already', artist, on_date using errcode = 'SX002';
  end if;
  return made;
end $$;

create function showx.anchor_remove(id text, expected_version bigint) returns showx.anchor
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone showx.anchor;
begin
  select * into gone from showx.anchor where anchor_id = id for update;
  if not found or not showx.may_book(gone.artist_id) then
    raise exception 'there is no anchor % that % may change', id, session_user using errcode = 'SX003';
  end if;
  perform showx.need_version('anchor', id, gone.version, expected_version, gone.updated_by, gone.updated_at);
  delete from showx.anchor where anchor_id = id;
  return gone;
end $$;

-- ---- legs ----

-- In whichever order the cities come.
create function showx.leg_set(one text, other text, metres integer, minutes integer, note text default null) returns showx.leg
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made showx.leg;
begin
  perform showx.need_support('a drive time');
  perform showx.need_city(one), showx.need_city(other);
  if one = other or coalesce(metres, -1) < 0 or coalesce(minutes, 0) <= 0 then
    raise exception 'a drive needs two cities, metres of 0 or more and minutes' using errcode = 'SX002';
  end if;
  insert into showx.leg as l (city_a, city_b, metres, minutes, note)
    values (least(one, other), greatest(one, other), leg_set.metres, leg_set.minutes, nullif(btrim(leg_set.note), ''))
    on conflict (city_a, city_b) do update set metres = excluded.metres, minutes = excluded.minutes, note = excluded.note
    returning l.* into made;
  return made;
end $$;

create function showx.leg_remove(one text, other text) returns showx.leg
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone showx.leg;
begin
  perform showx.need_support('a drive time');
  delete from showx.leg l where l.city_a = least(one, other) and l.city_b = greatest(one, other) returning l.* into gone;
  if not found then
    raise exception 'there is no drive time of its own between % and %', one, other using errcode = 'SX003';
  end if;
  return gone;
end $$;

-- ---- radius clauses ----

create function showx.need_clause(miles integer, days_before integer, days_after integer, effect text) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(miles, 0) <= 0 or coalesce(days_before, -1) < 0 or coalesce(days_after, -1) < 0
     or coalesce(effect, '') not in ('warn', 'forbid') then
    raise exception 'a radius clause needs miles, days before and after of 0 or more, and warn or forbid' using errcode = 'SX002';
  end if;
end $$;

-- A booking's clauses are part of its terms: the booking's version goes up with them, so that two people do not write past each other.
create function showx.radius_booking(booking text, expected_version bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  b showx.booking := showx.booking_take(booking, expected_version);
begin
  if b.status in ('released', 'declined', 'cancelled') then
    raise exception 'booking % has no radius clauses to change: it is %', b.booking_id, b.status using errcode = 'SX002';
  end if;
  update showx.booking set updated_at = now() where booking_id = b.booking_id;
end $$;

-- clause null: the next one.
create function showx.radius_set(booking text, clause integer, miles integer, days_before integer, days_after integer, effect text,
                                 expected_version bigint) returns showx.radius_clause
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made showx.radius_clause;
begin
  perform showx.need_clause(miles, days_before, days_after, effect);
  perform showx.radius_booking(booking, expected_version);
  insert into showx.radius_clause as r (booking_id, position, miles, days_before, days_after, effect)
    values (booking, coalesce(clause, (select coalesce(max(c.position), 0) + 1 from showx.radius_clause c where c.booking_id = booking)),
            radius_set.miles, radius_set.days_before, radius_set.days_after, radius_set.effect)
    on conflict (booking_id, position) do update
      set miles = excluded.miles, days_before = excluded.days_before, days_after = excluded.days_after, effect = excluded.effect
    returning r.* into made;
  return made;
end $$;

create function showx.radius_remove(booking text, clause integer, expected_version bigint) returns showx.radius_clause
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone showx.radius_clause;
begin
  perform showx.radius_booking(booking, expected_version);
  delete from showx.radius_clause r where r.booking_id = booking and r.position = clause returning r.* into gone;
  if not found then
    raise exception 'booking % has no radius clause %', booking, clause using errcode = 'SX003';
  end if;
  return gone;
end $$;

create function showx.venue_clause_set(venue text, clause integer, miles integer, days_before integer, days_after integer, effect text)
returns showx.venue_clause
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made showx.venue_clause;
begin
  perform showx.need_support('a venue''s radius clause');
  perform showx.need_venue(venue);
  perform showx.need_clause(miles, days_before, days_after, effect);
  perform 1 from showx.venue v where v.venue_id = venue for no key update;   -- clauses of one venue are numbered one after the other
  insert into showx.venue_clause as c (venue_id, position, miles, days_before, days_after, effect)
    values (venue, coalesce(clause, (select coalesce(max(o.position), 0) + 1 from showx.venue_clause o where o.venue_id = venue)),
            venue_clause_set.miles, venue_clause_set.days_before, venue_clause_set.days_after, venue_clause_set.effect)
    on conflict (venue_id, position) do update
      set miles = excluded.miles, days_before = excluded.days_before, days_after = excluded.days_after, effect = excluded.effect
    returning c.* into made;
  return made;
end $$;

create function showx.venue_clause_remove(venue text, clause integer) returns showx.venue_clause
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone showx.venue_clause;
begin
  perform showx.need_support('a venue''s radius clause');
  delete from showx.venue_clause c where c.venue_id = venue and c.position = clause returning c.* into gone;
  if not found then
    raise exception 'venue % has no radius clause %', venue, clause using errcode = 'SX003';
  end if;
  return gone;
end $$;

grant execute on function showx.blackout_add(text, text, date, date, text), showx.blackout_remove(text, bigint),
  showx.anchor_add(text, text, date, text), showx.anchor_remove(text, bigint),
  showx.leg_set(text, text, integer, integer, text), showx.leg_remove(text, text),
  showx.radius_set(text, integer, integer, integer, integer, text, bigint), showx.radius_remove(text, integer, bigint),
  showx.venue_clause_set(text, integer, integer, integer, integer, text), showx.venue_clause_remove(text, integer)
  to showx_support, showx_manager;

reset role;

set local role showx_audit;
revoke execute on function audit.row_change(), audit.refuse() from showx_owner;
reset role;
do $$
begin
  execute format('revoke showx_audit from %I', current_user);
end $$;
