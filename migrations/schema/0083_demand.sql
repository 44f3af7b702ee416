-- 0083 demand: showx.city_demand kept fresh (who wants an artist where), and what is foreseen of it.
--
--   demand_dirty    what changed and is not counted yet: (artist, city), or the whole artist where city is null. Only ever added to by triggers, without
--                   a unique key, so that two sessions that mark the same artist never wait for each other.
--   demand_refresh  takes marks away, counts anew what they say, and notes the artists in demand_stale
--   demand_stale    artists whose estimates are older than their counts
--   demand_model    fitted parameters (src/demand), newest = largest version
--   city_estimate   the posterior for each artist and city with somebody there, for a Friday twelve weeks after it was made
--
-- A mark is written in the transaction of the change itself. demand_refresh deletes marks first and reads in a later statement, whose snapshot is newer
-- (read committed): whatever the deleted marks stood for is then committed and seen; what commits in between keeps its own mark and
-- is counted once more. Refreshers go one after the other (an advisory lock until commit), or an older count could overwrite a newer.
--
-- A person is a fan whom nobody erased; a fan merged into another is that other.

set local role showx_owner;

create table showx.demand_dirty (
  mark_id   bigint generated always as identity primary key,
  artist_id text not null,   -- no foreign keys: a mark must never wait
  city_id   text
);
create index demand_dirty_artist on showx.demand_dirty (artist_id);

create table showx.demand_stale (
  artist_id text primary key,
  since     timestamptz not null default now()
);

create table showx.demand_model (
  version    integer primary key,
  parameters text not null,              -- demand_model_save() in src/demand/demand.h
  shows      bigint not null,
  artists    bigint not null,
  fitted_at  timestamptz not null default now()
);

create table showx.city_estimate (
  artist_id      text not null,
  city_id        text not null,
  mean           integer not null,       -- tickets, whole
  low            integer not null,       -- p10
  mid            integer not null,       -- p50
  high           integer not null,       -- p90
  raw            integer,                -- sold here on average; null: never played within 60 miles
  prior          integer not null,       -- what the fit alone says
  weight         integer not null check (weight between 0 and 10000),   -- of the own history, 1/10000
  shows_near     integer not null,       -- within 60 miles, as the next two
  followers_near integer not null,
  buyers_near    integer not null,
  room           integer not null,       -- a capacity that fits
  model_version  integer not null,
  made_at        timestamptz not null default now(),
  primary key (artist_id, city_id),
  foreign key (artist_id, city_id) references showx.city_demand on delete cascade
);

create index fan_merged on showx.fan (merged_into) where merged_into is not null;

-- ---- marks ----
-- A statement that changes many rows (a bulk load) marks whole artists, without looking up whose home is where.

create function showx.demand_mark_follow() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if (select count(*) > 100 from (select from came limit 101) x) then
      insert into showx.demand_dirty (artist_id) select distinct artist_id from came;
    else
      insert into showx.demand_dirty (artist_id, city_id)
      select distinct w.artist_id, coalesce(m.city_id, f.city_id)
      from came w left join showx.fan f on f.fan_id = w.fan_id left join showx.fan m on m.fan_id = f.merged_into;
    end if;
  elsif tg_op = 'DELETE' then
    if (select count(*) > 100 from (select from went limit 101) x) then
      insert into showx.demand_dirty (artist_id) select distinct artist_id from went;
    else   -- the fan may be gone too: then the whole artist
      insert into showx.demand_dirty (artist_id, city_id)
      select distinct w.artist_id, coalesce(m.city_id, f.city_id)
      from went w left join showx.fan f on f.fan_id = w.fan_id left join showx.fan m on m.fan_id = f.merged_into;
    end if;
  else                          -- consent and source do not count
    insert into showx.demand_dirty (artist_id)
    select artist_id from (select fan_id, artist_id from came except select fan_id, artist_id from went) c
    union
    select artist_id from (select fan_id, artist_id from went except select fan_id, artist_id from came) w;
  end if;
  return null;
end $$;

