-- line_up: who plays where: the bill of a concert, or the concerts on whose bill an artist stands
-- :concert_id text = null    only this concert's bill
-- :artist_id text = null     only where this artist plays
select l.concert_id,
       l.billing,
       a.name as artist,
       k.local_date,
       k.title,
       v.name as venue,
       c.name as city,
       k.status,
       l.artist_id,
       k.venue_id
  from line_up l
  join concert k on k.concert_id = l.concert_id
  join artist a on a.artist_id = l.artist_id
  join venue v on v.venue_id = k.venue_id
  join city c on c.city_id = v.city_id
 where (:concert_id is null or l.concert_id = :concert_id)
   and (:artist_id is null or l.artist_id = :artist_id)
