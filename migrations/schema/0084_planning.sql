-- 0084 planning: the figures that a tour is planned with, as people can change them: what a kilometre and a day off cost, how likely a
-- hold becomes a show, how far one drives in a day, what a currency is worth. A row without an artist is the company's own; a row with one
-- takes its place for that artist. Money is in US cents in the company's rows and in the artist's own minor units in an artist's row.
--
-- Rates are millionths of a US dollar for one unit of the currency, with the day they are of; the first ones are yearly means of 2024 as
-- central banks published them, there to be replaced.

grant showx_audit to current_user;
set local role showx_audit;
grant execute on function audit.row_change(), audit.refuse() to showx_owner;   -- to put the triggers on; taken back below
reset role;

set local role showx_owner;

create table showx.planning (
  planning_id text primary key generated always as (case when artist_id is null then setting else setting || '@' || artist_id end) stored,
  setting     text not null check (setting ~ '^[a-z_0-9]+(\.[A-Za-z]+)?$'),
  artist_id   text references showx.artist on delete cascade,
  value       bigint not null check (value between -1000000000000 and 1000000000000),
  unit        text not null check (unit in ('money', 'minutes', 'share', 'days', 'shows', 'km', 'miles', 'metres a minute', 'rate')),
  what        text not null,
  as_of       date,
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user
);
create index planning_artist on showx.planning (artist_id) where artist_id is not null;

create trigger keep_version before update on showx.planning for each row execute function showx.keep_version();
create trigger keep_version_new before insert on showx.planning for each row
  when (new.version <> 1 or new.updated_by <> session_user or new.updated_at <> now()) execute function showx.keep_version();

insert into showx.planning (setting, value, unit, what) values
  ('per_km',              70, 'money',   'What a kilometre on the road costs'),
  ('per_hour',          2500, 'money',   'What an hour of driving costs'),
  ('per_night',        40000, 'money',   'What a night costs: rooms for everybody'),
  ('per_idle',         30000, 'money',   'What a day without a show costs beside its night: wages, per diems'),
  ('late_per_hour',    10000, 'money',   'What each hour counts that is driven beyond late_after on the day after a show'),
  ('rest_bonus',           0, 'money',   'What a leg with days off is worth where one of its ends is a good place for them'),
  ('warn_cost',       100000, 'money',   'What a radius clause that only warns counts when a plan touches it'),
  ('change',           50000, 'money',   'What it counts to move a show that the plan before had'),
  ('late_after',         360, 'minutes', 'Driving after a show that is not yet late'),
  ('aversion',          1000, 'share',   'How much of the distance from the expected money down to a bad night counts against a show'),
  ('merch_per_head',     500, 'money',   'What is earned by merchandise for each ticket'),
  ('show_cost',        60000, 'money',   'What a show costs the artist: crew, backline, production'),
  ('ticket_price',      3500, 'money',   'A ticket, where the artist has sold none yet'),
  ('percentage',        8500, 'share',   'The artist''s share of the net after expenses, where no past deal says it'),
  ('expense_share',     2000, 'share',   'A show''s expenses as a share of its gross, where no past deal says it'),
  ('chance_first',      8000, 'share',   'That a first hold becomes a show'),
  ('chance_second',     4500, 'share',   'That a second hold becomes a show'),
  ('chance_later',      3000, 'share',   'That a later hold becomes a show'),
  ('chance_open',       6000, 'share',   'That an open date becomes a show'),
  ('chance_open_one',   4500, 'share',   'That a date with another''s hold on it becomes a show'),
  ('chance_open_more',  3000, 'share',   'That a date with several holds on it becomes a show'),
  ('chance_offer',      2000, 'share',   'That a date for which another''s offer is out becomes a show'),
  ('weekday_sun',          0, 'money',   'What a show on a Sunday counts less, beyond its demand'),
  ('weekday_mon',          0, 'money',   'What a show on a Monday counts less, beyond its demand'),
  ('weekday_tue',          0, 'money',   'What a show on a Tuesday counts less, beyond its demand'),
  ('weekday_wed',          0, 'money',   'What a show on a Wednesday counts less, beyond its demand'),
  ('weekday_thu',          0, 'money',   'What a show on a Thursday counts less, beyond its demand'),
  ('weekday_fri',          0, 'money',   'What a show on a Friday counts less, beyond its demand'),
  ('weekday_sat',          0, 'money',   'What a show on a Saturday counts less, beyond its demand'),
  ('hold_expiring',    20000, 'money',   'What a hold counts less that ends within a week or is challenged'),
  ('fade_days',          120, 'days',    'After how many days two shows no longer take from each other'),
  ('follow_miles',       100, 'miles',   'Up to how far two shows take from each other'),
  ('market_km',           30, 'km',      'How far apart venues are one place to drive to'),
  ('drive_show_day',     420, 'minutes', 'The longest drive on the day of a show'),
  ('drive_free_day',     480, 'minutes', 'The longest drive on a day without a show'),
  ('run_days',             5, 'days',    'Show days on end'),
  ('shows_7',              6, 'shows',   'Shows in any seven days'),
  ('drive_7',           2400, 'minutes', 'Driving in any seven days'),
  ('free_7',               1, 'days',    'Free days in any seven'),
  ('free_drive',         240, 'minutes', 'Driving that a free day may have'),
  ('market_times',         1, 'shows',   'Shows in one place'),
  ('market_cooldown',      0, 'days',    'Days between two shows in one place'),
  ('road_factor',      12500, 'share',   'A road''s length, of the straight line'),
  ('speed',             1400, 'metres a minute', 'How fast one drives');
