-- documents_by_id: the document of exactly this path, or of this id in any model's collection at the root
-- :search text              a path or an id
select list.*
  from {{documents}} as list
 where list.path = any (array(select :search
                               union
                              select m.collection || '/' || :search from migration.model m where m.collection not like '%/%'))
-- sqlite
select list.*
  from {{documents}} as list
 where list.path = :search
    or list.path in (select m.collection || '/' || :search from migration_model m where m.collection not like '%/%')
