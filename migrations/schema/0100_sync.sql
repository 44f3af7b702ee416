-- 0100 sync: what the old database's triggers tell, into the mirror; and what a read at one time shows to be gone.
--
-- An event, as the deployed trigger or `showx sync` has decoded it, is one jsonb object:
--
--   id             text    the event's id; may be missing
--   kind           text    'create', 'update', 'delete'
--   path           text    after /documents/: 'fans/abc/follows/def'
--   prefix         text    'projects/P/databases/(default)/documents'; may be missing
--   fields         object  the document's fields in Firestore's typed JSON; missing when the event carries no document
--   update_us      int     the document's update time, microseconds since 1970 (create, update)
--   create_us      int     its create time; may be missing
--   old_update_us  int     the update time of the document that was there before (delete)
--
-- Numbers may be strings. The rules are migration.md's:
--
--   1  a write of update time u applies if u is above the mirror's version. Always the whole document. (A mapping that is newer makes
--      its documents stale by itself: migration.apply_model.)
--   2  a delete that carries the old document's update time o applies if the version is at most o, and leaves a tombstone of o + 1
--   3  an event that does not carry what 1 and 2 need is answered by reading the document: its path waits in legacy.to_read
--   5  after a range was read at one time R, what of it has a version of at most R and was not met is a tombstone of R: legacy.sweep
--   6  an event's id tells exact repeats (the same id, path and version) and decides nothing: what repeats is held to rules 1 and 2 like
--      the rest, so that a mirror that was emptied or put back fills again. Tombstones keep their rows: nothing here takes one away.
--
-- What the mirror gets goes the way of every document: by the statement trigger of 0005 into rows, findings, quarantine.

set local role showx_owner;

create table legacy.event (
  key      bytea primary key,                    -- of id, path and version, by a hash: ids and paths may be longer than an index takes
  event_id text not null,
  path     text not null,
  version  bigint not null,                      -- as the mirror counts it; 0 when the event carried none
  came     bigint not null default 1,            -- how often
  first_at timestamptz not null default now()
);
create index event_first on legacy.event (first_at);
comment on table legacy.event is 'Ids of events of the last days, to tell a repeat from what is merely late.';

create table legacy.to_read (
  path        text collate "C" primary key,
  name_prefix text not null default '',
  event_id    text,                              -- the last event that asked
  asked       bigint not null default 1,         -- how often: whoever reads hands it back, so that what came meanwhile is read too
  since       timestamptz not null default now()
);
comment on table legacy.to_read is 'Documents whose event carried no contents: to be read from the old database (rule 3).';

create table migration.sync_position (
  source   text primary key,                     -- 'event:/var/spool/events.ndjson'
  position bigint not null,                      -- bytes of it whose events are in the mirror
  line     bigint not null,
  mark     text not null,                        -- a checksum of what stands before the position: another file begins at its start
  at       timestamptz not null default now()
);

alter table migration.load add column repeats bigint not null default 0;   -- of the stale ones: the same event once more
alter table migration.load add column to_read bigint not null default 0;   -- events without contents

grant insert, update, delete on legacy.event, legacy.to_read, migration.sync_position to showx_engineer, showx_migration;

-- What is wrong with an event, null when nothing is.
create function legacy.event_fault(e jsonb) returns text
language sql immutable parallel safe
return case
  when e is null or jsonb_typeof(e) <> 'object' then 'the event is no object'
  when e ->> 'kind' is null or e ->> 'kind' not in ('create', 'update', 'delete') then 'its kind is none of create, update, delete'
  when e ->> 'path' is null or e ->> 'path' !~ '^[^/]+/[^/]+(/[^/]+/[^/]+)*$' or e ->> 'path' ~ '(^|/)\.\.?(/|$)' then 'its path names no document'
  when e -> 'fields' is not null and jsonb_typeof(e -> 'fields') not in ('object', 'null') then 'its fields are no object'
  when e ->> 'update_us' !~ '^[0-9]{1,18}$' or e ->> 'create_us' !~ '^-?[0-9]{1,18}$' or e ->> 'old_update_us' !~ '^[0-9]{1,18}$'
    then 'a time is no count of microseconds since 1970'
end;

-- 'fans/abc/follows/def' -> 'fans/follows'
create function legacy.collection_of(path text) returns text
language sql immutable strict parallel safe
return (select string_agg(part, '/' order by n) from unnest(string_to_array(path, '/')) with ordinality s (part, n) where n % 2 = 1);

