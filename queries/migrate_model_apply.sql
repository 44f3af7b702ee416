-- migrate_model_apply: takes a model's file in; says whether it was another before
-- :file text   the whole file
-- offline: no models belong to the server
select migration.apply_model(:file) as applied
