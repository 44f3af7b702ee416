-- follows_count: exactly how many follows the list holds
select count(*) as n from {{follows}} as list
