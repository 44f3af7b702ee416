-- tours_by_word: tours in which every word of the search begins a word of tour or artist
-- :search fold              words or beginnings of words, any case, accents ignored
select list.*
  from {{tours}} as list
 where (' ' || list.search_key) like all (array(select '% ' || part || '%' from unnest(string_to_array(:search, ' ')) as part))
-- sqlite
select list.*
  from {{tours}} as list
 where not exists (select 1
                     from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                    where (' ' || list.search_key) not like '% ' || part.value || '%')
