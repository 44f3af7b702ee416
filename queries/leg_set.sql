-- leg_set: says what the drive between two cities really takes
-- :city_a text              one city
-- :city_b text              the other
-- :metres int               how far
-- :minutes int              how long
-- :note text = null         why it differs: a ferry, a border ...
-- offline: no drive times are changed on the server
select l.city_a, l.city_b from showx.leg_set(:city_a, :city_b, cast(:metres as integer), cast(:minutes as integer), :note) l
