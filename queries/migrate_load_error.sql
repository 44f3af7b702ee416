-- migrate_load_error: a record that could not become a document, with its place
-- :load int       the load
-- :file text      the file it was read from
-- :place text     where in the file
-- :code text      one word
-- :sentence text  in plain words
-- :raw text = null  what was there, in hexadecimal
-- offline: no documents are loaded into the server only
insert into migration.load_error (load_id, position, file, place, code, sentence, raw)
select :load, coalesce(max(position), 0) + 1, :file, :place, :code, :sentence, decode(:raw, 'hex')
  from migration.load_error
 where load_id = :load
