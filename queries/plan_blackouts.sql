-- plan_blackouts: days on which an artist or a room is not to be had
-- :artist_id text            whose tour
-- :from date                 first day of the window
-- :until date                last day
select k.venue_id, k.from_date, k.until_date, k.reason
  from blackout k
 where k.from_date <= :until and k.until_date >= :from
   and (k.artist_id = :artist_id or k.artist_id is null)
 order by k.venue_id, k.from_date, k.until_date, k.reason
