-- demand_keep: the staged estimates into their table
-- offline: no a snapshot is never written to
select showx.demand_keep() as kept
