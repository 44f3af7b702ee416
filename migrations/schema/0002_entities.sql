-- 0002 entities: the ticketing company's tables.
-- Money is bigint minor units plus ISO 4217 currency; instants are timestamptz; a show also has its venue's time zone and
-- local date. Legacy ids stay as text keys. Rows that people edit carry version, updated_at, updated_by (kept by triggers).

create table showx.city (
  city_id      text primary key,                 -- 'g' || geonameid, or the legacy id of a place GeoNames does not know
  geonameid    integer unique,
  name         text not null,
  admin1       text not null default '',
  admin1_name  text not null default '',
  country      text not null check (country ~ '^[A-Z]{2}$'),
  country_name text not null default '',
  time_zone    text not null,
  population   bigint not null default 0 check (population >= 0),
  latitude     double precision not null check (latitude between -90 and 90),
  longitude    double precision not null check (longitude between -180 and 180),
  search_key   text not null generated always as (showx.fold(name)) stored
);
create index city_name on showx.city (name, city_id);
create index city_population on showx.city (population desc, city_id);
create index city_search on showx.city (search_key text_pattern_ops);

-- A document of the old `cities` collection, tied to its place.
create table showx.city_ref (
  legacy_id text primary key,
  city_id   text not null references showx.city,
  label     text not null
);

create table showx.genre (
  genre_id text primary key,                     -- folded name with dashes
  name     text not null
);

create table showx.artist (
  artist_id   text primary key,
  name        text not null check (name <> ''),
  city_id     text references showx.city,
  currency    text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  manager     name,                              -- the login that manages this artist: row-level security goes by it
  manager_name text,
  email       citext,
  website     text,
  bio         text,
  active      boolean not null default true,
  note        text,
  created_at  timestamptz not null default now(),
  search_key  text not null generated always as (showx.fold(name)) stored,
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user
);
create index artist_name on showx.artist (name, artist_id);
create index artist_search on showx.artist (search_key text_pattern_ops);
create index artist_manager on showx.artist (manager);

create table showx.artist_genre (
  artist_id text not null references showx.artist on delete cascade,
  genre_id  text not null references showx.genre,
  position  integer not null,
  primary key (artist_id, genre_id)
);

create table showx.venue (
  venue_id    text primary key,
  name        text not null check (name <> ''),
  city_id     text not null references showx.city,
  address     text,
  capacity    integer check (capacity > 0),
  latitude    double precision check (latitude between -90 and 90),
  longitude   double precision check (longitude between -180 and 180),
  time_zone   text not null,
  currency    text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  email       citext,
  phone       text,
  challenge_hours integer not null default 48 check (challenge_hours between 1 and 720),
  active      boolean not null default true,
  note        text,
  search_key  text not null generated always as (showx.fold(name)) stored,
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user
);
create index venue_name on showx.venue (name, venue_id);
create index venue_search on showx.venue (search_key text_pattern_ops);
create index venue_city on showx.venue (city_id);

create table showx.fan (
  fan_id      text primary key,
  name        text not null default '',          -- '' when the old database had none
  email       citext,
  phone       text,                              -- E.164 where it could be told
  city_id     text references showx.city,
  birth_year  integer check (birth_year between 1900 and 2100),
  marketing_consent boolean not null default false,
  created_at  timestamptz not null,
  note        text,
  erased_at   timestamptz,
  merged_into text references showx.fan,
  search_key  text not null generated always as (showx.fold(name)) stored,
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user
);
create index fan_name on showx.fan (name, fan_id);
create index fan_created on showx.fan (created_at desc, fan_id);
create index fan_email on showx.fan (email);
create index fan_phone on showx.fan (phone) where phone is not null;
create index fan_city on showx.fan (city_id);

-- Every word of a fan's name and the parts of the e-mail, folded: prefix of any word by one index probe.
create table showx.fan_word (
  word   text collate "C" not null,
  fan_id text not null references showx.fan on delete cascade,
  primary key (word, fan_id)
);
create index fan_word_fan on showx.fan_word (fan_id);