-- A new fan follows nobody yet and has bought nothing; a deleted one's follows and orders mark for themselves.
create function showx.demand_mark_fan() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into showx.demand_dirty (artist_id, city_id)
  with moved as materialized (
    select n.fan_id, o.city_id as old_city, n.city_id as new_city, (o.merged_into, o.erased_at) is distinct from (n.merged_into, n.erased_at) as person
    from came n join went o using (fan_id)
    where (n.city_id, n.erased_at, n.merged_into) is distinct from (o.city_id, o.erased_at, o.merged_into)),
  theirs as (   -- theirs, and those of who was merged into them
    select fan_id, old_city, new_city, person from moved
    union all
    select f.fan_id, m.old_city, m.new_city, m.person from moved m join showx.fan f on f.merged_into = m.fan_id),
  wanted as (
    select w.artist_id, t.old_city, t.new_city, t.person from theirs t join showx.follow w using (fan_id)
    union all
    select s.artist_id, t.old_city, t.new_city, t.person
    from theirs t join showx.ticket_order o using (fan_id) join showx.concert s using (concert_id))
  select distinct artist_id, null::text from wanted where person
  union
  select artist_id, old_city from wanted where not person and old_city is not null
  union
  select artist_id, new_city from wanted where not person and new_city is not null;
  return null;
end $$;

create function showx.demand_mark_order() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if (select count(*) > 100 from (select from came limit 101) x) then
      insert into showx.demand_dirty (artist_id)
      select distinct s.artist_id from (select distinct concert_id from came) o join showx.concert s using (concert_id);
    else
      insert into showx.demand_dirty (artist_id, city_id)
      select distinct s.artist_id, coalesce(m.city_id, f.city_id)
      from came o join showx.concert s on s.concert_id = o.concert_id
      left join showx.fan f on f.fan_id = o.fan_id left join showx.fan m on m.fan_id = f.merged_into
      where o.status in ('paid', 'partly_refunded');
    end if;
  elsif tg_op = 'DELETE' then
    insert into showx.demand_dirty (artist_id)
    select distinct s.artist_id from (select distinct concert_id from went) o join showx.concert s using (concert_id);
  else
    insert into showx.demand_dirty (artist_id)
    select distinct s.artist_id
    from (select n.concert_id as now_of, o.concert_id as was_of
          from came n full join went o using (order_id, ordered_at)
          where (n.fan_id, n.concert_id, n.status in ('paid', 'partly_refunded'))
                is distinct from (o.fan_id, o.concert_id, o.status in ('paid', 'partly_refunded'))) c
    join showx.concert s on s.concert_id in (c.now_of, c.was_of);
  end if;
  return null;
end $$;

create function showx.demand_mark_ticket() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if (select count(*) > 100 from (select from came limit 101) x) then
      insert into showx.demand_dirty (artist_id)
      select distinct s.artist_id from (select distinct concert_id from came) t join showx.concert s using (concert_id);
    else
      insert into showx.demand_dirty (artist_id, city_id)
      select distinct s.artist_id, coalesce(m.city_id, f.city_id)
      from (select distinct order_id, ordered_at, concert_id from came) t join showx.concert s using (concert_id)
      left join showx.ticket_order o on o.order_id = t.order_id and o.ordered_at = t.ordered_at
      left join showx.fan f on f.fan_id = o.fan_id left join showx.fan m on m.fan_id = f.merged_into;
    end if;
  elsif tg_op = 'DELETE' then
    insert into showx.demand_dirty (artist_id)
    select distinct s.artist_id from (select distinct concert_id from went) t join showx.concert s using (concert_id);
  else   -- a scan at the door changes nothing
    insert into showx.demand_dirty (artist_id)
    select distinct s.artist_id
    from (select distinct n.concert_id
          from came n full join went o using (order_id, ordered_at, position)
          where (n.status in ('valid', 'scanned', 'transferred')) is distinct from (o.status in ('valid', 'scanned', 'transferred'))
             or n.price is distinct from o.price) t
    join showx.concert s using (concert_id);
  end if;
  return null;
end $$;

