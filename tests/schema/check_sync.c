/* The trigger's way in: what an event comes to, who may bring one, and what a sweep takes away. */
#include "shop.h"
#include <stdlib.h>

Suite *sync_suite(void);

#define WRITE                                                                                                \
    "{\"id\":\"%s\",\"kind\":\"update\",\"path\":\"%s\",\"update_us\":%d,\"fields\":{\"n\":{"                \
    "\"integerValue\":\"%d\"}}}"

static const char *write_of(PGconn *c, const char *id, const char *path, int time)
{
    return ask(c, "select legacy.apply('" WRITE "')", id, path, time, time);
}

static const char *delete_of(PGconn *c, const char *id, const char *path, int old)
{
    return ask(
        c,
        "select legacy.apply('{\"id\":\"%s\",\"kind\":\"delete\",\"path\":\"%s\",\"old_update_us\":\"%d\"}')",
        id, path, old);
}

static const char *mirror(const char *path)
{
    return ask(as("enno"),
               "select concat_ws(' ', version, deleted, fields #>> '{n,integerValue}') from legacy.document"
               " where path = '%s'",
               path);
}

START_TEST(a_write_applies_when_it_is_newer_and_only_then)
{
    PGconn *c = as("enno");
    ck_assert_str_eq(write_of(c, "e1", "things/x", 20), "applied");
    ck_assert_str_eq(write_of(c, "e2", "things/x", 10), "stale");
    ck_assert_str_eq(write_of(c, "e3", "things/x", 20), "stale");
    ck_assert_str_eq(mirror("things/x"), "20 f 20");
    ck_assert_str_eq(write_of(c, "e4", "things/x", 21), "applied");
    ck_assert_str_eq(mirror("things/x"), "21 f 21");
}
END_TEST

START_TEST(a_delete_counts_as_just_after_the_document_that_it_deletes)
{
    PGconn *c = as("enno");
    ck_assert_str_eq(delete_of(c, "d0", "things/never", 5), "applied");
    ck_assert_str_eq(mirror("things/never"), "6 t");
    ck_assert_str_eq(write_of(c, "e0", "things/never", 5), "stale");
    write_of(c, "e1", "things/x", 20);
    ck_assert_str_eq(delete_of(c, "d1", "things/x", 19), "stale");
    ck_assert_str_eq(delete_of(c, "d2", "things/x", 20), "applied");
    ck_assert_str_eq(mirror("things/x"), "21 t");
    ck_assert_str_eq(write_of(c, "e2", "things/x", 30), "applied");
    ck_assert_str_eq(delete_of(c, "d3", "things/x", 20), "stale");
    ck_assert_str_eq(mirror("things/x"), "30 f 30");
}
END_TEST

START_TEST(an_id_tells_a_repeat_and_decides_nothing)
{
    PGconn *c = as("enno");
    ck_assert_str_eq(write_of(c, "e1", "things/x", 20), "applied");
    ck_assert_str_eq(write_of(c, "e1", "things/x", 20), "repeat");
    /* the same id for something else is no repeat, and cannot keep it out */
    ck_assert_str_eq(write_of(c, "e1", "things/y", 20), "applied");
    ck_assert_str_eq(write_of(c, "e1", "things/x", 30), "applied");
    ck_assert_str_eq(write_of(c, "e1", "things/x", 25), "stale");
    ok(c, "delete from legacy.document where path = 'things/y'");
    ck_assert_str_eq(write_of(c, "e1", "things/y", 20), "applied");
    ok(c, "update legacy.event set first_at = now() - interval '15 days' where path = 'things/y'");
    ck_assert_str_eq(ask(c, "select legacy.forget_events()"), "1");
    ck_assert_str_eq(write_of(c, "e1", "things/y", 20), "stale");
}
END_TEST

