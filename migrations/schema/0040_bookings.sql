-- 0040 bookings: the only way in which a booking changes, so that the rules hold for every client.
--
--   hold -> offer -> confirmed -> advanced -> played -> settled        released, declined, cancelled leave it
--
-- Every function that changes a booking takes the version the caller saw, needs a reason (0020), and gives the booking back as it is now.
-- Refusals are sentences with a SQLSTATE of their own and no personal data:
--   SX001 somebody else changed it first (DETAIL: json of version, updated_by, updated_at, status)
--   SX002 rights, rules or state forbid it
--   SX003 there is no such thing, or none that the caller may see
--
-- Writers of one slot (venue, room, date) take turns by an advisory lock, so that ranks stay 1, 2, 3 ...; the exclusion constraints of 0002
-- stand behind it. The functions run as the owner, hence they ask for the caller's rights themselves, by session_user.

set local role showx_owner;

create function showx.may_book(artist text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select showx.session_role() in ('owner', 'support')
      or (showx.session_role() = 'manager' and exists (select from showx.artist a where a.artist_id = artist and a.manager = session_user));
end;

create function showx.booking_slot_lock(venue text, room text, show_date date) returns void
language sql set search_path = pg_catalog, pg_temp
begin atomic
  select pg_advisory_xact_lock(hashtextextended(format('%s/%s/%s', venue, room, show_date), 5388));
end;

-- The booking, locked with its slot, after the checks that all changes share.
create function showx.booking_take(id text, expected_version bigint) returns showx.booking
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  b showx.booking;
begin
  select * into b from showx.booking where booking_id = id;
  if not found or not showx.may_book(b.artist_id) then
    raise exception 'there is no booking % that % may change', id, session_user using errcode = 'SX003';
  end if;
  perform showx.booking_slot_lock(b.venue_id, b.room, b.show_date);
  select * into b from showx.booking where booking_id = id for update;
  if b.version is distinct from expected_version then
    raise exception 'booking % was changed by somebody else: it is at version %, not %', id, b.version, coalesce(expected_version::text, 'none')
      using errcode = 'SX001',
            detail = jsonb_build_object('version', b.version, 'updated_by', b.updated_by, 'updated_at', b.updated_at, 'status', b.status);
  end if;
  return b;
end $$;

-- Ranks 1, 2, 3 ... in the order they had; an offer that is out keeps its place before them.
create function showx.booking_rerank(venue text, in_room text, on_date date) returns void
language sql set search_path = pg_catalog, pg_temp
begin atomic
  update showx.booking b
  set hold_rank = r.rank
  from (select booking_id,
               row_number() over (order by hold_rank)
               + (select count(*) from showx.booking o
                  where o.venue_id = venue and o.room = in_room and o.show_date = on_date and o.status = 'offer') as rank
        from showx.booking
        where venue_id = venue and room = in_room and show_date = on_date and status = 'hold') r
  where b.booking_id = r.booking_id and b.hold_rank <> r.rank;
end;

-- One step along the way, and the ranks behind it.
create function showx.booking_step(b showx.booking, to_status text, from_statuses text[]) returns showx.booking
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if b.status <> all (from_statuses) then
    raise exception 'booking % cannot become %: it is %', b.booking_id, to_status, b.status using errcode = 'SX002';
  end if;
  update showx.booking set status = to_status, hold_rank = null, expires_at = null, challenged_at = null, challenged_by = null
    where booking_id = b.booking_id;
  update showx.booking set challenged_at = null, challenged_by = null where challenged_by = b.booking_id;   -- the challenger is gone
  perform showx.booking_rerank(b.venue_id, b.room, b.show_date);
  select * into b from showx.booking where booking_id = b.booking_id;
  return b;
end $$;

create function showx.booking_need_first(b showx.booking) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if b.status = 'hold' and b.hold_rank > 1 then
    raise exception 'booking % is hold %: % before it at that venue and date', b.booking_id, b.hold_rank,
      case b.hold_rank when 2 then '1 stands' else (b.hold_rank - 1)::text || ' stand' end
      using errcode = 'SX002', hint = 'Challenge the first holder, or wait until it is released.';
  end if;
end $$;

-- ---- what people do ----

-- A hold behind those that stand. id null makes one. expires null: it stands until released.
create function showx.booking_hold(id text, artist text, venue text, on_date date, in_room text default '',
                                   expires timestamptz default null, tour text default null) returns showx.booking
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  b     showx.booking;
  ranks integer;
begin
  if not exists (select from showx.artist where artist_id = booking_hold.artist) or not showx.may_book(booking_hold.artist) then
    raise exception 'there is no artist % that % may book', booking_hold.artist, session_user using errcode = 'SX003';
  end if;
  if not exists (select from showx.venue where venue_id = booking_hold.venue) then
    raise exception 'there is no venue %', booking_hold.venue using errcode = 'SX003';
  end if;
  if on_date is null or on_date < current_date - 1 then   -- a day of grace: the venue may lie behind us
    raise exception 'a hold needs a date to come, not %', coalesce(on_date::text, 'none') using errcode = 'SX002';
  end if;
  if expires <= now() then
    raise exception 'a hold cannot expire before it stands' using errcode = 'SX002';
  end if;
  perform showx.booking_slot_lock(booking_hold.venue, coalesce(in_room, ''), on_date);
  select coalesce(max(hold_rank), count(*) filter (where status = 'offer')) into ranks from showx.booking
    where venue_id = booking_hold.venue and room = coalesce(in_room, '') and show_date = on_date and status in ('hold', 'offer');
  if ranks >= 99 then
    raise exception 'there are 99 holds at that venue and date already' using errcode = 'SX002';
  end if;
  if exists (select from showx.booking where booking_id = id) then
    raise exception 'there is a booking % already', id using errcode = 'SX002';
  end if;
  insert into showx.booking (booking_id, artist_id, venue_id, room, show_date, status, hold_rank, expires_at, tour_id, currency)
    values (coalesce(id, gen_random_uuid()::text), booking_hold.artist, booking_hold.venue, coalesce(in_room, ''), on_date, 'hold', ranks + 1, expires, tour,
            (select currency from showx.venue where venue_id = booking_hold.venue))
    returning * into b;
  return b;
end $$;

-- Gives a hold or an offer back; those behind move up.
create function showx.booking_release(id text, expected_version bigint) returns showx.booking
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  select * from showx.booking_step(showx.booking_take(id, expected_version), 'released', '{hold,offer}');
end;

create function showx.booking_decline(id text, expected_version bigint) returns showx.booking
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  select * from showx.booking_step(showx.booking_take(id, expected_version), 'declined', '{offer}');
end;

create function showx.booking_cancel(id text, expected_version bigint) returns showx.booking
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  select * from showx.booking_step(showx.booking_take(id, expected_version), 'cancelled', '{confirmed,advanced}');
end;

create function showx.booking_advance(id text, expected_version bigint) returns showx.booking
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  select * from showx.booking_step(showx.booking_take(id, expected_version), 'advanced', '{confirmed}');
end;

create function showx.booking_play(id text, expected_version bigint) returns showx.booking
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  b showx.booking := showx.booking_take(id, expected_version);
begin
  if b.show_date > current_date + 1 then
    raise exception 'booking % cannot have been played: its date is %', id, b.show_date using errcode = 'SX002';
  end if;
  return showx.booking_step(b, 'played', '{confirmed,advanced}');
end $$;

-- The first holder's offer. percentage in 1/10000 of the net after expenses; money in minor units.
create function showx.booking_offer(id text, expected_version bigint, guarantee bigint, percentage integer, expenses bigint, currency text)
returns showx.booking
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  b showx.booking := showx.booking_take(id, expected_version);
begin
  perform showx.booking_need_first(b);
  if guarantee < 0 or expenses < 0 or percentage not between 0 and 10000 or currency !~ '^[A-Z]{3}$' then
    raise exception 'an offer needs amounts of 0 or more, a share between 0 and 100 %% and a currency' using errcode = 'SX002';
  end if;
  b := showx.booking_step(b, 'offer', '{hold}');
  update showx.booking set guarantee = booking_offer.guarantee, percentage = booking_offer.percentage,
                           expenses = booking_offer.expenses, currency = coalesce(booking_offer.currency, booking.currency)
    where booking_id = b.booking_id returning * into b;
  return b;
end $$;

-- A lower hold challenges the first: that one confirms in the venue's hours, or booking_expire() puts it behind all others.
-- Gives the first holder's booking, which carries the challenge.
create function showx.booking_challenge(id text, expected_version bigint) returns showx.booking
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  b     showx.booking := showx.booking_take(id, expected_version);
  first showx.booking;
begin
  if b.status <> 'hold' or b.hold_rank = 1 then
    raise exception 'booking % cannot challenge: only a hold behind the first can', id using errcode = 'SX002';
  end if;
  select * into first from showx.booking
    where venue_id = b.venue_id and room = b.room and show_date = b.show_date and status = 'hold' and hold_rank = 1 for update;
  if not found then
    raise exception 'booking % cannot challenge: an offer is out for that venue and date', id using errcode = 'SX002';
  end if;
  if first.challenged_at is not null then
    raise exception 'the first hold at that venue and date is challenged already' using errcode = 'SX002';
  end if;
  update showx.booking set challenged_at = now(), challenged_by = b.booking_id where booking_id = first.booking_id returning * into first;
  return first;
end $$;

-- ---- confirming ----

-- Great-circle miles between two venues, by their own places or else their cities'; null when neither is known.
create function showx.venue_miles(one text, other text) returns double precision
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with place as (
    select v.venue_id, radians(coalesce(v.latitude, c.latitude)) as lat,
           radians(case when v.latitude is null then c.longitude else coalesce(v.longitude, c.longitude) end) as lon
    from showx.venue v join showx.city c using (city_id)
    where v.venue_id in (one, other))
  select 2 * 3958.7613 * asin(least(1, sqrt(sin((b.lat - a.lat) / 2) ^ 2 + cos(a.lat) * cos(b.lat) * sin((b.lon - a.lon) / 2) ^ 2)))
  from place a, place b where a.venue_id = one and b.venue_id = other;
end;

-- Radius clauses that this booking would touch: its own over the artist's other confirmed shows, and theirs over it.
create function showx.booking_radius(id text)
returns table (other_booking text, effect text, miles double precision, within integer, days integer)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select near.booking_id, near.effect, near.miles, near.within, near.days
  from (select o.booking_id, r.effect, showx.venue_miles(b.venue_id, o.venue_id) as miles, r.miles as within, abs(o.show_date - b.show_date) as days
        from showx.booking b
        join showx.booking o on o.artist_id = b.artist_id and o.booking_id <> b.booking_id
                            and o.status in ('confirmed', 'advanced', 'played', 'settled')
        join showx.radius_clause r on
             (r.booking_id = o.booking_id and b.show_date between o.show_date - r.days_before and o.show_date + r.days_after)
          or (r.booking_id = b.booking_id and o.show_date between b.show_date - r.days_before and b.show_date + r.days_after)
        where b.booking_id = id and showx.may_book(b.artist_id)) near
  where near.miles <= near.within
  order by near.effect, near.days, near.booking_id;
end;

create function showx.booking_confirm(id text, expected_version bigint) returns showx.booking
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  b      showx.booking := showx.booking_take(id, expected_version);
  clause record;
  broken text;
begin
  perform showx.booking_need_first(b);
  for clause in select * from showx.booking_radius(id) loop
    if clause.effect = 'forbid' then
      raise exception 'booking % is % miles and % days from booking %, whose radius clause forbids less than % miles',
        id, round(clause.miles::numeric), clause.days, clause.other_booking, clause.within using errcode = 'SX002';
    end if;
  end loop;
  begin
    return showx.booking_step(b, 'confirmed', '{hold,offer}');
  exception when exclusion_violation then
    get stacked diagnostics broken = constraint_name;
    raise exception 'booking % cannot be confirmed: %', id,
      case broken when 'booking_one_artist_a_day' then 'the artist has a confirmed show on that date'
                  when 'booking_one_show_a_room' then 'the venue has a confirmed show in that room on that date'
                  else 'it overlaps another booking' end
      using errcode = 'SX002';
  end;
end $$;

-- What time does: holds whose time is over are released, challenged first holders who did not confirm go behind all others.
-- The worker calls it; gives the number of bookings that changed.
create function showx.booking_expire() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  due     record;
  b       showx.booking;
  changed integer := 0;
begin
  if showx.session_role() not in ('owner', 'support') then
    raise exception '% may not expire holds', session_user using errcode = 'SX002';
  end if;
  if coalesce(btrim(current_setting('showx.reason', true)), '') = '' then
    perform set_config('showx.reason', 'its time was over', true);
  end if;
  for due in   -- slots in one order, so that two of us never wait for each other
    select h.booking_id from showx.booking h join showx.venue v using (venue_id)
    where h.status = 'hold' and (h.expires_at <= now() or h.challenged_at + make_interval(hours => v.challenge_hours) <= now())
    order by h.venue_id, h.room, h.show_date, h.hold_rank
  loop
    select * into b from showx.booking where booking_id = due.booking_id;
    perform showx.booking_slot_lock(b.venue_id, b.room, b.show_date);
    select * into b from showx.booking where booking_id = due.booking_id for update;
    continue when b.status <> 'hold';   -- somebody was quicker
    if b.expires_at <= now() then
      perform showx.booking_step(b, 'released', '{hold}');
      changed := changed + 1;
    elsif b.challenged_at is not null then
      update showx.booking set challenged_at = null, challenged_by = null,
             hold_rank = (select max(h.hold_rank) + 1 from showx.booking h
                          where h.venue_id = b.venue_id and h.room = b.room and h.show_date = b.show_date and h.status = 'hold')
        where booking_id = b.booking_id;
      perform showx.booking_rerank(b.venue_id, b.room, b.show_date);
      changed := changed + 1;
    end if;
  end loop;
  return changed;
end $$;

grant execute on function showx.booking_hold(text, text, text, date, text, timestamptz, text), showx.booking_release(text, bigint),
  showx.booking_decline(text, bigint), showx.booking_cancel(text, bigint), showx.booking_advance(text, bigint), showx.booking_play(text, bigint),
  showx.booking_offer(text, bigint, bigint, integer, bigint, text), showx.booking_challenge(text, bigint), showx.booking_confirm(text, bigint)
  to showx_support, showx_manager;
grant execute on function showx.booking_expire() to showx_support;
grant execute on function showx.may_book(text), showx.booking_radius(text), showx.venue_miles(text, text)
  to showx_support, showx_manager, showx_engineer, showx_readonly;

reset role;
