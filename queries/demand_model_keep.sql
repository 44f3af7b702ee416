-- demand_model_keep: newly fitted parameters; their version
-- :parameters text   as demand_model_save() writes them
-- :shows int
-- :artists int
-- offline: no a snapshot is never written to
select showx.demand_model_keep(:parameters, :shows, :artists) as version
