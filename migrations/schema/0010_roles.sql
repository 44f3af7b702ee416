-- 0010 roles: who there is. Roles belong to the cluster, so another database may have made them already: made here only
-- where missing. Needs CREATEROLE, not superuser. Rights come in 0030, rows in 0031.
--
--   showx_owner      owns schemas, tables, functions; nobody logs in as it
--   showx_audit      owns the audit alone
--   showx_migration  the projection runs as it: its writes are not a person's
--   showx_support, showx_manager, showx_engineer, showx_readonly: groups that logins are put into
--
-- A login becomes a person of showx by `grant showx_support to anna`. The login that runs the migrations is made a member of the first three
-- (of showx_audit only while they run), and every later file begins with `set local role showx_owner`.

do $$
declare
  role name;
begin
  foreach role in array array['showx_owner', 'showx_audit', 'showx_migration',
                              'showx_support', 'showx_manager', 'showx_engineer', 'showx_readonly'] loop
    if not exists (select from pg_roles where rolname = role) then
      begin
        execute format('create role %I nologin', role);
      exception
        when duplicate_object or unique_violation then
          null;   -- another database of this cluster was quicker
        when insufficient_privilege then
          raise exception 'the role % is missing and % may not create it', role, current_user
            using errcode = 'SX002',
                  hint = format('Let an administrator run: create role %I nologin; grant %I to %I; or: alter role %I createrole',
                                role, role, current_user, current_user);
      end;
    end if;
    if role in ('showx_owner', 'showx_audit', 'showx_migration') and not pg_has_role(current_user, role, 'member') then
      begin
        execute format('grant %I to %I', role, current_user);
      exception when insufficient_privilege then
        raise exception '% is not a member of % and may not make itself one', current_user, role
          using errcode = 'SX002', hint = format('Let an administrator run: grant %I to %I', role, current_user);
      end;
    end if;
  end loop;
end $$;

-- The group of the login behind this session, for the audit and for the console: one word, '' for none of ours.
create function showx.session_role() returns text
language sql stable parallel safe
return case
  when pg_has_role(session_user, 'showx_owner', 'member') then 'owner'
  when pg_has_role(session_user, 'showx_support', 'member') then 'support'
  when pg_has_role(session_user, 'showx_manager', 'member') then 'manager'
  when pg_has_role(session_user, 'showx_engineer', 'member') then 'engineer'
  when pg_has_role(session_user, 'showx_readonly', 'member') then 'readonly'
  else ''
end;

-- Is this statement the migration's? Only code owned by showx_migration runs as it; besides, a login that owns the tables may say so
-- by showx.actor. The setting alone says nothing: anybody can set it. session_user, since no security-definer function changes it.
create function showx.by_migration() returns boolean
language sql stable parallel safe
return current_user = 'showx_migration'
  or (coalesce(current_setting('showx.actor', true), '') = 'migration' and pg_has_role(session_user, 'showx_owner', 'member'));
