-- demand_load: estimates into the staging table, in bulk
-- offline: no a snapshot is never written to
copy pg_temp.demand_incoming (artist_id, city_id, mean, low, mid, high, raw, prior, weight, shows_near, followers_near, buyers_near, room) from stdin
