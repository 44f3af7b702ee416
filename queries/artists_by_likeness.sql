-- artists_by_likeness: artists whose name is like the search, best first: for typos
-- :search fold              a name, near enough
-- sort: likeness int descending
select list.*, near.likeness
  from showx.artist_likeness(:search, 200) as near
  join {{artists}} as list on list.artist_id = near.id
-- sqlite
select list.*, cast(round(1000 * word_similarity(:search, list.search_key)) as integer) as likeness
  from {{artists}} as list
 where :search <> ''
   and list.artist_id in (select t.artist_id
                     from artist t
                    where word_similarity(:search, t.search_key) >= 0.45
                    order by round(1000 * word_similarity(:search, t.search_key)) desc, t.artist_id
                    limit 200)
