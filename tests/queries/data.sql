-- A small shop for the queries: every table has rows, and the rows have the corners: accents, ties, nulls, two currencies.
set search_path = showx, public;
select set_config('showx.reason', 'a shop to ask about', true);
insert into city (city_id, geonameid, name, admin1, admin1_name, country, country_name, time_zone, population, latitude, longitude) values
  ('g1', 1, 'Austin', 'TX', 'Texas', 'US', 'United States', 'America/Chicago', 950000, 30.27, -97.74),
  ('g2', 2, 'Köln', '07', 'Nordrhein-Westfalen', 'DE', 'Germany', 'Europe/Berlin', 1100000, 50.93, 6.95),
  ('g3', 3, 'San José', '', '', 'CR', 'Costa Rica', 'America/Costa_Rica', 340000, 9.93, -84.08),
  ('g4', 4, 'Austin', 'MN', 'Minnesota', 'US', 'United States', 'America/Chicago', 25000, 43.67, -92.97);
insert into city_alias values ('g2', 'Cologne'), ('g2', 'Keulen'), ('g3', 'San Jose');
update city set feature = 'PPL' where city_id <> 'g3';
update city_data set version = 3, source = 'a test', loaded_at = '2026-01-01Z';
insert into genre values ('rock', 'Rock'), ('folk', 'Folk');
insert into artist (artist_id, name, city_id, manager_name, email, active, note, created_at, updated_at) values
  ('a1', 'Luna Park', 'g1', 'Mo', 'luna@x.test', true, 'rings twice', '2025-01-01Z', '2026-01-01Z'),
  ('a2', 'José y los Otros', 'g3', null, null, true, null, '2025-01-02Z', '2026-01-01Z'),
  ('a3', 'Ærø', null, 'Mo', 'aero@x.test', false, null, '2025-01-03Z', '2026-01-01Z'),
  ('a4', 'Luna Park', 'g2', null, null, true, null, '2025-01-04Z', '2026-01-01Z');
insert into artist_genre values ('a1', 'rock', 1), ('a1', 'folk', 2), ('a2', 'folk', 1);
insert into venue (venue_id, name, city_id, address, capacity, time_zone, currency, email, phone, active, note, updated_at) values
  ('v1', 'The Continental', 'g1', '1 Main St', 300, 'America/Chicago', 'USD', 'c@x.test', '+15125550100', true, null, '2026-01-01Z'),
  ('v2', 'Gürzenich', 'g2', null, 1300, 'Europe/Berlin', 'EUR', null, null, true, 'load-in by the river', '2026-01-01Z'),
  ('v3', 'Luna Hall', 'g4', null, null, 'America/Chicago', 'USD', null, null, false, null, '2026-01-01Z');
insert into fan (fan_id, name, email, phone, city_id, birth_year, marketing_consent, created_at, note, updated_at) values
  ('f1', 'José García', 'jose@mail.test', '+15125550101', 'g1', 1980, true, '2026-11-20 08:00:00Z', 'knows the bassist', '2026-01-01Z'),
  ('f2', 'Maria García', 'maria.g@mail.test', null, 'g2', null, false, '2025-05-05 08:00:00.5Z', null, '2026-01-01Z'),
  ('f3', 'Josephine Jones', null, null, null, 1999, false, '2025-05-05 08:00:00.5Z', null, '2026-01-01Z'),
  ('f4', '', 'nameless@mail.test', null, 'g1', null, false, '2024-01-01Z', null, '2026-01-01Z'),
  ('f5', 'Maria García', 'maria2@mail.test', null, 'g1', null, true, '2024-02-01Z', null, '2026-01-01Z');
insert into fan (fan_id, name, created_at, merged_into, updated_at) values ('f6', 'Maria Garcia', '2024-02-02Z', 'f5', '2026-01-01Z');
insert into follow values
  ('f1', 'a1', '2026-11-01Z', true, 'app', null), ('f1', 'a2', '2025-02-01Z', false, null, null),
  ('f2', 'a1', '2025-03-01Z', false, 'web', null), ('f3', 'a1', '2025-03-01Z', true, 'web', null), ('f5', 'a3', '2025-04-01Z', true, null, null);
