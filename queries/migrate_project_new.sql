-- migrate_project_new: the next documents of a model that come for the first time; last_path null when there are no more
-- :model text         the model
-- :after text = null  the last path of the batch before
-- :until text = null  where this session's part ends
-- :batch int = 20000  how many at most
-- offline: no models belong to the server
select p.projected, p.last_path
  from (select migration.rest_triggers() as resting offset 0) r
 cross join lateral migration.project_new(case when r.resting is not null then :model end, :after, :until, :batch) p
