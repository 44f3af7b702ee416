/* showx sync as a person or a service runs it: from standard input, a folder and a file that grows, on a private Postgres. */
#include "support/pg.h"
#include "support/support.h"

#include "base/mem.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *sync_command_suite(void);

#define EVENT(id, fan, second)                                                                               \
    "{\"id\":\"" id "\",\"value\":{\"name\":\"projects/p/databases/(default)/documents/fans/" fan            \
    "\",\"fields\":{\"name\":{\"stringValue\":\"Jo " id "\"}},\"updateTime\":\"2026-01-01T00:00:" second     \
    "Z\"}}\n"

static char *conninfo;
static const char *dir;

static void start_server(void)
{
    (void)support_pg();
}

static void open_database(void)
{
    conninfo = support_pg_ready("command_sync");
    dir = support_folder();
}

static void close_database(void)
{
    free(conninfo);
}

static char *value(const char *text)
{
    PGconn *c = PQconnectdb(conninfo);
    PGresult *r = PQexec(c, text);
    ck_assert_msg(PQresultStatus(r) == PGRES_TUPLES_OK, "%s", PQerrorMessage(c));
    char *v = mem_str(PQntuples(r) ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    PQfinish(c);
    return v;
}

static void is(const char *sql, const char *want)
{
    char *got = value(sql);
    ck_assert_str_eq(got, want);
    free(got);
}

/* A file in the folder, written or added to. */
static char *put(const char *name, const char *mode, const char *text)
{
    char *path = mem_printf("%s/%s", dir, name);
    FILE *f = fopen(path, mode);
    ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
    return path;
}

/* Through the shell, with everything it prints: `INPUT | showx -d ... sync ARGS`. */
static char *run(const char *input, const char *args, int want)
{
    static char out[8192];
    const char *showx = getenv("SHOWX");
    char *line = mem_printf("%s '%s' -d \"%s\" sync %s 2>&1", input ? input : "",
                            showx ? showx : "build/showx", conninfo, args);
    FILE *p = popen(line, "r");
    ck_assert_ptr_nonnull(p);
    size_t n = fread(out, 1, sizeof out - 1, p);
    out[n] = '\0';
    int status = pclose(p);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == want, "%s: %d, %s", line, WEXITSTATUS(status),
                  out);
    free(line);
    return out;
}

static void says(const char *out, const char *part)
{
    ck_assert_msg(strstr(out, part) != NULL, "\"%s\" is not in \"%s\"", part, out);
}

START_TEST(events_come_through_standard_input)
{
    char *file =
        put("in", "w", EVENT("e1", "f1", "10") EVENT("e2", "f1", "05") "broken\n" EVENT("e1", "f1", "10"));
    char *input = mem_printf("cat '%s' |", file);
    const char *out = run(input, "", 1);
    says(out, "3 events: 1 applied, 1 stale, 1 repeats, 0 to be read; 1 errors");
    says(out, "stdin, line 3: an object ({) is missing (byte 0)");
    is("select name from showx.fan", "Jo e1");
    out = run(input, "- --json --batch 1", 1);
    says(out, "{\"source\":\"event:stdin\",\"load\":2,\"events\":3,\"applied\":0,\"stale\":0,\"repeats\":3,"
              "\"to_read\":0,\"errors\":1}\n");
    free(input), free(file);
}
END_TEST

START_TEST(one_protobuf_event_comes_through_standard_input_too)
{
    says(run("cat tests/fuzz/seeds/event/protobuf |", "", 0), "1 events: 1 applied");
    is("select fields #>> '{s,stringValue}' from legacy.document where path = 'fans/f1'",
       "L\xc3\xbcna \xf0\x9f\x8e\xb8");
}
END_TEST

START_TEST(a_folder_of_events_in_all_forms_is_one_sync)
{
    const char *out = run(NULL, "tests/fuzz/seeds/event --json", 0);
    says(out, "\"events\":8,");
    says(out, "\"to_read\":1,\"errors\":0}");
    is("select count(*) from legacy.document where deleted and path = 'fans/f1'",
       "1"); /* the old value of `context` is the newest */
    out = run(NULL, "tests/fuzz/seeds/event --json", 0);
    says(out, "\"applied\":0,");
}
END_TEST