insert into concert (concert_id, title, artist_id, venue_id, starts_at, doors_at, on_sale_at, local_date, local_time, time_zone, status, capacity, currency, note, updated_at) values
  ('c1', 'Luna Park in Austin', 'a1', 'v1', '2026-11-26 02:00Z', '2026-11-26 01:00Z', '2026-09-01 16:00Z', '2026-11-25', '20:00', 'America/Chicago', 'on_sale', 300, 'USD', null, '2026-01-01Z'),
  ('c2', 'Nacht der Inseln', 'a3', 'v2', '2026-03-01 19:00Z', null, null, '2026-03-01', '20:00', 'Europe/Berlin', 'played', 1300, 'EUR', 'sold well', '2026-01-01Z'),
  ('c3', 'José', 'a2', 'v2', '2027-02-01 19:00Z', null, '2026-11-24 09:00Z', '2027-02-01', '20:00', 'Europe/Berlin', 'announced', null, 'EUR', null, '2026-01-01Z'),
  ('c4', 'Luna Park again', 'a1', 'v1', '2026-11-26 04:00Z', null, null, '2026-11-25', '', 'America/Chicago', 'cancelled', 300, 'USD', null, '2026-01-01Z');
insert into line_up values ('c1', 'a1', 1), ('c1', 'a2', 2), ('c2', 'a3', 1), ('c3', 'a2', 1), ('c3', 'a1', 2), ('c4', 'a1', 1);
insert into ticket_type values
  ('c1/ga', 'c1', 'General', 4500, 'USD', 280, '2026-09-01Z', null), ('c1/vip', 'c1', 'VIP', 12000, 'USD', 20, null, null),
  ('c2/ga', 'c2', 'Parkett', 3900, 'EUR', 1000, null, '2026-03-01Z');
insert into ticket_order (order_id, order_number, fan_id, concert_id, email, buyer_name, ordered_at, status, total, fees, refunded, currency, channel, updated_at) values
  ('o1', 'SX-1001', 'f1', 'c1', 'Jose@Mail.test', 'José García', '2026-11-22 09:00Z', 'paid', 9000, 500, 0, 'USD', 'web', '2026-01-01Z'),
  ('o2', 'SX-1002', 'f1', 'c2', 'jose@mail.test', 'José García', '2026-02-01 09:00:00.25Z', 'refunded', 3900, 0, 3900, 'EUR', null, '2026-01-01Z'),
  ('o3', 'SX-1003', null, 'c1', null, 'Zoë Smith', '2026-11-22 10:00Z', 'pending', 4500, 0, 0, 'USD', 'door', '2026-01-01Z'),
  ('o4', 'SX-1004', 'f2', 'c1', 'maria.g@mail.test', 'M. García', '2025-12-31 23:59:59.999999Z', 'partly_refunded', 24000, 0, 12000, 'USD', 'web', '2026-01-01Z');
insert into ticket values
  ('o1', '2026-11-22 09:00Z', 1, 'c1/ga', 'c1', 'B1', 4500, 'USD', 'valid', null, null),
  ('o1', '2026-11-22 09:00Z', 2, 'c1/ga', 'c1', 'B2', 4500, 'USD', 'scanned', 'Ana', '2026-11-25 01:30Z'),
  ('o2', '2026-02-01 09:00:00.25Z', 1, 'c2/ga', 'c2', null, 3900, 'EUR', 'refunded', null, null),
  ('o4', '2025-12-31 23:59:59.999999Z', 1, 'c1/vip', 'c1', 'B4', 12000, 'USD', 'valid', 'Maria', null);
insert into tour (tour_id, artist_id, name, starts_on, ends_on, status, updated_at) values
  ('t1', 'a1', 'Río Grande Tour', '2026-11-01', '2026-12-01', 'running', '2026-01-01Z'), ('t2', 'a2', 'Someday', null, null, 'draft', '2026-01-01Z');
