-- legs: drives that differ from what the map says, the same both ways
-- :city_id text = null       only from or to this city
select l.city_a,
       l.city_b,
       a.name as one_city,
       b.name as other_city,
       l.metres,
       l.minutes,
       l.note
  from leg l
  join city a on a.city_id = l.city_a
  join city b on b.city_id = l.city_b
 where (:city_id is null or l.city_a = :city_id or l.city_b = :city_id)
