-- city_import_begin: the tables that an import's lines are put into first
-- offline: no a snapshot is never written to
select showx.city_import_begin()
