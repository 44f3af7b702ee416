-- figure_set: changes one figure of planning, if nobody changed it meanwhile
-- :planning_id text          which
-- :value int                 the new value, in the figure's unit
-- :version int               the version that the person saw
-- offline: no figures are written to the server
select showx.planning_set(:planning_id, :value, :version) as version
