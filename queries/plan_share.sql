-- plan_share: lets another login read a plan
-- :plan_id text
-- :login text               who
-- offline: no plans are kept on the server
select showx.plan_share(:plan_id, :login)
