-- planning: the figures that tours are planned with
-- :artist_id text = null     only this artist's own
select p.planning_id,
       p.setting,
       a.name as artist,
       p.value,
       p.unit,
       p.as_of,
       p.what,
       p.artist_id
  from planning p
  left join artist a on a.artist_id = p.artist_id
 where (:artist_id is null or p.artist_id = :artist_id)
