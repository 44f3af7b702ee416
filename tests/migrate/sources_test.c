/* One database, whichever way it comes in: from its files, or over a bad line from a server that turns away and
 * cuts short. */
#include "base/mem.h"
#include "demo/demo.h"
#include "legacy/firestore.h"
#include "migrate/migrate.h"
#include "suites.h"
#include "support/standin.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char SUM[] =
    "select md5(string_agg(path || fields::text, E'\\n' order by path)) from legacy.document";

static void say(void *ctx, const char *sentence)
{
    (void)ctx;
    printf("      %s\n", sentence);
}

static store *open_store(PGconn *db)
{
    char conninfo[512];
    store *s = NULL;
    err e = {0};
    snprintf(conninfo, sizeof conninfo, "host=%s user=%s dbname=%s", PQhost(db), PQuser(db), PQdb(db));
    ck_assert_msg(store_open_postgres(&(store_options){.conninfo = conninfo}, &s, &e), "%s", e.text);
    return s;
}

static migrate_counts load_all(legacy *l, PGconn *db, const catalog *c)
{
    migrate_counts n = {0};
    err e = {0};
    store *s = open_store(db);
    bool ok = migrate_load(l, s, c, &(migrate_options){.batch = 1000, .defer_projection = true},
                           (migrate_progress){0}, &n, NULL, &e);
    ck_assert_msg(ok, "%s", e.text);
    legacy_close(l);
    store_close(s);
    return n;
}

static migrate_counts load_from(const char *source, PGconn *db, const catalog *c)
{
    legacy *l = NULL;
    err e = {0};
    ck_assert_msg(legacy_open(source, &l, &e), "%s", e.text);
    return load_all(l, db, c);
}

/* By so small pages that there are hundreds of answers to spoil. */
static migrate_counts load_paged(PGconn *db, const catalog *c)
{
    legacy *l = NULL;
    err e = {0};
    firestore_options o = {.project = "showx-demo", .page = 10, .backoff_ms = 2};
    ck_assert_msg(firestore_open_with(&o, &l, &e), "%s", e.text);
    return load_all(l, db, c);
}

