-- artist: one artist, with figures
-- :artist_id text           whose
-- :today date               shows from this day on are still to come
select a.artist_id,
       a.name,
       c.name as city,
       c.country,
       (select g.name
          from artist_genre ag join genre g on g.genre_id = ag.genre_id
         where ag.artist_id = a.artist_id
         order by ag.position, g.genre_id limit 1) as genre,
       (select count(*) from follow f where f.artist_id = a.artist_id) as followers,
       (select count(*) from follow f where f.artist_id = a.artist_id and f.consent) as may_write_to,
       (select min(k.local_date)
          from concert k
         where k.artist_id = a.artist_id and k.local_date >= :today
           and k.status in ('announced', 'on_sale', 'sold_out')) as next_show,
       (select max(k.local_date)
          from concert k
         where k.artist_id = a.artist_id and k.local_date < :today and k.status = 'played') as last_show,
       (select count(*) from concert k where k.artist_id = a.artist_id) as concerts,
       (select count(*)
          from booking b
         where b.artist_id = a.artist_id and b.status in ('hold', 'offer') and b.show_date >= :today) as holds_and_offers,
       a.manager_name,
       cast(a.email as text) as email,
       a.website,
       a.bio,
       a.currency,
       a.active,
       a.note,
       a.city_id,
       a.created_at,
       a.version,
       a.updated_at,
       a.updated_by
  from artist a
  left join city c on c.city_id = a.city_id
 where a.artist_id = :artist_id
