-- note_venue: sets the note on one venue, if nobody changed it meanwhile
-- :venue_id text             whose
-- :note text = null         the new note; empty takes it away
-- :version int              the version that the person saw
-- offline: no notes are written to the server
select showx.note_set('venue', :venue_id, :note, :version) as version
