-- The tables of migrations/schema/0002 and 0003 as a snapshot holds them, for tests of the catalogue's SQLite texts.
-- Declared types are what the store reads: text, integer, real, boolean, timestamptz, date, json. e-mails compare without case where a query says so (their indexes do).
-- fold() and word_similarity() are the store's own functions.
create table city (
  city_id text primary key, geonameid integer, name text not null, admin1 text not null default '',
  admin1_name text not null default '', country text not null, country_name text not null default '', time_zone text not null,
  population integer not null default 0, latitude real not null, longitude real not null, search_key text not null,
  feature text
);
create table city_alias (city_id text not null, name text not null, primary key (city_id, name));
create table city_data (one boolean primary key, version integer not null, source text not null, loaded_at timestamptz not null);
create index city_name on city (name, city_id);
create index city_population on city (population desc, city_id);
create index city_search on city (search_key);
create table city_ref (legacy_id text primary key, city_id text not null, label text not null);
create table genre (genre_id text primary key, name text not null);
create table artist (
  artist_id text primary key, name text not null, city_id text, currency text not null default 'USD', manager text,
  manager_name text, email text, website text, bio text, active boolean not null default 1, note text,
  created_at timestamptz not null default '2026-01-01T00:00:00Z', search_key text not null, version integer not null default 1,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', updated_by text not null default 'demo'
);
create index artist_name on artist (name, artist_id);
create table artist_genre (
  artist_id text not null, genre_id text not null, position integer not null, primary key (artist_id, genre_id)
);
create table venue (
  venue_id text primary key, name text not null, city_id text not null, address text, capacity integer, latitude real,
  longitude real, time_zone text not null, currency text not null default 'USD', email text, phone text,
  challenge_hours integer not null default 48, active boolean not null default 1, note text, search_key text not null,
  version integer not null default 1, updated_at timestamptz not null default '2026-01-01T00:00:00Z',
  updated_by text not null default 'demo'
);
create index venue_name on venue (name, venue_id);
create index venue_city on venue (city_id);
create table fan (
  fan_id text primary key, name text not null default '', email text, phone text, city_id text, birth_year integer,
  marketing_consent boolean not null default 0, created_at timestamptz not null, note text, erased_at timestamptz,
  merged_into text, search_key text not null, version integer not null default 1,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', updated_by text not null default 'demo'
);
create index fan_name on fan (name, fan_id);
create index fan_created on fan (created_at desc, fan_id);
create index fan_email on fan (email collate nocase);
create index fan_phone on fan (phone);
create index fan_city on fan (city_id);
create table fan_word (word text not null, fan_id text not null, primary key (word, fan_id)) without rowid;
create index fan_word_fan on fan_word (fan_id);
create table follow (
  fan_id text not null, artist_id text not null, followed_at timestamptz not null, consent boolean not null default 0,
  source text, legacy_path text, primary key (fan_id, artist_id)
);
create index follow_artist on follow (artist_id, followed_at desc, fan_id);
create index follow_time on follow (followed_at desc, fan_id, artist_id);
create table concert (
  concert_id text primary key, title text not null, artist_id text not null, venue_id text not null,
  starts_at timestamptz not null, doors_at timestamptz, on_sale_at timestamptz, local_date date not null,
  local_time text not null default '', time_zone text not null, status text not null, capacity integer, currency text not null,
  note text, search_key text not null, version integer not null default 1,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', updated_by text not null default 'demo'
);
create index concert_date on concert (local_date desc, concert_id);
create index concert_artist on concert (artist_id, local_date desc, concert_id);
create index concert_venue on concert (venue_id, local_date desc, concert_id);
create table line_up (
  concert_id text not null, artist_id text not null, billing integer not null, primary key (concert_id, artist_id)
);
create index line_up_artist on line_up (artist_id);
create table ticket_type (
  ticket_type_id text primary key, concert_id text not null, name text not null, price integer not null, currency text not null,
  quantity integer not null, sale_starts_at timestamptz, sale_ends_at timestamptz
);
create index ticket_type_concert on ticket_type (concert_id);
create table ticket_order (
  order_id text primary key, order_number text not null, fan_id text, concert_id text not null, email text,
  buyer_name text not null default '', ordered_at timestamptz not null, status text not null, total integer not null,
  fees integer not null default 0, refunded integer not null default 0, currency text not null, channel text,
  version integer not null default 1, updated_at timestamptz not null default '2026-01-01T00:00:00Z',
  updated_by text not null default 'demo'
);
create index ticket_order_time on ticket_order (ordered_at desc, order_id);
create index ticket_order_number on ticket_order (order_number);
create index ticket_order_fan on ticket_order (fan_id, ordered_at desc, order_id);
create index ticket_order_concert on ticket_order (concert_id, ordered_at desc, order_id);
create index ticket_order_email on ticket_order (email collate nocase);
create table ticket (
  order_id text not null, ordered_at timestamptz not null, position integer not null, ticket_type_id text,
  concert_id text not null, barcode text, price integer not null, currency text not null, status text not null,
  holder_name text, scanned_at timestamptz, primary key (order_id, ordered_at, position)
);
create index ticket_concert on ticket (concert_id);
create index ticket_barcode on ticket (barcode);
create table tour (
  tour_id text primary key, artist_id text not null, name text not null, starts_on date, ends_on date, status text not null,
  version integer not null default 1, updated_at timestamptz not null default '2026-01-01T00:00:00Z',
  updated_by text not null default 'demo'
);
create table tour_stop (
  tour_id text not null, position integer not null, city_id text, venue_id text, concert_id text, stop_date date,
  primary key (tour_id, position)
);
create table booking (
  booking_id text primary key, artist_id text not null, venue_id text not null, room text not null default '',
  show_date date not null, status text not null, hold_rank integer, expires_at timestamptz, challenged_at timestamptz,
  challenged_by text, guarantee integer, percentage integer, expenses integer, currency text not null default 'USD', tour_id text,
  concert_id text, note text, created_at timestamptz not null default '2026-01-01T00:00:00Z', version integer not null default 1,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', updated_by text not null default 'demo'
);
create index booking_date on booking (show_date desc, booking_id);
create index booking_artist on booking (artist_id, show_date desc, booking_id);
create index booking_venue on booking (venue_id, show_date desc, booking_id);
create table radius_clause (
  booking_id text not null, position integer not null default 1, miles integer not null, days_before integer not null,
  days_after integer not null, effect text not null, primary key (booking_id, position)
);
create table blackout (
  blackout_id text primary key, artist_id text, venue_id text, from_date date not null, until_date date not null,
  reason text not null default '', version integer not null default 1,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', updated_by text not null default 'demo'
);
create table anchor (
  anchor_id text primary key, artist_id text not null, city_id text not null, anchor_date date not null, what text not null,
  version integer not null default 1, updated_at timestamptz not null default '2026-01-01T00:00:00Z',
  updated_by text not null default 'demo'
);
create table leg (
  city_a text not null, city_b text not null, metres integer not null, minutes integer not null, note text,
  primary key (city_a, city_b)
);
create table venue_clause (
  venue_id text not null, position integer not null default 1, miles integer not null, days_before integer not null,
  days_after integer not null, effect text not null, primary key (venue_id, position)
);
create table tour_plan (
  plan_id text primary key, artist_id text not null, name text not null, newest integer not null default 0, tour_id text,
  version integer not null default 1, updated_at timestamptz not null default '2026-01-01T00:00:00Z',
  updated_by text not null default 'demo'
);
create table tour_plan_version (
  plan_id text not null, plan_version integer not null, request json not null, doc json not null,
  total integer not null default 0, currency text not null, shows integer not null, from_date date, until_date date,
  made_at timestamptz not null default '2026-01-01T00:00:00Z', made_by text not null default 'demo', reason text not null,
  primary key (plan_id, plan_version)
);
create table tour_plan_stop (
  plan_id text not null, plan_version integer not null, position integer not null, stop_date date not null,
  city_id text not null, venue_id text, appearance boolean not null default 0, booking_id text, net integer not null default 0,
  primary key (plan_id, plan_version, position)
);
create table tour_plan_share (
  plan_id text not null, login text not null, shared_at timestamptz not null default '2026-01-01T00:00:00Z',
  shared_by text not null default 'demo', primary key (plan_id, login)
);
create table city_demand (
  artist_id text not null, city_id text not null, followers integer not null default 0, buyers integer not null default 0,
  tickets integer not null default 0, shows integer not null default 0, last_show date,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', primary key (artist_id, city_id)
);
create table demand_dirty (mark_id integer primary key, artist_id text not null, city_id text);
create table demand_model (
  version integer primary key, parameters text not null, shows integer not null, artists integer not null,
  fitted_at timestamptz not null default '2026-01-01T00:00:00Z'
);
create table city_estimate (
  artist_id text not null, city_id text not null, mean integer not null, low integer not null, mid integer not null,
  high integer not null, raw integer, prior integer not null, weight integer not null, shows_near integer not null,
  followers_near integer not null, buyers_near integer not null, room integer not null, model_version integer not null,
  made_at timestamptz not null default '2026-01-01T00:00:00Z', primary key (artist_id, city_id)
);
create table planning (
  planning_id text primary key, setting text not null, artist_id text, value integer not null, unit text not null,
  what text not null, as_of date, version integer not null default 1,
  updated_at timestamptz not null default '2026-01-01T00:00:00Z', updated_by text not null default 'demo'
);
create table legacy_document (
  path text primary key, collection text not null, parent text, id text not null, name_prefix text not null default '',
  fields json not null default '{}', version integer not null default 0, create_time timestamptz, update_time timestamptz,
  deleted boolean not null default 0, source text not null, seen_at timestamptz not null default '2026-01-01T00:00:00Z'
);
create index legacy_document_collection on legacy_document (collection, path);
create table migration_model (
  model text primary key, collection text not null, target text not null, key text not null, position integer not null,
  checksum text not null, state text not null default 'legacy'
);
create table migration_document_state (
  path text primary key, model text not null, state text not null, version integer not null,
  projected_at timestamptz not null default '2026-01-01T00:00:00Z'
);
create index migration_document_state_model on migration_document_state (model, state);
create table migration_issue (
  issue_id integer primary key, model text not null, path text not null, field text not null default '', code text not null,
  severity text not null, value text, sentence text not null, state text not null default 'open',
  first_seen timestamptz not null default '2026-01-01T00:00:00Z', last_seen timestamptz not null default '2026-01-01T00:00:00Z'
);
create table migration_load (
  load_id integer primary key, source text not null, started_at timestamptz not null default '2026-01-01T00:00:00Z',
  finished_at timestamptz, documents integer not null default 0, applied integer not null default 0,
  stale integer not null default 0, errors integer not null default 0, state text not null default 'running'
);
create table migration_load_error (
  load_id integer not null, position integer not null, file text not null, place text not null, code text not null,
  sentence text not null, raw blob, primary key (load_id, position)
);
