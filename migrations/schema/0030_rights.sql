-- 0030 rights: who may do what with which relation, and that nobody's login owns any of it. Rows come in 0031.
-- A console that wants to know asks has_table_privilege(), has_column_privilege(), has_function_privilege().

-- What stands so far changes hands: the audit to showx_audit, all else to showx_owner; and what runs as its owner for the
-- old database runs as showx_migration, so that showx.by_migration() knows it. That which writes is for engineers only; what
-- merely computes (and is called by views) stays everybody's.
do $$
declare
  thing record;
  heir  name;
begin
  for thing in
    select n.nspname as schema, format('schema %I', n.nspname) as name, false as definer
    from pg_namespace n where n.nspname in ('showx', 'legacy', 'migration', 'audit', 'read', 'map')
  union all
    select n.nspname, format('%s %I.%I', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
                                         when 'S' then 'sequence' else 'table' end, n.nspname, c.relname), false
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('showx', 'legacy', 'migration', 'audit', 'read', 'map') and c.relkind in ('r', 'p', 'v', 'm', 'S')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                      and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and c.relkind = 'S')
  union all
    select n.nspname, format('type %I.%I', n.nspname, t.typname), false
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
    where n.nspname in ('showx', 'legacy', 'migration', 'audit', 'read', 'map') and (t.typtype in ('d', 'e') or c.relkind = 'c')
  union all
    select n.nspname, format('routine %s', p.oid::regprocedure), p.prosecdef
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('showx', 'legacy', 'migration', 'audit', 'read', 'map') and p.prokind in ('f', 'p')
  loop
    heir := case when thing.schema = 'audit' then 'showx_audit'
                 when thing.definer and thing.schema in ('legacy', 'migration', 'map') then 'showx_migration'
                 else 'showx_owner' end;
    if heir = 'showx_migration' then
      execute format('grant create on schema %I to showx_migration', thing.schema);
    end if;
    execute format('alter %s owner to %I', thing.name, heir);
    if heir = 'showx_migration' then
      execute format('revoke create on schema %I from showx_migration', thing.schema);
      execute format('revoke execute on %s from public', thing.name);
      execute format('grant execute on %s to showx_engineer, showx_owner', thing.name);
    end if;
  end loop;
  -- A model's views belong to the owner too, whoever takes the file in; only the owner's members may, since a file is SQL.
  if to_regprocedure('migration.apply_model(text)') is not null then
    alter function migration.apply_model(text) security definer;
    revoke execute on function migration.apply_model(text) from public;
  end if;
end $$;

set local role showx_owner;

alter default privileges for role showx_owner revoke execute on functions from public;
alter default privileges for role showx_owner in schema showx
  grant select on tables to showx_support, showx_engineer, showx_readonly, showx_migration;
alter default privileges for role showx_owner in schema legacy, migration, map
  grant select on tables to showx_engineer, showx_readonly, showx_migration;
alter default privileges for role showx_owner in schema read, map
  grant execute on functions to showx_engineer, showx_readonly, showx_migration;
alter default privileges for role showx_owner in schema read grant select on tables to showx_engineer, showx_readonly, showx_migration;

grant usage on schema showx to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration, showx_audit;
grant usage on schema legacy, migration, map, read to showx_engineer, showx_readonly, showx_migration;

-- s select, i insert, u update, d delete, n update of the note alone. Bookings change by the functions of 0040 only; words and
-- demand by triggers only. A partition has no rights of its own: reaching past its parent would reach past the parent's rows.
do $$
declare
  line record;
  may  record;
