-- plan_rename: gives a plan another name
-- :plan_id text
-- :name text                the new name
-- :version int              the version that the person saw
-- offline: no plans are kept on the server
select showx.plan_rename(:plan_id, :name, :version) as version
