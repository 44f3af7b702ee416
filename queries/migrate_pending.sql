-- migrate_pending: how many documents of each model are to become rows, in the order of projection
-- offline: no models belong to the server
select model, pending, documents from migration.status order by position
