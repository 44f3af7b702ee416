-- 0080 places: what else a place is called, what kind of place it is, and the taking in of GeoNames' files.
--
-- An import is staged in a temporary table and merged by one statement a table: rows are found by geonameid, known ones updated, new ones
-- added, none deleted, since artists, venues and fans point at them. city_data says when consumers that keep places in memory
-- have to read them again; only an import and the carried gazetteer's load raise it.

set local role showx_owner;

alter table showx.city add column feature text;   -- GeoNames' code: PPL, PPLC, PPLX (a neighbourhood) ...; none for a place of the old database's own

create table showx.city_alias (
  city_id text not null references showx.city on delete cascade,
  name    text not null check (name <> ''),
  primary key (city_id, name)
);

create table showx.city_data (
  one       boolean primary key default true check (one),
  version   bigint not null default 0,
  source    text not null default '',
  loaded_at timestamptz not null default now()
);
insert into showx.city_data (version, source)
select count(*)::integer::boolean::integer, '' from (select from showx.city limit 1) as c;

create function showx.city_changed(new_source text) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update showx.city_data set version = version + 1, source = new_source, loaded_at = now() returning version;
end;

create function showx.city_import_begin() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('showx city import', 0));   -- imports go one after the other
  create temp table incoming_city (
    geonameid integer, name text, admin1 text, admin1_name text, country text, country_name text, time_zone text, population bigint,
    latitude double precision, longitude double precision, feature text) on commit drop;
  create temp table incoming_city_name (geonameid integer, name text) on commit drop;
  grant select, insert on pg_temp.incoming_city, pg_temp.incoming_city_name to public;
end $$;

-- What is staged, into the tables. Where a file does not say a region's or a country's name, what is known of it stays.
create function showx.city_import(new_source text) returns table (added bigint, updated bigint, same bigint, names bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- A table or view of the caller's own under these names would run its functions with our rights.
  if exists (select from unnest(array[to_regclass('pg_temp.incoming_city'), to_regclass('pg_temp.incoming_city_name')]) as t (oid)
             left join pg_class c on c.oid = t.oid
             where c.relkind is distinct from 'r' or pg_get_userbyid(c.relowner) is distinct from current_user) then
    raise exception 'no import of places was begun in this transaction' using errcode = 'SX002';
  end if;
  perform set_config('showx.reason', new_source, true);
  analyze pg_temp.incoming_city;
  analyze pg_temp.incoming_city_name;
  create temp table country_said on commit drop as
    select c.country, max(c.country_name) as country_name from showx.city c where c.country_name <> '' group by c.country;
  create temp table admin1_said on commit drop as
    select c.country, c.admin1, max(c.admin1_name) as admin1_name from showx.city c where c.admin1_name <> '' group by c.country, c.admin1;
  create temp table incoming on commit drop as
    select distinct on (i.geonameid) i.geonameid, i.name, i.admin1, i.country, i.time_zone, i.population, i.latitude, i.longitude, i.feature,
           coalesce(nullif(i.admin1_name, ''), a.admin1_name, i.admin1) as admin1_name,
           coalesce(nullif(i.country_name, ''), k.country_name, '') as country_name
    from pg_temp.incoming_city i
    left join admin1_said a on a.country = i.country and a.admin1 = i.admin1
    left join country_said k on k.country = i.country
    order by i.geonameid;
  analyze incoming;   -- unmeasured, the update below would go through all places once for each
  with written as (
    update showx.city c
    set name = i.name, admin1 = i.admin1, admin1_name = i.admin1_name, country = i.country, country_name = i.country_name,
        time_zone = i.time_zone, population = i.population, latitude = i.latitude, longitude = i.longitude, feature = i.feature
    from incoming i
    where c.geonameid = i.geonameid
      and (c.name, c.admin1, c.admin1_name, c.country, c.country_name, c.time_zone, c.population, c.latitude, c.longitude, c.feature)
          is distinct from
          (i.name, i.admin1, i.admin1_name, i.country, i.country_name, i.time_zone, i.population, i.latitude, i.longitude, i.feature)
    returning 1)
  select count(*) from written into updated;
  with written as (
    insert into showx.city (city_id, geonameid, name, admin1, admin1_name, country, country_name, time_zone, population, latitude, longitude, feature)
    select 'g' || i.geonameid, i.geonameid, i.name, i.admin1, i.admin1_name, i.country, i.country_name, i.time_zone, i.population,
           i.latitude, i.longitude, i.feature
    from incoming i
    where not exists (select from showx.city c where c.geonameid = i.geonameid)
    returning 1)
  select count(*) from written into added;
  select count(*) - added - updated from incoming into same;
  with written as (
    insert into showx.city_alias (city_id, name)
    select distinct c.city_id, n.name
    from pg_temp.incoming_city_name n
    join showx.city c on c.geonameid = n.geonameid
    where n.name <> c.name
    on conflict do nothing
    returning 1)
  select count(*) from written into names;
  perform audit.summary('showx.city', new_source, jsonb_build_object('added', added, 'updated', updated, 'same', same, 'names', names));
  if added + updated + names > 0 then
    perform showx.city_changed(new_source);
  end if;
  drop table incoming, country_said, admin1_said;
  return next;
end $$;

-- ---- rights ----

revoke all on showx.city_alias, showx.city_data from public;
grant select on showx.city_alias, showx.city_data to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;
revoke execute on function showx.city_changed(text), showx.city_import_begin(), showx.city_import(text) from public;
grant execute on function showx.city_changed(text), showx.city_import_begin(), showx.city_import(text)
  to showx_support, showx_engineer, showx_migration;

-- The import runs as showx_migration, whoever asks for it: 34,000 places are one entry in the audit, with the login behind it, not 34,000.
grant select, insert, update on showx.city, showx.city_alias to showx_migration;
grant create on schema showx to showx_migration;
reset role;
alter function showx.city_import_begin() owner to showx_migration;
alter function showx.city_import(text) owner to showx_migration;
set local role showx_owner;
revoke create on schema showx from showx_migration;

reset role;
