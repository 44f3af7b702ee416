-- fans_by_word: fans in whose name or e-mail every word of the search begins a word
-- :search fold              words or beginnings of words, any case, accents ignored
-- sort: word text indexed
--   The longest word leads: a range of fan_word's index gives the rows in order. A fan with two words in that range counts
--   with the first of them only; the other words of the search are looked up fan by fan.
--   fan_id is fan_word's, so that going on from a row is a range of the same index.
select w.fan_id, list.name, list.email, list.phone, list.city, list.country, list.follows, list.orders, list.last_order,
       list.marketing_consent, list.birth_year, list.created_at, list.note, list.city_id, list.version, w.word
  from fan_word w
  join {{fans}} as list on list.fan_id = w.fan_id
 where w.word >= showx.lead_word(:search) and w.word < showx.lead_word(:search) || chr(1114111)
   and not exists (select 1
                     from fan_word earlier
                    where earlier.fan_id = w.fan_id
                      and earlier.word >= showx.lead_word(:search) and earlier.word < w.word)
   and not exists (select 1
                     from unnest(showx.other_words(:search)) as part
                    where not exists (select 1
                                        from fan_word other
                                       where other.fan_id = w.fan_id
                                         and other.word >= part and other.word < part || chr(1114111)))
-- sqlite
select w.fan_id, list.name, list.email, list.phone, list.city, list.country, list.follows, list.orders, list.last_order,
       list.marketing_consent, list.birth_year, list.created_at, list.note, list.city_id, list.version, w.word
  from fan_word w
  join {{fans}} as list on list.fan_id = w.fan_id
 where :search <> ''
   and w.word >= (select part.value from json_each('["' || replace(:search, ' ', '","') || '"]') as part
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
