-- cities_count: exactly how many cities the list holds
select count(*) as n from {{cities}} as list
