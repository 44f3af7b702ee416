-- city_import: the staged places and names into their tables; known places are updated, none is deleted
-- :source text       what they are, for the audit and the version
-- offline: no a snapshot is never written to
select i.added, i.updated, i.same, i.names from showx.city_import(:source) as i
