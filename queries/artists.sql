-- artists: artists by name, with home, followers and the next show
-- :city_id text = null       only artists at home in this city
-- :genre_id text = null      only artists of this genre
-- :active bool = null        only those still working, or only those not
-- :today date                shows from this day on are still to come
select a.artist_id,
       a.name,
       (select g.name
          from artist_genre ag join genre g on g.genre_id = ag.genre_id
         where ag.artist_id = a.artist_id
         order by ag.position, g.genre_id limit 1) as genre,
       c.name as city,
       c.country,
       (select count(*) from follow f where f.artist_id = a.artist_id) as followers,
       (select min(k.local_date)
          from concert k
         where k.artist_id = a.artist_id and k.local_date >= :today
           and k.status in ('announced', 'on_sale', 'sold_out')) as next_show,
       (select count(*)
          from concert k
         where k.artist_id = a.artist_id and k.local_date >= :today
           and k.status in ('announced', 'on_sale', 'sold_out')) as shows_ahead,
       a.manager_name,
       cast(a.email as text) as email,
       a.active,
       a.note,
       a.city_id,
       a.version,
       a.search_key
  from artist a
  left join city c on c.city_id = a.city_id
 where (:city_id is null or a.city_id = :city_id)
   and (:active is null or a.active = :active)
   and (:genre_id is null
        or exists (select 1 from artist_genre ag where ag.artist_id = a.artist_id and ag.genre_id = :genre_id))
