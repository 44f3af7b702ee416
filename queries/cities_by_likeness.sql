-- cities_by_likeness: cities whose name is like the search, best first: for typos
-- :search fold              a name, near enough
-- sort: likeness int descending
select list.*, near.likeness
  from showx.city_likeness(:search, 200) as near
  join {{cities}} as list on list.city_id = near.id
-- sqlite
select list.*, cast(round(1000 * word_similarity(:search, list.search_key)) as integer) as likeness
  from {{cities}} as list
 where :search <> ''
   and list.city_id in (select t.city_id
                     from city t
                    where word_similarity(:search, t.search_key) >= 0.45
                    order by round(1000 * word_similarity(:search, t.search_key)) desc, t.city_id
                    limit 200)
