-- venues_by_likeness: venues whose name is like the search, best first: for typos
-- :search fold              a name, near enough
-- sort: likeness int descending
select list.*, near.likeness
  from showx.venue_likeness(:search, 200) as near
  join {{venues}} as list on list.venue_id = near.id
-- sqlite
select list.*, cast(round(1000 * word_similarity(:search, list.search_key)) as integer) as likeness
  from {{venues}} as list
 where :search <> ''
   and list.venue_id in (select t.venue_id
                     from venue t
                    where word_similarity(:search, t.search_key) >= 0.45
                    order by round(1000 * word_similarity(:search, t.search_key)) desc, t.venue_id
                    limit 200)
