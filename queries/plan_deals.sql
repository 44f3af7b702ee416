-- plan_deals: what an artist's last shows sold for and by which terms they were played
-- :artist_id text            whose
-- :from date                 shows from this day on
-- :until date                up to this one
select s.concert_id,
       s.currency,
       (select cast(sum(o.total - o.fees - o.refunded) as bigint)
          from ticket_order o
         where o.concert_id = s.concert_id and o.status in ('paid', 'partly_refunded')) as gross,
       (select count(*)
          from ticket t
         where t.concert_id = s.concert_id and t.status in ('valid', 'scanned', 'transferred')) as tickets,
       b.percentage,
       b.expenses,
       b.currency as deal_currency
  from concert s
  left join booking b on b.concert_id = s.concert_id and b.status in ('played', 'settled')
 where s.artist_id = :artist_id and s.status = 'played' and s.local_date between :from and :until
 order by s.local_date desc, s.concert_id
 limit 40
