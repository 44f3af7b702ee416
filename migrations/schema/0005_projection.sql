-- 0005 projection: how documents become rows, whatever the model.
--
-- A model is one file in migrations/models/: a comment block (the catalogue's row) and a view map.<model> with one row for each living
-- document of its collection:
--     path                     the document
--     <columns of the target>  the row it would make
--     <also> showx.thing[]     rows of a further table that go with it, in a column named after that table
--     issues migration.found[] what is wrong with it; one that is blocking means no row
--     claims migration.claimed[]  (where there are any) what only one document may have
-- The engine reads it for the touched paths into a work table and brings the target tables, migration.issue and
-- migration.document_state in line. Trigger and bulk load use the same function, so they cannot disagree.
--
-- The result hangs only on the documents that are there, not on the order they came in:
-- * a document whose parent is missing says so with the parent's path; it is looked at again when that parent comes or goes;
-- * when a row goes, all that refer to it (by the foreign keys of the schema) are looked at again, those that cannot do without it lose their row;
-- * of several documents that claim one thing the least (rank, path) has it, whoever came first;
-- * a blocked document reports its own faults, else the first missing parent, else lost claims, and no warnings (those go with a row).
-- Projections run one at a time (an advisory lock, taken before the documents are written, so that no two writers wait for each other):
-- a parent and its child written at once by two sessions would miss each other otherwise.

alter table migration.model
  add column key_from   text not null default 'd.id',  -- expression over legacy.document d: the key of its row
  add column path_from  text not null default '',      -- expression over the target t: the path of its document
  add column also       text[] not null default '{}',  -- 'showx.line_up concert_id': further tables and their column that holds the key
  add column before     text,                          -- 'showx.city city_id': a table whose rows come before the target's
  add column refer      text,                          -- 'showx.city city_id': what other tables refer to, if not the target's key
  add column passes     text[] not null default '{}',  -- columns that the rows of other models are made from
  add column park       text,                          -- assignments that take a row out of exclusion constraints while it changes
  add column replaces   boolean not null default false, -- changed rows are deleted and made anew (no row refers to them)
  add column shared     text[] not null default '{}',  -- 'showx.genre genre_id': rows that many documents share; made when missing, never taken away
  add column edited     text[] not null default '{}',  -- columns that staff edit too: theirs stays until the document's own value changes
  add column bulk       boolean not null default false, -- documents that come for the first time may go by project_first
  add column file       text not null default '';
alter table migration.document_state add column stale boolean not null default false; -- to be looked at again (bulk loads; new mapping)
alter table migration.document_state add column kept jsonb;  -- what the document said of the columns that staff edit too
create index follow_legacy_path on showx.follow (legacy_path);
create index document_state_stale on migration.document_state (model, path) where stale;
alter table migration.issue add column waits_for text[];
create index issue_waits on migration.issue using gin (waits_for) where waits_for is not null and state <> 'resolved';

create table migration.claim (
  model text not null,
  kind  text not null,
  key   text collate "C" not null,
  rank  text collate "C" not null,
  path  text collate "C" not null references legacy.document on delete cascade,
  primary key (model, kind, key, path)
);
create index claim_path on migration.claim (path);

create function migration.lock_projection() returns void
language sql as $$ select pg_advisory_xact_lock(7397301, 1) $$;

-- ---- the catalogue of models ----

-- 'key: value' lines of the comment block that a model's file begins with.
create function migration.model_header(file text) returns jsonb
language plpgsql immutable as $$
declare
  line text;
  p text[];
  h jsonb := '{}';
begin
  foreach line in array string_to_array(file, E'\n') loop
    exit when line !~ '^--';
    p := regexp_match(line, '^-- ([a-z][a-z ]*):\s*(.*?)\s*$');
    continue when p is null;
    if p[1] = 'also' then
      h := jsonb_set(h, '{also}', coalesce(h -> 'also', '[]') || to_jsonb(p[2]));
    else
      h := h || jsonb_build_object(p[1], p[2]);
    end if;
  end loop;
  return h;
end $$;

-- Takes a model's file in: its views, its row in the catalogue. True when it was another before; its documents are then stale.
create function migration.apply_model(file_text text) returns boolean
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  h jsonb := migration.model_header(file_text);
  m text := h ->> 'model';
  sum text := encode(sha256(convert_to(file_text, 'UTF8')), 'hex');
  word text;
  v record;
begin
  foreach word in array array['model', 'collection', 'target', 'key', 'position'] loop
    if h ->> word is null then
      raise exception 'the model file lacks its line "-- %: ..."', word using errcode = 'SX004';
    end if;
  end loop;
  perform migration.lock_projection();
  if exists (select from migration.model where model = m and checksum = sum) then
    return false;
  end if;
  for v in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'map' and c.relkind = 'v' and (c.relname = m or c.relname like m || '\_\_%') loop
    execute format('drop view if exists map.%I cascade', v.relname);
  end loop;
  execute file_text;
  execute format('create view map.%I as select m.path, i.field, i.code, i.severity, left(i.value, 200) as value, i.sentence
                  from map.%I m, migration.report(m.issues) i', m || '_issue', m);
  insert into migration.model (model, collection, target, key, parents, position, checksum, key_from, path_from, also, before, refer, passes, park,
                               replaces, shared, edited, bulk, file)
  values (m, h ->> 'collection', h ->> 'target', h ->> 'key', migration.words(h ->> 'parents'), (h ->> 'position')::integer, sum,
          coalesce(h ->> 'key from', 'd.id'), coalesce(h ->> 'path from', format('%L || t.%I', (h ->> 'collection') || '/', h ->> 'key')),
          array(select jsonb_array_elements_text(coalesce(h -> 'also', '[]'))), h ->> 'before', h ->> 'refer',
          migration.words(h ->> 'passes'), h ->> 'park', coalesce(h ->> 'replaces', 'no') = 'yes',
          case when h ? 'shared' then array[h ->> 'shared'] else '{}' end, migration.words(h ->> 'edited'), coalesce(h ->> 'bulk', 'no') = 'yes', file_text)
  on conflict (model) do update set collection = excluded.collection, target = excluded.target, key = excluded.key, parents = excluded.parents,
    position = excluded.position, checksum = excluded.checksum, key_from = excluded.key_from, path_from = excluded.path_from, also = excluded.also,
    before = excluded.before, refer = excluded.refer, passes = excluded.passes, park = excluded.park, replaces = excluded.replaces,
    shared = excluded.shared, edited = excluded.edited, bulk = excluded.bulk, file = excluded.file;
  update migration.document_state set stale = true where model = m and not stale;
  perform migration.hand_over_views(m);
  return true;
end $$;

-- Nobody's login owns a view, once there are roles (0010).
create function migration.hand_over_views(of_model text) returns void
language plpgsql as $$
declare
  v text;
begin
  if not exists (select from pg_roles where rolname = 'showx_owner') or not pg_has_role('showx_owner', 'member') then
    return;
  end if;
  for v in select format('map.%I', c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'map' and c.relkind = 'v' and (c.relname = of_model or c.relname in (of_model || '_issue')) loop
    execute format('alter view %s owner to showx_owner', v);
    execute format('grant select on %s to showx_migration, showx_engineer, showx_readonly', v);
  end loop;
end $$;

create function migration.words(t text) returns text[]
language sql immutable return array_remove(regexp_split_to_array(btrim(coalesce(t, '')), '[\s,]+'), '');

-- Which tables refer to which model's rows: the foreign keys, told once. owner is the model that makes the referring rows.
create view migration.reference as
with target as (
  select model, coalesce(split_part(refer, ' ', 1), target)::regclass as rel, coalesce(split_part(refer, ' ', 2), key) as col from migration.model
), owned as (
  select model, target::regclass as rel, null::text as by_col from migration.model
  union all select model, split_part(a, ' ', 1)::regclass, split_part(a, ' ', 2) from migration.model, unnest(also) a
)
select t.model as parent, o.model as owner, o.by_col, o.rel as relation, a.attname::text as col, not a.attnotnull as nullable, f.confdeltype = 'c' as cascades
from target t
join pg_constraint f on f.contype = 'f' and f.confrelid = t.rel and f.conparentid = 0 and cardinality(f.conkey) = 1
join pg_attribute r on r.attrelid = f.confrelid and r.attnum = f.confkey[1] and r.attname = t.col
join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
join owned o on o.rel = f.conrelid
where o.model <> t.model;

-- ---- findings ----

-- What is told of a document: when something blocks, its own faults, else the first thing it waits for; else the warnings.
create function migration.report(findings migration.found[]) returns setof migration.found
language plpgsql immutable as $$
declare
  f migration.found;
  own boolean := false;
  waits boolean := false;
begin
  if findings is null then
    return;
  end if;
  foreach f in array findings loop
    if f.severity = 'blocking' then
      if f.waits_for is null or f.waits_for[1] is null then own := true; else waits := true; end if;
    end if;
  end loop;
  foreach f in array findings loop
    if own then
      continue when f.severity is distinct from 'blocking' or f.waits_for[1] is not null;
      return next f;
    elsif waits then
      continue when f.severity is distinct from 'blocking';
      return next f;
      return;
    elsif f.severity is not null then
      return next f;
    end if;
  end loop;
end $$;

create function migration.blocks(findings migration.found[]) returns boolean
language plpgsql immutable as $$
declare
  f migration.found;
begin
  if findings is not null then
    foreach f in array findings loop
      if f.severity = 'blocking' then
        return true;
      end if;
    end loop;
  end if;
  return false;
end $$;

-- ---- waking ----

-- The documents of open findings that wait for one of these paths, or for any of the model (null: not for that).
create function migration.waiting_for(of_model text, paths text[]) returns text[]
language plpgsql as $$
declare
  woken text[];
begin
  paths := array_remove(paths || (of_model || '/*'), null);
  if not exists (select from migration.issue where waits_for is not null and state <> 'resolved') then
    return '{}';
  end if;
  if cardinality(paths) > 2000 then -- a hash join over the waiting is cheaper than that many probes
    select array_agg(distinct i.path) into woken from (
      select path, unnest(waits_for) as wanted from migration.issue where waits_for is not null and state <> 'resolved') i
      where i.wanted = any(paths);
  else
    select array_agg(distinct i.path) into woken from migration.issue i
      where i.waits_for is not null and i.state <> 'resolved' and i.waits_for && paths;
  end if;
  return coalesce(woken, '{}');
end $$;

-- The documents whose rows refer to these values of a model's rows.
create function migration.dependents(m migration.model, vals text[]) returns text[]
language plpgsql as $$
declare
  r migration.reference;
  o migration.model;
  found_paths text[];
  woken text[] := '{}';
begin
  if cardinality(vals) = 0 then
    return woken;
  end if;
  for r in select * from migration.reference where parent = m.model loop
    select * into o from migration.model where model = r.owner;
    execute format('select array_agg(distinct %s) from (select %s from %s where %I = any($1)) t', o.path_from,
                   case when r.by_col is null then '*' else format('%I as %I', r.by_col, o.key) end, r.relation, r.col)
      into found_paths using vals;
    woken := woken || coalesce(found_paths, '{}');
  end loop;
  return woken;
end $$;

-- Takes rows away, and before them what cannot stand without them. Returns the documents to look at again.
create function migration.remove_rows(m migration.model, keys text[]) returns text[]
language plpgsql as $$
declare
  r migration.reference;
  o migration.model;
  a text;
  vals text[] := keys;
  child_keys text[];
  woken text[];
begin
  if cardinality(keys) = 0 or keys is null then
    return '{}';
  end if;
  if m.refer is not null then
    execute format('select coalesce(array_agg(distinct %I), ''{}'') from %s where %I = any($1)', split_part(m.refer, ' ', 2), m.target, m.key)
      into vals using keys;
  end if;
  woken := migration.dependents(m, vals);
  for r in select * from migration.reference where parent = m.model loop
    select * into o from migration.model where model = r.owner;
    if r.nullable then
      execute format('update %s set %I = null where %I = any($1)', r.relation, r.col, r.col) using keys;
    elsif r.by_col is not null then
      execute format('delete from %s where %I = any($1)', r.relation, r.col) using keys;
    else
      execute format('select coalesce(array_agg(%I), ''{}'') from %s where %I = any($1)', o.key, r.relation, r.col) into child_keys using keys;
      woken := woken || migration.remove_rows(o, child_keys);
    end if;
  end loop;
  foreach a in array m.also loop
    execute format('delete from %s where %I = any($1)', split_part(a, ' ', 1), split_part(a, ' ', 2)) using keys;
  end loop;
  execute format('delete from %s where %I = any($1)', m.target, m.key) using keys;
  if m.before is not null then
    execute format('delete from showx.city_demand where city_id = any($1)') using keys;
    execute format('delete from %s where %I = any($1)', split_part(m.before, ' ', 1), split_part(m.before, ' ', 2)) using keys;
  end if;
  return woken;
end $$;

-- ---- projecting ----

-- The work table of a model, empty: a temporary one, kept for the session, with a name that changes with the mapping.
create function migration.work_table(m migration.model) returns text
language plpgsql as $$
declare
  name text := format('work_%s_%s', m.model, left(m.checksum, 8));
  n bigint;
begin
  if to_regclass(format('pg_temp.%I', name)) is null then
    execute format('create temp table %I on commit delete rows as select v.*, false as blocked, ''{}''::jsonb as kept from map.%I v limit 0', name, m.model);
    execute format('create index on pg_temp.%I (path)', name);
  else
    execute format('truncate pg_temp.%I', name);
  end if;
  return format('pg_temp.%I', name);
end $$;

-- The columns of a table that the model's view gives, in order.
create function migration.columns_of(relation regclass, m migration.model) returns text[]
language sql stable as $$
  select array_agg(quote_ident(a.attname) order by a.attnum)
  from pg_attribute a
  join pg_attribute v on v.attrelid = to_regclass(format('map.%I', m.model)) and v.attname = a.attname and v.attnum > 0
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
$$;

create function migration.fill_work(m migration.model, work text, paths text[]) returns void
language plpgsql as $$
begin
  execute format('insert into %s select v.*, migration.blocks(v.issues), %s from map.%I v where v.path = any($1)', work,
                 case when cardinality(m.edited) = 0 then 'null' else format('jsonb_build_object(%s)',
                   (select string_agg(format('%L, v.%I', c, c), ', ') from unnest(m.edited) c)) end, m.model) using paths;
end $$;

-- What the work table's documents claim and another has is told with them.
create function migration.lose_claims(m migration.model, work text) returns void
language plpgsql as $$
begin
  execute format($q$
    update %1$s w set issues = w.issues || l.lost, blocked = l.blocked
    from (select w2.path, array_agg(row(c.field, c.code, c.severity, c.value, c.sentence,
                                        case c.severity when 'blocking' then c.refs end)::migration.found order by c.kind) as lost,
                 bool_or(c.severity = 'blocking') as blocked
          from %1$s w2, unnest(w2.claims) c
          where not w2.blocked and c.key is not null and exists (
            select from migration.claim x where x.model = %2$L and x.kind = c.kind and x.key = c.key
              and (x.rank, x.path) < (c.rank collate "C", w2.path) offset 0)
          group by w2.path) l
    where l.path = w.path $q$, work, m.model);
end $$;

-- Claims of the touched documents are made anew; those who share a claim with them are looked at too. Returns all paths.
create function migration.settle_claims(m migration.model, work text, paths text[]) returns text[]
language plpgsql as $$
declare
  others text[];
  more text[];
begin
  -- The looks into the claims are lateral with `offset 0`: one index probe a claim, whatever the planner believes about a table
  -- that grew a moment ago.
  with gone as (delete from migration.claim where model = m.model and path = any(paths) returning kind, key)
  select array_agg(distinct c.path) into others from gone g cross join lateral (
    select x.path from migration.claim x where x.model = m.model and x.kind = g.kind and x.key = g.key offset 0) c
    where c.path <> all(paths);
  execute format('insert into migration.claim select %L, c.kind, c.key, c.rank, w.path from %s w, unnest(w.claims) c
                  where not w.blocked and c.key is not null on conflict do nothing', m.model, work);
  execute format($q$
    select array_agg(distinct s.path) from (
      select c.path from %s w, unnest(w.claims) k cross join lateral (
        select x.path from migration.claim x where x.model = %L and x.kind = k.kind and x.key = k.key offset 0) c
      where not w.blocked and k.key is not null and c.path <> w.path offset 0) s
    where s.path <> all($1) $q$, work, m.model) into more using paths;
  others := array(select distinct p from unnest(others || more) p);
  if cardinality(others) > 0 then
    perform migration.fill_work(m, work, others);
    paths := paths || others;
  end if;
  perform migration.lose_claims(m, work);
  return paths;
end $$;

-- Rows of a further table are replaced as a whole where they differ, row by row.
create function migration.write_also(m migration.model, work text, also text, had text[]) returns void
language plpgsql as $$
declare
  rel text := split_part(also, ' ', 1);
  by_col text := split_part(also, ' ', 2);
  col text := split_part(rel, '.', 2);
begin
  if had is not null then
    execute format('delete from %1$s t using %2$s w where t.%3$I = w.%4$I and not w.blocked and w.%4$I = any($1)
                    and not exists (select from unnest(w.%5$I) u where u is not distinct from t)', rel, work, by_col, m.key, col) using had;
    execute format('insert into %1$s select u.* from %2$s w, unnest(w.%5$I) u where not w.blocked
                    and not exists (select from %1$s t where t.%3$I = w.%4$I and t is not distinct from u)', rel, work, by_col, m.key, col);
  else
    execute format('insert into %1$s select u.* from %2$s w, unnest(w.%3$I) u where not w.blocked', rel, work, col);
  end if;
end $$;

-- Rows of the target: changed ones updated, new ones inserted; columns that the view does not give (notes, versions) stay.
create function migration.write_rows(m migration.model, relation text, key text, work text, had text[]) returns void
language plpgsql as $$
declare
  cols text[] := migration.columns_of(relation::regclass, m);
  col text;
  list text := array_to_string(cols, ', ');
  theirs text := (select string_agg('t.' || c, ', ') from unnest(cols) c);
  ours text := (select string_agg('w.' || c, ', ') from unnest(cols) c);
  differs text := format('t.%I = w.%I and not w.blocked and w.%I = any($1) and (%s) is distinct from (%s)', key, key, key, theirs, ours);
begin
  if had is not null then
    foreach col in array m.edited loop -- the document says what it said: what staff made of it stays
      execute format('update %1$s w set %2$I = t.%2$I from %3$s t, migration.document_state s
                      where t.%4$I = w.%4$I and s.path = w.path and s.kept ->> %2$L is not distinct from w.kept ->> %2$L
                        and t.%2$I is distinct from w.%2$I', work, col, relation, key);
    end loop;
    if m.replaces then
      execute format('delete from %s t using %s w where %s', relation, work, differs) using had;
    else
      if m.park is not null and relation = m.target then
        execute format('update %s t set %s from %s w where %s', relation, m.park, work, differs) using had;
      end if;
      execute format('update %s t set (%s) = row(%s) from %s w where %s', relation, list, ours, work, differs) using had;
    end if;
    execute format('insert into %s (%s) select %s from %s w where not w.blocked and w.%I is not null
                    and not exists (select from %s t where t.%I = w.%I)', relation, list, list, work, key, relation, key, key);
  else
    execute format('insert into %s (%s) select %s from %s w where not w.blocked and w.%I is not null', relation, list, list, work, key);
  end if;
end $$;

create function migration.write_issues(m migration.model, work text, paths text[], seen boolean) returns void
language plpgsql as $$
begin
  if seen then
    execute format('update migration.issue i set state = ''resolved'' where i.path = any($1) and i.state <> ''resolved'' and not exists (
                      select from %s w, migration.report(w.issues) f where w.path = i.path and f.field = i.field and f.code = i.code)', work)
      using paths;
  end if;
  execute format($q$
    insert into migration.issue as i (model, path, field, code, severity, value, sentence, waits_for)
    select distinct on (w.path, f.field, f.code) %L, w.path, f.field, f.code, f.severity, left(f.value, 200), f.sentence,
           nullif(array_remove(f.waits_for, null), '{}')
    from %s w, migration.report(w.issues) f
    where cardinality(w.issues) > 0
    order by w.path, f.field, f.code
    on conflict (path, field, code) do update
      set severity = excluded.severity, value = excluded.value, sentence = excluded.sentence, waits_for = excluded.waits_for,
          last_seen = now(), state = case when i.state = 'waived' then 'waived' else 'open' end $q$, m.model, work);
end $$;

-- Where each document stands now. Returns those that came or went as rows.
create function migration.write_states(m migration.model, work text, paths text[]) returns text[]
language plpgsql as $$
declare
  turned text[];
begin
  execute format($q$
    with now_is as (
      select d.path, d.version, w.kept,
             case when d.deleted then 'tombstone' when w.path is null or w.blocked then 'quarantined' else 'projected' end as state
      from legacy.document d left join %s w using (path) where d.path = any($1)
    ), was as (
      select path, state from migration.document_state where path = any($1)
    ), put as (
      insert into migration.document_state as s (path, model, state, version, kept)
      select path, %L, state, version, kept from now_is
      on conflict (path) do update set state = excluded.state, version = excluded.version, model = excluded.model, stale = false,
        kept = excluded.kept, projected_at = now()
    )
    select array_agg(n.path) from now_is n left join was using (path)
    where (n.state = 'projected') <> coalesce(was.state = 'projected', false) $q$, work, m.model)
  into turned using paths;
  return coalesce(turned, '{}');
end $$;

-- One batch, whole or not at all (an error is the caller's). Returns the documents of this and other models to look at again.
create function migration.project_batch(m migration.model, paths text[]) returns text[]
language plpgsql as $$
declare
  work text := migration.work_table(m);
  had text[];
  gone text[];
  unmade text[];
  changed text[];
  turned text[];
  seen boolean;
  places boolean := m.before is null;
  woken text[] := '{}';
  a text;
begin
  perform migration.fill_work(m, work, paths);
  if exists (select from pg_attribute where attrelid = to_regclass(format('map.%I', m.model)) and attname = 'claims') then
    paths := migration.settle_claims(m, work, paths);
  end if;
  if cardinality(paths) > 1000 then
    execute 'analyze ' || work;
  end if;
  select exists (select from migration.document_state where path = any(paths)) into seen;
  if seen then
    execute format('select array_agg(%s) from legacy.document d join migration.document_state s using (path)
                    where d.path = any($1) and s.state = ''projected''', m.key_from) into had using paths;
  end if;
  if had is not null then
    execute format('select array_agg(t.%1$I) from %2$s t where t.%1$I = any($1) and not exists (
                      select from %3$s w where w.%1$I = t.%1$I and not w.blocked)', m.key, m.target, work) into gone using had;
    if m.before is not null then -- a row of its own that the document no longer makes goes with all that hangs on it
      execute format('select array_agg(b.%1$I) from %2$s b where b.%1$I = any($1) and not exists (
                        select from %3$s w where w.%4$I = b.%1$I and not w.blocked and cardinality(w.%5$I) > 0)',
                     split_part(m.before, ' ', 2), split_part(m.before, ' ', 1), work, m.key,
                     split_part(split_part(m.before, ' ', 1), '.', 2)) into unmade using had;
      gone := gone || unmade;
    end if;
    woken := woken || migration.remove_rows(m, gone);
    if cardinality(m.passes) > 0 then
      execute format('select array_agg(distinct t.%s) from %s t join %s w on w.%I = t.%I where not w.blocked and t.%I = any($1) and (%s) is distinct from (%s)',
                     quote_ident(coalesce(split_part(m.refer, ' ', 2), m.key)), m.target, work, m.key, m.key, m.key,
                     (select string_agg('t.' || quote_ident(c), ', ') from unnest(m.passes) c),
                     (select string_agg('w.' || quote_ident(c), ', ') from unnest(m.passes) c)) into changed using had;
    end if;
  end if;
  foreach a in array m.shared loop
    execute format('insert into %1$s select distinct u.* from %2$s w, unnest(w.%3$I) u where not w.blocked on conflict do nothing',
                   split_part(a, ' ', 1), work, split_part(split_part(a, ' ', 1), '.', 2));
  end loop;
  if m.before is not null then
    places := migration.write_before(m, work) > 0 or unmade is not null or gone is not null;
  end if;
  perform migration.write_rows(m, m.target, m.key, work, had);
  foreach a in array m.also loop
    perform migration.write_also(m, work, a, had);
  end loop;
  perform migration.check_deferred(m);
  perform migration.write_issues(m, work, paths, seen);
  turned := migration.write_states(m, work, paths);
  if changed is not null then
    woken := woken || migration.dependents(m, changed);
  end if;
  if cardinality(turned) > 0 or changed is not null then
    woken := woken || migration.waiting_for(case when places then m.model end, turned || paths);
  end if;
  return woken;
end $$;

-- Rows that the target's rows refer to and that come from the same document: a city that GeoNames does not know. In the
-- view they are a list column named after their table, as for `also`.
create function migration.write_before(m migration.model, work text) returns bigint
language plpgsql as $$
declare
  rel text := split_part(m.before, ' ', 1);
  by_col text := split_part(m.before, ' ', 2);
  col text := split_part(rel, '.', 2);
  cols text := (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                where attrelid = rel::regclass and attnum > 0 and not attisdropped and attgenerated = '');
  n bigint;
begin
  execute format('insert into %1$s (%2$s) select %3$s from %4$s w, unnest(w.%5$I) u where not w.blocked on conflict (%6$I) do update set (%2$s) = row(%7$s)
                  where (%8$s) is distinct from (%7$s)',
                 rel, cols, (select string_agg('u.' || c, ', ') from unnest(string_to_array(cols, ', ')) c), work, col, by_col,
                 (select string_agg('excluded.' || c, ', ') from unnest(string_to_array(cols, ', ')) c),
                 (select string_agg(col || '.' || c, ', ') from unnest(string_to_array(cols, ', ')) c));
  get diagnostics n = row_count;
  return n;
end $$;

-- Constraints that wait for the end of the transaction are asked now, so that a failure is this batch's and not the whole write's.
create function migration.check_deferred(m migration.model) returns void
language plpgsql as $$
declare
  names text := (select string_agg(format('%I.%I', n.nspname, c.conname), ', ') from pg_constraint c join pg_namespace n on n.oid = c.connamespace
                 where c.conrelid = m.target::regclass and c.condeferrable and c.condeferred);
begin
  if names is not null then
    execute format('set constraints %s immediate', names);
    execute format('set constraints %s deferred', names);
  end if;
end $$;

-- A document that the schema refuses though no finding foresaw it: no row, and a finding that names the constraint (never the row's contents).
create function migration.quarantine(m migration.model, p text, what text, state_code text) returns text[]
language plpgsql as $$
declare
  keys text[];
  woken text[] := '{}';
begin
  begin
    execute format('select array_agg(%s) from legacy.document d where d.path = $1', m.key_from) into keys using p;
    woken := migration.remove_rows(m, keys);
  exception when others then
    woken := '{}'; -- something outside the models holds the row: it stays, the finding says so
  end;
  delete from migration.claim where path = p;
  update migration.issue set state = 'resolved' where path = p and state <> 'resolved' and code <> 'constraint';
  insert into migration.issue as i (model, path, field, code, severity, value, sentence)
  values (m.model, p, '', 'constraint', 'blocking', what, format('the database refused the row: %s (SQLSTATE %s)', what, state_code))
  on conflict (path, field, code) do update set value = excluded.value, sentence = excluded.sentence, last_seen = now(), state = 'open';
  insert into migration.document_state as s (path, model, state, version)
  select path, m.model, case when deleted then 'tombstone' else 'quarantined' end, version from legacy.document where path = p
  on conflict (path) do update set state = excluded.state, version = excluded.version, stale = false, projected_at = now();
  return woken || migration.waiting_for(m.model, array[p]);
end $$;

-- A batch; if the database refuses it, its halves, down to the one document that is at fault. One document never holds up the others.
create function migration.project_safely(m migration.model, paths text[]) returns text[]
language plpgsql as $$
declare
  n integer := cardinality(paths);
  what text;
  code text;
begin
  if n = 0 or n is null then
    return '{}';
  end if;
  begin
    return migration.project_batch(m, paths);
  exception
    when integrity_constraint_violation or data_exception or program_limit_exceeded or raise_exception then
      get stacked diagnostics what = constraint_name, code = returned_sqlstate;
  end;
  if n = 1 then
    return migration.quarantine(m, paths[1], coalesce(nullif(what, ''), 'data of a wrong kind'), code);
  end if;
  return migration.project_safely(m, paths[:n / 2]) || migration.project_safely(m, paths[n / 2 + 1:]);
end $$;

-- The two ways in. Both plan each statement for the arrays it gets (a plan for ten paths is wrong for twenty thousand) and
-- without just-in-time compilation, which took longer than the work.

-- Projects the given documents and then, model by model in order, all that hangs on them.
create function migration.project_paths(paths text[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set jit = off
  set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
declare
  m migration.model;
  todo text[] := paths;
  mine text[];
  rounds integer := 0;
  done bigint := 0;
begin
  perform migration.lock_projection();
  perform set_config('showx.projecting', 'on', true);
  while cardinality(todo) > 0 and rounds < 8 loop
    for m in select * from migration.model order by position loop
      select array_agg(distinct d.path) into mine from legacy.document d where d.path = any(todo) and d.collection = m.collection;
      continue when mine is null;
      todo := array(select t from unnest(todo) t where t <> all(mine)) || migration.project_safely(m, mine);
      done := done + cardinality(mine);
    end loop;
    select array_agg(distinct d.path) into todo from legacy.document d join migration.model using (collection) where d.path = any(todo);
    rounds := rounds + 1;
  end loop;
  perform set_config('showx.projecting', 'off', true);
  if cardinality(todo) > 0 then
    update migration.document_state set stale = true where path = any(todo);
  end if;
  return done;
end $$;

-- The next documents of a model, in the order of their paths, that are new, changed or stale; what hangs on them becomes stale. For
-- bulk loads: call it until it gives no row. after: the last path of the call before, so that a pass never turns back.
create function migration.project_some(of_model text, after text, at_most bigint, out projected bigint, out last_path text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set jit = off
  set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
declare
  m migration.model;
  paths text[];
  woken text[];
begin
  perform migration.lock_projection();
  select * into strict m from migration.model where model = of_model;
  select array_agg(p order by p), max(p) into paths, last_path from (
    select d.path as p from legacy.document d left join migration.document_state s on s.path = d.path
    where d.collection = m.collection and d.path > coalesce(after, '')
      and (s.path is null or s.stale or s.version <> d.version)
    order by d.path limit at_most) x;
  projected := coalesce(cardinality(paths), 0);
  if projected > 0 then
    perform set_config('showx.projecting', 'on', true);
    woken := migration.project_safely(m, paths);
    perform set_config('showx.projecting', 'off', true);
    if cardinality(woken) > 0 then
      update migration.document_state set stale = true where path = any(woken) and not stale;
    end if;
  end if;
end $$;

-- ---- documents that come for the first time ----
-- A bulk load's documents have no rows, findings or claims yet, so that all is plain inserts, and batches of one model may go side by side (a shared
-- lock keeps everybody else out). For models that say `bulk: yes`; they promise that documents whose claims exclude each other's
-- rows lie under one root document (a fan's follows), for a batch never parts those.

-- Lets the schema's triggers rest for this transaction where the session may (a superuser; the right to set the parameter can be granted): a foreign
-- key looked at row by row costs more than the row. project_first looks at them set by set instead. A call of its own: what project_some runs
-- as may not. False: they stay awake, the result is the same.
create function migration.rest_triggers() returns boolean
language plpgsql as $$
begin
  perform set_config('session_replication_role', 'replica', true);
  return true;
exception when insufficient_privilege then
  return false;
end $$;

-- The foreign keys of a relation, asked of all rows that `rows` (a query) is to bring. Those to `made` are kept by who calls.
create function migration.check_references(relation regclass, cols text[], rows text, made regclass) returns void
language plpgsql as $$
declare
  f record;
  missing boolean;
begin
  for f in
    select c.conname, c.confrelid::regclass as parent, string_agg(quote_ident(a.attname), ', ' order by k.n) as cols,
           string_agg(format('v.%I is not null', a.attname), ' and ' order by k.n) as said,
           string_agg(format('p.%I = v.%I', b.attname, a.attname), ' and ' order by k.n) as same
    from pg_constraint c cross join unnest(c.conkey, c.confkey) with ordinality k (here, there, n)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.here
    join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.there
    where c.contype = 'f' and c.conrelid = relation and c.conparentid = 0 and c.confrelid <> made
    group by c.oid having bool_and(quote_ident(a.attname) = any(cols))
  loop
    execute format('lock table %s in share mode', f.parent); -- nobody takes a parent away before this is committed
    execute format('select exists (select from (select distinct %s from (%s) r) v where %s and not exists (select from %s p where %s))',
                   f.cols, rows, f.said, f.parent, f.same) into missing;
    if missing then
      raise foreign_key_violation using constraint = f.conname, message = format('a row of %s lacks its row in %s', relation, f.parent);
    end if;
  end loop;
end $$;

create function migration.check_batch_references(m migration.model, work text) returns void
language plpgsql as $$
declare
  a text;
  rel regclass;
  col text;
  keys record;
  astray boolean;
begin
  perform migration.check_references(m.target::regclass, migration.columns_of(m.target::regclass, m), format('select * from %s where not blocked', work), m.target::regclass);
  foreach a in array m.also loop
    rel := split_part(a, ' ', 1)::regclass;
    col := split_part(split_part(a, ' ', 1), '.', 2);
    perform migration.check_references(rel, (select array_agg(quote_ident(attname)) from pg_attribute where attrelid = rel and attnum > 0 and not attisdropped),
                                       format('select u.* from %s w, unnest(w.%I) u where not w.blocked', work, col), m.target::regclass);
    for keys in -- to the row that it came with
      select string_agg(format('u.%I', a1.attname), ', ' order by k.n) as theirs, string_agg(format('w.%I', a2.attname), ', ' order by k.n) as its
      from pg_constraint c cross join unnest(c.conkey, c.confkey) with ordinality k (here, there, n)
      join pg_attribute a1 on a1.attrelid = c.conrelid and a1.attnum = k.here
      join pg_attribute a2 on a2.attrelid = c.confrelid and a2.attnum = k.there
      where c.contype = 'f' and c.conrelid = rel and c.conparentid = 0 and c.confrelid = m.target::regclass group by c.oid
    loop
      execute format('select exists (select from %s w, unnest(w.%I) u where not w.blocked and (%s) is distinct from (%s))', work, col, keys.theirs, keys.its) into astray;
      if astray then
        raise foreign_key_violation using message = format('a row of %s is not of the row that it came with', rel);
      end if;
    end loop;
  end loop;
end $$;

-- One batch of documents without a state. Returns the documents of other models to look at again.
create function migration.project_first(m migration.model, paths text[]) returns text[]
language plpgsql as $$
declare
  work text := migration.work_table(m);
  a text;
begin
  perform migration.fill_work(m, work, paths);
  execute 'analyze ' || work;
  if exists (select from pg_attribute where attrelid = to_regclass(format('map.%I', m.model)) and attname = 'claims') then
    execute format('insert into migration.claim select %L, c.kind, c.key, c.rank, w.path from %s w, unnest(w.claims) c
                    where not w.blocked and c.key is not null on conflict do nothing', m.model, work);
    perform migration.lose_claims(m, work);
  end if;
  if current_setting('session_replication_role') = 'replica' then
    perform migration.check_batch_references(m, work);
  end if;
  perform migration.write_rows(m, m.target, m.key, work, null);
  foreach a in array m.also loop
    perform migration.write_also(m, work, a, null);
  end loop;
  perform migration.write_issues(m, work, paths, false);
  execute format($q$insert into migration.document_state (path, model, state, version, kept)
    select d.path, %L, case when d.deleted then 'tombstone' when w.path is null or w.blocked then 'quarantined' else 'projected' end, d.version, w.kept
    from legacy.document d left join %s w using (path) where d.path = any($1)$q$, m.model, work) using paths;
  if not exists (select from migration.model where m.model = any(parents)) then
    return '{}';
  end if;
  return migration.waiting_for(m.model, paths);
end $$;

-- After the last of a model's first batches: those who claim what another claims are looked at once more, all together.
create function migration.settle_first(of_model text) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set jit = off set work_mem = '64MB' as $$
declare
  n bigint;
begin
  perform migration.lock_projection();
  update migration.document_state set stale = true where not stale and path in (
    select c.path from migration.claim c join (
      select kind, key from migration.claim where model = of_model group by kind, key having count(*) > 1) k using (kind, key)
    where c.model = of_model);
  get diagnostics n = row_count;
  return n;
end $$;

-- The next documents of a model, in the order of their paths, that have no state yet, up to `until` (null: the end). last_path null: there are no more. A batch
-- that the database refuses stays as it is: project_some finds the document at fault.
create function migration.project_new(of_model text, after text, until text, at_most bigint, out projected bigint, out last_path text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set jit = off
  set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
declare
  m migration.model;
  page text[];
  paths text[];
  woken text[];
  root text;
begin
  projected := 0;
  perform pg_advisory_xact_lock_shared(7397301, 1);
  select * into strict m from migration.model where model = of_model;
  if not m.bulk then
    return;
  end if;
  page := array(select d.path from legacy.document d where d.collection = m.collection and d.path > coalesce(after, '')
                  and (until is null or d.path <= until) order by d.path limit at_most);
  last_path := page[cardinality(page)];
  if cardinality(page) = at_most and last_path ~ '^[^/]+/[^/]+/' then -- whole root documents only
    root := substring(last_path from '^[^/]+/[^/]+/');
    paths := array(select p from unnest(page) p where not starts_with(p, root));
    if cardinality(paths) = 0 then
      paths := array(select d.path from legacy.document d where d.collection = m.collection and d.path > greatest(after, root)
                     and d.path < rtrim(root, '/') || '0' order by d.path); -- '0' comes after '/'
    end if;
    page := paths;
    last_path := page[cardinality(page)];
  end if;
  paths := array(select p from unnest(page) p where not exists (select from migration.document_state s where s.path = p offset 0) order by p);
  if cardinality(paths) = 0 then
    return;
  end if;
  begin
    perform set_config('showx.projecting', 'on', true);
    woken := migration.project_first(m, paths);
    projected := cardinality(paths);
  exception when integrity_constraint_violation or data_exception or program_limit_exceeded or raise_exception then
    woken := '{}';
  end;
  perform set_config('showx.projecting', 'off', true);
  if cardinality(woken) > 0 then
    update migration.document_state set stale = true where path = any(woken) and not stale;
  end if;
end $$;

-- Where a model's paths may be parted so that `parts` sessions have about the same to do: the end of each part but the last.
create function migration.parts(of_model text, parts bigint) returns setof text
language plpgsql stable as $$
declare
  of_collection text := (select collection from migration.model where model = of_model and bulk);
  total bigint := (select count(*) from legacy.document where collection = of_collection);
begin
  for i in 1 .. parts - 1 loop
    return query select substring(d.path from '^[^/]+/[^/]+') from legacy.document d where d.collection = of_collection
      order by d.path offset total * i / parts limit 1;
  end loop;
end $$;

-- Everything that is new, changed or stale, in one transaction: for small databases and tests. The program calls project_some itself.
create function migration.project_all(batch integer default 20000) returns bigint
language plpgsql as $$
declare
  m text;
  last_path text;
  n bigint;
  done bigint := 0;
  before bigint;
  first bigint;
begin
  loop
    before := done;
    for m in select model from migration.model order by position loop
      last_path := null;
      first := 0;
      loop
        select p.projected, p.last_path into n, last_path from migration.project_new(m, last_path, null, batch) p;
        exit when last_path is null;
        first := first + n;
      end loop;
      done := done + first;
      perform migration.settle_first(m) where first > 0;
      last_path := null;
      loop
        select p.projected, p.last_path into n, last_path from migration.project_some(m, last_path, batch) p;
        done := done + n;
        exit when n = 0;
      end loop;
    end loop;
    exit when done = before;
  end loop;
  return done;
end $$;

-- ---- the statement trigger on the mirror ----

create function migration.before_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if coalesce(current_setting('showx.defer_projection', true), '') <> 'on' then
    perform migration.lock_projection();
  end if;
  return null;
end $$;

create function migration.after_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  paths text[];
begin
  if coalesce(current_setting('showx.defer_projection', true), '') = 'on' then
    return null; -- version <> document_state.version tells project_some what to do
  end if;
  if tg_op = 'INSERT' then
    select array_agg(path) into paths from came;
  else
    select array_agg(n.path) into paths from came n join went o using (path)
      where (n.version, n.deleted) is distinct from (o.version, o.deleted) or n.fields is distinct from o.fields;
  end if;
  if paths is not null then
    perform migration.project_paths(paths);
  end if;
  return null;
end $$;

create trigger project_before before insert or update on legacy.document
  for each statement execute function migration.before_documents();
create trigger project_insert after insert on legacy.document referencing new table as came
  for each statement execute function migration.after_documents();
create trigger project_update after update on legacy.document referencing new table as came old table as went
  for each statement execute function migration.after_documents();

-- ---- into the mirror ----

-- The staging table of a bulk load: temporary, emptied at each commit. Text that is not jsonb (fields) must not stop a batch.
create function legacy.open_incoming() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if to_regclass('pg_temp.incoming') is null then
    create temp table incoming (
      nth bigint generated always as identity, path text collate "C" not null, collection text not null, parent text collate "C", id text not null,
      name_prefix text not null, fields text not null, version bigint not null, create_us bigint, update_us bigint,
      deleted boolean not null, source text not null, file text not null, place text not null) on commit delete rows;
    grant select, insert on pg_temp.incoming to public;
  end if;
end $$;

create function legacy.is_jsonb(t text) returns boolean
language plpgsql immutable as $$
begin
  return jsonb_typeof(t::jsonb) = 'object';
exception when data_exception or program_limit_exceeded then
  return false;
end $$;

-- The staged documents into the mirror by rules 1 and 2: a write of update time u counts as version u, a delete that carries the old
-- document's time o as o + 1; what is not newer than the mirror is stale. What cannot be stored is told in migration.load_error.
create function legacy.merge_incoming(of_load bigint default null, out applied bigint, out stale bigint, out errors bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  total bigint;
begin
  errors := 0;
  begin
    applied := legacy.merge_staged();
  exception when data_exception or program_limit_exceeded then
    -- Some document's text is no jsonb: look one by one, this once.
    delete from pg_temp.incoming i where not legacy.is_jsonb(i.fields) and of_load is null;
    with bad as (delete from pg_temp.incoming i where not legacy.is_jsonb(i.fields) returning nth, file, place, path, fields)
    insert into migration.load_error (load_id, position, file, place, code, sentence, raw)
    select of_load, coalesce((select max(position) from migration.load_error where load_id = of_load), 0) + row_number() over (order by nth),
           file, place, 'bad_value', 'the document holds a value that Postgres cannot store (a NUL character?)',
           substring(convert_to(fields, 'UTF8') from 1 for 4096) from bad;
    get diagnostics errors = row_count;
    applied := legacy.merge_staged();
  end;
  select count(*) into total from pg_temp.incoming;
  stale := total - applied;
  truncate pg_temp.incoming;
end $$;

create function legacy.merge_staged() returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  n bigint;
begin
  insert into legacy.document as d (path, collection, parent, id, name_prefix, fields, version, create_time, update_time, deleted, source)
  select distinct on (i.path) i.path, i.collection, i.parent, i.id, i.name_prefix, case when i.deleted then '{}' else i.fields::jsonb end,
         i.version + i.deleted::integer,
         timestamptz 'epoch' + nullif(i.create_us, 0) * interval '1 microsecond',
         timestamptz 'epoch' + nullif(i.update_us, 0) * interval '1 microsecond', i.deleted, i.source
  from pg_temp.incoming i
  order by i.path, i.version + i.deleted::integer desc, i.nth
  on conflict (path) do update
    set fields = excluded.fields, version = excluded.version, create_time = coalesce(excluded.create_time, d.create_time),
        update_time = excluded.update_time, deleted = excluded.deleted, source = excluded.source, name_prefix = excluded.name_prefix, seen_at = now()
    where excluded.version > d.version;
  get diagnostics n = row_count;
  return n;
end $$;

-- ---- how it stands ----

create view migration.status as
select m.model, m.state, m.position,
       coalesce(d.documents, 0) as documents,
       coalesce(s.projected, 0) as projected,
       coalesce(s.quarantined, 0) as quarantined,
       coalesce(s.tombstones, 0) as tombstones,
       coalesce(i.warnings, 0) as warnings,
       coalesce(d.documents, 0) - coalesce(s.known, 0) as pending
from migration.model m
left join (select collection, count(*) as documents from legacy.document group by collection) d using (collection)
left join (select model, count(*) as known, count(*) filter (where state = 'projected') as projected,
                  count(*) filter (where state = 'quarantined') as quarantined, count(*) filter (where state = 'tombstone') as tombstones
           from migration.document_state group by model) s using (model)
left join (select model, count(*) as warnings from migration.issue where severity = 'warning' and state <> 'resolved' group by model) i using (model)
order by m.position;
