-- orders_count: exactly how many orders the list holds
select count(*) as n from {{orders}} as list
