-- booking: one booking, with its terms
-- :booking_id text          which
select b.booking_id,
       b.show_date,
       a.name as artist,
       v.name as venue,
       b.room,
       c.name as city,
       b.status,
       b.hold_rank,
       b.expires_at,
       b.challenged_at,
       (select x.name
          from booking y join artist x on x.artist_id = y.artist_id
         where y.booking_id = b.challenged_by) as challenged_by,
       b.guarantee,
       b.percentage / 100.0 as percentage,
       b.expenses,
       b.currency,
       t.name as tour,
       k.title as concert,
       b.note,
       b.artist_id,
       b.venue_id,
       b.concert_id,
       b.tour_id,
       b.created_at,
       b.version,
       b.updated_at,
       b.updated_by
  from booking b
  join artist a on a.artist_id = b.artist_id
  join venue v on v.venue_id = b.venue_id
  join city c on c.city_id = v.city_id
  left join tour t on t.tour_id = b.tour_id
  left join concert k on k.concert_id = b.concert_id
 where b.booking_id = :booking_id
