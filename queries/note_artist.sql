-- note_artist: sets the note on one artist, if nobody changed it meanwhile
-- :artist_id text             whose
-- :note text = null         the new note; empty takes it away
-- :version int              the version that the person saw
-- offline: no notes are written to the server
select showx.note_set('artist', :artist_id, :note, :version) as version
