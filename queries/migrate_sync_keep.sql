-- migrate_sync_keep: how far a file of events is applied, in the transaction that applies them
-- :source text    the file
-- :position int   bytes
-- :line int       lines
-- :mark text      a checksum of what stands before the position
-- offline: no events are applied on the server only
insert into migration.sync_position as p (source, position, line, mark)
values (:source, :position, :line, :mark)
on conflict (source) do update
   set position = excluded.position, line = excluded.line, mark = excluded.mark, at = now()