insert into showx.planning (setting, value, unit, what, as_of)
  select 'rate.' || code, millionths, 'rate', 'What one ' || code || ' is worth, in millionths of a US dollar', '2024-12-31'
  from (values ('USD', 1000000), ('EUR', 1082000), ('GBP', 1278000), ('CAD', 730000), ('MXN', 54700), ('JPY', 6610), ('AUD', 660000),
               ('NZD', 605000), ('CHF', 1136000), ('SEK', 94700), ('NOK', 93000), ('DKK', 145100), ('PLN', 251300), ('CZK', 43100),
               ('BRL', 185700)) as r (code, millionths);

create trigger audit_row after insert or update or delete on showx.planning for each row
  when (not showx.by_migration()) execute function audit.row_change('planning', 'planning_id');
create trigger audit_truncate before truncate on showx.planning for each statement
  when (not showx.by_migration()) execute function audit.refuse('showx.planning');

alter table showx.planning enable row level security;
create policy everyone on showx.planning to showx_support, showx_engineer, showx_readonly, showx_migration using (true) with check (true);
create policy managers on showx.planning for select to showx_manager
  using (artist_id is null or artist_id = any (array(select showx.my_artists())));
revoke all on showx.planning from public;
grant select on showx.planning to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;

-- Changes one figure by the version that the person saw; gives the new version. SX001 when somebody was quicker.
create function showx.planning_set(id text, new_value bigint, expected_version bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  p showx.planning;
begin
  select * into p from showx.planning where planning_id = id for update;
  if not found or not (case when p.artist_id is null then showx.session_role() in ('owner', 'support') else showx.may_book(p.artist_id) end) then
    raise exception 'there is no figure % that % may change', id, session_user using errcode = 'SX003';
  end if;
  if p.version is distinct from expected_version then
    raise exception 'the figure % was changed by somebody else: it is at version %, not %', id, p.version, coalesce(expected_version::text, 'none')
      using errcode = 'SX001', detail = jsonb_build_object('version', p.version, 'updated_by', p.updated_by, 'updated_at', p.updated_at, 'value', p.value);
  end if;
  if new_value is null or (new_value < 0 and p.unit <> 'money') or (new_value = 0 and p.unit in ('rate', 'metres a minute'))
     or (p.unit = 'share' and p.setting <> 'road_factor' and new_value > 10000) or abs(new_value) > 1000000000000 then
    raise exception 'the figure % cannot be %', id, coalesce(new_value::text, 'nothing') using errcode = 'SX002';
  end if;
  update showx.planning set value = new_value, as_of = case when as_of is null then null else current_date end
    where planning_id = id returning version into p.version;
  return p.version;
end $$;

-- An artist's own figure in the place of the company's, or another value of it.
create function showx.planning_own(of_setting text, artist text, new_value bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  own showx.planning;
begin
  if not showx.may_book(artist) or not exists (select from showx.artist a where a.artist_id = artist) then
    raise exception 'there is no artist % whose figures % may change', artist, session_user using errcode = 'SX003';
  end if;
  insert into showx.planning (setting, artist_id, value, unit, what, as_of)
    select setting, artist, value, unit, what, as_of from showx.planning
    where setting = of_setting and artist_id is null and unit <> 'rate'
    on conflict (planning_id) do nothing;
  select * into own from showx.planning where setting = of_setting and artist_id = artist for update;
  if not found then
    raise exception 'there is no figure % that an artist can have of its own', of_setting using errcode = 'SX003';
  end if;
  return showx.planning_set(own.planning_id, new_value, own.version);
end $$;

grant execute on function showx.planning_set(text, bigint, bigint), showx.planning_own(text, text, bigint) to showx_support, showx_manager;

-- Who stands on which day at which room. A manager plans around everybody's dates, but sees whose they are of their own artists only;
-- the terms of others are nobody's business here.
create function showx.avails(for_artist text, from_day date, until_day date)
returns table (venue_id text, show_date date, status text, hold_rank integer, expires_at timestamptz, challenged integer, mine integer,
               booking_id text, who text, guarantee bigint, percentage integer, expenses bigint, currency text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with known as (
    select a.artist_id, a.name, showx.session_role() <> 'manager' or a.manager is not distinct from session_user as seen from showx.artist a),
  standing as (
    select b.venue_id, b.show_date, b.status, b.hold_rank, b.expires_at, case when b.challenged_at is null then 0 else 1 end as challenged,
           b.artist_id, b.booking_id, b.guarantee, b.percentage, b.expenses, b.currency
    from showx.booking b
    where b.show_date between from_day and until_day
      and b.status in ('hold', 'offer', 'confirmed', 'advanced', 'played', 'settled')
      and (b.artist_id = for_artist or b.room = '')
    union all
    select s.venue_id, s.local_date, 'confirmed', null, null, 0, s.artist_id, '', null, null, null, s.currency
    from showx.concert s
    where s.local_date between from_day and until_day
      and s.status in ('announced', 'on_sale', 'sold_out', 'played')
      and not exists (select from showx.booking b
                      where b.venue_id = s.venue_id and b.show_date = s.local_date and b.artist_id = s.artist_id
                        and b.status in ('confirmed', 'advanced', 'played', 'settled')))
  select t.venue_id, t.show_date, t.status, t.hold_rank, case when k.seen then t.expires_at end, t.challenged,
         case when k.artist_id = for_artist then 1 else 0 end, case when k.seen then t.booking_id else '' end,
         case when k.seen then k.name else '' end, case when k.artist_id = for_artist then t.guarantee end,
         case when k.artist_id = for_artist then t.percentage end, case when k.artist_id = for_artist then t.expenses end, t.currency
  from standing t join known k using (artist_id)
  where exists (select from known o where o.artist_id = for_artist and o.seen);
end;
grant execute on function showx.avails(text, date, date) to showx_support, showx_manager, showx_engineer, showx_readonly;

reset role;

set local role showx_audit;
revoke execute on function audit.row_change(), audit.refuse() from showx_owner;
reset role;
do $$
begin
  execute format('revoke showx_audit from %I', current_user);
end $$;
