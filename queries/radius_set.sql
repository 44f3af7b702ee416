-- radius_set: sets a radius clause of a booking
-- :booking_id text
-- :position int = null      which clause; none: another one
-- :miles int                how near is too near
-- :days_before int          for how many days before the show
-- :days_after int           and after it
-- :effect text              warn or forbid
-- :version int              the booking's version that the person saw
-- offline: no bookings are changed on the server
select r.booking_id, r.position
  from showx.radius_set(:booking_id, cast(:position as integer), cast(:miles as integer),
                        cast(:days_before as integer), cast(:days_after as integer), :effect, :version) r
