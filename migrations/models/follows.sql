-- model: follows
-- collection: fans/follows
-- target: showx.follow
-- key: legacy_path
-- key from: d.path
-- path from: t.legacy_path
-- replaces: yes
-- parents: fans, artists
-- position: 60
-- bulk: yes
--
-- Of several documents for one fan and artist the earliest has the row.

create view map.follows as
select d.path, d.path as legacy_path, r.fan_id, r.artist_id, t.followed_at, coalesce(r.consent, false) as consent, r.source,
       array[row('follow', r.fan_id || ' ' || r.artist_id, read.rank(t.followed_at), 'artist', 'duplicate', 'blocking', 'artists/' || r.artist_id,
                 'the same fan follows the same artist in an earlier document',
                 array['fans/' || r.fan_id, 'artists/' || r.artist_id])::migration.claimed] as claims,
       array_remove(array[
         read.blocking(f.fan_id is null, 'fan', 'missing_parent', 'fans/' || r.fan_id, 'the fan is not there', 'fans/' || r.fan_id),
         read.blocking(a.artist_id is null, 'artist', 'missing_parent', 'artists/' || r.artist_id, 'the artist is not there', 'artists/' || r.artist_id),
         read.warning(v.followed is not null and r.followed_at is null, 'followedAt', 'bad_time', read.shown(v.followed),
                      'the time cannot be read; the document''s own was taken'),
         read.warning(v.consent is not null and r.consent is null, 'consent', 'bad_value', read.shown(v.consent), 'consent is neither yes nor no; taken as no')
       ], null) as issues
from legacy.document d
cross join lateral (
  select read.value(d.fields, 'artist', 'artistId') as artist, read.value(d.fields, 'followedAt', 'since', 'ts') as followed,
         read.value(d.fields, 'consent', 'mayContact') as consent
  offset 0) v
cross join lateral (
  select split_part(d.parent, '/', 2) as fan_id, coalesce(read.as_ref(v.artist), d.id) as artist_id, read.as_time(v.followed) as followed_at,
         read.as_bool(v.consent) as consent, read.text(d.fields, 'source', 'via') as source
  offset 0) r
cross join lateral (select coalesce(r.followed_at, read.own_time(d.create_time, d.version)) as followed_at offset 0) t
left join showx.fan f on f.fan_id = r.fan_id
left join showx.artist a on a.artist_id = r.artist_id
where d.collection = 'fans/follows' and not d.deleted;
