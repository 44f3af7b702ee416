-- blackouts: days on which an artist or a venue is not to be had, latest first
-- :artist_id text = null     only this artist's
-- :venue_id text = null      only this venue's
select k.blackout_id,
       k.from_date,
       k.until_date,
       a.name as artist,
       v.name as venue,
       c.name as city,
       k.reason,
       k.artist_id,
       k.venue_id,
       v.city_id,
       k.updated_at,
       k.updated_by,
       k.version
  from blackout k
  left join artist a on a.artist_id = k.artist_id
  left join venue v on v.venue_id = k.venue_id
  left join city c on c.city_id = v.city_id
 where (:artist_id is null or k.artist_id = :artist_id)
   and (:venue_id is null or k.venue_id = :venue_id)
