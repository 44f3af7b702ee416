-- migrate_project: the next documents of a model become rows, quarantined or tombstones
-- :model text        the model
-- :after text = null the last path of the batch before
-- :batch int = 20000 how many at most
-- offline: no models belong to the server
select projected, last_path from migration.project_some(:model, :after, :batch)
