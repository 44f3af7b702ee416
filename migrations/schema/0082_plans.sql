-- 0082 plans: tours as they are planned, every version kept, and the step from a plan to its holds.
--
-- A version is never changed: it carries who made it, when and why, hence the audit follows the plan (its newest version, its tour),
-- who it is shared with, and which booking a stop became, but not the documents themselves.
-- Whoever may book the artist writes; others read what was shared with their login. SX001, SX002, SX003 as in 0040.

grant showx_audit to current_user;
set local role showx_audit;
grant execute on function audit.row_change(), audit.refuse() to showx_owner;   -- to put the triggers on; taken back below
reset role;

set local role showx_owner;

create table showx.tour_plan (
  plan_id    text primary key default gen_random_uuid()::text,
  artist_id  text not null references showx.artist on delete cascade,
  name       text not null check (name <> ''),
  newest     bigint not null default 0,
  tour_id    text references showx.tour on delete set null,
  version    bigint not null default 1,
  updated_at timestamptz not null default now(),
  updated_by text not null default session_user
);
create index tour_plan_artist on showx.tour_plan (artist_id);

-- total: what the tour makes if every date comes about, in minor units of `currency`.
create table showx.tour_plan_version (
  plan_id      text not null references showx.tour_plan on delete cascade,
  plan_version bigint not null check (plan_version > 0),
  request      jsonb not null,
  doc          jsonb not null,
  total        bigint not null default 0,
  currency     text not null check (currency ~ '^[A-Z]{3}$'),
  shows        integer not null,
  from_date    date,
  until_date   date,
  made_at      timestamptz not null default now(),
  made_by      text not null default session_user,
  reason       text not null,
  primary key (plan_id, plan_version)
);

create table showx.tour_plan_stop (
  plan_id      text not null,
  plan_version bigint not null,
  position     integer not null,
  stop_date    date not null,
  city_id      text not null references showx.city,
  venue_id     text references showx.venue,
  appearance   boolean not null default false,   -- there without a ticketed show
  booking_id   text references showx.booking on delete set null,
  net          bigint not null default 0,
  primary key (plan_id, plan_version, position),
  foreign key (plan_id, plan_version) references showx.tour_plan_version on delete cascade
);
create index tour_plan_stop_booking on showx.tour_plan_stop (booking_id) where booking_id is not null;

create table showx.tour_plan_share (
  plan_id   text not null references showx.tour_plan on delete cascade,
  login     text not null,
  shared_at timestamptz not null default now(),
  shared_by text not null default session_user,
  primary key (plan_id, login)
);
create index tour_plan_share_login on showx.tour_plan_share (login);

-- A version stands as it was made; of a stop only the booking that it became is put down later.
create function showx.keep_plan_version() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'a version of a plan is not changed: save another' using errcode = 'SX002';
end $$;
create trigger kept before update on showx.tour_plan_version for each row execute function showx.keep_plan_version();
create trigger kept before update on showx.tour_plan_stop for each row
  when ((old.plan_id, old.plan_version, old.position, old.stop_date, old.city_id, old.venue_id, old.appearance, old.net)
        is distinct from (new.plan_id, new.plan_version, new.position, new.stop_date, new.city_id, new.venue_id, new.appearance, new.net))
  execute function showx.keep_plan_version();

-- ---- who sees, who may ----

-- Plans of the artists that the login manages, and those shared with it.
create function showx.my_plans() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select p.plan_id from showx.tour_plan p where p.artist_id = any (array(select showx.my_artists()))
  union
  select s.plan_id from showx.tour_plan_share s where s.login = session_user;
end;
grant execute on function showx.my_plans() to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;

grant select on showx.tour_plan, showx.tour_plan_version, showx.tour_plan_stop, showx.tour_plan_share to showx_manager;

do $$
declare
  line record;
