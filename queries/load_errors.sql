-- load_errors: records that could not become a document, where they stand and why
-- :load_id int = null        only of this load
select x.load_id,
       x.position,
       x.file,
       x.place,
       x.code,
       x.sentence,
       length(x.raw) as bytes,
       l.source
  from migration.load_error x
  join migration.load l on l.load_id = x.load_id
 where (:load_id is null or x.load_id = :load_id)
-- sqlite
select x.load_id,
       x.position,
       x.file,
       x.place,
       x.code,
       x.sentence,
       length(x.raw) as bytes,
       l.source
  from migration_load_error x
  join migration_load l on l.load_id = x.load_id
 where (:load_id is null or x.load_id = :load_id)