START_TEST(an_event_without_contents_waits_to_be_read_until_it_was)
{
    PGconn *c = as("enno");
    static const char bare[] =
        "select legacy.apply('{\"id\":\"%s\",\"kind\":\"%s\",\"path\":\"things/big\"}')";
    ck_assert_str_eq(ask(c, bare, "e1", "update"), "needs_reading");
    ck_assert_str_eq(ask(c, bare, "e1", "update"), "repeat");
    ck_assert_str_eq(ask(c, "select asked from legacy.to_read where path = 'things/big'"), "1");
    ck_assert_str_eq(ask(c, bare, "e2", "delete"), "needs_reading");
    ck_assert_str_eq(ask(c, "select legacy.was_read('things/big', 1)"), "f"); /* asked again meanwhile */
    ck_assert_str_eq(ask(c, "select legacy.was_read('things/big', 2)"), "t");
    ck_assert_str_eq(ask(c, "select count(*) from legacy.to_read"), "0");
    ck_assert_str_eq(mirror("things/big"), "");
}
END_TEST

START_TEST(what_is_no_event_is_refused_with_the_reason)
{
    PGconn *c = as("enno");
    refused(c, "SX004", "no object", "select legacy.apply('[]')");
    refused(c, "SX004", "none of create", "select legacy.apply('{\"kind\":\"poke\",\"path\":\"a/b\"}')");
    refused(c, "SX004", "names no document",
            "select legacy.apply('{\"kind\":\"update\",\"path\":\"a/b/c\"}')");
    refused(c, "SX004", "names no document",
            "select legacy.apply('{\"kind\":\"update\",\"path\":\"a/..\"}')");
    refused(c, "SX004", "no object",
            "select legacy.apply('{\"kind\":\"update\",\"path\":\"a/b\",\"update_us\":1,\"fields\":[]}')");
    refused(c, "SX004", "microseconds",
            "select legacy.apply('{\"kind\":\"update\",\"path\":\"a/b\",\"update_us\":1.5,\"fields\":{}}')");
    /* among many, the others go through */
    ck_assert_str_eq(ask(c,
                         "select string_agg(outcome, ' ' order by nth) from legacy.apply_events('[" WRITE
                         ", 7, " WRITE "," WRITE "]')",
                         "a", "things/a", 1, 1, "b", "things/b", 1, 1, "b", "things/b", 1, 1),
                     "applied refused applied repeat");
}
END_TEST

START_TEST(a_documents_place_among_collections_is_told_by_its_path)
{
    PGconn *c = as("enno");
    ck_assert_str_eq(write_of(c, "e1", "shops/a/shelves/b/books/c", 1), "applied");
    ck_assert_str_eq(
        ask(c,
            "select concat_ws(' ', collection, parent, id) from legacy.document where path like 'shops/%%'"),
        "shops/shelves/books shops/a/shelves/b c");
    ck_assert_str_eq(write_of(c, "e2", "shops/a", 1), "applied");
    ck_assert_str_eq(ask(c, "select concat_ws(' ', collection, coalesce(parent, 'root'), id) from "
                            "legacy.document where path = 'shops/a'"),
                     "shops root a");
}
END_TEST

START_TEST(a_sweep_takes_what_the_read_did_not_meet_and_is_not_newer)
{
    PGconn *c = as("enno");
    for (const char *id = "abcd"; *id; id++)
        ask(c, "select legacy.apply('" WRITE "')", "e", (char[]){'t', '/', *id, 0}, *id == 'c' ? 60 : 10, 1);
    ck_assert_str_eq(ask(c, "select legacy.sweep('t', null, 't/c', 50, '{t/a}')"), "1");
    ck_assert_str_eq(mirror("t/a"), "10 f 1");
    ck_assert_str_eq(mirror("t/b"), "50 t");
    ck_assert_str_eq(mirror("t/c"), "60 f 1"); /* written after the read */
    ck_assert_str_eq(mirror("t/d"), "10 f 1"); /* outside the range */
    ck_assert_str_eq(write_of(c, "late", "t/b", 40), "stale");
    ck_assert_str_eq(write_of(c, "new", "t/b", 51), "applied");
    ck_assert_str_eq(ask(c, "select legacy.sweep('t', 't/c', null, 50, '{}')"), "1");
    refused(c, "SX004", "a sweep needs", "select legacy.sweep('t', null, null, 50, null)");
}
END_TEST

