-- venue_clause_set: sets a radius clause that a venue usually asks for
-- :venue_id text
-- :position int = null      which clause; none: another one
-- :miles int                how near is too near
-- :days_before int          for how many days before the show
-- :days_after int           and after it
-- :effect text              warn or forbid
-- offline: no avails are changed on the server
select k.venue_id, k.position
  from showx.venue_clause_set(:venue_id, cast(:position as integer), cast(:miles as integer),
                              cast(:days_before as integer), cast(:days_after as integer), :effect) k
