-- venue_clause_remove: takes a venue's usual radius clause away
-- :venue_id text
-- :position int             which clause
-- offline: no avails are changed on the server
select k.venue_id, k.position from showx.venue_clause_remove(:venue_id, cast(:position as integer)) k
