-- artists_count: exactly how many artists the list holds
select count(*) as n from {{artists}} as list
