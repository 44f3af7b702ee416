-- 0060 search: names that are like the one typed, for typos. The trigram indexes need pg_trgm; without it the same functions
-- stand and find nothing, so that the search tiers above them (exact, by word) go on working.
-- Each gives at most `most` ids with their likeness in thousandths, best first. They run as the caller: row security decides.

set local role showx_owner;

do $$
declare
  entity text;
  here   boolean := exists (select 1 from pg_extension where extname = 'pg_trgm');
begin
  foreach entity in array array['artist', 'venue', 'fan', 'city', 'concert'] loop
    if here then
      execute format('create index %1$s_likeness on showx.%1$I using gin (search_key public.gin_trgm_ops)', entity);
      execute format($body$
        create function showx.%1$I(search text, most integer) returns table (id text, likeness integer)
        language sql stable parallel safe
        set search_path = showx, public, pg_temp
        set pg_trgm.word_similarity_threshold = 0.45
        as $f$
          select t.%2$I, round((1000 * word_similarity(search, t.search_key))::numeric)::integer
            from showx.%3$I t
           where search <%% t.search_key
           order by 2 desc, 1
           limit most
        $f$ $body$, entity || '_likeness', entity || '_id', entity);
    else
      execute format($body$
        create function showx.%1$I(search text, most integer) returns table (id text, likeness integer)
        language sql immutable parallel safe
        as 'select null::text, null::integer where false' $body$, entity || '_likeness');
    end if;
    execute format('grant execute on function showx.%I(text, integer)
                      to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration', entity || '_likeness');
  end loop;
end $$;

-- The words of a search over fans: the longest leads, since it is the rarest; the others are looked up for each fan that it finds.
-- Immutable, so that the planner knows the word itself and how many fans to expect.
create function showx.lead_word(search text) returns text
language sql immutable strict parallel safe
begin atomic
  select part from unnest(string_to_array(search, ' ')) as part order by length(part) desc, part collate "C" limit 1;
end;

create function showx.other_words(search text) returns text[]
language sql immutable strict parallel safe
begin atomic
  select coalesce(array_agg(part), '{}')
    from (select part
            from unnest(string_to_array(search, ' ')) as part
           order by length(part) desc, part collate "C" offset 1) as others;
end;
grant execute on function showx.lead_word(text), showx.other_words(text)
  to showx_support, showx_manager, showx_engineer, showx_readonly, showx_migration;

-- Lists that have no index of their own order yet: who followed whom last, and the orders that are not simply paid. A buyer's
-- name as given with the order is found by its beginning.
create index follow_time on showx.follow (followed_at desc, fan_id, artist_id);
create index ticket_order_status on showx.ticket_order (status, ordered_at desc, order_id) where status <> 'paid';
create index ticket_order_buyer on showx.ticket_order (showx.fold(buyer_name) text_pattern_ops);

reset role;
