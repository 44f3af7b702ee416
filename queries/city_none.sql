-- city_none: whether the gazetteer was not loaded yet
select not exists (select 1 from city where geonameid is not null) as none
