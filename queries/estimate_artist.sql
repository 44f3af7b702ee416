-- estimate_artist: about how many artists there are
select greatest(c.reltuples, 0)::bigint as n from pg_class c where c.oid = 'showx.artist'::regclass
-- sqlite
select count(*) as n from artist
