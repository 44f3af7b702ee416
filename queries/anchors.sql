-- anchors: days on which an artist must be in a city without a ticketed show, latest first
-- :artist_id text = null     only this artist's
-- :city_id text = null       only in this city
select k.anchor_id,
       k.anchor_date,
       a.name as artist,
       k.what,
       c.name as city,
       c.country,
       k.artist_id,
       k.city_id,
       k.updated_at,
       k.updated_by,
       k.version
  from anchor k
  join artist a on a.artist_id = k.artist_id
  join city c on c.city_id = k.city_id
 where (:artist_id is null or k.artist_id = :artist_id)
   and (:city_id is null or k.city_id = :city_id)
