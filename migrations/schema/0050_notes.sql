-- 0050 notes: a note on an artist, a venue or a fan, by the version the person saw. Runs as the caller: row security and
-- the column's right decide, the triggers count the version and write the audit.

set local role showx_owner;

-- Gives the new version. An empty note takes the note away. SX001 (DETAIL: json of version, updated_by, updated_at, note) when
-- somebody was quicker, SX002 for a kind without notes, SX003 when there is no such row for the caller.
create function showx.note_set(kind text, id text, note text, expected_version bigint) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  now_version bigint;
  present     jsonb;
begin
  if kind is null or kind not in ('artist', 'venue', 'fan') then
    raise exception 'a note belongs to an artist, a venue or a fan, not to %', coalesce(quote_literal(left(kind, 40)), 'nothing')
      using errcode = 'SX002';
  end if;
  execute format('update showx.%1$I set note = $1 where %2$I = $2 and version = $3 returning version', kind, kind || '_id')
    into now_version using nullif(btrim(note), ''), id, expected_version;
  if now_version is not null then
    return now_version;
  end if;
  execute format('select jsonb_build_object(''version'', version, ''updated_by'', updated_by, ''updated_at'', updated_at, ''note'', note)
                  from showx.%1$I where %2$I = $1', kind, kind || '_id')
    into present using id;
  if present is null then
    raise exception 'there is no % % here', kind, id using errcode = 'SX003';
  end if;
  raise exception '% % was changed by somebody else: it is at version %, not %', kind, id, present ->> 'version',
    coalesce(expected_version::text, 'none') using errcode = 'SX001', detail = present;
end $$;

grant execute on function showx.note_set(text, text, text, bigint) to showx_support, showx_manager;

reset role;