insert into tour_stop values ('t1', 1, 'g1', 'v1', 'c1', '2026-11-25'), ('t1', 2, 'g2', null, null, null), ('t2', 1, 'g3', null, null, null);
insert into booking (booking_id, artist_id, venue_id, room, show_date, status, hold_rank, expires_at, challenged_at, guarantee, percentage, expenses, currency, tour_id, concert_id, note, created_at, updated_at) values
  ('b1', 'a1', 'v1', '', '2026-11-25', 'confirmed', null, null, null, 500000, 8500, 100000, 'USD', 't1', 'c1', 'signed', '2026-01-01Z', '2026-01-01Z'),
  ('b2', 'a2', 'v1', '', '2026-12-24', 'hold', 1, '2026-11-23 12:00Z', '2026-11-22 12:00Z', null, null, null, 'USD', null, null, null, '2026-01-01Z', '2026-01-01Z'),
  ('b3', 'a4', 'v1', '', '2026-12-24', 'hold', 2, '2026-12-01 12:00Z', null, null, null, null, 'USD', null, null, null, '2026-01-01Z', '2026-01-01Z'),
  ('b4', 'a3', 'v2', 'Kleiner Saal', '2026-03-01', 'settled', null, null, null, 200000, null, null, 'EUR', null, 'c2', null, '2026-01-01Z', '2026-01-01Z');
update booking set challenged_by = 'b3' where booking_id = 'b2';
insert into radius_clause values ('b1', 1, 60, 30, 30, 'warn'), ('b1', 2, 10, 60, 60, 'forbid');
insert into blackout (blackout_id, artist_id, venue_id, from_date, until_date, reason, updated_at) values
  ('k1', 'a1', null, '2026-12-24', '2026-12-26', 'family', '2026-01-01Z'), ('k2', null, 'v2', '2027-01-01', '2027-01-01', '', '2026-01-01Z'),
  ('k3', 'a2', null, '2026-12-24', '2026-12-24', 'Geburtstag der Großmutter', '2026-01-01Z');
insert into anchor (anchor_id, artist_id, city_id, anchor_date, what, updated_at) values
  ('n1', 'a1', 'g2', '2026-12-01', 'TV show', '2026-01-01Z'), ('n2', 'a2', 'g1', '2026-12-01', 'a wedding', '2026-01-01Z');
insert into leg values ('g1', 'g4', 1900000, 1140, null), ('g2', 'g3', 0, 900, 'by air');
insert into venue_clause values ('v1', 1, 60, 30, 30, 'warn'), ('v1', 2, 10, 90, 0, 'forbid'), ('v2', 1, 25, 14, 14, 'forbid');
insert into tour_plan (plan_id, artist_id, name, newest, tour_id, updated_at) values
  ('p1', 'a1', 'Spring', 2, 't1', '2026-01-01Z'), ('p2', 'a2', 'Otoño', 1, null, '2026-01-01Z');
insert into tour_plan_version (plan_id, plan_version, request, doc, total, currency, shows, from_date, until_date, made_at, made_by, reason) values
  ('p1', 1, '{}', '{"mid": 5}', 5, 'USD', 1, '2027-03-01', '2027-03-01', '2026-01-01Z', 'mona', 'a first go'),
  ('p1', 2, '{}', '{"mid": 900000}', 900000, 'USD', 2, '2027-03-01', '2027-03-04', '2026-01-02Z', 'mona', 'more'),
  ('p2', 1, '{}', '{}', 0, 'EUR', 0, null, null, '2026-01-02Z', 'max', 'nothing yet');
insert into tour_plan_stop values
  ('p1', 1, 1, '2027-03-01', 'g1', 'v1', false, null, 5), ('p1', 2, 1, '2027-03-01', 'g1', 'v1', false, 'b1', 450000),
  ('p1', 2, 2, '2027-03-02', 'g4', null, true, null, 0), ('p1', 2, 3, '2027-03-04', 'g2', 'v2', false, null, 450000);
