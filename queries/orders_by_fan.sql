-- orders_by_fan: orders of fans in whose name or e-mail every word of the search begins a word
-- :search fold              words or beginnings of words, any case, accents ignored
-- sort: word text indexed
--   As fans_by_word: the longest word leads, the others are looked up fan by fan.
select list.*, w.word
  from fan_word w
  join {{orders}} as list on list.fan_id = w.fan_id
 where w.word >= (select part from unnest(string_to_array(:search, ' ')) as part order by length(part) desc, part limit 1)
   and w.word < (select part from unnest(string_to_array(:search, ' ')) as part order by length(part) desc, part limit 1)
                || chr(1114111)
   and not exists (select 1
                     from fan_word earlier
                    where earlier.fan_id = w.fan_id and earlier.word < w.word
                      and earlier.word >= (select part from unnest(string_to_array(:search, ' ')) as part
                                            order by length(part) desc, part limit 1))
   and not exists (select 1
                     from unnest(string_to_array(:search, ' ')) as part
                    where not exists (select 1
                                        from fan_word other
                                       where other.fan_id = w.fan_id
                                         and other.word >= part and other.word < part || chr(1114111)))
-- sqlite
select list.*, w.word
  from fan_word w
  join {{orders}} as list on list.fan_id = w.fan_id
 where w.word >= (select part.value from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                   order by length(part.value) desc, part.value limit 1)
   and w.word < (select part.value from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                  order by length(part.value) desc, part.value limit 1) || char(1114111)
   and not exists (select 1
                     from fan_word earlier
                    where earlier.fan_id = w.fan_id and earlier.word < w.word
                      and earlier.word >= (select part.value from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                                            order by length(part.value) desc, part.value limit 1))
   and not exists (select 1
                     from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                    where not exists (select 1
                                        from fan_word other
                                       where other.fan_id = w.fan_id
                                         and other.word >= part.value and other.word < part.value || char(1114111)))
