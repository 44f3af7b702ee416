-- issue: one issue, with the document's state
-- :issue_id int             which
select i.issue_id,
       i.severity,
       i.code,
       i.sentence,
       i.field,
       i.value,
       i.model,
       i.path,
       d.collection,
       s.state as document_state,
       i.state,
       i.first_seen,
       i.last_seen
  from migration.issue i
  left join legacy.document d on d.path = i.path
  left join migration.document_state s on s.path = i.path
 where i.issue_id = :issue_id
-- sqlite
select i.issue_id,
       i.severity,
       i.code,
       i.sentence,
       i.field,
       i.value,
       i.model,
       i.path,
       d.collection,
       s.state as document_state,
       i.state,
       i.first_seen,
       i.last_seen
  from migration_issue i
  left join legacy_document d on d.path = i.path
  left join migration_document_state s on s.path = i.path
 where i.issue_id = :issue_id
