-- documents: documents of the old database, by path
-- :collection text = null    only of this collection, as in fans/follows
-- :parent text = null        only directly below this document
-- :model text = null         only of this model
-- :state text = null         projected, quarantined or tombstone
-- :whole bool = false        with their fields, as the exports want them; a page on the screen does without
--   A state other than projected is rare: its paths come from document_state's index.
select d.path,
       d.collection,
       d.id,
       d.parent,
       (select s.state from migration.document_state s where s.path = d.path) as state,
       (select count(*) from migration.issue i where i.path = d.path and i.state = 'open') as issues,
       d.version,
       d.deleted,
       d.source,
       ltrim(d.name_prefix || '/' || d.path, '/') as name,
       case when :whole then d.fields end as fields,
       d.create_time,
       d.update_time
  from legacy.document d
 where (:collection is null or d.collection = :collection)
   and (:parent is null or d.parent = :parent)
   and (:model is null or d.collection = (select m.collection from migration.model m where m.model = :model))
   and (:state is null or :state = 'projected'
        or d.path = any (array(select s.path
                                 from migration.document_state s
                                where s.state = :state
                                  and s.model = any (array(select m.model from migration.model m
                                                            where :model is null or m.model = :model)))))
   and (:state is null or :state <> 'projected'
        or exists (select 1 from migration.document_state s where s.path = d.path and s.state = :state))
-- sqlite
select d.path,
       d.collection,
       d.id,
       d.parent,
       (select s.state from migration_document_state s where s.path = d.path) as state,
       (select count(*) from migration_issue i where i.path = d.path and i.state = 'open') as issues,
       d.version,
       d.deleted,
       d.source,
       ltrim(d.name_prefix || '/' || d.path, '/') as name,
       case when :whole then d.fields end as fields,
       d.create_time,
       d.update_time
  from legacy_document d
 where (:collection is null or d.collection = :collection)
   and (:parent is null or d.parent = :parent)
   and (:model is null or d.collection = (select m.collection from migration_model m where m.model = :model))
   and (:state is null
        or exists (select 1 from migration_document_state s where s.path = d.path and s.state = :state))
