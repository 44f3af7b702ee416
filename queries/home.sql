-- home: what needs attention today, area by area, each with a way in
-- :now time                 this moment
-- :today date               this day
--   `view` and `with` are the way in: the screen, and what it is narrowed to. showx.home_migration() gives no row to those who
--   may not see the move.
select area, figure, what, view, "with", position
  from (
    select 1 as position, 'Bookings' as area, count(*) as figure, 'holds expire within 48 hours' as what, 'bookings' as view,
           'status=hold&expires_until=' || to_char((:now + interval '48 hours') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "with"
      from booking b
     where b.status = 'hold' and b.expires_at <= :now + interval '48 hours'
    union all
    select 2, 'Bookings', count(*), 'holds are challenged', 'bookings', 'status=hold&challenged=yes'
      from booking b
     where b.status = 'hold' and b.challenged_at is not null
    union all
    select 3, 'Concerts', count(*), 'shows in the next 7 days', 'concerts', 'from=' || :today || '&until=' || (:today + 7)
      from concert k
     where k.local_date between :today and :today + 7 and k.status in ('announced', 'on_sale', 'sold_out')
    union all
    select 4, 'Concerts', count(*), 'go on sale within 7 days', 'concerts',
           'on_sale_from=' || to_char(:now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
           || '&on_sale_until=' || to_char((:now + interval '7 days') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      from concert k
     where k.local_date >= :today and k.on_sale_at between :now and :now + interval '7 days'
       and k.status in ('draft', 'announced', 'on_sale')
    union all
    select 5, 'Orders', count(*), 'orders today', 'orders', 'since=' || :today || 'T00:00:00Z'
      from ticket_order o
     where o.ordered_at >= :today::timestamp at time zone 'UTC'
    union all
    select 6, 'Orders', count(*), 'orders wait for payment', 'orders', 'status=pending'
      from ticket_order o
     where o.status = 'pending'
    union all
    select 7, 'Fans', count(*), 'new fans this week', 'fans', 'since=' || (:today - 7) || 'T00:00:00Z'
      from fan f
     where f.created_at >= (:today - 7)::timestamp at time zone 'UTC' and f.merged_into is null
    union all
    select m.place, m.area, m.figure, m.what, m.target, m.narrowed
      from showx.home_migration(:now) as m
  ) as figures
-- sqlite
select area, figure, what, view, "with", position
  from (
    select 1 as position, 'Bookings' as area, count(*) as figure, 'holds expire within 48 hours' as what, 'bookings' as view,
           'status=hold&expires_until=' || strftime('%Y-%m-%dT%H:%M:%SZ', :now, '+48 hours') as "with"
      from booking b
     where b.status = 'hold' and b.expires_at <= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '+48 hours')
    union all
    select 2, 'Bookings', count(*), 'holds are challenged', 'bookings', 'status=hold&challenged=yes'
      from booking b
     where b.status = 'hold' and b.challenged_at is not null
    union all
    select 3, 'Concerts', count(*), 'shows in the next 7 days', 'concerts', 'from=' || :today || '&until=' || date(:today, '+7 days')
      from concert k
     where k.local_date between :today and date(:today, '+7 days') and k.status in ('announced', 'on_sale', 'sold_out')
    union all
    select 4, 'Concerts', count(*), 'go on sale within 7 days', 'concerts',
           'on_sale_from=' || strftime('%Y-%m-%dT%H:%M:%SZ', :now)
           || '&on_sale_until=' || strftime('%Y-%m-%dT%H:%M:%SZ', :now, '+7 days')
      from concert k
     where k.local_date >= :today and k.on_sale_at between :now and strftime('%Y-%m-%dT%H:%M:%SZ', :now, '+7 days')
       and k.status in ('draft', 'announced', 'on_sale')
    union all
    select 5, 'Orders', count(*), 'orders today', 'orders', 'since=' || :today || 'T00:00:00Z'
      from ticket_order o
     where o.ordered_at >= :today
    union all
    select 6, 'Orders', count(*), 'orders wait for payment', 'orders', 'status=pending'
      from ticket_order o
     where o.status = 'pending'
    union all
    select 7, 'Fans', count(*), 'new fans this week', 'fans', 'since=' || date(:today, '-7 days') || 'T00:00:00Z'
      from fan f
     where f.created_at >= date(:today, '-7 days') and f.merged_into is null
    union all
    select 8, 'Issues', count(*), 'issues keep documents out', 'issues', 'severity=blocking'
      from migration_issue i
     where i.state = 'open' and i.severity = 'blocking'
    union all
    select 9, 'Issues', count(*), 'warnings: something was lost or guessed', 'issues', 'severity=warning'
      from migration_issue i
     where i.state = 'open' and i.severity = 'warning'
    union all
    select 10 + m.position, 'Documents', count(*), m.model || ' in quarantine', 'documents', 'model=' || m.model || '&state=quarantined'
      from migration_model m
      join migration_document_state s on s.model = m.model and s.state = 'quarantined'
     group by m.position, m.model
    union all
    select 1000, 'Loads', count(*), 'loads failed, met errors or hang', 'loads', ''
      from migration_load l
     where l.started_at >= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-7 days')
       and (l.state in ('failed', 'cancelled') or l.errors > 0
            or (l.state = 'running' and l.started_at < strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-1 hour')))
  ) as figures
