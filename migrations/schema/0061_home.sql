-- 0061 home: the figures of the move on the console's first screen, for those who may see the move; no row for the others,
-- so that one query serves everybody.

set local role showx_owner;

create function showx.home_migration(this_moment timestamptz)
returns table (place integer, area text, figure bigint, what text, target text, narrowed text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not has_schema_privilege('migration', 'usage') or not has_table_privilege('migration.issue', 'select') then
    return;
  end if;
  return query
    select 8, 'Issues', count(*), 'issues keep documents out', 'issues', 'severity=blocking'
      from migration.issue i
     where i.state = 'open' and i.severity = 'blocking'
    union all
    select 9, 'Issues', count(*), 'warnings: something was lost or guessed', 'issues', 'severity=warning'
      from migration.issue i
     where i.state = 'open' and i.severity = 'warning'
    union all
    select 10 + m.position, 'Documents', n.quarantined, m.model || ' in quarantine', 'documents',
           'model=' || m.model || '&state=quarantined'
      from migration.model m
      cross join lateral (select count(*) as quarantined
                            from migration.document_state s
                           where s.model = m.model and s.state = 'quarantined') as n
     where n.quarantined > 0
    union all
    select 1000, 'Loads', count(*), 'loads failed, met errors or hang', 'loads', ''
      from migration.load l
     where l.started_at >= this_moment - interval '7 days'
       and (l.state in ('failed', 'cancelled') or l.errors > 0
            or (l.state = 'running' and l.started_at < this_moment - interval '1 hour'));
end $$;
grant execute on function showx.home_migration(timestamptz)
  to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;

reset role;
