-- orders_by_fan: orders of fans in whose name or e-mail every word of the search begins a word
-- :search fold              words or beginnings of words, any case, accents ignored
-- The planner knows how many fans the longest word finds: it begins at them when they are few, at the newest orders when many.
select list.*
  from {{orders}} as list
 where list.fan_id in (select w.fan_id
                         from fan_word w
                        where w.word >= showx.lead_word(:search) and w.word < showx.lead_word(:search) || chr(1114111))
   and not exists (select 1
                     from unnest(showx.other_words(:search)) as part
                    where not exists (select 1
                                        from fan_word other
                                       where other.fan_id = list.fan_id
                                         and other.word >= part and other.word < part || chr(1114111)))
-- sqlite
select list.*
  from {{orders}} as list
 where list.fan_id is not null
   and :search <> ''
   and not exists (select 1
                     from json_each('["' || replace(:search, ' ', '","') || '"]') as part
                    where not exists (select 1
                                        from fan_word other
                                       where other.fan_id = list.fan_id
                                         and other.word >= part.value and other.word < part.value || char(1114111)))
