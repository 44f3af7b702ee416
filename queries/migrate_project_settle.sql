-- migrate_project_settle: after a model's first documents, those that claim the same are to be looked at once more
-- :model text
-- offline: no models belong to the server
select migration.settle_first(:model)
