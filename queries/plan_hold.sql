-- plan_hold: places a hold for every show of a plan, all or nothing
-- :plan_id text
-- :plan_version int = null   which; none: the newest
-- :expires time = null       when the holds end; none: they stand until released
-- offline: no bookings are changed on the server
select h.stop_position, h.stop_date, h.city, h.venue, h.booking_id, h.hold_rank, h.done
  from showx.plan_hold(:plan_id, :plan_version, :expires) h
 order by h.stop_position
