-- fans_by_likeness: fans whose name is like the search, best first: for typos
-- :search fold              a name, near enough
-- sort: likeness int descending
select list.*, near.likeness
  from showx.fan_likeness(:search, 200) as near
  join {{fans}} as list on list.fan_id = near.id
-- sqlite
select list.*, cast(round(1000 * word_similarity(:search, list.search_key)) as integer) as likeness
  from {{fans}} as list
 where :search <> ''
   and list.fan_id in (select t.fan_id
                     from fan t
                    where word_similarity(:search, t.search_key) >= 0.45
                    order by round(1000 * word_similarity(:search, t.search_key)) desc, t.fan_id
                    limit 200)
