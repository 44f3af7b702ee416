/* The console in a terminal, as a person meets it: sizes, resizing, every way out, and a server that goes
 * away. */
#include "e2e/read.h"
#include "e2e/suites.h"
#include "e2e/term.h"

#include "base/mem.h"
#include "base/time.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const NO_WORDS[] = {NULL};

static term *console(int rows, int columns)
{
    return term_open(rows, columns, NULL, NO_WORDS);
}

#define must_show(t, text)                                                                                   \
    ck_assert_msg(term_shows((t), (text)), "never shows '%s', but\n%s", (text), term_screen(t))

static void quits(term *t)
{
    term_type(t, "q");
    ck_assert_int_eq(term_end(t), 0);
    ck_assert_msg(term_restored(t), "the terminal is not as it was");
}

static const int SIZES[][2] = {{1, 1},   {2, 2},   {3, 12},   {1, 200},  {60, 1},
                               {10, 40}, {24, 80}, {60, 200}, {250, 500}};

START_TEST(every_size_opens_and_quits)
{
    int rows = SIZES[_i][0], columns = SIZES[_i][1];
    term *t = console(rows, columns);
    if (rows >= 10 && columns >= 40) {
        must_show(t, "Today");
        must_show(t, "live");
        ck_assert(!term_restored(t)); /* would this see a terminal that is not as it was? */
    }
    term_settle(t);
    ck_assert(term_lives(t));
    quits(t);
    term_close(t);
}
END_TEST

START_TEST(a_person_walks_in_and_out_again)
{
    term *t = console(30, 110);
    must_show(t, "holds expire within 48 hours");
    term_type(t, ":artists\r");
    must_show(t, "Ana Wi\xc5\x9bniewski");
    term_type(t, "/luna");
    must_show(t, "Luna Park");
    ck_assert(term_loses(t, "Ana Wi\xc5\x9bniewski"));
    term_type(t, "\r");
    term_settle(t);
    term_type(t, "\r");
    must_show(t, "Known since");
    term_type(t, "?");
    must_show(t, "help");
    term_settle(t);
    term_type(t, "q"); /* out of the help */
    term_settle(t);
    if (term_lives(t))
        term_type(t, ":quit\r");
    ck_assert_int_eq(term_end(t), 0);
    ck_assert(term_restored(t));
    term_close(t);
}
END_TEST

START_TEST(a_list_named_on_the_command_line_opens_there)
{
    term *t = term_open(24, 80, NULL, (const char *const[]){"fans", "--search", "jose", NULL});
    must_show(t, "Jos\xc3\xa9");
    quits(t);
    term_close(t);
}
END_TEST

START_TEST(two_hundred_resizes_leave_it_whole)
{
    term *t = console(24, 80);
    must_show(t, "Today");
    for (int i = 0; i < 200; i++) {
        term_resize(t, 1 + i * 37 % 70, 1 + i * 61 % 220);
        if (i % 10 == 0)
            usleep(3000);
    }
    term_resize(t, 24, 80);
    term_settle(t);
    term_type(t, "\f");
    must_show(t, "holds expire within 48 hours");
    quits(t);
    term_close(t);
}
END_TEST

START_TEST(a_resize_while_typing_keeps_what_was_typed)
{
    term *t = console(24, 80);
    must_show(t, "Today");
    term_type(t, ":arti");
    must_show(t, "arti");
    term_resize(t, 30, 100);
    term_settle(t);
    term_type(t, "sts\r");
    must_show(t, "Ana Wi\xc5\x9bniewski");
    quits(t);
    term_close(t);
}
END_TEST

START_TEST(a_signal_ends_it_with_the_terminal_restored)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    term *t = console(24, 80);
    must_show(t, "Today");
    term_signal(t, signals[_i]);
    int code = term_end(t);
    ck_assert_int_ne(code, 0);
    ck_assert_msg(term_restored(t), "signal %d leaves the terminal as it is not", signals[_i]);
    term_close(t);
}
END_TEST

START_TEST(a_closed_window_ends_it)
{
    term *t = console(24, 80);
    must_show(t, "Today");
    term_hang_up(t);
    ck_assert_int_ne(term_end(t), 0);
    term_close(t);
}
END_TEST

static void assert_says_and_ends(const char *const *changes)
{
    term *t = term_open(24, 80, changes, NO_WORDS);
    ck_assert_int_eq(term_end(t), 1);
    ck_assert_msg(strstr(term_screen(t), "showx: ") != NULL, "says nothing, but\n%s", term_screen(t));
    ck_assert_msg(strstr(term_screen(t), "TERM") != NULL, "%s", term_screen(t));
    ck_assert(term_restored(t));
    term_close(t);
}

START_TEST(an_unknown_terminal_is_a_sentence)
{
    assert_says_and_ends((const char *const[]){"TERM=nonsense", NULL});
    assert_says_and_ends((const char *const[]){"TERM=../../etc/passwd", NULL});
}
END_TEST

START_TEST(a_dumb_terminal_gets_lines)
{
    static const char *const places[][2] = {{"TERM=dumb"}, {"TERM"}, {"TERM="}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        term *t = term_open(40, 100, places[i], NO_WORDS);
        ck_assert_msg(term_end(t) == 0, "%s: %s", places[i][0], term_screen(t));
        ck_assert_ptr_nonnull(strstr(term_screen(t), "holds expire within 48 hours"));
        size_t n;
        const char *bytes = term_bytes(t, &n);
        ck_assert_ptr_null(memchr(bytes, '\033', n));
        term_close(t);
    }
}
END_TEST

