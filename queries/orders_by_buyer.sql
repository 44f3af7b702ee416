-- orders_by_buyer: orders whose buyer's name, as given with the order, begins with the search
-- :search fold              the beginning of a name, any case, accents ignored
select list.*
  from {{orders}} as list
 where list.order_id = any (array(
         select o.order_id from ticket_order o where showx.fold(o.buyer_name) like :search || '%' limit 5000))
-- sqlite
select list.*
  from {{orders}} as list
 where list.order_id in (select o.order_id from ticket_order o where fold(o.buyer_name) like :search || '%' limit 5000)
