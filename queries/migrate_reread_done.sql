-- migrate_reread_done: takes what was read off the list, unless it was asked for again meanwhile
-- :done text   a JSON array of {"path": ..., "asked": ...}
-- offline: no list of what waits to be read is kept with it
select count(*) filter (where legacy.was_read(d.path, d.asked)) as off from jsonb_to_recordset(:done::jsonb) d (path text, asked bigint)
