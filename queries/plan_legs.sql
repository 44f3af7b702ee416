-- plan_legs: drives that somebody knows better than the straight line does
select l.city_a, l.city_b, l.metres, l.minutes
  from leg l
 order by l.city_a, l.city_b