create table showx.follow (
  fan_id      text not null references showx.fan on delete cascade,
  artist_id   text not null references showx.artist on delete cascade,
  followed_at timestamptz not null,
  consent     boolean not null default false,    -- may this artist write to this fan
  source      text,
  legacy_path text,
  primary key (fan_id, artist_id)
);
create index follow_artist on showx.follow (artist_id, followed_at desc, fan_id);

create table showx.concert (
  concert_id  text primary key,
  title       text not null,
  artist_id   text not null references showx.artist,   -- the headliner; also line_up billing 1
  venue_id    text not null references showx.venue,
  starts_at   timestamptz not null,
  doors_at    timestamptz,
  on_sale_at  timestamptz,
  local_date  date not null,                           -- at the venue
  local_time  text not null default '',                -- 'HH:MM' at the venue
  time_zone   text not null,
  status      text not null check (status in ('draft','announced','on_sale','sold_out','cancelled','postponed','played')),
  capacity    integer check (capacity > 0),
  currency    text not null check (currency ~ '^[A-Z]{3}$'),
  note        text,
  search_key  text not null generated always as (showx.fold(title)) stored,
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user
);
create index concert_date on showx.concert (local_date desc, concert_id);
create index concert_artist on showx.concert (artist_id, local_date desc, concert_id);
create index concert_venue on showx.concert (venue_id, local_date desc, concert_id);
create index concert_status on showx.concert (status, local_date desc, concert_id);

create table showx.line_up (
  concert_id text not null references showx.concert on delete cascade,
  artist_id  text not null references showx.artist,
  billing    integer not null check (billing >= 1),    -- 1 = headliner
  primary key (concert_id, artist_id),
  unique (concert_id, billing)
);
create index line_up_artist on showx.line_up (artist_id);

create table showx.ticket_type (
  ticket_type_id text primary key,                     -- CONCERT/TYPE of the old path
  concert_id  text not null references showx.concert on delete cascade,
  name        text not null,
  price       bigint not null check (price >= 0),
  currency    text not null check (currency ~ '^[A-Z]{3}$'),
  quantity    integer not null check (quantity >= 0),
  sale_starts_at timestamptz,
  sale_ends_at   timestamptz
);
create index ticket_type_concert on showx.ticket_type (concert_id);

-- Partitioned by time; a primary key must then carry the time. order_id alone is kept unique by the projection and the
-- functions that write orders.
create table showx.ticket_order (
  order_id    text not null,
  order_number text not null,                          -- what people quote: 'SX-123456'
  fan_id      text references showx.fan,
  concert_id  text not null references showx.concert,
  email       citext,                                  -- as given with the order
  buyer_name  text not null default '',
  ordered_at  timestamptz not null,
  status      text not null check (status in ('pending','paid','refunded','partly_refunded','cancelled','failed')),
  total       bigint not null check (total >= 0),
  fees        bigint not null default 0 check (fees >= 0),
  refunded    bigint not null default 0 check (refunded >= 0),
  currency    text not null check (currency ~ '^[A-Z]{3}$'),
  channel     text,
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user,
  primary key (order_id, ordered_at),
  check (refunded <= total)
) partition by range (ordered_at);

create table showx.ticket (
  order_id    text not null,
  ordered_at  timestamptz not null,
  position    integer not null,
  ticket_type_id text,
  concert_id  text not null,
  barcode     text,
  price       bigint not null check (price >= 0),
  currency    text not null check (currency ~ '^[A-Z]{3}$'),
  status      text not null check (status in ('valid','scanned','refunded','transferred','void')),
  holder_name text,
  scanned_at  timestamptz,
  primary key (order_id, ordered_at, position),
  foreign key (order_id, ordered_at) references showx.ticket_order on delete cascade on update cascade
) partition by range (ordered_at);

