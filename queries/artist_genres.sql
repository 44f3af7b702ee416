-- artist_genres: which artist plays what
-- :artist_id text = null     only this artist's
-- :genre_id text = null      only this genre's
select ag.artist_id,
       ag.genre_id,
       ag.position,
       a.name as artist,
       g.name as genre
  from artist_genre ag
  join artist a on a.artist_id = ag.artist_id
  join genre g on g.genre_id = ag.genre_id
 where (:artist_id is null or ag.artist_id = :artist_id)
   and (:genre_id is null or ag.genre_id = :genre_id)