START_TEST(a_file_is_taken_up_where_it_was_left)
{
    char *file = put("e.ndjson", "w", EVENT("e1", "f1", "10"));
    says(run(NULL, file, 0), "1 events: 1 applied");
    free(put("e.ndjson", "a", EVENT("e2", "f2", "10")));
    says(run(NULL, file, 0), "1 events: 1 applied");
    char *again = mem_printf("--from-start %s", file);
    says(run(NULL, again, 0), "2 events: 0 applied, 0 stale, 2 repeats");
    free(again), free(file);
}
END_TEST

static void wait_for(const char *sql)
{
    for (int i = 0; i < 200; i++) {
        char *got = value(sql);
        bool there = strcmp(got, "t") == 0;
        free(got);
        if (there)
            return;
        usleep(50000);
    }
    ck_abort_msg("waited in vain for: %s", sql);
}

START_TEST(a_followed_file_is_applied_as_it_grows_also_over_a_lost_connection_until_ctrl_c)
{
    char *file = put("e.ndjson", "w", EVENT("e1", "f1", "10")), *out = mem_printf("%s/out", dir);
    const char *showx = getenv("SHOWX");
    pid_t pid = fork();
    if (pid == 0) {
        if (freopen(out, "w", stdout) && freopen("/dev/null", "w", stderr))
            execl(showx ? showx : "build/showx", "showx", "-d", conninfo, "sync", "--follow", file,
                  (char *)NULL);
        _exit(127);
    }
    wait_for("select count(*) = 1 from showx.fan where name = 'Jo e1'");
    free(put("e.ndjson", "a", EVENT("e2", "f2", "10")));
    wait_for("select count(*) = 1 from showx.fan where name = 'Jo e2'");
    is("select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where datname = current_database() "
       "and pid <> pg_backend_pid()",
       "t");
    free(put("e.ndjson", "a", EVENT("e3", "f3", "10")));
    wait_for("select count(*) = 1 from showx.fan where name = 'Jo e3'");
    kill(pid, SIGINT);
    int status = 0;
    waitpid(pid, &status, 0);
    ck_assert_int_eq(WEXITSTATUS(status), 130);
    char text[512] = "";
    FILE *f = fopen(out, "r");
    ck_assert(f && fread(text, 1, sizeof text - 1, f) > 0);
    fclose(f);
    says(text, "3 events: 3 applied");
    is("select state from migration.load", "cancelled");
    free(file), free(out);
}
END_TEST

/* Models are the owner's to take in; who may only apply events finds them there. */
START_TEST(an_engineer_may_sync_and_a_reader_may_not)
{
    char *file = put("e.ndjson", "w", EVENT("e1", "f1", "10")), *all = conninfo;
    run(NULL, "tests/fuzz/seeds/event/bare", 0); /* as the owner: takes the models in */
    conninfo = mem_printf("%s dbname=command_sync options='-c role=showx_readonly'", support_pg());
    says(run(NULL, file, 4), "may not do this");
    free(conninfo);
    conninfo = mem_printf("%s dbname=command_sync options='-c role=showx_engineer'", support_pg());
    says(run(NULL, file, 0), "1 events: 1 applied");
    free(conninfo);
    conninfo = all;
    is("select name from showx.fan", "Jo e1");
    free(file);
}
END_TEST

START_TEST(what_cannot_be_synced_is_said_before_anything_happens)
{
    says(run(NULL, "/nowhere", 1), "/nowhere cannot be read");
    says(run(NULL, "--follow /tmp", 2), "only a file can be followed");
    says(run(NULL, "--batch 501 /tmp", 2), "--batch wants a number from 1 to 500");
    is("select count(*) from migration.load", "0");
}
END_TEST

Suite *sync_command_suite(void)
{
    Suite *s = suite_create("sync");
    TCase *tc = tcase_create("sync");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, start_server, NULL);
    tcase_add_checked_fixture(tc, open_database, close_database);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, events_come_through_standard_input);
    tcase_add_test(tc, one_protobuf_event_comes_through_standard_input_too);
    tcase_add_test(tc, a_folder_of_events_in_all_forms_is_one_sync);
    tcase_add_test(tc, a_file_is_taken_up_where_it_was_left);
    tcase_add_test(tc, a_followed_file_is_applied_as_it_grows_also_over_a_lost_connection_until_ctrl_c);
    tcase_add_test(tc, an_engineer_may_sync_and_a_reader_may_not);
    tcase_add_test(tc, what_cannot_be_synced_is_said_before_anything_happens);
    return s;
}