/* fans/a-b sorts before fans/a/follows as text, but after it by name; numeric ids come first. */
START_TEST(a_sweeps_range_is_in_the_order_of_names)
{
    PGconn *c = as("enno");
    write_of(c, "e1", "u/a/f/x", 10);
    write_of(c, "e2", "u/a-b/f/x", 10);
    write_of(c, "e3", "u/__id7__/f/x", 10);
    write_of(c, "e4", "u/__id12__/f/x", 10);
    ck_assert_str_eq(ask(c, "select string_agg(path, ' ' order by legacy.name_order(path)) from "
                            "legacy.document where collection = 'u/f'"),
                     "u/__id7__/f/x u/__id12__/f/x u/a/f/x u/a-b/f/x");
    ck_assert_str_eq(ask(c, "select legacy.sweep('u/f', 'u/__id7__/f/x', 'u/a/f/x', 50, '{}')"), "2");
    ck_assert_str_eq(mirror("u/a-b/f/x"), "10 f 10");
    ck_assert_str_eq(mirror("u/__id7__/f/x"), "10 f 10");
}
END_TEST

START_TEST(the_triggers_login_may_apply_events_and_nothing_else)
{
    ok(as("shop"), "do $$ begin create role sue login; exception when duplicate_object then null; end $$");
    ok(as("shop"), "grant showx_sync to sue");
    PGconn *c = as("sue");
    ck_assert_str_eq(write_of(c, "e1", "fans/new", 20), "applied");
    refused(c, "42501", "permission denied", "select legacy.apply_events('[]')");
    refused(c, "42501", "permission denied", "select legacy.sweep('fans', null, null, 50, '{}')");
    refused(c, "42501", "permission denied", "select * from legacy.document");
    refused(c, "42501", "permission denied", "select * from legacy.event");
    refused(c, "42501", "permission denied", "select * from showx.fan");
    refused(c, "42501", "permission denied", "set role showx_migration");
}
END_TEST

/* In a database of its own: a copy does not have the database's own rights. */
START_TEST(the_triggers_login_may_not_put_tables_of_its_own_in_the_way)
{
    char *conninfo = support_pg_database("shop_sync");
    err e = {0};
    ck_assert_msg(support_pg_schema(conninfo, &e), "%s", e.text);
    PGconn *c = PQconnectdb(conninfo);
    ck_assert_str_eq(ask(c, "select string_agg(rolname, ' ' order by rolname) from pg_roles where rolname "
                            "like 'showx%%' and not "
                            "has_database_privilege(oid, current_database(), 'temporary')"),
                     "showx_audit showx_sync");
    PQfinish(c);
    free(conninfo);
}
END_TEST

START_TEST(support_managers_and_readers_bring_no_events)
{
    static const char *const logins[] = {"anna", "mona", "rita"};
    for (int i = 0; i < 3; i++)
        refused(as(logins[i]), "42501", "permission denied", "select legacy.apply('{}')");
}
END_TEST

Suite *sync_suite(void)
{
    Suite *s = suite_create("sync");
    TCase *tc = shop_case(s, "sync");
    tcase_add_test(tc, a_write_applies_when_it_is_newer_and_only_then);
    tcase_add_test(tc, a_delete_counts_as_just_after_the_document_that_it_deletes);
    tcase_add_test(tc, an_id_tells_a_repeat_and_decides_nothing);
    tcase_add_test(tc, an_event_without_contents_waits_to_be_read_until_it_was);
    tcase_add_test(tc, what_is_no_event_is_refused_with_the_reason);
    tcase_add_test(tc, a_documents_place_among_collections_is_told_by_its_path);
    tcase_add_test(tc, a_sweep_takes_what_the_read_did_not_meet_and_is_not_newer);
    tcase_add_test(tc, a_sweeps_range_is_in_the_order_of_names);
    tcase_add_test(tc, the_triggers_login_may_apply_events_and_nothing_else);
    tcase_add_test(tc, the_triggers_login_may_not_put_tables_of_its_own_in_the_way);
    tcase_add_test(tc, support_managers_and_readers_bring_no_events);
    suite_add_tcase(s, tc);
    return s;
}
