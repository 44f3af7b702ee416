-- A million fans, the same at each run. Indexes are made afterwards and triggers set aside (but for the one
-- that fills fan_word, which always fires), since it is not the insert that is measured. Run by the server's superuser.
set session_replication_role = replica;
set maintenance_work_mem = '256MB';
create temp table made_later as
select format('%I.%I', n.nspname, c.relname) as name, pg_get_indexdef(i.indexrelid) as how
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
 where i.indrelid in ('showx.fan'::regclass, 'showx.fan_word'::regclass)
   and not i.indisunique;
do $$
declare
  name text;
begin
  for name in select m.name from made_later m loop
    execute 'drop index ' || name;
  end loop;
end $$;

insert into showx.fan (fan_id, name, email, phone, city_id, marketing_consent, created_at)
with place as (
  select array_agg(city_id) as ids
    from (select city_id from showx.city order by population desc, city_id limit 200) as largest)
select 'f' || lpad(to_hex(i * 2654435761 % 4294967296), 8, '0'),
       (array['Ada', 'Bruno', 'Chloé', 'Dana', 'Emil', 'Farida', 'Goran', 'Hana', 'Iris', 'José', 'Kofi', 'Léa', 'Mika', 'Nadia',
              'Omar', 'Pia', 'Quentin', 'Rosa', 'Sven', 'Tala'])[1 + i % 20]
         || ' ' || initcap(translate(to_hex(i * 48271 % 1048573), '0123456789abcdef', 'bcdfghklmnrstaei')),
       'fan' || i || '@example.org',
       '+4930' || lpad(i::text, 8, '0'),
       place.ids[1 + i % 200],
       i % 3 = 0,
       timestamptz '2016-01-01 00:00:00+00' + i * interval '5 minutes'
  from generate_series(1::bigint, 1000000) as i, place
 order by 1;

do $$
declare
  how text;
begin
  for how in select m.how from made_later m loop
    execute how;
  end loop;
end $$;
drop table made_later;
reset session_replication_role;
vacuum analyze showx.fan;
vacuum analyze showx.fan_word;
