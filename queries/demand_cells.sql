-- demand_cells: who wants an artist where, counted by the fans' home (also where one only played): what src/demand is fed with; exact, so not for people to read
-- :artist_id text = null     only this artist's
select k.artist_id, k.city_id, k.followers, k.buyers, k.tickets
  from city_demand k
 where (:artist_id is null or k.artist_id = :artist_id)
 order by k.artist_id, k.city_id
