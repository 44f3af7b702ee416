-- tours: tours, latest first
-- :artist_id text = null     only this artist's
-- :status text = null        draft, planned, announced, running, done or cancelled
select t.tour_id,
       t.name,
       a.name as artist,
       t.starts_on,
       t.ends_on,
       t.status,
       (select count(*) from tour_stop s where s.tour_id = t.tour_id) as stops,
       t.artist_id,
       fold(t.name) || ' ' || a.search_key as search_key
  from tour t
  join artist a on a.artist_id = t.artist_id
 where (:artist_id is null or t.artist_id = :artist_id)
   and (:status is null or t.status = :status)
