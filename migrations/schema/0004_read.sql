-- 0004 read: forgiving typed readers over the old documents.
-- A document's fields are Firestore's typed JSON: {"price": {"stringValue": "$12.50"}}. A reader takes one such value (or the
-- fields and the names a thing went by over the years) and gives the plain value, or null where it cannot tell. It never
-- raises an error: what a person wrote is looked at before it is cast. The models (migrations/models/) tell "nothing there"
-- from "there, but not readable" by looking at the value first: `v is not null and read.as_time(v) is null`.
-- Functions that run for every field of millions of documents are plain expressions that Postgres inlines, or short plpgsql
-- without an exception block (a block costs a subtransaction each time).

-- ---- finding the value ----

-- Null, "", an empty map and an empty list say nothing.
create function read.says_nothing(v jsonb) returns boolean
language plpgsql immutable parallel safe as $$
begin
  return v is null or v ? 'nullValue' or btrim(coalesce(v ->> 'stringValue', 'x'), E' \t\r\n') = ''
    or v in ('{"mapValue": {}}', '{"arrayValue": {}}', '{"mapValue": {"fields": {}}}', '{"arrayValue": {"values": []}}');
end $$;

-- The first of the names that says something.
create function read.value(fields jsonb, variadic names text[]) returns jsonb
language plpgsql immutable parallel safe as $$
declare
  v jsonb;
  n text;
  t text;
begin
  foreach n in array names loop
    v := fields -> n;
    continue when v is null;
    t := v ->> 'stringValue'; -- the most frequent kinds first: this runs some ten times a document
    if t is not null then
      continue when btrim(t, E' \t\r\n') = '';
      return v;
    elsif v ? 'integerValue' or v ? 'referenceValue' or not read.says_nothing(v) then
      return v;
    end if;
  end loop;
  return null;
end $$;

-- May anything in there say nothing, however deep? One look at the text; a false alarm costs no more than a second look.
create function read.has_blanks(fields jsonb) returns boolean
language plpgsql immutable parallel safe as $$
declare
  t text := fields::text;
begin
  return t like '%"nullValue"%' or t like '%Value": ""%' or t like '%Value": " %' or t like E'%Value": "\\\\%'
    or t like '%Value": {}%' or t like '%": {"fields": {}}%' or t like '%": {"values": []}%';
end $$;

-- The fields without those that say nothing, decompressed: for models whose documents are many. Then read.at finds what read.value would.
create function read.said(fields jsonb, has_blanks boolean) returns jsonb
language plpgsql immutable parallel safe as $$
begin
  if has_blanks then
    return (select coalesce(jsonb_object_agg(key, value), '{}')
            from jsonb_each(case jsonb_typeof(fields) when 'object' then fields else '{}' end) where not read.says_nothing(value));
  end if;
  return fields || '{}';
end $$;

-- The first of the names in what read.said gave. Plain expressions: Postgres puts them in place.
create function read.at(said jsonb, a text) returns jsonb
language sql immutable parallel safe return said -> a;
create function read.at(said jsonb, a text, b text) returns jsonb
language sql immutable parallel safe return coalesce(said -> a, said -> b);
create function read.at(said jsonb, a text, b text, c text) returns jsonb
language sql immutable parallel safe return coalesce(said -> a, said -> b, said -> c);

-- Which of the names that was; null when none.
create function read.name_of(fields jsonb, variadic names text[]) returns text
language plpgsql immutable parallel safe as $$
declare
  n text;
begin
  foreach n in array names loop
    if not read.says_nothing(fields -> n) then
      return n;
    end if;
  end loop;
  return null;
end $$;

