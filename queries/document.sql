-- document: one document of the old database, with its typed fields
-- :path text                as in fans/abc/follows/def
select d.path,
       d.collection,
       d.id,
       d.parent,
       d.name_prefix,
       s.model,
       s.state,
       (select count(*) from migration.issue i where i.path = d.path and i.state = 'open') as issues,
       d.version,
       d.deleted,
       d.create_time,
       d.update_time,
       d.source,
       d.seen_at,
       d.fields
  from legacy.document d
  left join migration.document_state s on s.path = d.path
 where d.path = :path
-- sqlite
select d.path,
       d.collection,
       d.id,
       d.parent,
       d.name_prefix,
       s.model,
       s.state,
       (select count(*) from migration_issue i where i.path = d.path and i.state = 'open') as issues,
       d.version,
       d.deleted,
       d.create_time,
       d.update_time,
       d.source,
       d.seen_at,
       d.fields
  from legacy_document d
  left join migration_document_state s on s.path = d.path
 where d.path = :path
