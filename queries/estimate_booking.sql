-- estimate_booking: about how many bookings there are
select greatest(c.reltuples, 0)::bigint as n from pg_class c where c.oid = 'showx.booking'::regclass
-- sqlite
select count(*) as n from booking
