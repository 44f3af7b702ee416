-- migrate_analyze: what the planner must know after a bulk load
vacuum analyze
