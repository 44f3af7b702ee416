-- city_version: which state of the places this is; another version says to read them again
select d.version, d.source, d.loaded_at from city_data d
