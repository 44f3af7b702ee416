-- The shop of world.h: few rows, each there for a rule.
set search_path = showx, public;
insert into city (city_id, geonameid, name, admin1, admin1_name, country, country_name, time_zone, population, latitude, longitude) values
 ('g1', 1, 'Austin', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 950000, 30.26715, -97.74306),
  ('g2', 2, 'Round Rock', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 120000, 30.50826, -97.6789),
  ('g3', 3, 'Dallas', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 1300000, 32.78306, -96.80667),
  ('g4', 4, 'Houston', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 2300000, 29.76328, -95.36327),
  ('g5', 5, 'San Antonio', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 1400000, 29.42412, -98.49363),
  ('g6', 6, 'Oklahoma City', 'OK', 'Oklahoma', 'US', 'United States', 'America/Chicago', 630000, 35.46756, -97.51643),
  ('g7', 7, 'Tulsa', 'OK', 'Oklahoma', 'US', 'United States', 'America/Chicago', 400000, 36.15398, -95.99277),
  ('g8', 8, 'Denver', 'CO', 'Colorado', 'US', 'United States', 'America/Denver', 680000, 39.73915, -104.9847),
  ('g9', 9, 'Kansas City', 'MO', 'Missouri', 'US', 'United States', 'America/Chicago', 470000, 39.09973, -94.57857),
  ('g10', 10, 'Köln', '07', 'Nordrhein-Westfalen', 'DE', 'Germany', 'Europe/Berlin', 1100000, 50.93333, 6.95);
insert into artist (artist_id, name, city_id, manager, currency) values
 ('a1', 'Ada', 'g1', 'mona', 'USD'),
  ('a2', 'Bea', 'g4', 'max', 'USD'),
  ('a3', 'Cleo', 'g10', null, 'EUR');
insert into venue (venue_id, name, city_id, capacity, time_zone, currency) values
 ('v1', 'The Hall', 'g1', 400, 'America/Chicago', 'USD'),
  ('v2', 'The Barn', 'g2', 250, 'America/Chicago', 'USD'),
  ('v3', 'The Far', 'g3', 500, 'America/Chicago', 'USD'),
  ('v4', 'The Dock', 'g4', 600, 'America/Chicago', 'USD'),
  ('v4b', 'The Copper Room', 'g4', 300, 'America/Chicago', 'USD'),
  ('v5', 'The Mission', 'g5', 350, 'America/Chicago', 'USD'),
  ('v6', 'The Plain', 'g6', 300, 'America/Chicago', 'USD'),
  ('v7', 'The Cain', 'g7', 700, 'America/Chicago', 'USD'),
  ('v8', 'The Mile', 'g8', 800, 'America/Denver', 'USD'),
  ('v9', 'The River', 'g9', null, 'America/Chicago', 'USD'),
  ('v10', 'Der Dom', 'g10', 300, 'Europe/Berlin', 'EUR');
insert into fan (fan_id, name, city_id, created_at)
  select 'f' || i, 'Fan ' || i, 'g' || (1 + i % 9), '2029-01-01Z' from generate_series(1, 900) i;
insert into follow (fan_id, artist_id, followed_at, consent)
  select 'f' || i, 'a1', '2029-02-01Z', true from generate_series(1, 900) i;
insert into concert (concert_id, title, artist_id, venue_id, starts_at, local_date, time_zone, status, currency, capacity) values
 ('c1', 'Ada', 'a1', 'v3', '2029-05-02 01:00Z', '2029-05-01', 'America/Chicago', 'played', 'USD', 500),
  ('c2', 'Ada', 'a1', 'v4', '2029-05-04 01:00Z', '2029-05-03', 'America/Chicago', 'played', 'USD', 600),
  ('c3', 'Ada', 'a1', 'v1', '2029-05-06 01:00Z', '2029-05-05', 'America/Chicago', 'played', 'USD', 400);
insert into ticket_order (order_id, order_number, fan_id, concert_id, ordered_at, status, total, currency)
  select c || '-' || i, 'SX-' || c || i, 'f' || i, c, '2029-04-01Z', 'paid', 3000, 'USD' from generate_series(1, 180) i, unnest('{c1,c2,c3}'::text[]) c;
insert into ticket (order_id, ordered_at, position, concert_id, price, currency, status)
  select c || '-' || i, '2029-04-01Z', 1, c, 3000, 'USD', 'scanned' from generate_series(1, 180) i, unnest('{c1,c2,c3}'::text[]) c;
insert into booking (booking_id, artist_id, venue_id, show_date, status, hold_rank, expires_at, guarantee, percentage, expenses) values
 ('b1', 'a1', 'v1', '2030-03-08', 'confirmed', null, null, 500000, 8500, 100000),
  ('b2', 'a1', 'v3', '2030-02-20', 'confirmed', null, null, 400000, 8500, 100000),
  ('b3', 'a1', 'v4', '2030-03-12', 'hold', 1, '2030-01-20Z', null, null, null),
  ('b4', 'a2', 'v8', '2030-03-05', 'hold', 1, null, null, null, null),
  ('b5', 'a2', 'v9', '2030-03-05', 'offer', null, null, 100000, 8000, 0);
insert into booking (booking_id, artist_id, venue_id, show_date, status)
  select 't' || i, 'a2', 'v7', date '2030-02-28' + i, 'confirmed' from generate_series(1, 21) i;
insert into radius_clause values ('b1', 1, 80, 30, 30, 'forbid'),
  ('b2', 1, 50, 10, 20, 'forbid');
insert into blackout (blackout_id, artist_id, venue_id, from_date, until_date, reason) values
 ('k1', 'a1', null, '2030-03-15', '2030-03-16', 'a wedding'),
  ('k2', null, 'v6', '2030-03-06', '2030-03-06', 'carnival');
insert into anchor (anchor_id, artist_id, city_id, anchor_date, what) values
 ('n1', 'a1', 'g5', '2030-03-18', 'radio session');
insert into leg (city_a, city_b, metres, minutes, note) values
 ('g1', 'g4', 265000, 175, null);
insert into venue_clause values ('v8', 1, 40, 10, 10, 'warn');
insert into city_demand (artist_id, city_id, followers, buyers, tickets)
  select 'a1', 'g' || i, 100, 20, 20 from generate_series(1, 9) i on conflict (artist_id, city_id) do update set followers = excluded.followers, buyers = excluded.buyers, tickets = excluded.tickets;
