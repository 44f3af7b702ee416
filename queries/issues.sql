-- issues: what is wrong with documents, last seen first
-- :model text = null         only of this model
-- :code text = null          only of this kind: bad_money, missing_parent, ...
-- :severity text = null      blocking or warning
-- :path text = null          only of this document
-- :state text = open         open, waived, resolved or all
select i.issue_id,
       i.severity,
       i.model,
       i.path,
       i.field,
       i.code,
       i.value,
       i.sentence,
       i.state,
       i.first_seen,
       i.last_seen
  from migration.issue i
 where (:model is null or i.model = :model)
   and (:code is null or i.code = :code)
   and (:severity is null or i.severity = :severity)
   and (:path is null or i.path = :path)
   and (:state = 'all' or i.state = :state)
-- sqlite
select i.issue_id,
       i.severity,
       i.model,
       i.path,
       i.field,
       i.code,
       i.value,
       i.sentence,
       i.state,
       i.first_seen,
       i.last_seen
  from migration_issue i
 where (:model is null or i.model = :model)
   and (:code is null or i.code = :code)
   and (:severity is null or i.severity = :severity)
   and (:path is null or i.path = :path)
   and (:state = 'all' or i.state = :state)
