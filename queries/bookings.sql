-- bookings: holds, offers and confirmed dates, latest date first
-- :artist_id text = null     only this artist's
-- :venue_id text = null      only at this venue
-- :status text = null        hold, offer, confirmed, advanced, played, settled, released, declined or cancelled
-- :from date = null          from this day on
-- :until date = null         up to this day
-- :expires_until time = null holds that expire up to this moment
-- :challenged bool = null    only challenged holds, or only those that are not
select b.booking_id,
       b.show_date,
       a.name as artist,
       v.name as venue,
       c.name as city,
       b.status,
       b.hold_rank,
       b.expires_at,
       b.challenged_at,
       b.guarantee,
       b.currency,
       b.room,
       b.artist_id,
       b.venue_id,
       b.concert_id,
       b.tour_id,
       a.search_key || ' ' || v.search_key as search_key
  from booking b
  join artist a on a.artist_id = b.artist_id
  join venue v on v.venue_id = b.venue_id
  join city c on c.city_id = v.city_id
 where (:artist_id is null or b.artist_id = :artist_id)
   and (:venue_id is null or b.venue_id = :venue_id)
   and (:status is null or b.status = :status)
   and (:from is null or b.show_date >= :from)
   and (:until is null or b.show_date <= :until)
   and (:expires_until is null or b.expires_at <= :expires_until)
   and (:challenged is null or (b.challenged_at is not null) = :challenged)