begin
  for line in
    select * from (values
      -- relation                      support  manager  engineer readonly migration
      ('showx.city',                   's',     's',     's',     's',     'siud'),
      ('showx.city_ref',               's',     's',     's',     's',     'siud'),
      ('showx.genre',                  's',     's',     's',     's',     'siud'),
      ('showx.artist',                 'siu',   'sn',    's',     's',     'siud'),
      ('showx.artist_genre',           'siud',  's',     's',     's',     'siud'),
      ('showx.venue',                  'siu',   's',     's',     's',     'siud'),
      ('showx.fan',                    'siu',   'sn',    's',     's',     'siud'),
      ('showx.fan_word',               's',     's',     's',     's',     'siud'),
      ('showx.follow',                 'su',    's',     's',     's',     'siud'),
      ('showx.concert',                'siu',   's',     's',     's',     'siud'),
      ('showx.line_up',                'siud',  's',     's',     's',     'siud'),
      ('showx.ticket_type',            'siud',  's',     's',     's',     'siud'),
      ('showx.ticket_order',           'su',    's',     's',     's',     'siud'),
      ('showx.ticket',                 'su',    's',     's',     's',     'siud'),
      ('showx.tour',                   'siu',   'siu',   's',     's',     'siud'),
      ('showx.tour_stop',              'siud',  'siud',  's',     's',     'siud'),
      ('showx.booking',                's',     's',     's',     's',     'siud'),
      ('showx.radius_clause',          's',     's',     's',     's',     'siud'),
      ('showx.city_demand',            's',     's',     's',     's',     'siud'),
      ('legacy.document',              '',      '',      'siud',  's',     'siud'),
      ('migration.model',              '',      '',      'siud',  's',     'siud'),
      ('migration.document_state',     '',      '',      'siud',  's',     'siud'),
      ('migration.issue',              '',      '',      'siud',  's',     'siud'),
      ('migration.load',               '',      '',      'siud',  's',     'siud'),
      ('migration.load_error',         '',      '',      'siud',  's',     'siud')
    ) as matrix (relation, showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration)
  loop
    execute format('revoke all on %s from public, showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration', line.relation);
    for may in
      select j.key as role, v.name as verb
      from jsonb_each_text(to_jsonb(line) - 'relation') j
      join (values ('s', 'select'), ('i', 'insert'), ('u', 'update'), ('d', 'delete'), ('n', 'update (note)')) v (letter, name)
        on strpos(j.value, v.letter) > 0
    loop
      execute format('grant %s on %s to %I', may.verb, line.relation, may.role);
    end loop;
  end loop;
end $$;

-- What else stands in legacy, migration, map and read (views, the engine's own tables): engineers and the projection work with it, readers read it.
grant select, insert, update, delete on all tables in schema legacy, migration to showx_engineer, showx_migration;
grant select on all tables in schema legacy, migration to showx_readonly;
grant select on all tables in schema map, read to showx_engineer, showx_readonly, showx_migration;

revoke execute on all functions in schema showx from public;
grant execute on function showx.fold(text), showx.search_word(text), showx.session_role(), showx.by_migration()
  to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;
grant execute on function showx.session_role() to showx_audit;

-- The audit. Engineers read all of it, support too; nobody writes it but its triggers. A write's key is put down by the write itself.
set local role showx_audit;
alter default privileges for role showx_audit revoke execute on functions from public;
revoke execute on all functions in schema audit from public;
grant usage on schema audit to showx_support, showx_manager, showx_engineer, showx_readonly, showx_owner, showx_migration;
grant select on audit.entry to showx_support, showx_engineer;
grant select, insert (key, what) on audit.operation to showx_support, showx_manager, showx_engineer, showx_migration, showx_owner;
grant execute on function audit.summary(text, text, jsonb) to showx_owner, showx_migration;

-- A key is its writer's: row security here, since the audit belongs to another role than the tables of 0031.
alter table audit.operation enable row level security;
create policy own on audit.operation using (who = session_user) with check (who = session_user);
create policy engineers on audit.operation for select to showx_engineer using (true);

reset role;

-- The audit's keys are laid down. A later file that changes the audit takes them up again by `grant showx_audit to current_user`.
do $$
begin
  if exists (select from pg_auth_members m where m.roleid = 'showx_audit'::regrole and m.member = current_user::regrole) then
    execute format('revoke showx_audit from %I', current_user);
  end if;
end $$;
