-- 0001 foundation: schemas, extensions, the folded search key.
-- Extensions are those a plain database owner may create and managed services offer. pg_trgm (typo search) and cube (radius)
-- are used where they are; the program works without them.

create schema showx;
create schema legacy;
create schema migration;
create schema audit;
create schema read;   -- forgiving typed readers over legacy documents
create schema map;    -- one view a model: documents -> rows

create extension if not exists btree_gist with schema public;
create extension if not exists citext with schema public;

do $$
declare
  extension text;
begin
  foreach extension in array array['pg_trgm', 'cube', 'unaccent'] loop
    begin
      execute format('create extension if not exists %I with schema public', extension);
    exception when others then
      raise notice 'extension % is not here (%); the program works without it', extension, sqlerrm;
    end;
  end loop;
end $$;

-- The search key of a name: the same text as text_fold() in src/base/text.c; tests/ compares the two.
create function showx.fold(name text) returns text
language sql immutable strict parallel safe
return btrim(regexp_replace(
  regexp_replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
      lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', '', 'g')),
      'ß', 'ss'), 'æ', 'ae'), 'ø', 'o'), 'ł', 'l'), 'đ', 'd'), 'þ', 'th'), 'ı', 'i'), 'œ', 'oe'),
    '[''’ʼ`´ʻ]', '', 'g'),
  '[^[:alnum:]]+', ' ', 'g'));
comment on function showx.fold(text) is 'Search key: lower case, no marks, letters and digits and single spaces.';
