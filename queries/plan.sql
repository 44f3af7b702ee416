-- plan: a kept tour plan, its newest version; the console builds one for an artist
-- :plan_id text = null       which
-- :plan_version int = null  which of its versions; the newest unless said
-- :artist_id text = null     this artist's newest plan; in the console: a new one
select p.plan_id,
       p.name,
       a.name as artist,
       v.from_date,
       v.until_date,
       v.shows,
       v.total,
       v.currency,
       v.plan_version,
       v.made_at,
       v.made_by,
       p.artist_id
  from tour_plan p
  join artist a on a.artist_id = p.artist_id
  join tour_plan_version v on v.plan_id = p.plan_id and v.plan_version = coalesce(:plan_version, p.newest)
 where (:plan_id is null or p.plan_id = :plan_id)
   and (:artist_id is null or p.artist_id = :artist_id)
 order by v.made_at desc, p.plan_id
 limit 1
