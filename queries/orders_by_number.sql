-- orders_by_number: orders of exactly this number, id, e-mail, phone or ticket barcode
-- :search text              order number, order id, e-mail, phone or barcode
select list.*
  from {{orders}} as list
 where list.order_id = any (array(
         select o.order_id from ticket_order o where o.order_number = upper(:search)
         union
         select o.order_id from ticket_order o where o.order_id = :search
         union
         select o.order_id from ticket_order o where o.email = cast(:search as citext)
         union
         select o.order_id
           from fan f join ticket_order o on o.fan_id = f.fan_id
          where f.email = cast(:search as citext) or f.phone = replace(replace(:search, ' ', ''), '-', '')
         union
         select t.order_id from ticket t where t.barcode = :search))
-- sqlite
select list.*
  from {{orders}} as list
 where list.order_id in (
         select o.order_id from ticket_order o where o.order_number = upper(:search)
         union
         select o.order_id from ticket_order o where o.order_id = :search
         union
         select o.order_id from ticket_order o where o.email = :search collate nocase
         union
         select o.order_id
           from fan f join ticket_order o on o.fan_id = f.fan_id
          where f.email = :search collate nocase or f.phone = replace(replace(:search, ' ', ''), '-', '')
         union
         select t.order_id from ticket t where t.barcode = :search)
