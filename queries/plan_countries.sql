-- plan_countries: the countries an artist is at home in or has played
-- :artist_id text            whose
select c.country
  from artist a
  join city c on c.city_id = a.city_id
 where a.artist_id = :artist_id
union
select c.country
  from concert s
  join venue v on v.venue_id = s.venue_id
  join city c on c.city_id = v.city_id
 where s.artist_id = :artist_id and s.status = 'played'
 order by 1
