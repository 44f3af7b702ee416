-- plan_open: one version of a plan, whole
-- :plan_id text
-- :plan_version int = null   which; none: the newest
select p.plan_id,
       p.name,
       v.plan_version,
       p.artist_id,
       v.request,
       v.doc,
       v.made_at,
       v.made_by,
       p.newest
  from tour_plan p
  join tour_plan_version v on v.plan_id = p.plan_id
 where p.plan_id = :plan_id
   and v.plan_version = coalesce(:plan_version, p.newest)
