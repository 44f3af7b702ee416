-- 0070 reveal: looking at personal data unmasked is audited too: who, which screen, which question. The console shows masked
-- data until this was written.

grant showx_audit to current_user;
set local role showx_audit;

alter table audit.entry drop constraint entry_verb_check;
alter table audit.entry add constraint entry_verb_check check (verb in ('insert', 'update', 'delete', 'summary', 'reveal'));

create function audit.reveal(screen text, about jsonb) returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  select audit.write('screen ' || screen, '', 'reveal', null, about,
                     coalesce(nullif(btrim(current_setting('showx.reason', true)), ''), 'looked at personal data'));
end;
revoke execute on function audit.reveal(text, jsonb) from public;
grant execute on function audit.reveal(text, jsonb) to showx_support, showx_manager, showx_engineer, showx_owner;

reset role;
do $$
begin
  execute format('revoke showx_audit from %I', current_user);
end $$;
