/* Changing something: a note with its reason, its version, its entry in the audit; who may not; who came
 * second. */
#include "e2e/read.h"
#include "e2e/suites.h"

#include "base/mem.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *column_of(const char *kind, const char *id, const char *column)
{
    return sql(drive_keep(mem_printf("select %s from showx.%s where %s_id = '%s'", column, kind, kind, id)));
}

static const char *const KINDS[] = {"artist", "venue", "fan"};

START_TEST(a_note_is_written_counted_and_audited)
{
    const char *kind = KINDS[_i];
    char *id = sql(drive_keep(mem_printf("select max(%s_id) from showx.%s", kind, kind)));
    long version = strtol(column_of(kind, id, "version"), NULL, 10);
    static const char note[] = "Loves \xe2\x80\x9crain\xe2\x80\x9d; 100% 'sure'";
    const outcome *o = showx(kind, "note", id, "--note", note, "--reason", "called us");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_str_eq(column_of(kind, id, "note"), note);
    ck_assert_int_eq(strtol(column_of(kind, id, "version"), NULL, 10), version + 1);
    char *entry = sql(drive_keep(
        mem_printf("select who, role, application, verb, old->>'note' is null, new->>'note', reason, "
                   "operation is not null,"
                   " (select what is not null from audit.operation o where o.key = e.operation)"
                   " from audit.entry e where relation = 'showx.%s' and key = '%s' order by at desc limit 1",
                   kind, id)));
    char *want = drive_keep(mem_printf("showx|owner|showx|update|t|%s|called us|t|t", note));
    ck_assert_str_eq(entry, want);
    /* It is seen where it belongs, and goes away again. */
    ck_assert_ptr_nonnull(strstr(showx(kind, id, "--plain")->out, "rain"));
    ck_assert_int_eq(showx(kind, "note", id, "--note", "", "--reason", "a mistake")->code, 0);
    ck_assert_str_eq(column_of(kind, id, "note"), "");
}
END_TEST

START_TEST(a_change_without_a_reason_is_refused)
{
    char *id = sql("select max(artist_id) from showx.artist");
    char *before = sql("select sum(version), (select count(*) from audit.entry) from showx.artist");
    static const char *const reasons[] = {"", "  ", "\t"};
    const outcome *none = showx("artist", "note", id, "--note", "x");
    ck_assert_int_eq(none->code, 2);
    ck_assert_ptr_nonnull(strstr(none->messages, "--reason"));
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        const outcome *o = showx("artist", "note", id, "--note", "x", "--reason", reasons[i]);
        ck_assert_msg(o->code == 2 || o->code == 4, "reason '%s' ended with %d: %s", reasons[i], o->code,
                      o->messages);
        ck_assert_ptr_nonnull(strstr(o->messages, "reason"));
    }
    ck_assert_int_eq(showx("artist", "note", "nobody", "--note", "x", "--reason", "y")->code, 1);
    ck_assert_str_eq(sql("select sum(version), (select count(*) from audit.entry) from showx.artist"),
                     before);
}
END_TEST

/* A login in one of the groups; roles belong to the cluster, and the demo's goes with it. */
static char *login(const char *name, const char *group)
{
    sql(drive_keep(mem_printf("drop role if exists %s", name)));
    sql(drive_keep(mem_printf("create role %s login in role %s", name, group)));
    return drive_keep(mem_printf("%s user=%s", demo_where(), name));
}

START_TEST(who_may_only_read_is_refused_with_a_sentence)
{
    char *viewer = login("e2e_viewer", "showx_readonly"), *helper = login("e2e_helper", "showx_support");
    char *id = sql("select max(artist_id) from showx.artist");
    char *before = sql("select sum(version), (select count(*) from audit.entry) from showx.artist");
    ck_assert_int_eq(showx("artists", "--limit", "1", "--json", "-d", viewer)->code, 0);
    const outcome *o = showx("artist", "note", id, "--note", "x", "--reason", "y", "-d", viewer);
    ck_assert_msg(o->code == 4, "ended with %d: %s", o->code, o->messages);
    ck_assert_uint_eq(count_lines(o->messages), 1);
    ck_assert_str_eq(sql("select sum(version), (select count(*) from audit.entry) from showx.artist"),
                     before);
    /* The same by somebody who may, under their own name. */
    const outcome *may = showx("artist", "note", id, "--note", "x", "--reason", "y", "-d", helper);
    ck_assert_msg(may->code == 0, "%s", may->messages);
    ck_assert_str_eq(sql("select who, role from audit.entry order by at desc limit 1"), "e2e_helper|support");
    ck_assert_int_eq(showx("artist", "note", id, "--note", "", "--reason", "y", "-d", helper)->code, 0);
}
END_TEST

