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
  -- besides what the server's C library calls a letter or a digit: marks that make up words (viramas, tone marks, kana's
  -- voicing), numbers and letters that it does not know; else they would split a word that text_fold() leaves whole
  '[^[:alnum:]'
    || '\u06df-\u06e0\u06ea-\u06ec\u0740-\u074a\u07eb-\u07f3\u07fd\u0818-\u082d\u0859-\u085b\u0898-\u08e1\u08ea-\u0954'
    || '\u09bc\u09cd\u09f4-\u09f9\u09fe\u0a3c\u0a4d\u0abc\u0acd\u0afd-\u0aff\u0b3c\u0b4d\u0b55\u0b72-\u0b77\u0bcd'
    || '\u0bf0-\u0bf2\u0c04\u0c3c\u0c4d\u0c78-\u0c7e\u0cbc\u0ccd\u0cf3\u0d3b-\u0d3c\u0d4d\u0d58-\u0d5e\u0d70-\u0d78'
    || '\u0dca\u0e47-\u0e4e\u0eba\u0ec8-\u0ece\u0f18-\u0f19\u0f2a-\u0f33\u0f35\u0f37\u0f39\u0f3e-\u0f3f\u0f82-\u0f84'
    || '\u0f86-\u0f87\u0fc6\u1037-\u103a\u135d-\u135f\u1369-\u137c\u1714-\u1715\u1734\u17c9-\u17d3\u17dd\u17f0-\u17f9'
    || '\u1939-\u193b\u19da\u1a60-\u1a7c\u1a7f\u1b34-\u1b44\u1b6b-\u1b73\u1baa-\u1bf3\u1c37\u1cd0-\u1cd2\u1cd4-\u1cf9'
    || '\u24eb-\u24ff\u2776-\u2793\u2cef-\u2cf1\u2cfd\u2d7f\u302a-\u302f\u3099-\u309a\u3248-\u324f\ua66f-\ua672'
    || '\ua67c-\ua67d\ua6f0-\ua6f1\ua806\ua82c\ua830-\ua835\ua8c4\ua8e0-\ua8f1\ua92b-\ua92d\ua953\ua9b3-\ua9c0'
    || '\uaabf-\uaac1\uaaf6\uabec-\uabed\U00030000-\U000323af'
    || ']+', ' ', 'g'));
comment on function showx.fold(text) is 'Search key: lower case, no marks, letters and digits and single spaces.';
