-- plan_prices: the figures an artist's tour is planned with: the company's, or the artist's own in their place
-- :artist_id text            whose
select p.setting,
       coalesce(o.value, p.value) as value,
       p.unit,
       case when o.value is null then 0 else 1 end as own,
       p.as_of
  from planning p
  left join planning o on o.setting = p.setting and o.artist_id = :artist_id
 where p.artist_id is null
 order by p.setting
