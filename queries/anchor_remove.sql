-- anchor_remove: takes an anchor away
-- :anchor_id text
-- :version int              the version that the person saw
-- offline: no avails are changed on the server
select k.anchor_id from showx.anchor_remove(:anchor_id, :version) k
