-- leg_remove: lets the drive between two cities be what the map says
-- :city_a text              one city
-- :city_b text              the other
-- offline: no drive times are changed on the server
select l.city_a, l.city_b from showx.leg_remove(:city_a, :city_b) l
