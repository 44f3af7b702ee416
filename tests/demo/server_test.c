#include "base/mem.h"
#include "base/path.h"
#include "demo/server.h"
#include "suites.h"
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void fresh_home(void)
{
    setenv("XDG_STATE_HOME", support_folder(), 1);
}

static void start(void)
{
    err e = {0};
    ck_assert_msg(demo_server_start(&e), "%s", e.text);
}

static void away(void)
{
    err e = {0};
    ck_assert_msg(demo_server_reset(&e), "%s", e.text);
}

static void answers(void)
{
    err e = {0};
    char *conninfo = NULL;
    ck_assert_msg(demo_conninfo(&conninfo, &e), "%s", e.text);
    PGconn *c = PQconnectdb(conninfo);
    ck_assert_msg(PQstatus(c) == CONNECTION_OK, "%s", PQerrorMessage(c));
    ck_assert_str_eq(PQdb(c), "showx");
    PGresult *r = PQexec(c, "select current_setting('listen_addresses'), lower('Ø')");
    ck_assert_str_eq(PQgetvalue(r, 0, 0), "");
    ck_assert_str_eq(PQgetvalue(r, 0, 1), "ø");
    PQclear(r);
    PQfinish(c);
    free(conninfo);
}

START_TEST(it_starts_answers_stops_and_starts_again)
{
    demo_status now;
    err e = {0};
    fresh_home();
    demo_server_status(&now);
    ck_assert(!now.made && !now.running);
    start();
    answers();
    demo_server_status(&now);
    pid_t first = now.pid;
    ck_assert(now.made && now.running && first > 0);
    start();
    demo_server_status(&now);
    ck_assert_int_eq(now.pid, first);
    ck_assert(demo_server_stop(&e));
    demo_server_status(&now);
    ck_assert(now.made && !now.running);
    ck_assert(demo_server_stop(&e));
    start();
    answers();
    away();
    demo_server_status(&now);
    ck_assert(!now.made && !now.running);
}
END_TEST

START_TEST(a_stale_pid_file_does_not_fool_it)
{
    demo_status now;
    fresh_home();
    start();
    demo_server_status(&now);
    pid_t killed = now.pid;
    ck_assert_int_eq(kill(killed, SIGKILL), 0);
    for (int i = 0; i < 500 && kill(killed, 0) == 0; i++)
        usleep(10000);
    /* the file now names somebody who lives and is no server */
    char *file = path_join(now.data, "postmaster.pid");
    char *text = mem_printf("%ld\n%s\n", (long)getppid(), now.data);
    err e = {0};
    ck_assert(path_write_atomic(file, text, strlen(text), 0644, &e));
    demo_server_status(&now);
    ck_assert(!now.running);
    start();
    answers();
    away();
    free(file);
    free(text);
}
END_TEST

START_TEST(two_starts_at_once_give_one_server)
{
    fresh_home();
    pid_t other = fork();
    if (other == 0) {
        err e = {0};
        _exit(demo_server_start(&e) ? 0 : 1);
    }
    start();
    int status = -1;
    ck_assert_int_eq(waitpid(other, &status, 0), other);
    ck_assert_int_eq(status, 0);
    answers();
    away();
}
END_TEST

START_TEST(without_a_server_the_sentence_says_how_to_start_it)
{
    err e = {0};
    char *conninfo = NULL;
    fresh_home();
    ck_assert(!demo_conninfo(&conninfo, &e));
    ck_assert_int_eq(e.kind, ERR_MISSING);
    ck_assert_ptr_nonnull(strstr(e.text, "showx demo start"));
    ck_assert_ptr_null(conninfo);
}
END_TEST

Suite *server_suite(void)
{
    Suite *s = suite_create("server");
    TCase *tc = tcase_create("server");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, it_starts_answers_stops_and_starts_again);
    tcase_add_test(tc, a_stale_pid_file_does_not_fool_it);
    tcase_add_test(tc, two_starts_at_once_give_one_server);
    tcase_add_test(tc, without_a_server_the_sentence_says_how_to_start_it);
    suite_add_tcase(s, tc);
    return s;
}
