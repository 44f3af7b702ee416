/* The audit: every change of a person stands in it, with who and why, and nobody unsays it. */
#include "shop.h"
#include <string.h>

Suite *audit_suite(void);

static const char *const people[] = {"anna", "mona", "enno", "rita"};
enum { PEOPLE = sizeof people / sizeof *people };

START_TEST(a_change_says_who_from_where_what_and_why)
{
    PGconn *anna = as("anna");
    ok(anna, "begin; select set_config('showx.reason', 'moved out', true),"
             " set_config('showx.operation', '11111111-2222-3333-4444-555555555555', true);"
             " update showx.venue set name = 'Hall', capacity = 900 where venue_id = 'v1'; commit");
    ck_assert_str_eq(
        ask(anna, "select concat_ws('|', who, role, application, origin, relation, key, verb, reason, "
                  "operation) from audit.entry"),
        "anna|support|check|socket|showx.venue|v1|update|moved out|11111111-2222-3333-4444-555555555555");
    ck_assert_str_eq(ask(anna, "select old from audit.entry"),
                     "{\"name\": \"The Hall\", \"version\": 1, \"capacity\": null}");
    ck_assert_str_eq(ask(anna, "select new from audit.entry"),
                     "{\"name\": \"Hall\", \"version\": 2, \"capacity\": 900}");
}
END_TEST

START_TEST(a_new_and_a_deleted_row_are_kept_whole)
{
    PGconn *anna = as("anna");
    done(anna, "insert into showx.line_up values ('c2', 'a1', 2)");
    done(anna, "delete from showx.line_up where concert_id = 'c2' and artist_id = 'a1'");
    const char *row = "{\"billing\": 2, \"artist_id\": \"a1\", \"concert_id\": \"c2\"}";
    ck_assert_str_eq(
        ask(anna, "select new from audit.entry where verb = 'insert' and old is null and key = 'c2/a1'"),
        row);
    ck_assert_str_eq(
        ask(anna, "select old from audit.entry where verb = 'delete' and new is null and key = 'c2/a1'"),
        row);
}
END_TEST

START_TEST(a_partitioned_tables_entry_names_the_table)
{
    done(as("anna"), "update showx.ticket_order set status = 'cancelled' where order_id = 'o1'");
    ck_assert_str_eq(ask(as("anna"), "select relation || ' ' || key from audit.entry"),
                     "showx.ticket_order o1");
}
END_TEST

START_TEST(an_update_that_changes_nothing_leaves_no_entry)
{
    done(as("anna"), "update showx.venue set name = name");
    ck_assert_str_eq(ask(as("anna"), "select count(*) from audit.entry"), "0");
}
END_TEST

START_TEST(a_change_without_a_reason_is_refused)
{
    PGconn *anna = as("anna");
    refused(anna, "SX002", "a change to venue needs a reason",
            "set local showx.reason = '  '; update showx.venue set note = 'x'");
    PGresult *r = PQexec(anna, "update showx.venue set note = 'x'"); /* no setting at all */
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX002");
    PQclear(r);
    ck_assert_str_eq(ask(anna, "select count(*) from showx.venue where note is not null"), "0");
}
END_TEST

START_TEST(no_role_can_write_change_or_delete_an_entry)
{
    done(as("anna"), "update showx.venue set note = 'x' where venue_id = 'v1'");
    for (int i = 0; i < PEOPLE; i++) {
        PGconn *c = as(people[i]);
        refused(c, "42501", "permission denied",
                "insert into audit.entry (who, role, application, origin, relation, key, verb, reason) "
                "values ('max', '', '', '', '', '', 'update', '')");
        refused(c, "42501", "permission denied", "update audit.entry set who = 'max'");
        refused(c, "42501", "permission denied", "delete from audit.entry");
        refused(c, "42501", "permission denied", "truncate audit.entry");
        refused(c, "42501", "permission denied", "delete from audit.entry_2026");
        refused(c, "42501", "permission denied", "select audit.write('', '', 'update', null, null, '')");
        refused(c, "42501", "permission denied", "select audit.summary('', '', null)");
        refused(c, "42501", "must be owner", "alter table showx.venue disable trigger all");
        refused(c, "42501", "permission denied", "set session_replication_role = replica");
        refused(c, "42501", "permission denied",
                "create temp table t (x int); create trigger t after insert on t for each row execute "
                "function audit.row_change('t', 'x')");
    }
    ck_assert_str_eq(ask(as("anna"), "select count(*) from audit.entry where who = 'anna'"), "1");
}
END_TEST

START_TEST(not_even_the_owner_can_change_what_was_written)
{
    done(as("anna"), "update showx.venue set note = 'x' where venue_id = 'v1'");
    refused(as_owner(), "42501", "permission denied", "delete from audit.entry");
    PGconn *boot = as("boot");
    refused(boot, "SX002", "delete on audit.entry is refused", "delete from audit.entry");
    refused(boot, "SX002", "update on audit.entry is refused", "update audit.entry set who = 'max'");
    refused(boot, "SX002", "truncate on audit.entry is refused", "truncate audit.entry");
    refused(boot, "SX002", "delete on audit.operation is refused", "delete from audit.operation");
}
END_TEST

/* The setting alone must not turn the audit off; and code that runs as the owner for a person must not
 * either. */
