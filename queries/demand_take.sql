-- demand_take: the artists whose estimates are to be written in this transaction, and the table to put them in
-- :everybody bool = false
-- offline: no a snapshot is never written to
select artist_id from showx.demand_take(:everybody) as t (artist_id) order by artist_id
