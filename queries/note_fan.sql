-- note_fan: sets the note on one fan, if nobody changed it meanwhile
-- :fan_id text             whose
-- :note text = null         the new note; empty takes it away
-- :version int              the version that the person saw
-- offline: no notes are written to the server
select showx.note_set('fan', :fan_id, :note, :version) as version