START_TEST(saying_that_one_is_the_migration_does_not_help)
{
    PGconn *anna = as("anna");
    ok(anna, "set showx.actor = 'migration'");
    done(anna, "update showx.venue set note = 'x' where venue_id = 'v1'");
    done(anna, "select showx.booking_release('b1', 1)"); /* runs as showx_owner */
    done(anna, "delete from showx.ticket_type where ticket_type_id = 'c1/ga'");
    ck_assert_str_eq(ask(anna, "select string_agg(distinct relation, ' ' order by relation) from audit.entry "
                               "where who = 'anna'"),
                     "showx.booking showx.ticket_type showx.venue");
    PGresult *r = PQexec(anna, "update showx.venue set note = 'y'");
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX002");
    PQclear(r);
}
END_TEST

START_TEST(the_migration_writes_one_summary_instead_of_an_entry_a_row)
{
    PGconn *owner = as_owner();
    ok(owner, "insert into showx.genre select 'g' || i, 'G' from generate_series(1, 100) i");
    ok(owner, "select audit.summary('showx.genre', 'load 1', '{\"projected\": 100}')");
    ck_assert_str_eq(
        ask(as("anna"),
            "select string_agg(concat_ws('|', who, relation, verb, new, reason), ' ') from audit.entry"),
        "shop|showx.genre|summary|{\"projected\": 100}|load 1");
    ok(owner, "reset showx.actor"); /* the owner as a person is watched like any other */
    refused(owner, "SX002", "needs a reason",
            "set local showx.reason = ''; insert into showx.genre values ('h', 'H')");
}
END_TEST

/* What the engine's functions do: they belong to showx_migration. The same function of the owner's is a
 * person's. */
START_TEST(code_of_the_migration_writes_for_an_engineer_without_entries)
{
    PGconn *shop = as("shop"), *enno = as("enno");
    ok(shop, "create function migration.try(id text) returns void language sql security definer set "
             "search_path = pg_catalog, pg_temp"
             " as 'insert into showx.genre values (id, id)';"
             "grant execute on function migration.try(text) to showx_engineer;"
             "grant create on schema migration to showx_migration;"
             "alter function migration.try(text) owner to showx_migration");
    ok(enno, "select migration.try('x')");
    ck_assert_str_eq(ask(shop, "select count(*) from showx.genre where genre_id = 'x'"), "1");
    ck_assert_str_eq(ask(enno, "select count(*) from audit.entry"), "0");
    ok(shop, "alter function migration.try(text) owner to showx_owner");
    PGresult *r = PQexec(enno, "set showx.actor = 'migration'; select migration.try('y')");
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), "SX002");
    PQclear(r);
}
END_TEST

START_TEST(watched_tables_cannot_be_emptied_at_a_stroke)
{
    PGconn *shop = as("shop");
    refused(shop, "SX002", "truncate on showx.fan is refused", "truncate showx.fan cascade");
    refused(shop, "SX002", "truncate on showx.ticket is refused", "truncate showx.ticket");
    refused(as("anna"), "42501", "permission denied", "truncate showx.line_up");
}
END_TEST

START_TEST(an_operations_key_is_found_after_its_commit_and_refused_twice)
{
    const char *key = "11111111-2222-3333-4444-555555555555";
    PGconn *anna = as("anna");
    ok(anna, "begin; insert into audit.operation (key, what) values ('%s', 'note'); rollback", key);
    ck_assert_str_eq(ask(anna, "select count(*) from audit.operation where key = '%s'", key), "0");
    done(anna, "insert into audit.operation (key, what) values ('%s', 'note')", key);
    ck_assert_str_eq(ask(anna, "select who from audit.operation where key = '%s'", key), "anna");
    refused(anna, "23505", "duplicate key", "insert into audit.operation (key, what) values ('%s', 'note')",
            key);
    refused(anna, "42501", "permission denied",
            "insert into audit.operation (key, who) values (gen_random_uuid(), 'max')");
    ck_assert_str_eq(ask(as("mona"), "select count(*) from audit.operation"), "0");
    ck_assert_str_eq(ask(as("enno"), "select count(*) from audit.operation"), "1");
}
END_TEST

Suite *audit_suite(void)
{
    Suite *s = suite_create("audit");
    TCase *tc = shop_case(s, "audit");
    tcase_add_test(tc, a_change_says_who_from_where_what_and_why);
    tcase_add_test(tc, a_new_and_a_deleted_row_are_kept_whole);
    tcase_add_test(tc, a_partitioned_tables_entry_names_the_table);
    tcase_add_test(tc, an_update_that_changes_nothing_leaves_no_entry);
    tcase_add_test(tc, a_change_without_a_reason_is_refused);
    tcase_add_test(tc, no_role_can_write_change_or_delete_an_entry);
    tcase_add_test(tc, not_even_the_owner_can_change_what_was_written);
    tcase_add_test(tc, saying_that_one_is_the_migration_does_not_help);
    tcase_add_test(tc, the_migration_writes_one_summary_instead_of_an_entry_a_row);
    tcase_add_test(tc, code_of_the_migration_writes_for_an_engineer_without_entries);
    tcase_add_test(tc, watched_tables_cannot_be_emptied_at_a_stroke);
    tcase_add_test(tc, an_operations_key_is_found_after_its_commit_and_refused_twice);
    return s;
}
