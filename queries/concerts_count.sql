-- concerts_count: exactly how many concerts the list holds
select count(*) as n from {{concerts}} as list