create function showx.demand_mark_concert() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into showx.demand_dirty (artist_id) select distinct artist_id from came where status in ('played', 'sold_out', 'on_sale');
  elsif tg_op = 'DELETE' then
    insert into showx.demand_dirty (artist_id) select distinct artist_id from went;
  else
    insert into showx.demand_dirty (artist_id)
    select distinct a.artist_id
    from came n full join went o using (concert_id) cross join lateral (values (n.artist_id), (o.artist_id)) a (artist_id)
    where (n.artist_id, n.venue_id, n.status, n.local_date, n.capacity)
          is distinct from (o.artist_id, o.venue_id, o.status, o.local_date, o.capacity) and a.artist_id is not null;
  end if;
  return null;
end $$;

create function showx.demand_mark_venue() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into showx.demand_dirty (artist_id)
  select distinct s.artist_id
  from came n join went o using (venue_id) join showx.concert s using (venue_id)
  where n.city_id <> o.city_id or n.capacity is distinct from o.capacity;
  return null;
end $$;

create function showx.demand_mark_all() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into showx.demand_dirty (artist_id) select artist_id from showx.artist;
  return null;
end $$;

-- Always: also while a bulk load lets triggers rest (migration.rest_triggers).
do $$
declare
  t record;
begin
  for t in
    select * from (values ('follow', 'demand_mark_follow', 'insert'), ('follow', 'demand_mark_follow', 'update'), ('follow', 'demand_mark_follow', 'delete'),
                          ('fan', 'demand_mark_fan', 'update'),
                          ('ticket_order', 'demand_mark_order', 'insert'), ('ticket_order', 'demand_mark_order', 'update'),
                          ('ticket_order', 'demand_mark_order', 'delete'),
                          ('ticket', 'demand_mark_ticket', 'insert'), ('ticket', 'demand_mark_ticket', 'update'), ('ticket', 'demand_mark_ticket', 'delete'),
                          ('concert', 'demand_mark_concert', 'insert'), ('concert', 'demand_mark_concert', 'update'),
                          ('concert', 'demand_mark_concert', 'delete'),
                          ('venue', 'demand_mark_venue', 'update')) v (relation, marks, verb)
  loop
    execute format('create trigger %I after %s on showx.%I referencing %s for each statement execute function showx.%I()',
                   'demand_' || t.verb, t.verb, t.relation,
                   case t.verb when 'insert' then 'new table as came' when 'delete' then 'old table as went'
                               else 'old table as went new table as came' end, t.marks);
    execute format('alter table showx.%I enable always trigger %I', t.relation, 'demand_' || t.verb);
  end loop;
  for t in select unnest(array['follow', 'ticket_order', 'ticket']) as relation loop
    execute format('create trigger demand_truncate after truncate on showx.%I for each statement execute function showx.demand_mark_all()', t.relation);
    execute format('alter table showx.%I enable always trigger demand_truncate', t.relation);
  end loop;
end $$;

-- ---- counting ----

