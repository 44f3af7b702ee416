-- migrate_city_names: an import's other names into the staging table
-- offline: no a snapshot is never written to
copy pg_temp.incoming_city_name (geonameid, name) from stdin