START_TEST(the_move_is_closed_to_those_outside_it)
{
    char *helper = login("e2e_helper", "showx_support"), *engineer = login("e2e_engineer", "showx_engineer");
    static const char *const lists[] = {"documents", "issues", "models", "loads"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const outcome *o = showx(lists[i], "--json", "-d", helper);
        ck_assert_msg(o->code == 4, "%s ended with %d: %s", lists[i], o->code, o->messages);
        ck_assert_str_eq(o->out, "");
        const outcome *may = showx(lists[i], "--json", "-d", engineer);
        ck_assert_msg(may->code == 0, "%s: %s", lists[i], may->messages);
    }
    ck_assert_int_eq(showx("home", "--json", "-d", helper)->code, 0);
    ck_assert_int_ne(showx("schema", "up", "-d", helper)->code, 0);
}
END_TEST

static void wait_for(const char *question)
{
    for (int i = 0; i < 2000; i++) {
        if (sql_count(question) > 0)
            return;
        usleep(5000);
    }
    ck_abort_msg("it never came to this: %s", question);
}

static void must(PGconn *c, const char *statement)
{
    PGresult *r = PQexec(c, statement);
    ck_assert_msg(PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK, "%s: %s",
                  statement, PQerrorMessage(c));
    PQclear(r);
}

static const char WAITING[] =
    "select count(*) from pg_stat_activity where application_name like 'showx%' and wait_event_type = 'Lock'";

/* Somebody holds the row while showx has already read it: showx's version is the older one. */
START_TEST(who_came_second_sees_both_versions)
{
    PGconn *first = PQconnectdb(demo_where());
    char *id = sql("select min(artist_id) from showx.artist");
    must(first, "begin; set local showx.reason = 'first'");
    must(first, drive_keep(mem_printf(
                    "update showx.artist set note = 'was here first' where artist_id = '%s'", id)));
    driven *second = showx_start(NULL, "artist", "note", id, "--note", "second", "--reason", "mine");
    wait_for(WAITING);
    must(first, "commit");
    const outcome *o = drive_finish(second);
    ck_assert_msg(o->code == 4, "ended with %d: %s", o->code, o->messages);
    ck_assert_msg(strstr(o->messages, "was here first") != NULL, "%s", o->messages);
    ck_assert_str_eq(column_of("artist", id, "note"), "was here first");
    ck_assert_int_eq(sql_count("select count(*) from audit.entry where reason = 'mine'"), 0);
    PQfinish(first);
}
END_TEST

START_TEST(ctrl_c_ends_a_slow_query_here_and_on_the_server)
{
    PGconn *holder = PQconnectdb(demo_where());
    must(holder, "begin; lock table showx.fan in access exclusive mode");
    driven *slow = showx_start(NULL, "fans", "--json");
    wait_for(WAITING);
    drive_signal(slow, SIGINT);
    const outcome *o = drive_finish(slow);
    ck_assert_msg(o->code == 130, "ended with %d (signal %d): %s", o->code, o->signal, o->messages);
    ck_assert_uint_le(count_lines(o->messages), 1);
    for (int i = 0; i < 400 && sql_count(WAITING) > 0; i++)
        usleep(5000);
    ck_assert_int_eq(sql_count(WAITING), 0); /* with the lock still held: it was cancelled, not served */
    PQfinish(holder);
}
END_TEST

Suite *suite_acts(void)
{
    Suite *s = suite_create("acts");
    TCase *tc = e2e_case(s, "acts");
    tcase_add_loop_test(tc, a_note_is_written_counted_and_audited, 0, 3);
    tcase_add_test(tc, a_change_without_a_reason_is_refused);
    tcase_add_test(tc, who_may_only_read_is_refused_with_a_sentence);
    tcase_add_test(tc, the_move_is_closed_to_those_outside_it);
    tcase_add_test(tc, who_came_second_sees_both_versions);
    tcase_add_test(tc, ctrl_c_ends_a_slow_query_here_and_on_the_server);
    return s;
}
