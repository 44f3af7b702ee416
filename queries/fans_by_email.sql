-- fans_by_email: fans of exactly this e-mail, phone, order number or id
-- :search text              e-mail, phone, order number or fan id
select list.*
  from {{fans}} as list
 where list.fan_id = any (array(
         select f.fan_id from fan f where f.email = cast(:search as citext)
         union
         select f.fan_id from fan f where f.phone = replace(replace(:search, ' ', ''), '-', '')
         union
         select f.fan_id from fan f where f.fan_id = :search
         union
         select o.fan_id from ticket_order o where o.order_number = upper(:search) and o.fan_id is not null
         union
         select o.fan_id from ticket_order o where o.email = cast(:search as citext) and o.fan_id is not null))
-- sqlite
select list.*
  from {{fans}} as list
 where list.fan_id in (
         select f.fan_id from fan f where f.email = :search collate nocase
         union
         select f.fan_id from fan f where f.phone = replace(replace(:search, ' ', ''), '-', '')
         union
         select f.fan_id from fan f where f.fan_id = :search
         union
         select o.fan_id from ticket_order o where o.order_number = upper(:search) and o.fan_id is not null
         union
         select o.fan_id from ticket_order o where o.email = :search collate nocase and o.fan_id is not null)