-- Many events in the order they came, in one statement's time; outcome is one of
--   applied        it is in the mirror now
--   stale          the mirror, or a later event of these, is as new or newer
--   repeat         stale, and this very event came before
--   needs_reading  the document is to be read (rule 3)
--   refused        it is no event: why says it
create function legacy.apply_events(events jsonb) returns table (nth bigint, outcome text, why text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform migration.lock_projection(); -- before the first row lock, so that two who bring the same events do not wait for each other
  return query
  with event as materialized (
    select e.n, legacy.event_fault(e.e) as fault, e.e ->> 'id' as id, e.e ->> 'path' as path, coalesce(e.e ->> 'prefix', '') as prefix,
           e.e ->> 'kind' = 'delete' as deleted, case when jsonb_typeof(e.e -> 'fields') = 'object' then e.e -> 'fields' end as fields,
           case when legacy.event_fault(e.e) is null then (e.e ->> 'update_us')::bigint end as update_us,
           case when legacy.event_fault(e.e) is null then (e.e ->> 'create_us')::bigint end as create_us,
           case when legacy.event_fault(e.e) is null then (e.e ->> 'old_update_us')::bigint end as old_us
    from jsonb_array_elements(events) with ordinality e (e, n)
  ), told as materialized ( -- version: rules 1 and 2; null when the event does not carry what they need
    select *, case when fault is not null then null when deleted then nullif(old_us, 0) + 1 when fields is not null then nullif(update_us, 0) end as version
    from event
  ), keyed as materialized (
    select *, case when fault is null and id is not null then sha256(convert_to(jsonb_build_array(id, path, version)::text, 'UTF8')) end as key from told
  ), noted as (
    insert into legacy.event as v (key, event_id, path, version, came)
    select t.key, min(t.id), min(t.path), coalesce(min(t.version), 0), count(*) from keyed t where t.key is not null group by t.key order by t.key
    on conflict (key) do update set came = v.came + excluded.came
    returning v.key, v.came
  ), named as materialized (
    select t.*, t.key is not null and o.came > count(*) over (partition by t.key)
                or t.key is not null and row_number() over (partition by t.key order by t.n) > 1 as again
    from keyed t left join noted o using (key)
  ), newest as materialized (
    select distinct on (t.path) * from named t where t.version is not null order by t.path, t.version desc, t.n
  ), put as (
    insert into legacy.document as d (path, collection, parent, id, name_prefix, fields, version, create_time, update_time, deleted, source)
    select w.path, legacy.collection_of(w.path), nullif(regexp_replace(w.path, '/?[^/]+/[^/]+$', ''), ''), substring(w.path from '[^/]+$'), w.prefix,
           case when w.deleted then '{}' else w.fields end, w.version,
           timestamptz 'epoch' + nullif(w.create_us, 0) * interval '1 microsecond',
           timestamptz 'epoch' + case when w.deleted then w.old_us else w.update_us end * interval '1 microsecond', w.deleted, 'event'
    from newest w order by w.path
    on conflict (path) do update
      set fields = excluded.fields, version = excluded.version, create_time = coalesce(excluded.create_time, d.create_time),
          update_time = excluded.update_time, deleted = excluded.deleted, source = excluded.source,
          name_prefix = coalesce(nullif(excluded.name_prefix, ''), d.name_prefix), seen_at = now()
      where excluded.version > d.version
    returning d.path
  ), asked as (
    insert into legacy.to_read as r (path, name_prefix, event_id)
    select distinct on (t.path) t.path, t.prefix, t.id from named t where t.fault is null and t.version is null and not t.again order by t.path, t.n desc
    on conflict (path) do update set event_id = excluded.event_id, asked = r.asked + 1,
      name_prefix = coalesce(nullif(excluded.name_prefix, ''), r.name_prefix)
  )
  select t.n, case when t.fault is not null then 'refused' when p.path is not null then 'applied' when t.again then 'repeat'
                   when t.version is null then 'needs_reading' else 'stale' end, t.fault
  from named t left join newest w on w.n = t.n left join put p on p.path = w.path
  order by t.n;
end $$;
comment on function legacy.apply_events(jsonb) is 'Applies decoded trigger events, a jsonb array in the order they came; says of each what became of it.';

-- One event, for the deployed trigger: says applied, stale, repeat or needs_reading; what is no event is an error (SX004).
create function legacy.apply(event jsonb) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  got record;
begin
  select * into got from legacy.apply_events(jsonb_build_array(event));
  if got.outcome = 'refused' then
    raise exception 'event % cannot be applied: %', coalesce(event ->> 'id', 'without an id'), got.why using errcode = 'SX004';
  end if;
  return got.outcome;
end $$;
comment on function legacy.apply(jsonb) is 'Applies one decoded trigger event to the mirror by the version rules; says what it did.';

-- Ids are of use while the old platform may deliver again (a week at most). Says how many went.
create function legacy.forget_events(older interval default '14 days') returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  n bigint;
begin
  delete from legacy.event where first_at < now() - older;
  get diagnostics n = row_count;
  return n;
end $$;

-- A document of legacy.to_read was read, when it had been asked for that often. False: it was asked for again meanwhile.
create function legacy.was_read(of_path text, at_asked bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from legacy.to_read where path = of_path and asked = at_asked;
  return found;
end $$;

-- The order of names in Firestore, which is not that of paths: part by part ('a/x' before 'a-b/x'), and numeric ids first, by number.
create function legacy.name_order(path text) returns text[]
language sql immutable strict parallel safe
return (select array_agg((case when part ~ '^__id-?[0-9]{1,19}__$'
                               then '0' || lpad((substring(part from '-?[0-9]+')::numeric + 9223372036854775808)::text, 20, '0')
                               else '1' || part end) collate "C" order by n)
        from unnest(string_to_array(path, '/')) with ordinality s (part, n));

-- Rule 5: the documents of a collection ('fans/follows': of all fans) behind `after` up to and with `until` (paths in the order of names; null:
-- no limit) were read at one time, and `seen` are all that were there. What else stands in that range and is not newer is gone: a tombstone of the
-- time of the read. Says how many. An export's documents were all read at its start.
create function legacy.sweep(of_collection text, after text, until text, read_us bigint, seen text[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  gone text[];
begin
  if of_collection is null or read_us is null or seen is null or read_us <= 0 then
    raise exception 'a sweep needs the collection, the time of the read and what was seen' using errcode = 'SX004';
  end if;
  perform migration.lock_projection();
  with swept as (
    update legacy.document d
       set deleted = true, fields = '{}', version = read_us, update_time = timestamptz 'epoch' + read_us * interval '1 microsecond',
           source = 'sweep', seen_at = now()
     where d.collection = of_collection and not d.deleted and d.version <= read_us
       and not exists (select from unnest(seen) s where s = d.path)
       and (after is null or legacy.name_order(d.path) > legacy.name_order(after))
       and (until is null or legacy.name_order(d.path) <= legacy.name_order(until))
    returning d.path)
  select array_agg(path) into gone from swept;
  -- A tombstone of the version that its row was made of is no newer to project_some: say that it is another.
  if coalesce(current_setting('showx.defer_projection', true), '') = 'on' then
    update migration.document_state set stale = true where path = any(gone) and version = read_us;
  end if;
  return coalesce(cardinality(gone), 0);
end $$;

-- What runs as its owner for the old database runs as showx_migration and is for engineers; legacy.apply is for the login of the deployed trigger
-- too, which is put into showx_sync and may do nothing else.
reset role;

do $$
declare
  f regprocedure;
begin
  if not exists (select from pg_roles where rolname = 'showx_sync') then
    begin
      create role showx_sync nologin;
    exception
      when duplicate_object or unique_violation then
        null;   -- another database of this cluster was quicker
      when insufficient_privilege then
        raise exception 'the role showx_sync is missing and % may not create it', current_user
          using errcode = 'SX002', hint = 'Let an administrator run: create role showx_sync nologin';
    end;
  end if;
  grant create on schema legacy to showx_migration;
  foreach f in array array['legacy.apply_events(jsonb)', 'legacy.apply(jsonb)', 'legacy.forget_events(interval)', 'legacy.was_read(text, bigint)',
                           'legacy.sweep(text, text, text, bigint, text[])']::regprocedure[] loop
    execute format('alter function %s owner to showx_migration', f);
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to showx_engineer, showx_owner', f);
  end loop;
  revoke create on schema legacy from showx_migration;
  revoke execute on function legacy.event_fault(jsonb), legacy.collection_of(text), legacy.name_order(text) from public;
  grant execute on function legacy.event_fault(jsonb), legacy.collection_of(text), legacy.name_order(text) to showx_engineer, showx_migration;
  grant usage on schema legacy to showx_sync;
  grant execute on function legacy.apply(jsonb) to showx_sync;
end $$;

-- What runs as showx_migration keeps its work in temporary tables. Who may make such tables may put their own in the way, with triggers on them that
-- would run as showx_migration: so the trigger's login may not. (A copy of a database does not bring this along; `schema up` does it once.)
do $$
begin
  execute format('grant temporary on database %I to showx_owner, showx_migration, showx_support, showx_manager, showx_engineer, showx_readonly', current_database());
  execute format('revoke temporary on database %I from public', current_database());
end $$;
