-- schema_mark: writes a migration down; no row when it was there already
-- :name text
-- :digest text
-- offline: no a snapshot has no schema of its own
insert into showx_schema.applied (name, sha256)
values (:name, :digest)
on conflict (name) do nothing
returning name
