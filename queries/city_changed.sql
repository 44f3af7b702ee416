-- city_changed: raises the places' version
-- :source text
-- offline: no a snapshot is never written to
select showx.city_changed(:source) as version
