-- tour: one tour
-- :tour_id text             which
select t.tour_id,
       t.name,
       a.name as artist,
       t.starts_on,
       t.ends_on,
       t.status,
       (select count(*) from tour_stop s where s.tour_id = t.tour_id) as stops,
       t.artist_id,
       t.version,
       t.updated_at,
       t.updated_by
  from tour t
  join artist a on a.artist_id = t.artist_id
 where t.tour_id = :tour_id
