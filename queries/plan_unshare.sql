-- plan_unshare: keeps a plan from a login that could read it
-- :plan_id text
-- :login text               who
-- offline: no plans are kept on the server
select showx.plan_unshare(:plan_id, :login)