begin
  for line in
    select * from (values ('tour_plan'), ('tour_plan_version'), ('tour_plan_stop'), ('tour_plan_share')) as t (relation)
  loop
    execute format('alter table showx.%I enable row level security', line.relation);
    execute format('create policy everyone on showx.%I to showx_support, showx_engineer, showx_readonly, showx_migration
                      using (true) with check (true)', line.relation);
    execute format('create policy managers on showx.%I for select to showx_manager
                      using (plan_id = any (array(select showx.my_plans())))', line.relation);
    execute format('create trigger audit_truncate before truncate on showx.%I for each statement
                      when (not showx.by_migration()) execute function audit.refuse(%L)', line.relation, 'showx.' || line.relation);
  end loop;
end $$;
create trigger audit_row after insert or update or delete on showx.tour_plan for each row
  when (not showx.by_migration()) execute function audit.row_change('tour_plan', 'plan_id');
create trigger audit_row after insert or update or delete on showx.tour_plan_share for each row
  when (not showx.by_migration()) execute function audit.row_change('tour_plan_share', 'plan_id', 'login');
create trigger audit_row after update on showx.tour_plan_stop for each row
  when (not showx.by_migration()) execute function audit.row_change('tour_plan_stop', 'plan_id', 'plan_version', 'position');
create trigger keep_version before update on showx.tour_plan for each row execute function showx.keep_version();

-- The plan, locked, for somebody who may write it.
create function showx.plan_take(id text) returns showx.tour_plan
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  p showx.tour_plan;
begin
  select * into p from showx.tour_plan where plan_id = id for update;
  if found and showx.may_book(p.artist_id) then
    return p;
  end if;
  raise exception 'there is no plan % that % may change', coalesce(id, 'without an id'), session_user using errcode = 'SX003';
end $$;

-- ---- saving ----

-- stops: [{"date", "city_id", "venue_id", "appearance", "net"}]. Dates in any order: a version's stops stand by date.
create function showx.plan_stops(id text, in_version bigint, artist text, stops jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  strange text;
begin
  if jsonb_typeof(stops) is distinct from 'array' then
    raise exception 'a plan needs its stops as a list' using errcode = 'SX002';
  end if;
  select e.n::text into strange from jsonb_array_elements(stops) with ordinality as e (stop, n)
    where coalesce(e.stop ->> 'date', '') !~ '^\d{4}-\d\d-\d\d$'
       or not exists (select from showx.city c where c.city_id = e.stop ->> 'city_id')
       or (coalesce(e.stop ->> 'venue_id', '') <> '' and not exists (select from showx.venue v where v.venue_id = e.stop ->> 'venue_id'))
    order by e.n limit 1;
  if found then
    raise exception 'stop % of the plan has no date, or a city or venue that is not there', strange using errcode = 'SX003';
  end if;
  insert into showx.tour_plan_stop (plan_id, plan_version, position, stop_date, city_id, venue_id, appearance, booking_id, net)
    select id, in_version, row_number() over (order by s.day, s.n), s.day, s.city, s.venue, s.appearance, b.booking_id, s.net
    from (select (e.stop ->> 'date')::date as day, e.n, e.stop ->> 'city_id' as city, nullif(e.stop ->> 'venue_id', '') as venue,
                 coalesce((e.stop ->> 'appearance')::boolean, false) as appearance, coalesce((e.stop ->> 'net')::bigint, 0) as net
          from jsonb_array_elements(stops) with ordinality as e (stop, n)) s
    left join lateral (select * from showx.plan_booking(artist, s.venue, s.day)) b on not s.appearance;
end $$;

-- The live booking of that artist at that venue and date; a confirmed one before a hold. No row when there is none.
create function showx.plan_booking(artist text, venue text, on_date date) returns setof showx.booking
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select b.* from showx.booking b
  where b.artist_id = artist and b.venue_id = venue and b.show_date = on_date
    and b.status in ('hold', 'offer', 'confirmed', 'advanced', 'played', 'settled')
  order by b.status = 'hold', b.status = 'offer', b.hold_rank, b.booking_id
  limit 1;
end;

-- id null makes a plan. expected: the newest version that the person saw, 0 or null for a new plan. Appends a version.
-- SX001 (DETAIL: json of version, updated_by, updated_at) when somebody saved meanwhile.
create function showx.plan_save(id text, artist text, name text, expected bigint, request jsonb, doc jsonb, stops jsonb)
returns table (plan_id text, plan_version bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  p      showx.tour_plan;
  v      showx.tour_plan_version;
  called text := nullif(btrim(plan_save.name), '');
begin
  if nullif(id, '') is null then
    if artist is null or not showx.may_book(artist) then
      raise exception 'there is no artist % that % may plan for', coalesce(artist, 'without an id'), session_user using errcode = 'SX003';
    end if;
    if called is null or coalesce(expected, 0) <> 0 then
      raise exception 'a new plan needs a name and has no version yet' using errcode = 'SX002';
    end if;
    insert into showx.tour_plan (artist_id, name) values (artist, called) returning * into p;
  else
    p := showx.plan_take(id);
    if p.artist_id <> coalesce(nullif(artist, ''), p.artist_id) then
      raise exception 'plan % is another artist''s: save it as a new one', p.plan_id using errcode = 'SX002';
    end if;
    if p.newest is distinct from expected then
      select * into v from showx.tour_plan_version o where o.plan_id = p.plan_id and o.plan_version = p.newest;
      raise exception 'plan % was saved by somebody else: it is at version %, not %', p.plan_id, p.newest, coalesce(expected::text, 'none')
        using errcode = 'SX001', detail = jsonb_build_object('version', p.newest, 'updated_by', v.made_by, 'updated_at', v.made_at);
    end if;
  end if;
  insert into showx.tour_plan_version (plan_id, plan_version, request, doc, currency, shows, total, from_date, until_date, reason)
    select p.plan_id, p.newest + 1, coalesce(plan_save.request, '{}'), coalesce(plan_save.doc, '{}'),
           coalesce(nullif(plan_save.doc ->> 'currency', ''), (select a.currency from showx.artist a where a.artist_id = p.artist_id)),
           count(*) filter (where not coalesce((e.stop ->> 'appearance')::boolean, false)),
           coalesce(case when jsonb_typeof(plan_save.doc -> 'mid') = 'number' then (plan_save.doc ->> 'mid')::bigint end,
                    sum((e.stop ->> 'net')::bigint)::bigint, 0),
           min((e.stop ->> 'date')::date), max((e.stop ->> 'date')::date), btrim(coalesce(current_setting('showx.reason', true), ''))
    from jsonb_array_elements(case when jsonb_typeof(stops) = 'array' then stops else '[]' end) as e (stop);
  perform showx.plan_stops(p.plan_id, p.newest + 1, p.artist_id, stops);
  update showx.tour_plan t set newest = p.newest + 1, name = coalesce(called, t.name) where t.plan_id = p.plan_id;
  return query select p.plan_id, p.newest + 1;
end $$;

create function showx.plan_rename(id text, name text, expected_version bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p showx.tour_plan := showx.plan_take(id);
begin
  perform showx.need_version('plan', id, p.version, expected_version, p.updated_by, p.updated_at);
  if coalesce(btrim(plan_rename.name), '') = '' then
    raise exception 'a plan needs a name' using errcode = 'SX002';
  end if;
  update showx.tour_plan t set name = btrim(plan_rename.name) where t.plan_id = id returning t.version into p.version;
  return p.version;
end $$;

-- ---- sharing ----

create function showx.plan_share(id text, login text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform showx.plan_take(id);
  if not exists (select from pg_roles r
                 where r.rolname = plan_share.login and r.rolcanlogin
                   and exists (select from unnest('{showx_owner,showx_support,showx_manager,showx_engineer,showx_readonly}'::name[]) g (name)
                               where pg_has_role(r.rolname, g.name, 'member'))) then
    raise exception 'there is no login % that may use showx', coalesce(quote_literal(left(plan_share.login, 63)), 'without a name')
      using errcode = 'SX003';
  end if;
  insert into showx.tour_plan_share (plan_id, login) values (id, plan_share.login) on conflict do nothing;
end $$;

create function showx.plan_unshare(id text, login text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform showx.plan_take(id);
  delete from showx.tour_plan_share s where s.plan_id = id and s.login = plan_unshare.login;
  if not found then
    raise exception 'plan % is not shared with %', id, coalesce(quote_literal(left(plan_unshare.login, 63)), 'nobody') using errcode = 'SX003';
  end if;
end $$;

-- ---- from a plan to holds ----

-- The first forbidding radius clause between a show there that day and the artist's confirmed ones: theirs over it, the venue's usual one over them.
create function showx.plan_radius(artist text, venue text, on_date date)
returns table (other_date date, miles double precision, within integer)
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select near.show_date, near.miles, near.within
  from (select o.show_date, r.miles as within, showx.venue_miles(venue, o.venue_id) as miles
        from showx.booking o
        join (select c.booking_id, null as venue_id, c.miles, c.days_before, c.days_after from showx.radius_clause c where c.effect = 'forbid'
              union all
              select null, u.venue_id, u.miles, u.days_before, u.days_after from showx.venue_clause u
              where u.venue_id = venue and u.effect = 'forbid') r
          on (r.booking_id = o.booking_id and on_date between o.show_date - r.days_before and o.show_date + r.days_after)
          or (r.venue_id = venue and o.show_date between on_date - r.days_before and on_date + r.days_after)
        where o.artist_id = artist and o.status in ('confirmed', 'advanced', 'played', 'settled')) near
  where near.miles <= near.within
  order by abs(near.show_date - on_date), near.show_date
  limit 1;
end;

-- The first rule that keeps a hold from being placed there; no row when none does.
create function showx.plan_obstacle(artist text, venue text, on_date date) returns table (rule text, sentence text)
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select o.rule, o.sentence
  from (select 1 as n, 'venue' as rule, 'no venue is chosen yet' as sentence where venue is null
        union all
        select 2, 'date', 'the day is over' where on_date < current_date - 1   -- the same day of grace as booking_hold
        union all
        select 3, 'artist', 'the artist has a confirmed show elsewhere that day'
        where exists (select from showx.booking b where b.artist_id = artist and b.show_date = on_date and b.venue_id is distinct from venue
                        and b.status in ('confirmed', 'advanced', 'played', 'settled'))
        union all
        select 4, 'room', 'the room has a confirmed show that day'
        where exists (select from showx.booking b where b.venue_id = venue and b.room = '' and b.show_date = on_date
                        and b.status in ('confirmed', 'advanced', 'played', 'settled'))
        union all
        (select 5, 'artist_blackout', format('the artist is away from %s to %s', x.from_date, x.until_date)
         from showx.blackout x where x.artist_id = artist and on_date between x.from_date and x.until_date order by x.from_date limit 1)
        union all
        (select 6, 'venue_blackout', format('the venue is closed from %s to %s', x.from_date, x.until_date)
         from showx.blackout x where x.venue_id = venue and on_date between x.from_date and x.until_date order by x.from_date limit 1)
        union all
        select 7, 'radius', format('%s miles from the confirmed show on %s, whose radius is %s miles', round(r.miles::numeric), r.other_date, r.within)
        from showx.plan_radius(artist, venue, on_date) r) o
  order by o.n
  limit 1;
end;

-- ONE refusal for all stops that cannot be held. DETAIL: a json array of {date, city, venue, rule, sentence}, as many as fit (the console
-- keeps 1023 bytes of it), at most 8.
create function showx.plan_need_free(p showx.tour_plan, in_version bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  bad   integer;
  first text;
  told  jsonb;
begin
  with stop as (
    select s.position, left(coalesce(c.name, s.city_id), 40) as city, left(coalesce(v.name, ''), 40) as venue, s.stop_date, o.rule, o.sentence
    from showx.tour_plan_stop s
    join showx.city c on c.city_id = s.city_id
    left join showx.venue v on v.venue_id = s.venue_id
    cross join lateral showx.plan_obstacle(p.artist_id, s.venue_id, s.stop_date) o
    where s.plan_id = p.plan_id and s.plan_version = in_version and not s.appearance
      and not exists (select from showx.plan_booking(p.artist_id, s.venue_id, s.stop_date))
  ), said as (
    select t.*, row_number() over w as n, j.item, sum(octet_length(j.item::text) + 2) over w as size
    from stop t
    cross join lateral (select jsonb_build_object('date', t.stop_date, 'city', t.city, 'venue', t.venue, 'rule', t.rule,
                                                  'sentence', t.sentence) as item) j
    window w as (order by t.position)
  )
  select count(*), max(format('%s, %s: %s', stop_date, city, sentence)) filter (where n = 1),
         jsonb_agg(item order by n) filter (where n <= 8 and size < 990)
    into bad, first, told from said;
  if bad > 0 then
    raise exception '% cannot be held, so none is; the first is %', case bad when 1 then '1 stop' else bad || ' stops' end, first
      using errcode = 'SX002', detail = told;
  end if;
end $$;

-- The plan's tour: made once, then kept as the version's stops are.
create function showx.plan_tour(p showx.tour_plan, in_version bigint) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  tour text := p.tour_id;
  v    showx.tour_plan_version;
begin
  select * into v from showx.tour_plan_version o where o.plan_id = p.plan_id and o.plan_version = in_version;
  if tour is null then
    insert into showx.tour (tour_id, artist_id, name, starts_on, ends_on, status)
      values (gen_random_uuid()::text, p.artist_id, p.name, v.from_date, v.until_date, 'planned') returning tour_id into tour;
    update showx.tour_plan t set tour_id = tour where t.plan_id = p.plan_id;
  else
    update showx.tour t set name = p.name, starts_on = v.from_date, ends_on = v.until_date
      where t.tour_id = tour and (t.name, t.starts_on, t.ends_on) is distinct from (p.name, v.from_date, v.until_date);
  end if;
  delete from showx.tour_stop t where t.tour_id = tour
    and not exists (select from showx.tour_plan_stop s where s.plan_id = p.plan_id and s.plan_version = in_version and s.position = t.position);
  insert into showx.tour_stop as t (tour_id, position, city_id, venue_id, stop_date)
    select tour, s.position, s.city_id, s.venue_id, s.stop_date from showx.tour_plan_stop s
    where s.plan_id = p.plan_id and s.plan_version = in_version order by s.position
    on conflict (tour_id, position) do update
      set city_id = excluded.city_id, venue_id = excluded.venue_id, stop_date = excluded.stop_date, concert_id = null   -- it was another stop's
      where (t.city_id, t.venue_id, t.stop_date) is distinct from (excluded.city_id, excluded.venue_id, excluded.stop_date);
  return tour;
end $$;

-- A hold for each show of the version that has no live booking, all or nothing; those that have one say so and stay as they are.
create function showx.plan_hold(id text, plan_version bigint, expires timestamptz default null)
returns table (stop_position integer, stop_date date, city text, venue text, booking_id text, hold_rank integer, done text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  p      showx.tour_plan := showx.plan_take(id);
  wanted bigint := coalesce(plan_hold.plan_version, p.newest);
  tour   text;
  s      record;
  b      showx.booking;
begin
  if not exists (select from showx.tour_plan_version v where v.plan_id = p.plan_id and v.plan_version = wanted) then
    raise exception 'plan % has no version %', p.plan_id, wanted using errcode = 'SX003';
  end if;
  for s in   -- slots in one order, as all who take more than one do (0040)
    select distinct t.venue_id, t.stop_date as day from showx.tour_plan_stop t
    where t.plan_id = p.plan_id and t.plan_version = wanted and not t.appearance and t.venue_id is not null order by t.venue_id, t.stop_date
  loop
    perform showx.booking_slot_lock(s.venue_id, '', s.day);
  end loop;
  perform showx.plan_need_free(p, wanted);
  tour := showx.plan_tour(p, wanted);
  for s in
    select t.position, t.stop_date as day, t.city_id, t.venue_id, t.appearance, t.booking_id as booked, c.name as city_name, v.name as venue_name
    from showx.tour_plan_stop t join showx.city c on c.city_id = t.city_id left join showx.venue v on v.venue_id = t.venue_id
    where t.plan_id = p.plan_id and t.plan_version = wanted order by t.position
  loop
    stop_position := s.position;
    stop_date := s.day;
    city := s.city_name;
    venue := s.venue_name;
    b := null;
    done := 'appearance';
    if not s.appearance then
      select * into b from showx.plan_booking(p.artist_id, s.venue_id, s.day);
      if found then
        done := case b.status when 'hold' then 'held' else b.status end || ' already';
        update showx.booking k set tour_id = tour where k.booking_id = b.booking_id and k.tour_id is null;
      else
        b := showx.booking_hold(null, p.artist_id, s.venue_id, s.day, '', expires, tour);
        done := 'held';
      end if;
      update showx.tour_plan_stop t set booking_id = b.booking_id
        where t.plan_id = p.plan_id and t.plan_version = wanted and t.position = s.position and s.booked is distinct from b.booking_id;
    end if;
    booking_id := b.booking_id;
    hold_rank := b.hold_rank;
    return next;
  end loop;
end $$;

grant execute on function showx.plan_save(text, text, text, bigint, jsonb, jsonb, jsonb), showx.plan_rename(text, text, bigint),
  showx.plan_share(text, text), showx.plan_unshare(text, text), showx.plan_hold(text, bigint, timestamptz)
  to showx_support, showx_manager;

reset role;

set local role showx_audit;
revoke execute on function audit.row_change(), audit.refuse() from showx_owner;
reset role;
do $$
begin
  execute format('revoke showx_audit from %I', current_user);
end $$;
