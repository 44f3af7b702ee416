-- tickets: tickets, by order
-- :order_id text = null      only of this order
-- :concert_id text = null    only for this concert
-- :status text = null        valid, scanned, refunded, transferred or void
select t.order_id,
       t.ordered_at,
       t.position,
       k.title as concert,
       k.local_date,
       y.name as ticket_type,
       t.price,
       t.currency,
       t.status,
       t.holder_name,
       t.barcode,
       t.scanned_at,
       t.concert_id
  from ticket t
  join concert k on k.concert_id = t.concert_id
  left join ticket_type y on y.ticket_type_id = t.ticket_type_id
 where (:order_id is null or t.order_id = :order_id)
   and (:concert_id is null or t.concert_id = :concert_id)
   and (:status is null or t.status = :status)
