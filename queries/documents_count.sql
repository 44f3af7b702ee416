-- documents_count: exactly how many documents the list holds
select count(*) as n from {{documents}} as list
