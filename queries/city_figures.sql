-- city_figures: per place what is there: rooms, the largest of them, and who follows and bought; with :artist_id that artist's alone
-- Summed by distance in memory, since one metro spans dozens of places.
-- :artist_id text = null     only this artist's followers, buyers and shows
-- :since date = null         shows from this day
select x.city_id,
       cast(sum(x.venues) as bigint) as venues,
       max(x.largest) as largest,
       cast(sum(x.followers) as bigint) as followers,
       cast(sum(x.buyers) as bigint) as buyers,
       cast(sum(x.fans) as bigint) as fans,
       cast(sum(x.shows) as bigint) as shows
  from (select v.city_id, count(*) as venues, max(v.capacity) as largest, 0 as followers, 0 as buyers, 0 as fans, 0 as shows
          from venue v
         group by v.city_id
        union all
        select d.city_id, 0, null, sum(d.followers), sum(d.buyers), 0, 0
          from city_demand d
         where (:artist_id is null or d.artist_id = :artist_id)
         group by d.city_id
        union all
        select f.city_id, 0, null, 0, 0, count(*), 0
          from fan f
         where f.city_id is not null and :artist_id is null
         group by f.city_id
        union all
        select v.city_id, 0, null, 0, 0, 0, count(*)
          from concert s
          join venue v on v.venue_id = s.venue_id
         where s.status not in ('draft', 'cancelled')
           and (:artist_id is null or s.artist_id = :artist_id)
           and (:since is null or s.local_date >= :since)
         group by v.city_id) as x
 group by x.city_id
 order by x.city_id