-- The counts of whole artists, and of single places of others. merged: a person's home and erasure are those of whom they were merged into.
create function showx.demand_count(whole text[], part_artists text[], part_cities text[])
returns table (artist_id text, city_id text, followers integer, buyers integer, tickets integer, shows integer, last_show date)
language sql stable security definer set search_path = pg_catalog, pg_temp set jit = off set work_mem = '64MB'
begin atomic
  with part as materialized (select * from unnest(part_artists, part_cities) as p (artist_id, city_id)),
  fans as (   -- of the places of `part`
    select p.artist_id, f.fan_id, f.fan_id as person, f.city_id
    from part p join showx.fan f on f.city_id = p.city_id where f.erased_at is null and f.merged_into is null
    union all
    select p.artist_id, f.fan_id, m.fan_id, m.city_id
    from part p join showx.fan m on m.city_id = p.city_id join showx.fan f on f.merged_into = m.fan_id where m.erased_at is null),
  following as (
    select w.artist_id, coalesce(f.merged_into, f.fan_id) as person,
           case when f.merged_into is not null then (select m.city_id from showx.fan m where m.fan_id = f.merged_into and m.erased_at is null)
                when f.erased_at is null then f.city_id end as city_id
    from showx.follow w join showx.fan f on f.fan_id = w.fan_id where w.artist_id = any (whole)
    union all
    select w.artist_id, f.person, f.city_id from fans f join showx.follow w on w.fan_id = f.fan_id and w.artist_id = f.artist_id),
  sales as materialized (
    select s.artist_id, o.order_id, o.ordered_at, coalesce(f.merged_into, f.fan_id) as person,
           case when f.merged_into is not null then (select m.city_id from showx.fan m where m.fan_id = f.merged_into and m.erased_at is null)
                when f.erased_at is null then f.city_id end as city_id
    from showx.concert s join showx.ticket_order o on o.concert_id = s.concert_id join showx.fan f on f.fan_id = o.fan_id
    where s.artist_id = any (whole) and o.status in ('paid', 'partly_refunded')
    union all
    select s.artist_id, o.order_id, o.ordered_at, f.person, f.city_id
    from fans f join showx.ticket_order o on o.fan_id = f.fan_id join showx.concert s on s.concert_id = o.concert_id and s.artist_id = f.artist_id
    where o.status in ('paid', 'partly_refunded')),
  figures as (
    select x.artist_id, x.city_id, count(distinct x.person)::integer as followers, 0 as buyers, 0 as tickets, 0 as shows, null::date as last_show
    from following x where x.city_id is not null group by x.artist_id, x.city_id
    union all
    select x.artist_id, x.city_id, 0, count(distinct x.person)::integer, 0, 0, null from sales x where x.city_id is not null group by x.artist_id, x.city_id
    union all
    select x.artist_id, x.city_id, 0, 0, count(*)::integer, 0, null
    from sales x join showx.ticket t on t.order_id = x.order_id and t.ordered_at = x.ordered_at
    where x.city_id is not null and t.status in ('valid', 'scanned', 'transferred') group by x.artist_id, x.city_id
    union all
    select s.artist_id, v.city_id, 0, 0, 0, count(*)::integer, max(s.local_date)
    from showx.concert s join showx.venue v on v.venue_id = s.venue_id
    where s.status = 'played' and (s.artist_id = any (whole) or (s.artist_id, v.city_id) in (select p.artist_id, p.city_id from part p))
    group by s.artist_id, v.city_id)
  select g.artist_id, g.city_id, sum(g.followers)::integer, sum(g.buyers)::integer, sum(g.tickets)::integer, sum(g.shows)::integer, max(g.last_show)
  from figures g group by g.artist_id, g.city_id;
end;

create function showx.demand_lock() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'demand is refreshed in read committed transactions only' using errcode = 'SX002';
  end if;
  perform pg_advisory_xact_lock(7397301, 83);
end $$;

