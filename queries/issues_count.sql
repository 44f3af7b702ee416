-- issues_count: exactly how many issues the list holds
select count(*) as n from {{issues}} as list
