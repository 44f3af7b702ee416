-- fans_count: exactly how many fans the list holds
select count(*) as n from {{fans}} as list
