-- schema_make: where it is written down which migrations were applied
-- offline: no a snapshot has no schema of its own
create schema showx_schema
  create table applied (
    name        text primary key,
    sha256      text not null,
    applied_at  timestamptz not null default clock_timestamp(),
    applied_by  text not null default session_user
  )
  grant usage on schema showx_schema to public
  grant select on applied to public
