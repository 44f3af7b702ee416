-- migrate_sync_apply: events into the mirror by the version rules; says of each what became of it
-- :events text   a JSON array, each as migrations/schema/0100_sync.sql has it
-- offline: no events are applied on the server only
select nth, outcome, why from legacy.apply_events(:events::jsonb) order by nth
