-- demand_refresh: counts anew what was marked as changed, of so many artists; waiting: artists still marked
-- :most int = 200
-- offline: no a snapshot is never written to
select artists, cells, waiting from showx.demand_refresh(cast(:most as integer))
