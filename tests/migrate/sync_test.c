/* sync: events from a file into rows, batch by batch: what stops, crashes or is broken holds up nothing and loses nothing. */
#include "base/buf.h"
#include "migrate/migrate.h"
#include "suites.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static PGconn *db;
static store *st;
static catalog *cat;
static char conninfo[512], *file;

static void open_store(void)
{
    err e = {0};
    ck_assert_msg(store_open_postgres(&(store_options){.conninfo = conninfo}, &st, &e), "%s", e.text);
}

static void set_up(void)
{
    db = migrate_database("migrate_sync");
    snprintf(conninfo, sizeof conninfo, "host=%s user=%s dbname=%s", PQhost(db), PQuser(db), PQdb(db));
    open_store();
    cat = catalog_new(NULL, NULL);
    const char *dir = support_folder();
    file = malloc(strlen(dir) + 20);
    sprintf(file, "%s/events.ndjson", dir);
}

static void tear_down(void)
{
    store_close(st);
    catalog_free(cat);
    PQfinish(db);
    free(file);
}

static void append(const char *text)
{
    FILE *f = fopen(file, "a");
    ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* A write of an artist at this second; its name says when. */
static void write_artist(const char *id, int artist, int second)
{
    char line[512];
    snprintf(line, sizeof line,
             "{\"id\":\"%s\",\"data\":{\"value\":{\"name\":\"projects/p/databases/(default)/documents/"
             "artists/a%d\","
             "\"fields\":{\"name\":{\"stringValue\":\"Luna %d at "
             "%d\"}},\"updateTime\":\"2026-01-01T00:%02d:%02dZ\"}}}\n",
             id, artist, artist, second, second / 60, second % 60);
    append(line);
}

static migrate_sync_counts sync_file(migrate_sync_options options, bool want)
{
    events *source = NULL;
    migrate_sync_counts n = {0};
    err e = {0};
    ck_assert_msg(events_open(file, false, &source, &e), "%s", e.text);
    bool ok = migrate_sync(source, st, cat, &options, (migrate_progress){0}, &n, NULL, &e);
    events_close(source);
    ck_assert_msg(ok == want, "%s", e.text);
    return n;
}

static void counts_are(migrate_sync_counts n, const char *want)
{
    char got[128];
    snprintf(got, sizeof got, "%lld: %lld %lld %lld %lld, %lld", (long long)n.events, (long long)n.applied,
             (long long)n.stale, (long long)n.repeats, (long long)n.to_read, (long long)n.errors);
    ck_assert_str_eq(got, want);
}

START_TEST(events_become_rows_and_each_is_counted_as_what_it_was)
{
    write_artist("e1", 1, 10);
    write_artist("e2", 1, 5);  /* late */
    write_artist("e1", 1, 10); /* once more */
    append("{\"id\":\"e3\",\"type\":\"google.cloud.firestore.document.v1.updated\",\"subject\":\"documents/"
           "fans/f\"}\n");
    append("no event\n");
    write_artist("e4", 2, 1);
    migrate_sync_counts n = sync_file((migrate_sync_options){0}, true);
    counts_are(n, "5: 2 1 1 1, 1");
    ck_assert_str_eq(migrate_ask(db, "select string_agg(name, ', ' order by artist_id) from showx.artist"),
                     "Luna 1 at 10, Luna 2 at 1");
    ck_assert_str_eq(migrate_ask(db, "select concat_ws(' ', state, documents, applied, stale, repeats, "
                                     "to_read, errors) from migration.load"),
                     "done 5 2 2 1 1 1");
    ck_assert_str_eq(
        migrate_ask(
            db,
            "select concat_ws('|', file, place, code, convert_from(raw, 'UTF8')) from migration.load_error"),
        "events.ndjson|line 5|bad_json|no event");
    ck_assert_str_eq(migrate_ask(db, "select path from legacy.to_read"), "fans/f");
}
END_TEST

START_TEST(the_next_sync_goes_on_where_the_last_one_ended)
{
    write_artist("e1", 1, 10);
    counts_are(sync_file((migrate_sync_options){0}, true), "1: 1 0 0 0, 0");
    counts_are(sync_file((migrate_sync_options){0}, true), "0: 0 0 0 0, 0");
    write_artist("e2", 1, 20);
    append("{\"cut");
    counts_are(sync_file((migrate_sync_options){0}, true), "1: 1 0 0 0, 1");
    counts_are(sync_file((migrate_sync_options){.from_start = true}, true), "2: 0 0 2 0, 1");
}
END_TEST

START_TEST(a_batch_that_the_database_refuses_goes_through_but_for_the_event_at_fault)
{
    char longest[4000];
    for (int i = 0; i < 20; i++)
        write_artist("e", i, 1);
    srand(7); /* a path that no index can hold, also compressed */
    for (size_t i = 0; i < sizeof longest - 1; i++)
        longest[i] = (char)('a' + rand() % 26);
    longest[sizeof longest - 1] = '\0';
    append("{\"id\":\"long\",\"value\":{\"name\":\"artists/");
    append(longest);
    append("\",\"updateTime\":\"2026-01-01T00:00:00Z\"}}\n");
    for (int i = 20; i < 40; i++)
        write_artist("e", i, 1);
    counts_are(sync_file((migrate_sync_options){0}, true), "41: 40 0 0 0, 1");
    ck_assert_str_eq(migrate_ask(db, "select count(*) from showx.artist"), "40");
    ck_assert_str_eq(
        migrate_ask(db, "select concat_ws(' ', place, code, length(raw) > 1000) from migration.load_error"),
        "line 21 refused t");
    counts_are(sync_file((migrate_sync_options){0}, true), "0: 0 0 0 0, 0");
}
END_TEST

START_TEST(what_cannot_work_at_all_fails_and_passes_over_nothing)
{
    write_artist("e1", 1, 10);
    migrate_ask(db, "alter function legacy.apply_events(jsonb) rename to away");
    sync_file((migrate_sync_options){0}, false);
    ck_assert_str_eq(migrate_ask(db, "select concat_ws(' ', state, documents, errors) from migration.load"),
                     "failed 0 0");
    migrate_ask(db, "alter function legacy.away(jsonb) rename to apply_events");
    counts_are(sync_file((migrate_sync_options){0}, true), "1: 1 0 0 0, 0");
}
END_TEST

/* In a child, so that it can be killed: over the whole file, a few events a batch. */
static pid_t sync_in_child(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        events *source;
        store *own;
        if (store_open_postgres(&(store_options){.conninfo = conninfo}, &own, NULL) &&
            events_open(file, false, &source, NULL))
            migrate_sync(source, own, cat, &(migrate_sync_options){.batch = 5}, (migrate_progress){0}, NULL,
                         NULL, NULL);
        _exit(0);
    }
    return pid;
}

