-- ticket_types: what is for sale, at what price, and how many went
-- :concert_id text = null    only this concert's
select y.ticket_type_id,
       y.name,
       k.title as concert,
       k.local_date,
       y.price,
       y.currency,
       y.quantity,
       (select count(*)
          from ticket t
         where t.concert_id = y.concert_id and t.ticket_type_id = y.ticket_type_id
           and t.status in ('valid', 'scanned', 'transferred')) as sold,
       y.sale_starts_at,
       y.sale_ends_at,
       y.concert_id
  from ticket_type y
  join concert k on k.concert_id = y.concert_id
 where (:concert_id is null or y.concert_id = :concert_id)
