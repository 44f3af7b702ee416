-- plan_artist: who is to tour: name, home and currency
-- :artist_id text            who
select a.artist_id, a.name, a.city_id, a.currency
  from artist a
 where a.artist_id = :artist_id