/* On TERM=linux ncurses loads the mouse library of the Linux console, which loses ten bytes of its own. */
START_TEST(other_terminals_and_locales_work)
{
    static const char *const places[][4] = {
        {"TERM=vt100"},         {"TERM=linux", "ASAN_OPTIONS=detect_leaks=0"},
        {"TERM=screen"},        {"TERM=tmux-256color"},
        {"LC_ALL=C"},           {"LANG"},
        {"LANG=nonsense"},      {"NO_COLOR=1"},
        {"TERM=xterm-256color"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        term *t = term_open(24, 80, places[i], NO_WORDS);
        ck_assert_msg(term_shows(t, "holds expire within 48 hours"), "%s shows\n%s", places[i][0],
                      term_screen(t));
        term_type(t, "q");
        ck_assert_msg(term_end(t) == 0, "%s: %s", places[i][0], term_screen(t));
        ck_assert_msg(term_restored(t), "%s: not restored", places[i][0]);
        term_close(t);
    }
}
END_TEST

START_TEST(no_server_is_said_and_can_be_left)
{
    term *t = term_open(24, 80, (const char *const[]){"PGHOST=/dev/null/nowhere", NULL}, NO_WORDS);
    must_show(t, "/dev/null/nowhere");
    quits(t);
    term_close(t);
}
END_TEST

/* The first line of its pid file. */
static pid_t postmaster(void)
{
    pid_t pid = (pid_t)strtol(sql("select pg_read_file('postmaster.pid')"), NULL, 10);
    ck_assert_int_gt(pid, 1);
    return pid;
}

/* The processes of a killed server live on for a moment and keep a new one from starting. */
static void start_again(void)
{
    const outcome *o = showx("demo", "start");
    for (int i = 0; i < 25 && o->code == 1; i++) {
        usleep(200000);
        o = showx("demo", "start");
    }
    ck_assert_msg(o->code == 0, "%s", o->messages);
}

/* In order, and as by a failing machine. */
START_TEST(a_server_that_goes_away_is_said_and_found_again)
{
    term *t = console(24, 80);
    must_show(t, "holds expire within 48 hours");
    must_show(t, "live");
    if (_i == 0)
        ck_assert_int_eq(showx("demo", "stop")->code, 0);
    else
        ck_assert_int_eq(kill(postmaster(), SIGKILL), 0);
    term_type(t, ":artists\r");
    must_show(t, "reconnecting");
    term_type(t, "?"); /* keys are answered all the while */
    must_show(t, "help");
    term_type(t, "\033");
    start_again();
    must_show(t, "Ana Wi\xc5\x9bniewski");
    must_show(t, "live");
    ck_assert(term_loses(t, "reconnecting"));
    quits(t);
    term_close(t);
}
END_TEST

START_TEST(quitting_waits_for_no_server)
{
    term *t = console(24, 80);
    must_show(t, "live");
    ck_assert_int_eq(showx("demo", "stop")->code, 0);
    term_type(t, ":artists\r");
    must_show(t, "reconnecting");
    quits(t);
    term_close(t);
    ck_assert_int_eq(showx("demo", "start")->code, 0);
}
END_TEST

/* As a list on a terminal, where CSV would otherwise bring the data's own sequences to it. */
START_TEST(formats_on_a_terminal_are_harmless)
{
    static const char *const words[][6] = {{"fans", "--csv", "--search", "james"},
                                           {"documents", "--csv", "--limit", "3000"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        term *t = term_open(24, 200, NULL, words[i]);
        ck_assert_int_eq(term_end(t), 0);
        size_t n;
        const char *bytes = term_bytes(t, &n);
        ck_assert_uint_gt(n, 100);
        char *lines = drive_keep(mem_strn(bytes, n));
        size_t kept = 0;
        for (size_t k = 0; k < n; k++)
            if (bytes[k] != '\r')
                lines[kept++] = bytes[k];
        assert_harmless(lines, kept, words[i][0]);
        term_close(t);
    }
}
END_TEST

Suite *suite_console(void)
{
    Suite *s = suite_create("console");
    TCase *tc = e2e_case(s, "console");
    tcase_add_loop_test(tc, every_size_opens_and_quits, 0, sizeof SIZES / sizeof *SIZES);
    tcase_add_test(tc, a_person_walks_in_and_out_again);
    tcase_add_test(tc, a_list_named_on_the_command_line_opens_there);
    tcase_add_test(tc, two_hundred_resizes_leave_it_whole);
    tcase_add_test(tc, a_resize_while_typing_keeps_what_was_typed);
    tcase_add_loop_test(tc, a_signal_ends_it_with_the_terminal_restored, 0, 4);
    tcase_add_test(tc, a_closed_window_ends_it);
    tcase_add_test(tc, an_unknown_terminal_is_a_sentence);
    tcase_add_test(tc, a_dumb_terminal_gets_lines);
    tcase_add_test(tc, other_terminals_and_locales_work);
    tcase_add_test(tc, no_server_is_said_and_can_be_left);
    tcase_add_loop_test(tc, a_server_that_goes_away_is_said_and_found_again, 0, 2);
    tcase_add_test(tc, quitting_waits_for_no_server);
    tcase_add_test(tc, formats_on_a_terminal_are_harmless);
    return s;
}
