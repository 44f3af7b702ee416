-- plans: planned tours as they stand, the newest first
-- :artist_id text = null     only this artist's
select p.plan_id,
       p.name,
       a.name as artist,
       v.shows,
       v.from_date,
       v.until_date,
       v.total,
       v.currency,
       p.newest,
       v.made_by,
       v.made_at,
       (select count(*) from tour_plan_share s where s.plan_id = p.plan_id) as shared,
       p.artist_id,
       p.tour_id,
       p.version
  from tour_plan p
  join tour_plan_version v on v.plan_id = p.plan_id and v.plan_version = p.newest
  left join artist a on a.artist_id = p.artist_id
 where (:artist_id is null or p.artist_id = :artist_id)
