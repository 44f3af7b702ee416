-- order: one order
-- :order_id text            which
select o.order_id,
       o.order_number,
       o.ordered_at,
       o.status,
       coalesce(f.name, o.buyer_name) as buyer,
       o.buyer_name as name_given,
       cast(o.email as text) as email,
       k.title as concert,
       k.local_date,
       v.name as venue,
       (select count(*) from ticket t where t.order_id = o.order_id and t.ordered_at = o.ordered_at) as tickets,
       o.total,
       o.fees,
       o.refunded,
       o.currency,
       o.channel,
       o.fan_id,
       o.concert_id,
       k.artist_id,
       k.venue_id,
       o.version,
       o.updated_at,
       o.updated_by
  from ticket_order o
  join concert k on k.concert_id = o.concert_id
  join venue v on v.venue_id = k.venue_id
  left join fan f on f.fan_id = o.fan_id
 where o.order_id = :order_id
