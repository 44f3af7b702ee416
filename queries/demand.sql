-- demand: where an artist's fans are, or whom a city wants, and how many tickets are to be expected there
-- Fewer than 5 people in a place are not shown as a figure: `few` says of whom there are so few.
-- :artist_id text = null     only this artist's
-- :city_id text = null       only in this city
select k.artist_id,
       k.city_id,
       a.name as artist,
       c.name as city,
       c.country,
       case when k.followers between 1 and 4 then null else k.followers end as followers,
       case when k.buyers between 1 and 4 then null else k.buyers end as buyers,
       case when k.followers between 1 and 4 and k.buyers between 1 and 4 then '<5 followers, <5 buyers'
            when k.followers between 1 and 4 then '<5 followers'
            when k.buyers between 1 and 4 then '<5 buyers' end as few,
       k.shows,
       k.last_show,
       e.low,
       e.mid,
       e.high,
       e.raw,
       e.prior,
       e.weight,
       e.room,
       e.made_at as as_of,
       (select count(*) from demand_dirty d where d.artist_id = k.artist_id and (d.city_id is null or d.city_id = k.city_id)) as waiting
  from city_demand k
  join artist a on a.artist_id = k.artist_id
  join city c on c.city_id = k.city_id
  left join city_estimate e on e.artist_id = k.artist_id and e.city_id = k.city_id
 where (:artist_id is null or k.artist_id = :artist_id)
   and (:city_id is null or k.city_id = :city_id)