/* The documents as they are before any change, in a folder and in the stand-in. */
static void make(const char *dir, standin *server)
{
    glob_t files;
    err e = {0};
    demo_spec spec = {.dir = dir, .seed = support_seed(6), .scale = 0.03};
    ck_assert_msg(demo_generate(&spec, (demo_progress){0}, NULL, NULL, &e), "%s", e.text);
    char *changes = mem_printf("%s/changes.ndjson", dir), *pattern = mem_printf("%s/documents/*.ndjson", dir);
    ck_assert_int_eq(unlink(changes), 0);
    ck_assert_int_eq(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        standin_load(server, files.gl_pathv[i]);
    globfree(&files);
    free(changes);
    free(pattern);
}

START_TEST(a_load_over_a_bad_line_gives_exactly_the_documents_that_the_files_give)
{
    PGconn *by_file = migrate_database("migrate_by_file"), *by_rest = migrate_database("migrate_by_rest");
    const char *dir = support_folder();
    standin *server = standin_start("showx-demo");
    catalog *c = catalog_new(say, NULL);
    char *source = mem_printf("file:%s", dir);
    make(dir, server);
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    migrate_counts files = load_from(source, by_file, c);
    standin_fault(server, &(standin_faults){.seed = 1, .busy = 500, .cut = 500});
    migrate_counts rest = load_paged(by_rest, c);
    ck_assert_uint_gt(standin_faulted(server), 20);
    ck_assert_int_eq(rest.errors, 0);
    ck_assert_int_eq(rest.documents, (int64_t)standin_count(server));
    ck_assert_int_eq(rest.applied, rest.documents);
    rest = load_paged(by_rest, c); /* again: nothing changes */
    ck_assert_int_eq(rest.applied, 0);
    ck_assert_int_eq(rest.stale, rest.documents);
    char *want = mem_str(migrate_ask(by_file, SUM));
    ck_assert_int_eq(files.errors, 0);
    ck_assert_str_eq(migrate_ask(by_rest, SUM), want);
    ck_assert_str_eq(migrate_ask(by_rest, "select count(*) from legacy.document where version <> "
                                          "extract(epoch from update_time) * 1000000"),
                     "0");
    free(want);
    free(source);
    catalog_free(c);
    standin_stop(server);
    PQfinish(by_file);
    PQfinish(by_rest);
}
END_TEST

START_TEST(what_the_source_lies_about_is_an_error_with_its_place_and_costs_no_document)
{
    PGconn *db = migrate_database("migrate_lies");
    standin *server = standin_start("shop");
    catalog *c = catalog_new(say, NULL);
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    standin_put(server, "fans/f1", "{\"name\":{\"stringValue\":\"Jo\"}}");
    standin_put_raw(server, "fans/f2",
                    "{\"name\":\"projects/shop/databases/(default)/documents/fans/f2\",\"fields\":{"
                    "\"name\":{\"stringValue\":\"J\\u0000\"}}}");
    standin_put(server, "fans/f3", "{}");
    standin_fault(server, &(standin_faults){.count_off = 5});
    migrate_counts n = load_from("firestore:shop", db, c);
    ck_assert_int_eq(n.applied, 2);
    ck_assert_int_eq(n.errors, 2);
    ck_assert_str_eq(
        migrate_ask(db,
                    "select string_agg(code || ' ' || place, ', ' order by code) from migration.load_error"),
        "bad_json page 1, document 2, count ");
    ck_assert_str_eq(migrate_ask(db, "select convert_from(raw, 'UTF8') like '%J\\\\u0000%' from "
                                     "migration.load_error where code = 'bad_json'"),
                     "t");
    catalog_free(c);
    standin_stop(server);
    PQfinish(db);
}
END_TEST

static void told(PGconn *db, const char *path, const char *prefix)
{
    char *ask = mem_printf("select legacy.apply('{\"kind\":\"update\",\"path\":\"%s\",\"prefix\":\"%s\"}')",
                           path, prefix);
    ck_assert_str_eq(migrate_ask(db, ask), "needs_reading");
    free(ask);
}

static migrate_reread_counts reread(PGconn *db, const catalog *c)
{
    migrate_reread_counts n;
    legacy *l = NULL;
    err e = {0};
    store *s = open_store(db);
    ck_assert_msg(legacy_open("firestore:shop", &l, &e), "%s", e.text);
    ck_assert_msg(migrate_reread(l, s, c, (migrate_progress){0}, &n, NULL, &e), "%s", e.text);
    legacy_close(l);
    store_close(s);
    return n;
}

START_TEST(what_an_event_named_but_did_not_carry_is_read_and_what_is_not_there_is_a_tombstone)
{
    static const char here[] = "projects/shop/databases/(default)/documents";
    PGconn *db = migrate_database("migrate_reread");
    standin *server = standin_start("shop");
    catalog *c = catalog_new(say, NULL);
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    standin_put(server, "fans/f1", "{\"name\":{\"stringValue\":\"Jo\"}}");
    standin_put(server, "fans/f2", "{}");
    told(db, "fans/f1", here);
    told(db, "fans/f1", here); /* twice: it is read once */
    told(db, "fans/f2", "");   /* of no database in particular */
    told(db, "fans/gone", here);
    told(db, "fans/f1/follows/x", "projects/other/databases/(default)/documents");
    migrate_reread_counts n = reread(db, c);
    ck_assert_int_eq(n.read, 3);
    ck_assert_int_eq(n.applied, 3);
    ck_assert_int_eq(n.gone, 1);
    ck_assert_int_eq(n.foreign, 1);
    ck_assert_str_eq(
        migrate_ask(
            db, "select string_agg(path || case when deleted then ' gone' else '' end, ', ' order by path) "
                "from legacy.document"),
        "fans/f1, fans/f2, fans/gone gone");
    ck_assert_str_eq(migrate_ask(db, "select fields ->> 'name' from legacy.document where path = 'fans/f1'"),
                     "{\"stringValue\": \"Jo\"}");
    ck_assert_str_eq(migrate_ask(db, "select string_agg(path, ',') from legacy.to_read"),
                     "fans/f1/follows/x");
    n = reread(db, c); /* again: nothing is left to do */
    ck_assert_int_eq(n.read, 0);
    /* What comes back after it was gone is newer than its tombstone. */
    standin_put(server, "fans/gone", "{}");
    told(db, "fans/gone", here);
    ck_assert_int_eq(reread(db, c).applied, 1);
    ck_assert_str_eq(migrate_ask(db, "select deleted from legacy.document where path = 'fans/gone'"), "f");
    catalog_free(c);
    standin_stop(server);
    PQfinish(db);
}
END_TEST

/* Asked for again while it is being read: it stays on the list. */
START_TEST(what_is_asked_for_again_meanwhile_is_not_forgotten)
{
    PGconn *db = migrate_database("migrate_asked");
    told(db, "fans/f1", "");
    told(db, "fans/f1", "");
    ck_assert_str_eq(migrate_ask(db, "select legacy.was_read('fans/f1', 1)"), "f");
    ck_assert_str_eq(migrate_ask(db, "select count(*) from legacy.to_read"), "1");
    ck_assert_str_eq(migrate_ask(db, "select legacy.was_read('fans/f1', 2)"), "t");
    ck_assert_str_eq(migrate_ask(db, "select count(*) from legacy.to_read"), "0");
    PQfinish(db);
}
END_TEST

START_TEST(files_cannot_be_asked_again)
{
    PGconn *db = migrate_database("migrate_files");
    catalog *c = catalog_new(say, NULL);
    store *s = open_store(db);
    legacy *l = NULL;
    err e = {0};
    char *dir = mem_printf("%s/old", support_folder()), *source = mem_printf("file:%s", dir);
    demo_spec spec = {.dir = dir, .seed = support_seed(6), .scale = 0.01};
    ck_assert_msg(demo_generate(&spec, (demo_progress){0}, NULL, NULL, &e), "%s", e.text);
    ck_assert_msg(legacy_open(source, &l, &e), "%s", e.text);
    ck_assert(!migrate_reread(l, s, c, (migrate_progress){0}, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(e.text, "firestore:"));
    legacy_close(l);
    store_close(s);
    catalog_free(c);
    free(source);
    free(dir);
    PQfinish(db);
}
END_TEST

static void start(void)
{
    support_pg();
}

Suite *sources_suite(void)
{
    Suite *s = suite_create("sources");
    TCase *tc = tcase_create("sources");
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_load_over_a_bad_line_gives_exactly_the_documents_that_the_files_give);
    tcase_add_test(tc, what_an_event_named_but_did_not_carry_is_read_and_what_is_not_there_is_a_tombstone);
    tcase_add_test(tc, what_is_asked_for_again_meanwhile_is_not_forgotten);
    tcase_add_test(tc, files_cannot_be_asked_again);
    tcase_add_test(tc, what_the_source_lies_about_is_an_error_with_its_place_and_costs_no_document);
    suite_add_tcase(s, tc);
    return s;
}
