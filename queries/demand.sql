-- demand: where an artist's fans are, or whom a city wants: followers and buyers by the fans' home, counted afresh
-- :artist_id text = null     only this artist's
-- :city_id text = null       only in this city
select k.artist_id,
       k.city_id,
       a.name as artist,
       c.name as city,
       c.country,
       k.followers,
       k.buyers,
       (select count(*)
          from concert s
          join venue v on v.venue_id = s.venue_id
         where s.artist_id = k.artist_id and v.city_id = k.city_id and s.status = 'played') as shows,
       (select max(s.local_date)
          from concert s
          join venue v on v.venue_id = s.venue_id
         where s.artist_id = k.artist_id and v.city_id = k.city_id and s.status = 'played') as last_show
  from (select x.artist_id, x.city_id, cast(sum(x.followers) as bigint) as followers, cast(sum(x.buyers) as bigint) as buyers
          from (select w.artist_id, f.city_id, count(*) as followers, 0 as buyers
                  from follow w
                  join fan f on f.fan_id = w.fan_id
                 where f.city_id is not null
                   and (:artist_id is null or w.artist_id = :artist_id)
                   and (:city_id is null or f.city_id = :city_id)
                 group by w.artist_id, f.city_id
                union all
                select s.artist_id, f.city_id, 0, count(distinct o.fan_id)
                  from concert s
                  join ticket_order o on o.concert_id = s.concert_id
                  join fan f on f.fan_id = o.fan_id
                 where f.city_id is not null
                   and o.status in ('paid', 'partly_refunded')
                   and (:artist_id is null or s.artist_id = :artist_id)
                   and (:city_id is null or f.city_id = :city_id)
                 group by s.artist_id, f.city_id) as x
         group by x.artist_id, x.city_id) as k
  join artist a on a.artist_id = k.artist_id
  join city c on c.city_id = k.city_id
