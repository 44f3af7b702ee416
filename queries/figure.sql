-- figure: one figure that tours are planned with
-- :planning_id text          which
select p.planning_id,
       p.setting,
       a.name as artist,
       p.value,
       p.unit,
       p.as_of,
       p.what,
       p.artist_id,
       p.version,
       p.updated_at,
       p.updated_by
  from planning p
  left join artist a on a.artist_id = p.artist_id
 where p.planning_id = :planning_id
