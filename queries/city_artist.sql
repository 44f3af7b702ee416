-- city_artist: the artist that a command's argument means: by id, by name, or by how the name begins
-- :artist text
-- :search fold
select a.artist_id, a.name, case when a.artist_id = :artist then 0 when a.search_key = :search then 1 else 2 end as how
  from artist a
 where a.artist_id = :artist
    or (:search <> '' and substr(a.search_key, 1, length(:search)) = :search)
 order by how, a.name, a.artist_id
 limit 6
