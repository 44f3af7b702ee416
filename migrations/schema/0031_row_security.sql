-- 0031 row security: a manager sees the artists whose `manager` is their login, and what hangs on those; everyone else sees all
-- rows that 0030 lets them see. The database enforces it, whatever client asks.
--
-- The form matters: `= any(array(select f()))` runs f once a statement and can use the index; a correlated EXISTS asks once a row (six
-- times slower at 600,000 orders). Only fans are too many for an array: there the planner chooses between hashing and probing.
-- The functions run as the owner, so that one table's policy does not run into another's in a circle.
--
-- A view over these tables must be created with (security_invoker = true), or it shows its owner's rows.

set local role showx_owner;

create function showx.my_artists() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select artist_id from showx.artist where manager = session_user;
end;

-- Concerts on whose bill one of them stands, at whatever place.
create function showx.my_concerts() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select concert_id from showx.concert where artist_id = any (array(select showx.my_artists()))
  union
  select concert_id from showx.line_up where artist_id = any (array(select showx.my_artists()));
end;

-- Concerts that one of them headlines: orders and tickets are the headliner's business, not the opening act's.
create function showx.my_headlined() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select concert_id from showx.concert where artist_id = any (array(select showx.my_artists()));
end;

grant execute on function showx.my_artists(), showx.my_concerts(), showx.my_headlined()
  to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;

do $$
declare
  secured record;
  artists  constant text := 'artist_id = any (array(select showx.my_artists()))';
  concerts constant text := 'concert_id = any (array(select showx.my_concerts()))';
  sales    constant text := 'concert_id = any (array(select showx.my_headlined()))';
begin
  for secured in
    select * from (values
      ('artist',        'manager = session_user'),
      ('artist_genre',  artists),
      ('concert',       concerts),
      ('line_up',       concerts),
      ('ticket_type',   concerts),
      ('ticket_order',  sales),
      ('ticket',        sales),
      ('booking',       artists),
      ('radius_clause', 'booking_id = any (array(select b.booking_id from showx.booking b))'),   -- booking's own policy applies inside
      ('tour',          artists),
      ('tour_stop',     'tour_id = any (array(select t.tour_id from showx.tour t))'),
      ('city_demand',   artists),
      ('follow',        'consent and ' || artists),
      -- follow's own policy applies inside: one of the manager's artists, with consent
      ('fan',           'exists (select from showx.follow f where f.fan_id = fan.fan_id)'),
      ('fan_word',      'exists (select from showx.follow f where f.fan_id = fan_word.fan_id)')
    ) as s (relation, managers)
  loop
    execute format('alter table showx.%I enable row level security', secured.relation);
    execute format('create policy everyone on showx.%I to showx_support, showx_engineer, showx_readonly, showx_migration
                      using (true) with check (true)', secured.relation);
    execute format('create policy managers on showx.%I to showx_manager using (%s) with check (%s)',
                   secured.relation, secured.managers, secured.managers);
  end loop;
end $$;

reset role;
