-- orders: orders, newest first
-- :fan_id text = null        only this fan's
-- :concert_id text = null    only for this concert
-- :status text = null        pending, paid, refunded, partly_refunded, cancelled or failed
-- :since time = null         ordered at this moment or later
select o.order_id,
       o.order_number,
       o.ordered_at,
       coalesce(f.name, o.buyer_name) as buyer,
       cast(o.email as text) as email,
       k.title as concert,
       k.local_date,
       o.status,
       (select count(*) from ticket t where t.order_id = o.order_id and t.ordered_at = o.ordered_at) as tickets,
       o.total,
       o.refunded,
       o.currency,
       o.channel,
       o.fan_id,
       o.concert_id
  from ticket_order o
  join concert k on k.concert_id = o.concert_id
  left join fan f on f.fan_id = o.fan_id
 where (:fan_id is null or o.fan_id = :fan_id)
   and (:concert_id is null or o.concert_id = :concert_id)
   and (:status is null or o.status = :status)
   and (:since is null or o.ordered_at >= :since)
