-- plan_save: appends a version to a plan, if nobody saved meanwhile
-- :plan_id text = null       which; none makes one
-- :artist_id text            whose
-- :name text = null          what it is called; none: as before
-- :expected int = null       the newest version that the person saw, 0 for a new plan
-- :request json              what was asked
-- :doc json                  the plan in words
-- :stops json                [{"date", "city_id", "venue_id", "appearance", "net"}]
-- offline: no plans are kept on the server
select s.plan_id, s.plan_version from showx.plan_save(:plan_id, :artist_id, :name, :expected, :request, :doc, :stops) s
