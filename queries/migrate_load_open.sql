-- migrate_load_open: the staging table of this session, and whether documents wait to become rows
-- :defer text = 'on'   'on': project_some makes the rows afterwards, set by set
-- offline: no documents are loaded into the server only
select legacy.open_incoming(), set_config('showx.defer_projection', :defer, true)