START_TEST(killed_anywhere_it_loses_nothing_and_repeats_a_batch_at_most)
{
    enum { EVENTS = 600, ARTISTS = 40 };
    for (int i = 0; i < EVENTS; i++) { /* each artist's last event is not its newest */
        char id[16];
        int artist = i % ARTISTS, second = 1 + (i / ARTISTS * 7) % 15 * 10;
        snprintf(id, sizeof id, "e%d", i);
        write_artist(id, artist, second);
    }
    for (int kill_after = 20; kill_after <= 140; kill_after += 15) {
        pid_t pid = sync_in_child();
        usleep((useconds_t)kill_after * 1000);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        ck_assert_str_eq(migrate_ask(db, "select count(*) from migration.status where documents <> projected "
                                         "+ quarantined + tombstones"),
                         "0");
    }
    ck_assert_msg(
        strcmp(migrate_ask(db, "select count(*) > 0 from migration.load where state = 'running'"), "t") == 0,
        "nothing was killed at work");
    sync_file((migrate_sync_options){.batch = 5}, true);
    ck_assert_str_eq(
        migrate_ask(
            db,
            "select count(*) from showx.artist where name = 'Luna ' || substr(artist_id, 2) || ' at 141'"),
        "40");
    ck_assert_str_eq(migrate_ask(db, "select count(*) from legacy.event"), "600");
    /* each event was applied, or found stale, in one committed batch: none came twice */
    ck_assert_str_eq(migrate_ask(db, "select concat_ws(' ', max(came), sum(came)) from legacy.event"),
                     "1 600");
}
END_TEST

static void start(void)
{
    support_pg();
}

Suite *sync_suite(void)
{
    Suite *s = suite_create("sync");
    TCase *tc = tcase_create("sync");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, events_become_rows_and_each_is_counted_as_what_it_was);
    tcase_add_test(tc, the_next_sync_goes_on_where_the_last_one_ended);
    tcase_add_test(tc, a_batch_that_the_database_refuses_goes_through_but_for_the_event_at_fault);
    tcase_add_test(tc, what_cannot_work_at_all_fails_and_passes_over_nothing);
    tcase_add_test(tc, killed_anywhere_it_loses_nothing_and_repeats_a_batch_at_most);
    suite_add_tcase(s, tc);
    return s;
}
