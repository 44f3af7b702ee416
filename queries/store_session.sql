-- store_session: what a session needs before anything else is asked, and who is behind it
-- :backend int       the process that the connection was told of; another one means that a pooler stands between
-- :read_only bool
-- offline: no a snapshot has no session
-- Behind a pooler the settings are for the running transaction alone, since the next one may be somebody else's.
-- Limits that an administrator has set are left as they are.
select
  cast(s.local as text) as pooled,
  cast(pg_backend_pid() as text) as backend,
  cast(extract(epoch from transaction_timestamp()) as text) as began,
  cast(current_user as text) as person,
  coalesce((
    select replace(cast(r.rolname as text), 'showx_', '')
    from pg_roles r
    join (values ('showx_owner', 1), ('showx_support', 2), ('showx_manager', 3), ('showx_engineer', 4), ('showx_readonly', 5))
      as g (role, place) on g.role = r.rolname
    where pg_has_role(session_user, r.oid, 'member')
    order by g.place
    limit 1), '') as role,
  current_setting('server_version') as server,
  cast(pg_is_in_recovery() or cast(:read_only as boolean) or current_setting('default_transaction_read_only') = 'on' as text) as read_only,
  coalesce(current_setting('showx.production', true), '') as production,
  set_config('search_path', 'showx, public', s.local),
  set_config('TimeZone', 'UTC', s.local),
  set_config('DateStyle', 'ISO, YMD', s.local),
  set_config('IntervalStyle', 'iso_8601', s.local),
  set_config('standard_conforming_strings', 'on', s.local),
  set_config('extra_float_digits', '1', s.local),
  set_config('bytea_output', 'hex', s.local),
  set_config('statement_timeout', case current_setting('statement_timeout') when '0' then '1h' else current_setting('statement_timeout') end, s.local),
  set_config('lock_timeout', case current_setting('lock_timeout') when '0' then '30s' else current_setting('lock_timeout') end, s.local),
  set_config('idle_in_transaction_session_timeout',
    case current_setting('idle_in_transaction_session_timeout') when '0' then '10min' else current_setting('idle_in_transaction_session_timeout') end, s.local),
  set_config('client_connection_check_interval', '5s', s.local),
  case when cast(:read_only as boolean) then
    set_config(case when s.local then 'transaction_read_only' else 'default_transaction_read_only' end, 'on', s.local)
  end
from (select pg_backend_pid() <> cast(:backend as int) as local) as s
