-- migrate_status: the move model by model: documents = projected + quarantined + tombstones (+ pending while a load is on its way)
-- offline: no the mirror stays on the server
select model, state, documents, projected, quarantined, tombstones, warnings, pending
  from migration.status
 order by position
