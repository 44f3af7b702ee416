-- radius_clauses: what a booking forbids or warns about nearby
-- :booking_id text = null    only this booking's
select r.booking_id,
       r.position,
       a.name as artist,
       b.show_date,
       r.miles,
       r.days_before,
       r.days_after,
       r.effect,
       b.version
  from radius_clause r
  join booking b on b.booking_id = r.booking_id
  join artist a on a.artist_id = b.artist_id
 where (:booking_id is null or r.booking_id = :booking_id)