create function read.member(v jsonb, variadic names text[]) returns jsonb
language sql immutable parallel safe
return read.value(v #> '{mapValue,fields}', variadic names);

create function read.is_map(v jsonb) returns boolean
language sql immutable parallel safe return v ? 'mapValue';

-- The members of a list, typed, in order; no rows for anything else.
create function read.members(v jsonb) returns table (item jsonb, nth bigint)
language sql immutable parallel safe rows 4
as $$ select m.item, m.ordinality from jsonb_array_elements(
        case when jsonb_typeof(v #> '{arrayValue,values}') = 'array' then v #> '{arrayValue,values}' else '[]' end)
      with ordinality m (item, ordinality) $$;

-- For messages: a value as a person would write it, cut short.
create function read.shown(v jsonb) returns text
language sql immutable parallel safe
return left(case when v ? 'mapValue' or v ? 'arrayValue' or v ? 'geoPointValue' then v::text
                 else coalesce(v ->> 'stringValue', v ->> 'integerValue', v ->> 'doubleValue', v ->> 'booleanValue',
                               v ->> 'timestampValue', v ->> 'referenceValue', v::text) end, 200);

-- ---- text ----

-- Control characters (C0, DEL, C1) have no business in a name: tabs and line ends become spaces, the others go. Everything else stays,
-- bidirectional overrides too: data keeps them, screens do not show them.
create function read.clean(t text) returns text
language plpgsql immutable strict parallel safe as $$
begin
  if t !~ '[\u0001-\u001f\u007f-\u009f]' then
    return nullif(btrim(t), '');
  end if;
  return nullif(btrim(regexp_replace(regexp_replace(t, '[\t\n\r]+', ' ', 'g'), '[\u0001-\u001f\u007f-\u009f]+', '', 'g')), '');
end $$;

create function read.has_control(t text) returns boolean
language sql immutable parallel safe
return coalesce(btrim(t, E' \t\r\n') ~ '[\u0001-\u001f\u007f-\u009f]', false);

create function read.as_text(v jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  t text := v ->> 'stringValue';
begin
  if t is not null then
    if t ~ '[\u0001-\u001f\u007f-\u009f]' then
      return read.clean(t);
    end if;
    return nullif(btrim(t), '');
  elsif v is null then
    return null;
  end if;
  return coalesce(v ->> 'integerValue', v ->> 'doubleValue', v ->> 'booleanValue', v ->> 'timestampValue',
                  v ->> 'referenceValue');
end $$;

create function read.text(fields jsonb, variadic names text[]) returns text
language sql immutable parallel safe
return read.as_text(read.value(fields, variadic names));

-- A list of texts: an array's members, or one text cut at commas, semicolons, bars and slashes. Empty ones are left out.
create function read.as_texts(v jsonb) returns text[]
language plpgsql immutable parallel safe as $$
begin
  if v ? 'arrayValue' then
    return array(select t from read.members(v) m, read.as_text(m.item) t where t is not null order by m.nth);
  end if;
  return array(select read.clean(p.part) from regexp_split_to_table(read.as_text(v), '\s*[,;|/]\s*')
                 with ordinality p (part, n) where read.clean(p.part) is not null order by p.n);
end $$;

-- A word for looking up: 'On Sale', 'on_sale' and 'onSale' are one.
create function read.slug(t text) returns text
language sql immutable strict parallel safe
return regexp_replace(lower(t), '[^[:alnum:]]+', '', 'g');

-- What the old words mean: kind 'concert_status', said 'onsale', meant 'on_sale'. Models add their own.
create table read.word (
  kind  text not null,
  said  text not null,
  meant text not null,
  primary key (kind, said)
);

create function read.learn_words(of_kind text, said text[], meant text) returns void
language sql as $$
  insert into read.word select of_kind, read.slug(s), meant from unnest(said) s
  on conflict (kind, said) do update set meant = excluded.meant where word.meant is distinct from excluded.meant
$$;

create function read.enum(of_kind text, v jsonb) returns text
language sql stable parallel safe
as $$ select w.meant from read.word w where w.kind = of_kind and w.said = read.slug(read.as_text(v)) $$;

-- ---- numbers ----

create function read.as_numeric(v jsonb) returns numeric
language plpgsql immutable parallel safe as $$
declare
  t text;
begin
  if v is null then
    return null;
  end if;
  t := v ->> 'integerValue';
  if t ~ '^-?\d{1,18}$' then
    return t::numeric;
  end if;
  t := coalesce(t, v ->> 'doubleValue');
  if t is null then
    t := replace(btrim(v ->> 'stringValue'), ' ', '');
    if t ~ '^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$' then
      t := replace(t, ',', '');
    end if;
  end if;
  if t ~ '^[-+]?(\d{1,30}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,2})?$' then
    return t::numeric;
  end if;
  return null; -- NaN and the infinities too
end $$;

-- A whole number that fits a bigint: 1200, "1,200", 1200.0.
create function read.as_int(v jsonb) returns bigint
language plpgsql immutable parallel safe as $$
declare
  n numeric := read.as_numeric(v);
begin
  if n = trunc(n) and abs(n) < 9e18 then
    return n::bigint;
  end if;
  return null;
end $$;

create function read.int(fields jsonb, variadic names text[]) returns bigint
language sql immutable parallel safe
return read.as_int(read.value(fields, variadic names));

create function read.as_bool(v jsonb) returns boolean
language plpgsql immutable parallel safe as $$
declare
  t text := lower(btrim(coalesce(v ->> 'booleanValue', v ->> 'stringValue', v ->> 'integerValue', v ->> 'doubleValue')));
begin
  if t in ('true', 't', 'yes', 'y', 'on', '1', '1.0') then
    return true;
  elsif t in ('false', 'f', 'no', 'n', 'off', '0', '0.0') then
    return false;
  end if;
  return null;
end $$;

create function read.bool(fields jsonb, variadic names text[]) returns boolean
language sql immutable parallel safe
return read.as_bool(read.value(fields, variadic names));

-- A whole number of a size that miles and days have.
create function read.small(v jsonb) returns integer
language plpgsql immutable parallel safe as $$
declare
  n bigint := read.as_int(v);
begin
  if abs(n) <= 1000000 then
    return n::integer;
  end if;
  return null;
end $$;

-- ---- instants and days ----

-- The document's own time: an export tells none, then it is the version's.
create function read.own_time(create_time timestamptz, version bigint) returns timestamptz
language sql immutable parallel safe
return coalesce(create_time, timestamptz 'epoch' + version * interval '1 microsecond');


-- Days in a month, for looking before casting.
create function read.date_of(y integer, m integer, d integer) returns date
language plpgsql immutable strict parallel safe as $$
begin
  if y not between 1 and 9999 or m not between 1 and 12 or d < 1
     or d > (case when m in (4, 6, 9, 11) then 30
                  when m <> 2 then 31
                  when y % 4 = 0 and (y % 100 <> 0 or y % 400 = 0) then 29 else 28 end) then
    return null;
  end if;
  return make_date(y, m, d);
end $$;

create function read.month_of(name text) returns integer
language sql immutable strict parallel safe
return (strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower(left(name, 3))) + 2) / 3;

-- What a text says of a time. zoned: the instant is `at_utc`; else it is a wall clock somewhere: `wall`.
create type read.clock as (wall timestamp, zoned boolean, has_time boolean);

create function read.clock_of(t text) returns read.clock
language plpgsql immutable strict parallel safe as $$
declare
  p text[];
  day date;
  hours integer;
  minutes integer;
  seconds numeric;
  shift text;
  c read.clock;
  months constant text := '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
begin
  if length(t) > 64 then
    return null;
  end if;
  -- 2019-03-05T19:30:00Z and 2019-03-05 19:30, the most frequent: taken apart by place, for a match with captures takes tens of microseconds
  if t ~ '^\d\d\d\d-\d\d-\d\d[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d\d\d)?Z)?$' then
    day := read.date_of(left(t, 4)::integer, substr(t, 6, 2)::integer, substr(t, 9, 2)::integer);
    if day is null then
      return null;
    end if;
    c.wall := day + make_interval(hours => substr(t, 12, 2)::integer, mins => substr(t, 15, 2)::integer,
                                  secs => case when length(t) > 16 then rtrim(substr(t, 18), 'Z')::double precision else 0 end);
    c.zoned := length(t) > 16;
    c.has_time := true;
    return c;
  end if;
  -- 03/05/2019 7:30 PM, likewise
  if t ~ '^\d\d?/\d\d?/\d\d\d\d \d\d?:[0-5]\d [AP]M$' then
    p := string_to_array(translate(t, ': ', '//'), '/');
    hours := p[4]::integer;
    day := read.date_of(p[3]::integer, p[1]::integer, p[2]::integer);
    if day is null or hours not between 1 and 12 then
      return null;
    end if;
    c.wall := day + make_interval(hours => hours % 12 + case p[6] when 'PM' then 12 else 0 end, mins => p[5]::integer);
    c.zoned := false;
    c.has_time := true;
    return c;
  end if;
  -- 2019-03-05[T19:30[:00[.000]]][Z|+01:00], also with / for -
  p := regexp_match(t, '^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s*([AaPp][Mm])?)?\s*(Z|z|UTC|GMT|[-+]\d{2}:?\d{2}|[-+]\d{2})?\s*$');
  if p is not null then
    day := read.date_of(p[1]::integer, p[2]::integer, p[3]::integer);
  else
    -- 03/05/2019 [7:30 PM]
    p := regexp_match(t, '^\s*(\d{1,2})/(\d{1,2})/(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s*([AaPp][Mm])?)?\s*(Z|z|UTC|GMT|[-+]\d{2}:?\d{2})?\s*$');
    if p is not null then
      day := read.date_of(p[3]::integer, p[1]::integer, p[2]::integer);
    else
      -- [Tue,] Mar 5, 2019 [7:30 PM]   Tue Mar 05 2019 19:30:00 GMT-0600 (CST)
      p := regexp_match(t, '^\s*(?:[a-z]{3,9},?\s+)?' || months || '\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s*([ap]m)?)?\s*((?:GMT|UTC|Z)?(?:[-+]\d{2}:?\d{2})?)\s*(?:\([^)]*\))?\s*$', 'i');
      if p is not null then
        day := read.date_of(p[3]::integer, read.month_of(p[1]), p[2]::integer);
      else
        -- [Tue,] 5 Mar[ch] 2019 [19:30:00 GMT]
        p := regexp_match(t, '^\s*(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[- ]' || months || '\.?,?[- ](\d{4})(?:,?\s+(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s*([ap]m)?)?\s*((?:GMT|UTC|Z)?(?:[-+]\d{2}:?\d{2})?)\s*$', 'i');
        if p is null then
          return null;
        end if;
        day := read.date_of(p[3]::integer, read.month_of(p[2]), p[1]::integer);
      end if;
    end if;
  end if;
  hours := coalesce(p[4]::integer, 0);
  minutes := coalesce(p[5]::integer, 0);
  seconds := coalesce(p[6]::numeric, 0);
  if day is null or minutes > 59 or seconds >= 60 or hours > 23 or (p[7] is not null and hours not between 1 and 12) then
    return null;
  end if;
  if p[7] is not null then
    hours := hours % 12 + case when lower(p[7]) = 'pm' then 12 else 0 end;
  end if;
  c.wall := day + make_interval(hours => hours, mins => minutes, secs => seconds::double precision);
  c.has_time := p[4] is not null;
  shift := substring(p[8] from '[-+].*');
  c.zoned := coalesce(p[8], '') <> '';
  if shift is not null then
    hours := substring(shift from 2 for 2)::integer;
    minutes := coalesce(nullif(right(replace(substring(shift from 4), ':', ''), 2), ''), '0')::integer;
    if hours > 15 or minutes > 59 then
      return null;
    end if;
    c.wall := c.wall - make_interval(hours => hours, mins => minutes) * (case when left(shift, 1) = '-' then -1 else 1 end);
  end if;
  return c;
end $$;

-- Numbers since 1970: seconds, milliseconds or microseconds, told apart by size. From 1980 to 2100; a bare 0 is a
-- default, not a time.
create function read.epoch(n numeric) returns timestamptz
language plpgsql immutable strict parallel safe as $$
begin
  if n >= 315532800000000 then
    n := n / 1000000;
  elsif n >= 315532800000 then
    n := n / 1000;
  end if;
  if n < 315532800 or n > 4102444800 then
    return null;
  end if;
  return timestamptz 'epoch' + make_interval(secs => n::double precision);
end $$;

-- An instant. A text without a zone is a wall clock in `zone` (the venue's, for a show), a bare day its midnight.
create function read.as_time(v jsonb, zone text default 'UTC') returns timestamptz
language plpgsql stable parallel safe as $$
declare
  t text;
  c read.clock;
begin
  if v is null then
    return null;
  elsif v ? 'timestampValue' then
    return (v ->> 'timestampValue')::timestamptz;
  elsif v ? 'stringValue' then
    t := btrim(v ->> 'stringValue');
    if t ~ '^\d{9,16}$' then
      return read.epoch(t::numeric);
    end if;
    c := read.clock_of(t);
    if c.wall is null or extract(year from c.wall) not between 1000 and 3000 then
      return null;
    end if;
    return c.wall at time zone case when c.zoned then 'UTC' else coalesce(zone, 'UTC') end;
  elsif v ? 'mapValue' then -- a timestamp that went through JSON
    t := read.as_numeric(read.member(v, '_seconds', 'seconds'))::text;
    return read.epoch(t::numeric);
  end if;
  return read.epoch(read.as_numeric(v));
end $$;

create function read.time(fields jsonb, variadic names text[]) returns timestamptz
language sql stable parallel safe
return read.as_time(read.value(fields, variadic names));

-- Is it a day without a time?
create function read.is_day(v jsonb) returns boolean
language plpgsql immutable parallel safe as $$
declare
  c read.clock;
begin
  if v is null or not v ? 'stringValue' or btrim(v ->> 'stringValue') ~ '^\d+$' then
    return false;
  end if;
  c := read.clock_of(v ->> 'stringValue');
  return coalesce(not c.has_time, false);
end $$;

-- A day. A text's own day counts as written; an instant is the day in `zone`, but midnight in UTC is how the old
-- programs wrote plain days.
create function read.as_date(v jsonb, zone text default 'UTC') returns date
language plpgsql stable parallel safe as $$
declare
  c read.clock;
  at timestamptz;
begin
  if v is null then
    return null;
  end if;
  if v ? 'stringValue' and btrim(v ->> 'stringValue') !~ '^\d+$' then
    c := read.clock_of(v ->> 'stringValue');
    if c.wall is null or extract(year from c.wall) not between 1000 and 3000 then
      return null;
    elsif not c.zoned then
      return c.wall::date;
    end if;
  end if;
  at := read.as_time(v, zone);
  if at at time zone 'UTC' = date_trunc('day', at at time zone 'UTC') then
    return (at at time zone 'UTC')::date;
  end if;
  return (at at time zone coalesce(zone, 'UTC'))::date;
end $$;

create function read.date(fields jsonb, variadic names text[]) returns date
language sql stable parallel safe
return read.as_date(read.value(fields, variadic names));

-- A time of day by itself: '19:00', '7:30 pm'.
create function read.as_clock(v jsonb) returns time
language plpgsql immutable parallel safe as $$
declare
  p text[] := regexp_match(v ->> 'stringValue', '^\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp][Mm])?\s*$');
  h integer := p[1]::integer;
begin
  if h is null or h > 23 or p[2]::integer > 59 or (p[3] is not null and h not between 1 and 12) then
    return null;
  end if;
  if p[3] is not null then
    h := h % 12 + case when lower(p[3]) = 'pm' then 12 else 0 end;
  end if;
  return make_time(h, p[2]::integer, 0);
end $$;

-- Time zones by name, once: pg_timezone_names reads the disk at each look.
create table read.zone (said text primary key, name text not null);
insert into read.zone select distinct on (lower(name)) lower(name), name from pg_timezone_names
  where name ~ '^[A-Z][A-Za-z_]+/' and name !~ '^(posix|right|Etc|SystemV)' or name = 'UTC' order by lower(name), name;
insert into read.zone values ('us/pacific', 'America/Los_Angeles'), ('us/mountain', 'America/Denver'), ('us/central', 'America/Chicago'),
  ('us/eastern', 'America/New_York') on conflict (said) do update set name = excluded.name;

-- ---- money ----

create function read.digits(currency text) returns integer
language sql immutable parallel safe
return case when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
            when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3 else 2 end;

-- The ISO 4217 codes in use; what is not here is no currency. t: three letters.
create function read.is_currency(t text) returns boolean
language sql immutable parallel safe
return strpos('AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL', t) > 0;

-- An ISO code as written ('usd' is one); null when it is none.
create function read.as_currency(v jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  t text := upper(btrim(v ->> 'stringValue'));
begin
  if t ~ '^[A-Z]{3}$' and read.is_currency(t) then
    return t;
  end if;
  return null;
end $$;

-- The currency that an amount itself tells: '12,50 EUR', 'EUR 12', '€12.50', {amount, currency}. '$' tells nothing: many have one.
create function read.currency_in(v jsonb) returns text
language plpgsql stable parallel safe as $$
declare
  t text;
begin
  if v ? 'mapValue' then
    return read.as_currency(read.member(v, 'currency', 'currencyCode', 'cur'));
  elsif not v ? 'stringValue' then
    return null;
  end if;
  t := upper(substring(v ->> 'stringValue' from '[A-Za-z]{3}'));
  if t is not null and read.is_currency(t) then
    return t;
  end if;
  t := substring(v ->> 'stringValue' from '[€£¥]');
  return case t when '€' then 'EUR' when '£' then 'GBP' when '¥' then 'JPY' end;
end $$;

-- What an amount says, in minor units, before rounding: numeric, so 0.1 + 0.2 is 0.3. minor: a whole number counts minor units (by
-- the field's name or the year it was written in); a text or a fraction always says whole units unless the name says minor.
create function read.amount(v jsonb, digits integer default 2, minor boolean default false) returns numeric
language plpgsql immutable parallel safe as $$
declare
  n numeric;
  t text;
  f jsonb;
  factor numeric := case digits when 0 then 1 when 3 then 1000 else 100 end;
begin
  if v is null then
    return null;
  end if;
  if v ? 'mapValue' then
    f := v #> '{mapValue,fields}';
    if read.has_blanks(f) then
      f := read.said(f, true);
    end if;
    n := read.as_numeric(coalesce(f -> 'cents', f -> 'amountCents', f -> 'minor', f -> 'minorUnits', f -> 'amountMinor'));
    if n is not null then
      return case when abs(n) < 1e15 then n end;
    end if;
    if f ? 'units' then
      n := read.as_numeric(f -> 'units');
      if n is not null then
        return case when abs(n) < 1e13 then (n + coalesce(read.as_numeric(f -> 'nanos'), 0) / 1000000000) * factor end;
      end if;
    end if;
    v := coalesce(f -> 'amount', f -> 'value', f -> 'price');
    if v ? 'mapValue' then
      return read.amount(v, digits, minor or v ? 'integerValue');
    end if;
    minor := minor or v ? 'integerValue'; -- {amount: 1250}: whole numbers in a map are minor units
  end if;
  n := read.as_numeric(v);
  if n is null and v ? 'stringValue' then
    t := upper(btrim(v ->> 'stringValue'));
    t := btrim(regexp_replace(t, '^([-+]?)\s*([A-Z]{3}|(US|CA|A|C|NZ)?\$|[€£¥])\s*', '\1')); -- the sign may stand before the currency
    t := btrim(regexp_replace(t, '\s*([A-Z]{3}|[$€£¥])$', ''));
    t := replace(replace(t, ' ', ''), '''', '');
    if t ~ '^[-+]?\d{1,3}(\.\d{3})+,\d{1,2}$' or t ~ '^[-+]?\d+,\d{1,2}$' then -- 1.234,50 and 12,50
      t := replace(replace(t, '.', ''), ',', '.');
    elsif t ~ '^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$' then
      t := replace(t, ',', '');
    end if;
    if t ~ '^[-+]?(\d{1,15}(\.\d{0,20})?|\.\d{1,20})$' then
      n := t::numeric;
    end if;
  end if;
  if n is null or abs(n) >= 1e13 then
    return null;
  end if;
  return case when minor then n else n * factor end;
end $$;

-- Is there a fraction of a minor unit, more than the dust that adding doubles leaves?
create function read.is_fraction(amount numeric) returns boolean
language sql immutable parallel safe
return coalesce(abs(amount - round(amount)) > 0.000001, false);

-- Rounded half away from zero.
create function read.as_money(v jsonb, digits integer default 2, minor boolean default false) returns bigint
language sql immutable parallel safe
return round(read.amount(v, digits, minor))::bigint;

create function read.money(fields jsonb, variadic names text[]) returns bigint
language sql immutable parallel safe
return read.as_money(read.value(fields, variadic names));

-- ---- people ----

create function read.as_email(v jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  t text := regexp_replace(lower(btrim(read.clean(v ->> 'stringValue'))), '^mailto:', '');
begin
  if t ~ '^[^@\s<>(),;:"\[\]]+@[^@\s.<>(),;:"\[\]]+(\.[^@\s.<>(),;:"\[\]]+)+$' and length(t) <= 254 and t !~ '\.\.' then
    return t;
  end if;
  return null;
end $$;

create function read.email(fields jsonb, variadic names text[]) returns text
language sql immutable parallel safe
return read.as_email(read.value(fields, variadic names));

-- E.164. Ten digits without a country are a US number.
create function read.as_phone(v jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  t text := regexp_replace(coalesce(v ->> 'stringValue', v ->> 'integerValue'), '[\s().-]', '', 'g');
begin
  if t ~ '^\+\d{8,15}$' then
    return t;
  elsif t ~ '^\d{10}$' then
    return '+1' || t;
  elsif t ~ '^1\d{10}$' then
    return '+' || t;
  end if;
  return null;
end $$;

-- ---- references and places ----

-- The id that a reference points to: a reference, 'artists/abc', 'abc', {id: 'abc'}.
create function read.as_ref(v jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  t text;
begin
  if v is null then
    return null;
  elsif v ? 'mapValue' then
    return read.as_ref(read.member(v, 'ref', 'reference', 'id', 'path', '__ref__'));
  end if;
  t := coalesce(v ->> 'referenceValue', v ->> 'stringValue', v ->> 'integerValue');
  return nullif(btrim(split_part(rtrim(t, '/'), '/', -1)), '');
end $$;

create function read.ref(fields jsonb, variadic names text[]) returns text
language sql immutable parallel safe
return read.as_ref(read.value(fields, variadic names));

-- Coordinates as written, {latitude, longitude}: a geo point, a map, 'lat,lon', [lat, lon]. Not checked for range.
create function read.as_point(v jsonb) returns double precision[]
language plpgsql immutable parallel safe as $$
declare
  a numeric;
  b numeric;
  p text[];
begin
  if v is null then
    return null;
  elsif v ? 'geoPointValue' then
    return array[coalesce((v #>> '{geoPointValue,latitude}')::double precision, 0),
                 coalesce((v #>> '{geoPointValue,longitude}')::double precision, 0)];
  elsif v ? 'mapValue' then
    a := read.as_numeric(read.member(v, 'latitude', '_latitude', 'lat'));
    b := read.as_numeric(read.member(v, 'longitude', '_longitude', 'lng', 'lon', 'long'));
  elsif v ? 'arrayValue' then
    a := read.as_numeric(v #> '{arrayValue,values,0}');
    b := read.as_numeric(v #> '{arrayValue,values,1}');
  else
    p := regexp_match(v ->> 'stringValue', '^\s*\(?\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*\)?\s*$');
    a := p[1]::numeric;
    b := p[2]::numeric;
  end if;
  if a is null or b is null or abs(a) > 1e6 or abs(b) > 1e6 then
    return null;
  end if;
  return array[a::double precision, b::double precision];
end $$;

-- Two fields as one list value: lat and lng side by side.
create function read.pair(fields jsonb, one text, other text) returns jsonb
language plpgsql immutable parallel safe as $$
begin
  if read.says_nothing(fields -> one) or read.says_nothing(fields -> other) then
    return null;
  end if;
  return jsonb_build_object('arrayValue', jsonb_build_object('values', jsonb_build_array(fields -> one, fields -> other)));
end $$;

create function read.on_globe(point double precision[]) returns boolean
language sql immutable parallel safe return point[1] between -90 and 90 and point[2] between -180 and 180;

-- Kilometres between two points of the globe (haversine).
create function read.km(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
returns double precision
language sql immutable parallel safe
return 12742.0 * asin(least(1, sqrt(power(sind((lat2 - lat1) / 2), 2)
                                    + cosd(lat1) * cosd(lat2) * power(sind((lon2 - lon1) / 2), 2))));

-- Every key that a place may be written by -> the place. city_key holds all, city_name the one that wins: what GeoNames
-- knows before what the old database added, then the larger.
create table read.city_key (
  key     text collate "C" not null,
  city_id text not null,
  primary key (key, city_id)
);
create index city_key_city on read.city_key (city_id);
create table read.city_name (
  key     text collate "C" primary key,
  city_id text not null,
  choices integer not null
);

create table read.region (country text not null, admin1 text not null, said text not null, primary key (country, admin1, said));
insert into read.region values
  ('CA', '01', 'ab'), ('CA', '02', 'bc'), ('CA', '03', 'mb'), ('CA', '04', 'nb'), ('CA', '05', 'nl'), ('CA', '07', 'ns'),
  ('CA', '08', 'on'), ('CA', '09', 'pe'), ('CA', '10', 'qc'), ('CA', '11', 'sk'), ('CA', '12', 'yt'), ('CA', '13', 'nt'), ('CA', '14', 'nu');
create table read.country (country text not null, said text not null, primary key (country, said));
insert into read.country values ('US', 'usa'), ('US', 'united states'), ('US', 'united states of america'),
  ('GB', 'uk'), ('GB', 'united kingdom'), ('GB', 'great britain'), ('GB', 'england'), ('DE', 'deutschland');

-- The keys of given places: name, with region, with country, with both. A region is its letters ('tx'), its name, or its GeoNames number
-- ('#08'); a country is its name or its code ('=us'): two bare letters behind a name are a state, never a country.
create function read.city_keys(ids text[]) returns table (key text, city_id text)
language sql stable as $$
  select distinct concat_ws(' ', c.search_key, r.said, l.said), c.city_id
  from showx.city c
  cross join lateral (select null::text as said
    union select case when c.admin1 ~ '^\d' then '#' else '' end || lower(c.admin1) where c.admin1 <> ''
    union select showx.fold(c.admin1_name) where c.admin1_name <> ''
    union select g.said from read.region g where g.country = c.country and g.admin1 = c.admin1) r
  cross join lateral (select null::text as said union select '=' || lower(c.country)
    union select showx.fold(c.country_name) where c.country_name <> ''
    union select s.said from read.country s where s.country = c.country) l
  where c.city_id = any(ids) and c.search_key <> ''
$$;

-- How a name sounds: its consonants, runs as one. "austin" and "asutin" are both "stn".
create function read.sound(folded text) returns text
language sql immutable strict parallel safe
return regexp_replace(regexp_replace(folded, '[^b-df-hj-np-tv-xz]+', '', 'g'), '(.)\1+', '\1', 'g');

-- keys null: all, into an empty table.
create function read.choose_city_names(keys text[]) returns void
language plpgsql as $$
begin
  delete from read.city_name where key = any(keys);
  insert into read.city_name
  select distinct on (k.key) k.key, k.city_id, count(*) over (partition by k.key)
  from read.city_key k join showx.city c using (city_id)
  where keys is null or k.key = any(keys)
  order by k.key, (c.geonameid is null), c.population desc, c.city_id;
end $$;

-- Keeps the keys as showx.city changes; statement level, so a whole gazetteer is one piece of work. No foreign keys:
-- nothing else writes these two tables, and half a million checks would take longer than the work.
create function read.follow_cities() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
declare
  ids text[];
  keys text[];
begin
  if tg_op = 'INSERT' then
    select array_agg(city_id) into ids from came;
  elsif tg_op = 'DELETE' then
    select array_agg(city_id) into ids from gone;
  else
    select array_agg(n.city_id) into ids from came n join went o using (city_id)
      where (n.name, n.admin1, n.admin1_name, n.country, n.country_name, n.population)
        is distinct from (o.name, o.admin1, o.admin1_name, o.country, o.country_name, o.population);
  end if;
  if ids is null then
    return null;
  end if;
  if tg_op = 'INSERT' and not exists (select from read.city_key) then -- a whole gazetteer: nothing is there to look for
    insert into read.city_key select key, city_id from read.city_keys(ids) order by 1, 2;
    perform read.choose_city_names(null);
    return null;
  end if;
  if tg_op <> 'INSERT' then
    with old as (delete from read.city_key where city_id = any(ids) returning key)
    select array_agg(distinct key) into keys from old;
  end if;
  insert into read.city_key select key, city_id from read.city_keys(ids);
  select array_agg(distinct key) into keys from (
    select unnest(keys) union all select key from read.city_key where city_id = any(ids)) a (key);
  perform read.choose_city_names(keys);
  return null;
end $$;
create index city_sound on showx.city (read.sound(search_key)) where geonameid is not null;

create trigger city_keys_insert after insert on showx.city referencing new table as came
  for each statement execute function read.follow_cities();
create trigger city_keys_update after update on showx.city referencing new table as came old table as went
  for each statement execute function read.follow_cities();
create trigger city_keys_delete after delete on showx.city referencing old table as gone
  for each statement execute function read.follow_cities();

-- What a document says of its city: a reference to a city document, or a key to look up. place is the name alone, region the rest. is_id: the
-- field holds the id of a city document.
create type read.city_said as (ref text, key text, place text, region text, said text);

create function read.region_of(state text, country text) returns text
language sql immutable parallel safe
return nullif(concat_ws(' ', case when state ~ '^\s*\d+\s*$' then '#' || btrim(state) else showx.fold(state) end,
                        case when country ~ '^\s*[A-Za-z]{2}\s*$' then '=' || lower(btrim(country)) else showx.fold(country) end), '');

create function read.city_of(v jsonb, is_id boolean default false) returns read.city_said
language plpgsql immutable parallel safe as $$
declare
  s read.city_said;
  t text;
  p text[];
begin
  if v is null then
    return s;
  elsif v ? 'referenceValue' or is_id then
    s.ref := read.as_ref(v);
    s.said := 'cities/' || s.ref;
    return s;
  elsif v ? 'mapValue' then
    if read.member(v, 'ref', 'reference', 'cityRef') is not null then
      return read.city_of(read.member(v, 'ref', 'reference', 'cityRef'));
    end if;
    s.place := showx.fold(read.as_text(read.member(v, 'city', 'name', 'town')));
    s.region := read.region_of(read.as_text(read.member(v, 'state', 'region', 'province', 'admin1')),
                               read.as_text(read.member(v, 'country', 'countryCode')));
    s.said := concat_ws(', ', read.as_text(read.member(v, 'city', 'name', 'town')), read.as_text(read.member(v, 'state', 'region', 'province', 'admin1')),
                        read.as_text(read.member(v, 'country', 'countryCode')));
  else
    t := read.as_text(v);
    if t ~ '^/?cities/[^/]+$' or t ~ '^projects/.*/documents/cities/[^/]+$' then
      s.ref := read.as_ref(v);
      s.said := t;
      return s;
    end if;
    s.said := t;
    p := regexp_match(t, '^([^,]*),(.*)$');
    s.place := showx.fold(coalesce(p[1], t));
    s.region := nullif(showx.fold(p[2]), '');
  end if;
  s.key := nullif(concat_ws(' ', nullif(s.place, ''), s.region), '');
  return s;
end $$;

-- A place for a name that nothing is written by: the one place of that state or country that sounds the same, if exactly one does.
-- GeoNames' places only, so that the answer does not hang on what else the old database added so far.
create function read.guess_city(place text, region text) returns text
language sql stable parallel safe as $$
  select case when count(*) = 1 then min(c.city_id) end
  from showx.city c
  where c.geonameid is not null and read.sound(c.search_key) = read.sound(place) and length(read.sound(place)) >= 2
    and exists (select from read.city_key k where k.key = c.search_key || ' ' || region and k.city_id = c.city_id)
$$;

-- What shows are paid in where nothing else is said.
create table read.country_currency (country text primary key, currency text not null);
insert into read.country_currency
  select c, 'EUR' from unnest(array['AT', 'BE', 'CY', 'DE', 'EE', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PT', 'SI', 'SK']) c
  union all values ('US', 'USD'), ('CA', 'CAD'), ('GB', 'GBP'), ('MX', 'MXN'), ('JP', 'JPY'), ('AU', 'AUD'), ('NZ', 'NZD'), ('CH', 'CHF'),
    ('SE', 'SEK'), ('NO', 'NOK'), ('DK', 'DKK'), ('PL', 'PLN'), ('CZ', 'CZK'), ('BR', 'BRL'), ('AR', 'ARS'), ('CL', 'CLP'), ('CO', 'COP');

-- ---- what is found wrong ----

-- One finding about a document. waits_for: paths of documents ('cities/*': any city) whose coming or going may settle it.
create type migration.found as (field text, code text, severity text, value text, sentence text, waits_for text[]);

create function read.warning(is_so boolean, field text, code text, value text, sentence text, waits_for text default null)
returns migration.found
language sql immutable parallel safe
return case when is_so then row(field, code, 'warning', value, sentence, array[waits_for])::migration.found end;

create function read.blocking(is_so boolean, field text, code text, value text, sentence text, waits_for text default null)
returns migration.found
language sql immutable parallel safe
return case when is_so then row(field, code, 'blocking', value, sentence, array[waits_for])::migration.found end;

-- A claim to something that only one document may have: the least (rank, path) among those that could have a row keeps it, for the
-- others it is a finding. refs: the parents that the claim rests on.
create type migration.claimed as (kind text, key text, rank text, field text, code text, severity text, value text, sentence text,
                                  refs text[]);

-- For ranks: instants as text that sorts as they do.
create function read.rank(t timestamptz) returns text
language sql immutable parallel safe
return lpad((extract(epoch from t) * 1000000)::bigint::text, 20, '0');
