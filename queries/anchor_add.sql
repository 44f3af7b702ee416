-- anchor_add: puts down a day on which an artist must be in a city
-- :artist_id text           who
-- :city_id text             where
-- :anchor_date date         when
-- :what text                what for: a TV show, a wedding ...
-- offline: no avails are changed on the server
select k.anchor_id, k.version from showx.anchor_add(:artist_id, :city_id, :anchor_date, :what) k
