-- gazetteer_begin: the bulk load that follows is one entry in the audit, not one a place
-- offline: no a snapshot is never written to
select set_config('showx.actor', 'migration', true)
