-- fans: fans by name, with where they live and what they bought last
-- :city_id text = null       only fans who live in this city
-- :artist_id text = null     only fans who follow this artist
-- :concert_id text = null    only fans who ordered tickets to this concert
-- :since time = null         only fans known since this moment or later
select f.fan_id,
       f.name,
       cast(f.email as text) as email,
       f.phone,
       c.name as city,
       c.country,
       (select count(*) from follow w where w.fan_id = f.fan_id) as follows,
       (select count(*) from ticket_order o where o.fan_id = f.fan_id) as orders,
       (select max(o.ordered_at) from ticket_order o where o.fan_id = f.fan_id) as last_order,
       f.marketing_consent,
       f.birth_year,
       f.created_at,
       f.note,
       f.city_id,
       f.version,
       f.search_key
  from fan f
  left join city c on c.city_id = f.city_id
 where f.merged_into is null
   and (:city_id is null or f.city_id = :city_id)
   and (:since is null or f.created_at >= :since)
   and (:artist_id is null
        or f.fan_id = any (array(select w.fan_id from follow w where w.artist_id = :artist_id)))
   and (:concert_id is null
        or f.fan_id = any (array(select o.fan_id from ticket_order o where o.concert_id = :concert_id)))
-- sqlite
select f.fan_id,
       f.name,
       cast(f.email as text) as email,
       f.phone,
       c.name as city,
       c.country,
       (select count(*) from follow w where w.fan_id = f.fan_id) as follows,
       (select count(*) from ticket_order o where o.fan_id = f.fan_id) as orders,
       (select max(o.ordered_at) from ticket_order o where o.fan_id = f.fan_id) as last_order,
       f.marketing_consent,
       f.birth_year,
       f.created_at,
       f.note,
       f.city_id,
       f.version,
       f.search_key
  from fan f
  left join city c on c.city_id = f.city_id
 where f.merged_into is null
   and (:city_id is null or f.city_id = :city_id)
   and (:since is null or f.created_at >= :since)
   and (:artist_id is null
        or f.fan_id in (select w.fan_id from follow w where w.artist_id = :artist_id))
   and (:concert_id is null
        or f.fan_id in (select o.fan_id from ticket_order o where o.concert_id = :concert_id))
