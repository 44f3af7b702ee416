-- migrate_reread_waiting: documents whose event did not carry them, and how often they were asked for
-- :after text   only behind this path
-- offline: no list of what waits to be read is kept with it
select path, name_prefix, asked from legacy.to_read where path > :after collate "C" order by path limit 100