do $$
begin
  for year in 2012..2031 loop
    execute format('create table showx.ticket_order_%s partition of showx.ticket_order for values from (%L) to (%L)',
                   year, format('%s-01-01 00:00:00+00', year), format('%s-01-01 00:00:00+00', year + 1));
    execute format('create table showx.ticket_%s partition of showx.ticket for values from (%L) to (%L)',
                   year, format('%s-01-01 00:00:00+00', year), format('%s-01-01 00:00:00+00', year + 1));
  end loop;
end $$;
create table showx.ticket_order_other partition of showx.ticket_order default;
create table showx.ticket_other partition of showx.ticket default;
create index ticket_order_time on showx.ticket_order (ordered_at desc, order_id);
create index ticket_order_number on showx.ticket_order (order_number);
create index ticket_order_fan on showx.ticket_order (fan_id, ordered_at desc, order_id);
create index ticket_order_concert on showx.ticket_order (concert_id, ordered_at desc, order_id);
create index ticket_order_email on showx.ticket_order (email);
create index ticket_concert on showx.ticket (concert_id);
create index ticket_barcode on showx.ticket (barcode);

create table showx.tour (
  tour_id     text primary key,
  artist_id   text not null references showx.artist,
  name        text not null,
  starts_on   date,
  ends_on     date,
  status      text not null check (status in ('draft','planned','announced','running','done','cancelled')),
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user,
  check (ends_on >= starts_on)
);
create index tour_artist on showx.tour (artist_id, starts_on desc, tour_id);

create table showx.tour_stop (
  tour_id     text not null references showx.tour on delete cascade,
  position    integer not null,
  city_id     text references showx.city,
  venue_id    text references showx.venue,
  concert_id  text references showx.concert,
  stop_date   date,
  primary key (tour_id, position)
);

create table showx.booking (
  booking_id  text primary key,
  artist_id   text not null references showx.artist,
  venue_id    text not null references showx.venue,
  room        text not null default '',
  show_date   date not null,
  status      text not null check (status in ('hold','offer','confirmed','advanced','played','settled','released','declined','cancelled')),
  hold_rank   integer check (hold_rank between 1 and 99),
  expires_at  timestamptz,
  challenged_at timestamptz,
  challenged_by text references showx.booking,
  guarantee   bigint check (guarantee >= 0),
  percentage  integer check (percentage between 0 and 10000),   -- of net after expenses, 1/10000
  expenses    bigint check (expenses >= 0),
  currency    text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  tour_id     text references showx.tour on delete set null,
  concert_id  text references showx.concert on delete set null,
  note        text,
  created_at  timestamptz not null default now(),
  version     bigint not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null default session_user,
  check ((status = 'hold') = (hold_rank is not null)),
  constraint booking_one_artist_a_day exclude using gist (artist_id with =, show_date with =)
    where (status in ('confirmed','advanced','played','settled')),
  constraint booking_one_show_a_room exclude using gist (venue_id with =, room with =, show_date with =)
    where (status in ('confirmed','advanced','played','settled')),
  constraint booking_hold_ranks_differ exclude using gist (venue_id with =, room with =, show_date with =, hold_rank with =)
    where (status = 'hold') deferrable initially deferred
);
create index booking_date on showx.booking (show_date desc, booking_id);
create index booking_artist on showx.booking (artist_id, show_date desc, booking_id);
create index booking_venue on showx.booking (venue_id, show_date desc, booking_id);
create index booking_status on showx.booking (status, show_date desc, booking_id);

create table showx.radius_clause (
  booking_id  text not null references showx.booking on delete cascade,
  position    integer not null default 1,
  miles       integer not null check (miles > 0),
  days_before integer not null check (days_before >= 0),
  days_after  integer not null check (days_after >= 0),
  effect      text not null check (effect in ('warn','forbid')),
  primary key (booking_id, position)
);

create table showx.city_demand (
  artist_id   text not null references showx.artist on delete cascade,
  city_id     text not null references showx.city,
  followers   integer not null default 0,
  buyers      integer not null default 0,
  tickets     integer not null default 0,
  shows       integer not null default 0,
  last_show   date,
  updated_at  timestamptz not null default now(),
  primary key (artist_id, city_id)
);
create index city_demand_city on showx.city_demand (city_id);