-- Counts anew what was marked, of up to `most` artists. waiting: artists that are still marked.
create function showx.demand_refresh(most integer default 200) returns table (artists integer, cells integer, waiting integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp set jit = off as $$
declare
  picked text[];
  whole text[];
  part_artists text[];
  part_cities text[];
begin
  perform showx.demand_lock();
  picked := array(select distinct d.artist_id from showx.demand_dirty d order by 1 limit greatest(most, 1));
  artists := cardinality(picked);
  with gone as (delete from showx.demand_dirty d where d.artist_id = any (picked) returning d.artist_id, d.city_id),
  all_of as (select distinct g.artist_id from gone g where g.city_id is null),
  parts as (select distinct g.artist_id, g.city_id from gone g where g.city_id is not null and g.artist_id not in (select a.artist_id from all_of a))
  select array(select a.artist_id from all_of a), coalesce(array_agg(p.artist_id), '{}'), coalesce(array_agg(p.city_id), '{}')
    into whole, part_artists, part_cities from parts p;
  -- From here on: a newer snapshot than that of the delete.
  with fresh as materialized (
    select c.* from showx.demand_count(whole, part_artists, part_cities) c where c.artist_id in (select a.artist_id from showx.artist a)),
  written as (
    insert into showx.city_demand as d (artist_id, city_id, followers, buyers, tickets, shows, last_show)
    select f.artist_id, f.city_id, f.followers, f.buyers, f.tickets, f.shows, f.last_show from fresh f
    on conflict (artist_id, city_id) do update
      set followers = excluded.followers, buyers = excluded.buyers, tickets = excluded.tickets, shows = excluded.shows,
          last_show = excluded.last_show, updated_at = now()
      where (d.followers, d.buyers, d.tickets, d.shows, d.last_show)
            is distinct from (excluded.followers, excluded.buyers, excluded.tickets, excluded.shows, excluded.last_show)
    returning 1),
  emptied as (
    delete from showx.city_demand d
    where (d.artist_id = any (whole) or (d.artist_id, d.city_id) in (select * from unnest(part_artists, part_cities)))
      and not exists (select from fresh f where f.artist_id = d.artist_id and f.city_id = d.city_id)
    returning 1)
  select (select count(*) from written) + (select count(*) from emptied) into cells;
  insert into showx.demand_stale as s (artist_id) select unnest(picked) on conflict (artist_id) do nothing;
  select count(distinct d.artist_id) into waiting from showx.demand_dirty d;
  return next;
end $$;

-- ---- what is foreseen ----

-- For the transaction that writes estimates: the artists to write (and no longer stale). everybody: all that have a place.
create function showx.demand_take(everybody boolean) returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform showx.demand_lock();
  if everybody then
    delete from showx.demand_stale;
    return query select distinct d.artist_id from showx.city_demand d;
  else
    return query delete from showx.demand_stale s returning s.artist_id;
  end if;
  if to_regclass('pg_temp.demand_incoming') is null then
    create temp table demand_incoming (
      artist_id text, city_id text, mean integer, low integer, mid integer, high integer, raw integer, prior integer, weight integer,
      shows_near integer, followers_near integer, buyers_near integer, room integer) on commit delete rows;
    grant select, insert on pg_temp.demand_incoming to public;
  end if;
end $$;

create function showx.demand_model_keep(new_parameters text, of_shows bigint, of_artists bigint) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  made integer;
begin
  perform showx.demand_lock();
  insert into showx.demand_model (version, parameters, shows, artists)
  select coalesce(max(version), 0) + 1, new_parameters, of_shows, of_artists from showx.demand_model returning version into made;
  delete from showx.demand_model where version <= made - 20;
  return made;
end $$;

-- The staged estimates into their table; what an artist of theirs no longer has a row for goes with its place (on delete cascade).
create function showx.demand_keep() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  n bigint;
begin
  insert into showx.city_estimate as e (artist_id, city_id, mean, low, mid, high, raw, prior, weight, shows_near, followers_near, buyers_near, room, model_version)
  select i.artist_id, i.city_id, i.mean, i.low, i.mid, i.high, i.raw, i.prior, i.weight, i.shows_near, i.followers_near, i.buyers_near, i.room,
         coalesce((select max(version) from showx.demand_model), 0)
  from pg_temp.demand_incoming i join showx.city_demand d on d.artist_id = i.artist_id and d.city_id = i.city_id
  on conflict (artist_id, city_id) do update
    set mean = excluded.mean, low = excluded.low, mid = excluded.mid, high = excluded.high, raw = excluded.raw, prior = excluded.prior,
        weight = excluded.weight, shows_near = excluded.shows_near, followers_near = excluded.followers_near, buyers_near = excluded.buyers_near,
        room = excluded.room, model_version = excluded.model_version, made_at = now();
  get diagnostics n = row_count;
  return n;
end $$;

-- What is there already is counted by the first refresh.
insert into showx.demand_dirty (artist_id) select artist_id from showx.artist order by artist_id;

-- ---- rights ----

grant select on showx.demand_dirty, showx.demand_model, showx.city_estimate to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;
revoke execute on function showx.demand_count(text[], text[], text[]), showx.demand_lock() from public;
revoke execute on function showx.demand_refresh(integer), showx.demand_take(boolean), showx.demand_model_keep(text, bigint, bigint), showx.demand_keep() from public;
grant execute on function showx.demand_refresh(integer), showx.demand_take(boolean), showx.demand_model_keep(text, bigint, bigint), showx.demand_keep()
  to showx_support, showx_engineer, showx_migration;

do $$
declare
  secured text;
begin
  foreach secured in array array['city_estimate', 'demand_dirty'] loop
    execute format('alter table showx.%I enable row level security', secured);
    execute format('create policy everyone on showx.%I to showx_support, showx_engineer, showx_readonly, showx_migration using (true) with check (true)', secured);
    execute format('create policy managers on showx.%I to showx_manager using (artist_id = any (array(select showx.my_artists())))', secured);
  end loop;
end $$;

reset role;
