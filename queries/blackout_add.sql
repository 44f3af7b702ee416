-- blackout_add: takes an artist or a venue out for some days
-- :artist_id text = null    whose; or
-- :venue_id text = null     at which venue
-- :from_date date           first day
-- :until_date date = null   last day; none: that one day
-- offline: no avails are changed on the server
select b.blackout_id, b.version from showx.blackout_add(:artist_id, :venue_id, :from_date, :until_date) b
