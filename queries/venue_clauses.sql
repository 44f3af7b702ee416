-- venue_clauses: the radius clauses that venues usually ask for
-- :venue_id text = null      only this venue's
-- :city_id text = null       only in this city
select k.venue_id,
       k.position,
       v.name as venue,
       c.name as city,
       k.miles,
       k.days_before,
       k.days_after,
       k.effect,
       v.city_id
  from venue_clause k
  join venue v on v.venue_id = k.venue_id
  join city c on c.city_id = v.city_id
 where (:venue_id is null or k.venue_id = :venue_id)
   and (:city_id is null or v.city_id = :city_id)
