-- venues_count: exactly how many venues the list holds
select count(*) as n from {{venues}} as list
