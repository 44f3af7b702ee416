-- fan: one fan, with figures
-- :fan_id text              whose
select f.fan_id,
       f.name,
       cast(f.email as text) as email,
       f.phone,
       c.name as city,
       c.country,
       f.birth_year,
       f.marketing_consent,
       (select count(*) from follow w where w.fan_id = f.fan_id) as follows,
       (select count(*) from ticket_order o where o.fan_id = f.fan_id) as orders,
       (select count(*)
          from ticket_order o
          join ticket t on t.order_id = o.order_id and t.ordered_at = o.ordered_at
         where o.fan_id = f.fan_id) as tickets,
       (select max(o.ordered_at) from ticket_order o where o.fan_id = f.fan_id) as last_order,
       f.note,
       f.created_at,
       f.erased_at,
       f.merged_into,
       f.city_id,
       f.version,
       f.updated_at,
       f.updated_by
  from fan f
  left join city c on c.city_id = f.city_id
 where f.fan_id = :fan_id
