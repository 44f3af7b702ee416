-- migrate_project_parts: where the paths of a model may be parted between sessions
-- :model text
-- :parts int
-- offline: no models belong to the server
select until from migration.parts(:model, :parts) p (until) where until is not null
