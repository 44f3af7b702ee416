-- migrate_city_places: an import's places into the staging table
-- offline: no a snapshot is never written to
copy pg_temp.incoming_city (geonameid, name, admin1, admin1_name, country, country_name, time_zone, population, latitude, longitude, feature) from stdin
