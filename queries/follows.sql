-- follows: who follows whom, newest first
-- :fan_id text = null        only what this fan follows
-- :artist_id text = null     only who follows this artist
-- :consent bool = null       only with, or only without, consent to be written to
select w.fan_id,
       w.artist_id,
       f.name as fan,
       cast(f.email as text) as email,
       a.name as artist,
       c.name as city,
       w.followed_at,
       w.consent,
       w.source
  from follow w
  join fan f on f.fan_id = w.fan_id
  join artist a on a.artist_id = w.artist_id
  left join city c on c.city_id = f.city_id
 where (:fan_id is null or w.fan_id = :fan_id)
   and (:artist_id is null or w.artist_id = :artist_id)
   and (:consent is null or w.consent = :consent)
