-- migrate_load_begin: a load begins
-- :source text   where the documents come from
-- offline: no documents are loaded into the server only
insert into migration.load (source) values (:source) returning load_id
