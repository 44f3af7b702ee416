-- figure_own: gives an artist a figure of its own in the place of the company's
-- :setting text              which figure
-- :for_artist text           whose: an artist's id
-- :value int                 its value, in the figure's unit (money in the artist's minor units)
-- offline: no figures are written to the server
select showx.planning_own(:setting, :for_artist, :value) as version
