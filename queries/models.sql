-- models: the move model by model: documents = projected + quarantined + tombstones
select m.model,
       m.collection,
       m.target,
       m.state,
       coalesce(n.projected, 0) + coalesce(n.quarantined, 0) + coalesce(n.tombstones, 0) as documents,
       coalesce(n.projected, 0) as projected,
       coalesce(n.quarantined, 0) as quarantined,
       coalesce(n.tombstones, 0) as tombstones,
       (select count(*)
          from migration.issue i
         where i.model = m.model and i.severity = 'warning' and i.state = 'open') as warnings,
       (select count(*)
          from migration.issue i
         where i.model = m.model and i.severity = 'blocking' and i.state = 'open') as blocking,
       m.position
  from migration.model m
  left join (select s.model,
                    cast(sum(case when s.state = 'projected' then s.n else 0 end) as bigint) as projected,
                    cast(sum(case when s.state = 'quarantined' then s.n else 0 end) as bigint) as quarantined,
                    cast(sum(case when s.state = 'tombstone' then s.n else 0 end) as bigint) as tombstones
               from (select x.model, x.state, count(*) as n from migration.document_state x group by x.model, x.state) as s
              group by s.model) as n on n.model = m.model
-- sqlite
select m.model,
       m.collection,
       m.target,
       m.state,
       coalesce(n.projected, 0) + coalesce(n.quarantined, 0) + coalesce(n.tombstones, 0) as documents,
       coalesce(n.projected, 0) as projected,
       coalesce(n.quarantined, 0) as quarantined,
       coalesce(n.tombstones, 0) as tombstones,
       (select count(*)
          from migration_issue i
         where i.model = m.model and i.severity = 'warning' and i.state = 'open') as warnings,
       (select count(*)
          from migration_issue i
         where i.model = m.model and i.severity = 'blocking' and i.state = 'open') as blocking,
       m.position
  from migration_model m
  left join (select s.model,
                    cast(sum(case when s.state = 'projected' then s.n else 0 end) as bigint) as projected,
                    cast(sum(case when s.state = 'quarantined' then s.n else 0 end) as bigint) as quarantined,
                    cast(sum(case when s.state = 'tombstone' then s.n else 0 end) as bigint) as tombstones
               from (select x.model, x.state, count(*) as n from migration_document_state x group by x.model, x.state) as s
              group by s.model) as n on n.model = m.model
