-- migrate_sync_forget: ids of events that will not come again any more
-- offline: no events are applied on the server only
select legacy.forget_events() as forgotten
