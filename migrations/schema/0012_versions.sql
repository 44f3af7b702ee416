-- 0012 versions: version, updated_at and updated_by of the rows that people edit, whoever writes them and whatever they send;
-- and fan_word, the words under which a fan is found.

create function showx.keep_version() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.version := case tg_op when 'INSERT' then 1 else old.version + 1 end;
  new.updated_at := now();
  new.updated_by := case when showx.by_migration() then 'migration' else session_user end;
  return new;
end $$;

-- The insert trigger runs only for what somebody sends beside the defaults, so that a load of a million rows pays next to nothing.
do $$
declare
  relation text;
begin
  foreach relation in array array['artist', 'venue', 'fan', 'concert', 'booking', 'tour', 'ticket_order'] loop
    execute format('create trigger keep_version before update on showx.%I for each row execute function showx.keep_version()', relation);
    execute format($sql$create trigger keep_version_new before insert on showx.%I for each row
                     when (new.version <> 1 or new.updated_by <> session_user or new.updated_at <> now())
                     execute function showx.keep_version()$sql$, relation);
  end loop;
end $$;

-- Whole sets at a time. fan_word's foreign key goes: it cost a look-up a word, and these triggers are the only writers.
alter table showx.fan_word drop constraint fan_word_fan_id_fkey;

-- Words are cut at 64 characters, so that no name is too long for the index; a longer search term is cut alike by showx.search_word().
create function showx.search_word(word text) returns text
language sql immutable strict parallel safe
return left(showx.fold(word), 64);

-- May give a word twice: whoever writes words passes over what is there.
create function showx.fan_words(search_key text, email text) returns setof text
language sql immutable parallel safe
begin atomic
  select left(word, 64) from string_to_table(search_key || ' ' || coalesce(showx.fold(split_part(email, '@', 1)), ''), ' ') word
  where word <> '';
end;

create function showx.fan_word_insert() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into showx.fan_word (word, fan_id)
    select distinct w.word collate "C", f.fan_id
    from new_fan f cross join lateral showx.fan_words(f.search_key, f.email::text) as w (word)
    order by 1, 2   -- in the index's order: a third quicker
  on conflict do nothing;
  return null;
end $$;

create function showx.fan_word_update() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from showx.fan_word w
    using old_fan o left join new_fan n on n.fan_id = o.fan_id
    where w.fan_id = o.fan_id
      and (n.search_key, n.email::text) is distinct from (o.search_key, o.email::text)
      and w.word not in (select showx.fan_words(n.search_key, n.email::text));
  insert into showx.fan_word (word, fan_id)
    select w.word, n.fan_id
    from new_fan n left join old_fan o on o.fan_id = n.fan_id
    cross join lateral showx.fan_words(n.search_key, n.email::text) as w (word)
    where (n.search_key, n.email::text) is distinct from (o.search_key, o.email::text)
  on conflict do nothing;
  return null;
end $$;

create function showx.fan_word_delete() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from showx.fan_word w using old_fan o where w.fan_id = o.fan_id;
  return null;
end $$;

create function showx.fan_word_truncate() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from showx.fan_word;
  return null;
end $$;

create trigger fan_word_insert after insert on showx.fan
  referencing new table as new_fan for each statement execute function showx.fan_word_insert();
create trigger fan_word_update after update on showx.fan
  referencing old table as old_fan new table as new_fan for each statement execute function showx.fan_word_update();
create trigger fan_word_delete after delete on showx.fan
  referencing old table as old_fan for each statement execute function showx.fan_word_delete();
create trigger fan_word_truncate after truncate on showx.fan
  for each statement execute function showx.fan_word_truncate();
-- Also while a bulk load lets triggers rest (migration.rest_triggers).
alter table showx.fan enable always trigger fan_word_insert;
