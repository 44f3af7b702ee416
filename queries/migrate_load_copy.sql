-- migrate_load_copy: a batch of documents into the staging table
-- offline: no documents are loaded into the server only
copy pg_temp.incoming (path, collection, parent, id, name_prefix, fields, version, create_us, update_us, deleted, source, file, place) from stdin
