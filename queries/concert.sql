-- concert: one concert, with sales
-- :concert_id text          which
select k.concert_id,
       k.title,
       a.name as artist,
       v.name as venue,
       c.name as city,
       c.country,
       k.local_date,
       k.local_time,
       k.time_zone,
       k.starts_at,
       k.doors_at,
       k.on_sale_at,
       k.status,
       k.capacity,
       (select count(*)
          from ticket t
         where t.concert_id = k.concert_id and t.status in ('valid', 'scanned', 'transferred')) as sold,
       (select count(*) from ticket t where t.concert_id = k.concert_id and t.status = 'scanned') as scanned,
       (select count(*) from ticket_order o where o.concert_id = k.concert_id) as orders,
       (select cast(coalesce(sum(o.total), 0) as bigint)
          from ticket_order o
         where o.concert_id = k.concert_id and o.currency = k.currency
           and o.status in ('paid', 'partly_refunded', 'refunded')) as gross,
       (select cast(coalesce(sum(o.refunded), 0) as bigint)
          from ticket_order o
         where o.concert_id = k.concert_id and o.currency = k.currency) as refunded,
       k.currency,
       k.note,
       k.artist_id,
       k.venue_id,
       v.city_id,
       k.version,
       k.updated_at,
       k.updated_by
  from concert k
  join artist a on a.artist_id = k.artist_id
  join venue v on v.venue_id = k.venue_id
  join city c on c.city_id = v.city_id
 where k.concert_id = :concert_id
