-- blackout_remove: gives the days of a blackout back
-- :blackout_id text
-- :version int              the version that the person saw
-- offline: no avails are changed on the server
select b.blackout_id from showx.blackout_remove(:blackout_id, :version) b
