-- plan_versions: every version of a plan: who made it, when and why
-- :plan_id text = null       only this plan's
select v.plan_id,
       v.plan_version,
       p.name,
       a.name as artist,
       v.shows,
       v.from_date,
       v.until_date,
       v.total,
       v.currency,
       v.made_at,
       v.made_by,
       v.reason,
       p.artist_id
  from tour_plan_version v
  join tour_plan p on p.plan_id = v.plan_id
  left join artist a on a.artist_id = p.artist_id
 where (:plan_id is null or v.plan_id = :plan_id)
