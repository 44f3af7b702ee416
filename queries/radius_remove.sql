-- radius_remove: takes a radius clause of a booking away
-- :booking_id text
-- :position int             which clause
-- :version int              the booking's version that the person saw
-- offline: no bookings are changed on the server
select r.booking_id, r.position from showx.radius_remove(:booking_id, cast(:position as integer), :version) r
