-- venues_by_word: venues in which every word of the search begins a word of name or city
-- :search fold              words or beginnings of words, any case, accents ignored
select list.*
  from {{venues}} as list
 where (' ' || list.search_key) like all (array(select '% ' || part || '%' from unnest(string_to_array(:search, ' ')) as part))
-- sqlite
select list.*
  from {{venues}} as list
 where not exists (select 1
                     from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                    where (' ' || list.search_key) not like '% ' || part.value || '%')
