-- collections: the old database's collections, with about how many documents each holds
--   At ten million documents a count a screen is too dear: each next collection is one index probe, up to 10,000 documents are
--   counted, and beyond that the planner's statistics tell.
with recursive found (collection) as (
  (select d.collection from legacy.document d order by d.collection limit 1)
  union all
  select (select d.collection from legacy.document d where d.collection > f.collection order by d.collection limit 1)
    from found f
   where f.collection is not null
)
select f.collection,
       m.model,
       m.state,
       greatest((select count(*)
                   from (select 1 from legacy.document d where d.collection = f.collection limit 10000) as counted),
                (select round(greatest(c.reltuples, 0) * s.freq)::bigint
                   from pg_class c,
                        (select v.freq
                           from pg_stats p,
                                unnest(p.most_common_vals::text::text[], p.most_common_freqs) as v (val, freq)
                          where p.schemaname = 'legacy' and p.tablename = 'document' and p.attname = 'collection'
                            and v.val = f.collection) as s
                  where c.oid = 'legacy.document'::regclass)) as documents
  from found f
  left join migration.model m on m.collection = f.collection
 where f.collection is not null
-- sqlite
select d.collection,
       m.model,
       m.state,
       count(*) as documents
  from legacy_document d
  left join migration_model m on m.collection = d.collection
 group by d.collection, m.model, m.state
