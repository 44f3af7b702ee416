-- demand_model: the newest fitted parameters (demand_model_load); no row before the first 'showx demand refresh'
select m.version, m.parameters, m.shows, m.artists, m.fitted_at
  from demand_model m
 order by m.version desc
 limit 1
