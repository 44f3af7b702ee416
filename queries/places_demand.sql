-- places_demand: one artist in each city where somebody is, as last counted, and the tickets a show there is expected to sell (p50)
-- :artist_id text            whose
select d.city_id,
       d.followers,
       d.buyers,
       d.last_show,
       e.mid as tickets
  from city_demand d
  left join city_estimate e on e.artist_id = d.artist_id and e.city_id = d.city_id
 where d.artist_id = :artist_id
 order by d.city_id
