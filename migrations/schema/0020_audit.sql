-- 0020 audit: who changed what, from where, why. Triggers write it as showx_audit, which owns it and which nobody is.
--
-- A transaction says why by set_config('showx.reason', ..., true), and names itself by set_config('showx.operation', UUID, true).
-- Without a reason a person's write is refused. The projection (showx.by_migration()) writes no entry a row but one summary
-- by audit.summary().

create table audit.entry (
  entry_id    bigint generated always as identity,
  at          timestamptz not null default clock_timestamp(),
  who         text not null,                     -- the login
  role        text not null,                     -- its group: showx.session_role()
  application text not null,                     -- application_name
  origin      text not null,                     -- address, or 'socket'
  relation    text not null,                     -- 'showx.artist'
  key         text not null,                     -- key columns joined by '/'
  verb        text not null check (verb in ('insert', 'update', 'delete', 'summary')),
  old         jsonb,                             -- only the columns that changed
  new         jsonb,
  reason      text not null,
  operation   uuid,
  primary key (at, entry_id)
) partition by range (at);

do $$
begin
  for year in 2026..2035 loop
    execute format('create table audit.entry_%s partition of audit.entry for values from (%L) to (%L)',
                   year, format('%s-01-01 00:00:00+00', year), format('%s-01-01 00:00:00+00', year + 1));
  end loop;
end $$;
create table audit.entry_other partition of audit.entry default;
create index entry_row on audit.entry (relation, key, at desc);
create index entry_who on audit.entry (who, at desc);
create index entry_operation on audit.entry (operation) where operation is not null;

-- A write puts its key here in its own transaction; when the answer to COMMIT is lost, the key is there or it is not.
-- The same key twice is refused by the primary key, so no write is done twice. Rows show their login only (0031).
create table audit.operation (
  key  uuid primary key,
  at   timestamptz not null default clock_timestamp(),
  who  text not null default session_user,
  what text not null default ''
);

create function audit.operation_key() returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return nullif(current_setting('showx.operation', true), '')::uuid;
exception when invalid_text_representation then
  raise exception 'the operation key is not a UUID' using errcode = 'SX002';
end $$;

create function audit.write(relation text, key text, verb text, old jsonb, new jsonb, reason text) returns void
language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into audit.entry (who, role, application, origin, relation, key, verb, old, new, reason, operation)
  values (session_user, showx.session_role(), coalesce(current_setting('application_name', true), ''),
          coalesce(host(inet_client_addr()), 'socket'), relation, key, verb, old, new, reason, audit.operation_key());
end;

-- Arguments: the table's name (a partition's trigger must not name the partition), then its key columns.
create function audit.row_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  reason  text := btrim(coalesce(current_setting('showx.reason', true), ''));
  was     jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - '{search_key,updated_at,updated_by}'::text[] end;
  becomes jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - '{search_key,updated_at,updated_by}'::text[] end;
  whole   jsonb := coalesce(becomes, was);
  key     text := '';
begin
  if reason = '' then
    raise exception 'a change to % needs a reason', tg_argv[0]
      using errcode = 'SX002', hint = 'Say why in the same transaction: select set_config(''showx.reason'', ''...'', true)';
  end if;
  for i in 1 .. tg_nargs - 1 loop
    key := key || case when i > 1 then '/' else '' end || (whole ->> tg_argv[i]);
  end loop;
  if tg_op = 'UPDATE' then
    if was - 'version' = becomes - 'version' then
      return null;   -- nothing a person would call a change
    end if;
    select jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, becomes -> o.key) into was, becomes
    from jsonb_each(was) o where o.value is distinct from becomes -> o.key;
  end if;
  perform audit.write('showx.' || tg_argv[0], key, lower(tg_op), was, becomes, reason);
  return null;
end $$;

-- One entry for a bulk change: what was done to which relation, with the figures. For showx_owner and showx_migration only.
create function audit.summary(relation text, reason text, figures jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform audit.write(relation, '', 'summary', null, figures, reason);
end $$;

-- Argument: what to call the table.
create function audit.refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% on % is refused', lower(tg_op), tg_argv[0]
    using errcode = 'SX002', hint = 'The audit is only ever added to, and what it watches is changed row by row.';
end $$;

do $$
declare
  watched record;
begin
  for watched in
    select * from (values
      ('city',         '{city_id}'::text[]),
      ('genre',        '{genre_id}'),
      ('artist',       '{artist_id}'),
      ('artist_genre', '{artist_id,genre_id}'),
      ('venue',        '{venue_id}'),
      ('fan',          '{fan_id}'),
      ('follow',       '{fan_id,artist_id}'),
      ('concert',      '{concert_id}'),
      ('line_up',      '{concert_id,artist_id}'),
      ('ticket_type',  '{ticket_type_id}'),
      ('ticket_order', '{order_id}'),
      ('ticket',       '{order_id,position}'),
      ('tour',         '{tour_id}'),
      ('tour_stop',    '{tour_id,position}'),
      ('booking',      '{booking_id}'),
      ('radius_clause', '{booking_id,position}')) as w (relation, key)
  loop
    -- The condition is tested as the writer, before the security definer takes over; and for the projection nothing is queued.
    execute format('create trigger audit_row after insert or update or delete on showx.%I for each row
                      when (not showx.by_migration()) execute function audit.row_change(%s)',
                   watched.relation,
                   (select string_agg(quote_literal(a), ', ' order by n)
                    from unnest(watched.relation || watched.key) with ordinality as t (a, n)));
    execute format('create trigger audit_truncate before truncate on showx.%I for each statement
                      when (not showx.by_migration()) execute function audit.refuse(%L)', watched.relation, 'showx.' || watched.relation);
  end loop;
  -- Not even the owner changes what was written, short of dropping these triggers, which shows.
  foreach watched.relation in array array['entry', 'operation'] loop
    execute format('create trigger audit_kept before update or delete or truncate on audit.%I for each statement
                      execute function audit.refuse(%L)', watched.relation, 'audit.' || watched.relation);
  end loop;
end $$;
