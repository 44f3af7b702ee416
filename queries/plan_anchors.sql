-- plan_anchors: days on which an artist must be in a city for something that is no show
-- :artist_id text            whose
-- :from date                 first day of the window
-- :until date                last day
select k.city_id, k.anchor_date, k.what
  from anchor k
 where k.artist_id = :artist_id and k.anchor_date between :from and :until
 order by k.anchor_date, k.city_id
