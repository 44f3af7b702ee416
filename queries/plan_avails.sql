-- plan_avails: who stands on which day at which room: holds, offers and confirmed dates
-- :artist_id text            whose tour: its own dates come with their terms
-- :from date                 first day of the window
-- :until date                last day
select v.venue_id, v.show_date, v.status, v.hold_rank, v.expires_at, v.challenged, v.mine, v.booking_id, v.who, v.guarantee,
       v.percentage, v.expenses, v.currency
  from showx.avails(:artist_id, :from, :until) as v
-- sqlite
select b.venue_id,
       b.show_date,
       b.status,
       b.hold_rank,
       b.expires_at,
       case when b.challenged_at is null then 0 else 1 end as challenged,
       case when b.artist_id = :artist_id then 1 else 0 end as mine,
       b.booking_id,
       a.name as who,
       case when b.artist_id = :artist_id then b.guarantee end as guarantee,
       case when b.artist_id = :artist_id then b.percentage end as percentage,
       case when b.artist_id = :artist_id then b.expenses end as expenses,
       b.currency
  from booking b
  join artist a on a.artist_id = b.artist_id
 where b.show_date between :from and :until
   and b.status in ('hold', 'offer', 'confirmed', 'advanced', 'played', 'settled')
   and (b.artist_id = :artist_id or b.room = '')
union all
select s.venue_id, s.local_date, 'confirmed', null, null, 0, case when s.artist_id = :artist_id then 1 else 0 end, '', a.name,
       null, null, null, s.currency
  from concert s
  join artist a on a.artist_id = s.artist_id
 where s.local_date between :from and :until
   and s.status in ('announced', 'on_sale', 'sold_out', 'played')
   and not exists (select 1
                     from booking b
                    where b.venue_id = s.venue_id and b.show_date = s.local_date and b.artist_id = s.artist_id
                      and b.status in ('confirmed', 'advanced', 'played', 'settled'))