insert into tour_plan_share values ('p1', 'max', '2026-01-03Z', 'mona');
insert into city_demand values ('a1', 'g1', 2, 1, 2, 0, null, '2026-01-01Z'), ('a1', 'g2', 1, 0, 0, 0, null, '2026-01-01Z'), ('a3', 'g2', 0, 1, 1, 1, '2026-03-01', '2026-01-01Z')
  on conflict (artist_id, city_id) do update set followers = excluded.followers, buyers = excluded.buyers, tickets = excluded.tickets, shows = excluded.shows, last_show = excluded.last_show;
insert into city_demand values ('a2', 'g1', 7, 3, 9, 2, '2026-02-01', '2026-01-01Z'), ('a2', 'g4', 4, 6, 0, 0, null, '2026-01-01Z');
insert into demand_model (version, parameters, shows, artists, fitted_at) values (1, 'old', 1, 1, '2026-01-01Z'), (2, 'showx-demand 1', 2, 2, '2026-01-02Z');
insert into city_estimate values ('a1', 'g1', 12, 3, 9, 20, null, 12, 0, 0, 2, 1, 20, 2, '2026-01-02Z'), ('a2', 'g1', 90, 30, 80, 200, 77, 60, 8012, 2, 7, 3, 100, 2, '2026-01-03 00:00:00.5Z');
insert into demand_dirty (artist_id, city_id) values ('a2', 'g1'), ('a2', 'g1'), ('a3', null);
set session_replication_role = replica;   -- the mirror is given as it is: nothing is projected here
insert into legacy.document (path, collection, parent, id, fields, version, create_time, update_time, deleted, source, seen_at) values
  ('fans/f1', 'fans', null, 'f1', '{"name": {"stringValue": "José"}}', 1760000000000000, '2025-01-01Z', '2025-10-09 08:53:20Z', false, 'file:x', '2026-01-01Z'),
  ('fans/f1/follows/a1', 'fans/follows', 'fans/f1', 'a1', '{}', 0, null, null, false, 'file:x', '2026-01-01Z'),
  ('fans/f9', 'fans', null, 'f9', '{}', 5, null, '1970-01-01 00:00:00.000005Z', true, 'export:y', '2026-01-01Z'),
  ('odd/ü', 'odd', null, 'ü', '{}', 0, null, null, false, 'export:y', '2026-01-01Z');
delete from migration.model;
insert into migration.model (model, collection, target, key, position, checksum, state) values
  ('fans', 'fans', 'showx.fan', 'fan_id', 4, 'x', 'legacy'), ('follows', 'fans/follows', 'showx.follow', 'fan_id, artist_id', 5, 'x', 'syncing');
insert into migration.document_state (path, model, state, version, projected_at) values
  ('fans/f1', 'fans', 'projected', 1760000000000000, '2026-01-01Z'), ('fans/f1/follows/a1', 'follows', 'quarantined', 0, '2026-01-01Z'), ('fans/f9', 'fans', 'tombstone', 5, '2026-01-01Z');
insert into migration.issue (model, path, field, code, severity, value, sentence, state, first_seen, last_seen) values
  ('fans', 'fans/f1', 'email', 'bad_email', 'warning', 'jose at mail', 'This is no e-mail address; the row has none.', 'open', '2026-01-01Z', '2026-11-01Z'),
  ('follows', 'fans/f1/follows/a1', '', 'missing_parent', 'blocking', null, 'The artist is not there.', 'open', '2026-01-01Z', '2026-11-02Z'),
  ('fans', 'fans/f9', 'phone', 'bad_phone', 'warning', '?', 'This is no phone number.', 'resolved', '2026-01-01Z', '2026-11-02Z');
insert into migration.load (source, started_at, finished_at, documents, applied, stale, errors, state) values
  ('file:x', '2026-11-20Z', '2026-11-20 00:01Z', 2, 2, 0, 0, 'done'), ('export:y', '2026-11-21Z', null, 2, 1, 1, 1, 'failed');
insert into migration.load_error values (2, 1, 'output-0', 'record 7 at byte 32768', 'crc', 'The checksum is wrong.', null);
