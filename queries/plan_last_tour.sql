-- plan_last_tour: the stops of an artist's last tour, by day
-- :artist_id text            whose
select s.stop_date, s.city_id, t.starts_on, t.ends_on, s.position
  from tour_stop s
  join tour t on t.tour_id = s.tour_id
 where t.tour_id = (select k.tour_id
                      from tour k
                     where k.artist_id = :artist_id and k.starts_on is not null and k.ends_on is not null and k.status <> 'cancelled'
                     order by k.ends_on desc, k.tour_id
                     limit 1)
   and s.stop_date is not null
 order by s.stop_date, s.position
