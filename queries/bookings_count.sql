-- bookings_count: exactly how many bookings the list holds
select count(*) as n from {{bookings}} as list
