-- 0003 legacy and migration: the mirror of the old database, the models, the issues.

create table legacy.document (
  path        text collate "C" primary key,      -- after /documents/: 'fans/abc/follows/def'
  collection  text not null,                     -- collection path without ids: 'fans/follows'
  parent      text collate "C",                  -- 'fans/abc', null at the root
  id          text not null,                     -- the last segment
  name_prefix text not null default '',          -- 'projects/P/databases/(default)/documents'
  fields      jsonb not null default '{}',       -- Firestore's typed JSON, lossless
  version     bigint not null default 0,         -- update time, microseconds since 1970 (rules 1-6 of migration.md)
  create_time timestamptz,
  update_time timestamptz,
  deleted     boolean not null default false,    -- a tombstone keeps its row
  source      text not null,                     -- 'file:...', 'export:...', 'event'
  seen_at     timestamptz not null default now()
);
create index document_collection on legacy.document (collection, path);
create index document_parent on legacy.document (parent) where parent is not null;

-- The catalogue of models, filled from the comment block that each migrations/models/ file begins with.
create table migration.model (
  model       text primary key,
  collection  text not null unique,              -- 'fans/follows'
  target      text not null,                     -- main table, 'showx.follow'
  key         text not null,                     -- its column (or columns) that name the document's row
  parents     text[] not null default '{}',      -- models whose rows this one refers to
  position    integer not null,                  -- projection order
  checksum    text not null,
  state       text not null default 'legacy'
              check (state in ('legacy','syncing','backfilling','backfilled','verified','read_postgres','write_postgres'))
);

-- Where each mirrored document of a model stands: exactly one of the three.
create table migration.document_state (
  path        text collate "C" primary key references legacy.document on delete cascade,
  model       text not null references migration.model,
  state       text not null check (state in ('projected','quarantined','tombstone')),
  version     bigint not null,                   -- the version that was projected
  projected_at timestamptz not null default now()
);
create index document_state_model on migration.document_state (model, state);

create table migration.issue (
  issue_id    bigint generated always as identity primary key,
  model       text not null,
  path        text collate "C" not null,
  field       text not null default '',          -- field path, '' for the document as a whole
  code        text not null,                     -- one word: 'missing_parent', 'bad_money', ...
  severity    text not null check (severity in ('blocking','warning')),
  value       text,                              -- as found, cut at 200 characters
  sentence    text not null,                     -- in plain words, with what was done instead
  state       text not null default 'open' check (state in ('open','waived','resolved')),
  first_seen  timestamptz not null default now(),
  last_seen   timestamptz not null default now(),
  unique (path, field, code)
);
create index issue_model on migration.issue (model, severity, code, issue_id);
create index issue_open on migration.issue (last_seen desc, issue_id) where state = 'open';
create index issue_code on migration.issue (code, issue_id);

-- Records of a load that could not become a document: counted and located, never silent.
create table migration.load (
  load_id     bigint generated always as identity primary key,
  source      text not null,
  started_at  timestamptz not null default now(),
  finished_at timestamptz,
  documents   bigint not null default 0,
  applied     bigint not null default 0,
  stale       bigint not null default 0,         -- older than, or the same as, what the mirror holds
  errors      bigint not null default 0,
  state       text not null default 'running' check (state in ('running','done','failed','cancelled'))
);

create table migration.load_error (
  load_id     bigint not null references migration.load on delete cascade,
  position    bigint not null,                   -- 1, 2, 3 in the order met
  file        text not null,
  place       text not null,                     -- 'line 12', 'record 7 at byte 32768'
  code        text not null,
  sentence    text not null,
  raw         bytea,                             -- what was there, cut at 4 KiB
  primary key (load_id, position)
);
