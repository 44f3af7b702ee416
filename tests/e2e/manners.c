/* Exit codes, pipes, full disks, other places to connect to, and no terminal. */
#include "e2e/read.h"
#include "e2e/suites.h"

#include "base/mem.h"
#include "base/path.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_sentence(const outcome *o, int code, const char *says)
{
    ck_assert_msg(o->code == code, "ended with %d (signal %d), not %d: %s", o->code, o->signal, code,
                  o->messages);
    ck_assert_msg(strstr(o->messages, says) != NULL, "does not say '%s': %s", says, o->messages);
    ck_assert_msg(strncmp(o->messages, "showx: ", 7) == 0 && count_lines(o->messages) == 1,
                  "no single sentence: %s", o->messages);
    ck_assert_str_eq(o->out, "");
}

START_TEST(a_wrong_word_is_misuse_with_a_suggestion)
{
    assert_sentence(showx("nonsense"), 2, "did you mean");
    assert_sentence(showx("artits"), 2, "'artist'");
    assert_sentence(showx("migrate", "stauts"), 2, "status");
    assert_sentence(showx("demo", "strat"), 2, "start");
    assert_sentence(showx("artists", "--serach", "x"), 2, "--search");
    assert_sentence(showx("artists", "--search"), 2, "--search");
    assert_sentence(showx("artists", "too", "many"), 2, "too");
    assert_sentence(showx("--nonsense"), 2, "--nonsense");
    assert_sentence(showx("-d"), 2, "-d");
    assert_sentence(showx("migrate"), 2, "migrate");
    assert_sentence(showx(""), 2, "''");
}
END_TEST

START_TEST(no_server_is_a_sentence_and_code_3)
{
    assert_sentence(showx("home", "-h", "/nonexistent"), 3, "/nonexistent");
    assert_sentence(showx("artists", "-h", "127.0.0.1", "-p", "1"), 3, "127.0.0.1");
    assert_sentence(showx("artists", "-h", "no-such-host.invalid"), 3, "no-such-host.invalid");
    assert_sentence(showx("artists", "-d", "service=nobody_named_this"), 3, "nobody_named_this");
    char *nowhere = drive_keep(mem_printf("%s dbname=nowhere", demo_where()));
    assert_sentence(showx("artists", "-d", nowhere), 3, "nowhere");
    char *nobody = drive_keep(mem_printf("%s user=nobody_here", demo_where()));
    assert_sentence(showx("artists", "-d", nobody), 3, "nobody_here");
    ck_assert_int_ne(showx("artists", "-d", "nonsense=1")->code, 0);
}
END_TEST

START_TEST(a_database_without_the_schema_says_what_to_run)
{
    const char *where = new_database("e2e_empty");
    const outcome *o = showx("artists", "--json", "-d", where);
    ck_assert_int_eq(o->code, 1);
    ck_assert_uint_eq(count_lines(o->messages), 1);
    ck_assert_msg(strstr(o->messages, "schema up") != NULL, "%s", o->messages);
}
END_TEST

START_TEST(connections_are_named_as_for_psql)
{
    PQconninfoOption *o = PQconninfoParse(demo_where(), NULL);
    const char *host = "";
    for (PQconninfoOption *p = o; p->keyword; p++)
        if (strcmp(p->keyword, "host") == 0)
            host = drive_keep(mem_str(p->val));
    PQconninfoFree(o);
    char *service = drive_keep(mem_printf("%s/services", drive_folder()));
    char *text = drive_keep(mem_printf("[e2e]\nhost=%s\nport=5432\ndbname=showx\nuser=showx\n", host));
    ck_assert(path_write_atomic(service, text, strlen(text), 0600, NULL));
    char *pghost = drive_keep(mem_printf("PGHOST=%s", host)),
         *file = drive_keep(mem_printf("PGSERVICEFILE=%s", service));
    const drive_how by_variables = {
        .env = (const char *const[]){pghost, "PGPORT=5432", "PGDATABASE=showx", "PGUSER=showx", NULL}};
    const drive_how by_service = {.env = (const char *const[]){file, "PGSERVICE=e2e", NULL}};
    const drive_how by_file = {.env = (const char *const[]){file, NULL}};
    char *uri = drive_keep(mem_printf("postgresql:///showx?host=%s&user=showx&port=5432", host));
    const outcome *all[] = {
        showx("models", "--json"),
        showx("models", "--json", "-h", host, "-p", "5432", "-U", "showx", "-d", "showx"),
        showx("-h", host, "-p", "5432", "-U", "showx", "-d", "showx", "models", "--json"),
        showx("models", "--json", "-d", uri),
        showx_how(&by_variables, "models", "--json"),
        showx_how(&by_service, "models", "--json"),
        showx_how(&by_file, "models", "--json", "-d", "service=e2e"),
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(all[i]->code == 0, "way %zu: %s", i, all[i]->messages);
        ck_assert_str_eq(all[i]->out, all[0]->out);
    }
}
END_TEST

/* ---- a server that takes no password ---- */

static bool take_bytes(int fd, unsigned char *to, size_t n)
{
    for (size_t got = 0; got < n;) {
        ssize_t k = read(fd, to + got, n - got);
        if (k <= 0)
            return false;
        got += (size_t)k;
    }
    return true;
}

/* Length, then the rest; *ret_code is the first number behind the length. */
static bool take_startup(int fd, uint32_t *ret_code)
{
    unsigned char head[8], rest[4096];
    if (!take_bytes(fd, head, 8))
        return false;
    uint32_t n = (uint32_t)head[2] << 8 | head[3];
    *ret_code = (uint32_t)head[4] << 24 | (uint32_t)head[5] << 16 | (uint32_t)head[6] << 8 | head[7];
    return n >= 8 && n - 8 <= sizeof rest && take_bytes(fd, rest, n - 8);
}

/* Speaks just enough of the protocol to ask for a password and to refuse it, whoever comes. */
static _Noreturn void refuse_passwords(int listener)
{
    static const char ask[] = "R\0\0\0\x08\0\0\0\x03";
    static const char no[] =
        "E\0\0\0\x4aSFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"anna\"\0";
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; close(fd)) {
        uint32_t code = 0;
        unsigned char head[5], rest[4096];
        bool ok = take_startup(fd, &code);
        while (ok && (code == 80877103 || code == 80877104)) /* TLS, GSS: not here */
            ok = write(fd, "N", 1) == 1 && take_startup(fd, &code);
        ok = ok && write(fd, ask, 9) == 9 && take_bytes(fd, head, 5);
        uint32_t n = ok ? (uint32_t)head[3] << 8 | head[4] : 0;
        ok = ok && n >= 4 && n - 4 <= sizeof rest && take_bytes(fd, rest, n - 4);
        if (ok && write(fd, no, sizeof no) < 0)
            break;
    }
    _exit(0);
}

START_TEST(a_wrong_password_is_a_sentence_without_the_password)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(bind(listener, (struct sockaddr *)&at, size) == 0 && listen(listener, 8) == 0 &&
              getsockname(listener, (struct sockaddr *)&at, &size) == 0);
    pid_t server = fork();
    if (server == 0)
        refuse_passwords(listener);
    close(listener);
    char *port = drive_keep(mem_printf("%d", ntohs(at.sin_port)));
    const drive_how with = {.env = (const char *const[]){"PGPASSWORD=canary-4711", NULL}};
    const outcome *wrong =
        showx_how(&with, "artists", "-h", "127.0.0.1", "-p", port, "-U", "anna", "-d", "shop");
    const outcome *none = showx("artists", "-h", "127.0.0.1", "-p", port, "-U", "anna", "-d", "shop");
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    assert_sentence(wrong, 3, "password");
    assert_sentence(none, 3, "password");
    buf log;
    buf_init(&log);
    path_read(drive_path("showx.log"), 1u << 24, &log, NULL);
    ck_assert_ptr_null(strstr(wrong->messages, "canary"));
    ck_assert_ptr_null(strstr(log.data, "canary"));
    buf_done(&log);
}
END_TEST

/* ---- pipes and disks ---- */

START_TEST(a_reader_that_has_seen_enough_is_no_error)
{
    static const char *const words[][3] = {
        {"fans", "--csv"}, {"fans", "--json"}, {"fans", "--plain"}, {"documents", "--json"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int ends[2];
        char some[100];
        ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
        driven *d = drive_start(&(drive_how){.out = ends[1]}, words[i]);
        close(ends[1]);
        ck_assert_int_gt(read(ends[0], some, sizeof some), 0);
        close(ends[0]);
        const outcome *o = drive_finish(d);
        ck_assert_msg(o->signal == SIGPIPE || o->code == 0, "ended with %d: %s", o->code, o->messages);
        ck_assert_str_eq(o->messages, "");
    }
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
    char *source = drive_keep(mem_printf("file:%s", drive_path("demo-legacy")));
    const char *const words[][5] = {
        {"fans", "--csv"},
        {"artists", "--json"},
        {"artists", "--plain"},
        {"home"},
        {"migrate", "status"},
        {"man"},
        {"help"},
        {"--help"},
        {"version"},
        {"demo", "status"},
        {"migrate", "read", source, "--json"},
        {NULL},
        {"document", "cities/nowhere"},
        {"schema", "status"},
        {"demo"},
        {"artist", "luna-park"},
    };
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(full, 0);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const outcome *o = drive(&(drive_how){.out = full}, words[i]);
        const char *w = words[i][0] ? words[i][0] : "(none)",
                   *v = words[i][0] && words[i][1] ? words[i][1] : "";
        ck_assert_msg(o->code == 1, "%s %s ended with %d", w, v, o->code);
        ck_assert_msg(o->nmessages > 0, "%s %s says nothing", w, v);
    }
    close(full);
}
END_TEST

/* ---- the shell from a pipe ---- */

START_TEST(a_shell_from_a_pipe_runs_line_by_line)
{
    const drive_how lines = {
        .input = "# first the models\n\nmodels --json\n  artists --limit 2 --json\nversion\n"};
    const outcome *o = showx_how(&lines, "shell");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_uint_eq(count_lines(o->out), 10 + 2 + 1);
    ck_assert_str_eq(o->messages, "");
    ck_assert_ptr_null(strstr(o->out, "showx>"));
    /* A failure is said, the rest goes on, and its code is the shell's. */
    const drive_how failing = {.input = "nonsense\nfan nobody\nversion"};
    const outcome *f = showx_how(&failing, "shell");
    ck_assert_int_eq(f->code, 1);
    ck_assert_uint_eq(count_lines(f->messages), 2);
    ck_assert_ptr_nonnull(strstr(f->out, "showx "));
    const drive_how left = {.input = "version\nquit\nnonsense\n"};
    ck_assert_int_eq(showx_how(&left, "shell")->code, 0);
    const drive_how open_quote = {.input = "fans --search 'jose\n"};
    ck_assert_int_eq(showx_how(&open_quote, "shell")->code, 2);
    ck_assert_int_eq(showx("shell")->code, 0);
}
END_TEST

/* ---- help and manual ---- */

START_TEST(the_manual_is_what_the_program_prints)
{
    buf page;
    buf_init(&page);
    err e = {0};
    ck_assert_msg(path_read("man/showx.1", 1u << 24, &page, &e), "%s; run: build/showx man >man/showx.1",
                  e.text);
    const outcome *o = showx("man");
    ck_assert_int_eq(o->code, 0);
    ck_assert_msg(strcmp(page.data, o->out) == 0,
                  "man/showx.1 is older than the program; run: build/showx man >man/showx.1");
    buf_done(&page);
}
END_TEST

/* Every command of the help stands in the manual, and has a help of its own. */
START_TEST(help_and_manual_name_the_same_commands)
{
    const outcome *help = showx("--help"), *man = showx("man");
    ck_assert_int_eq(help->code, 0);
    ck_assert_str_eq(showx("help")->out, help->out);
    size_t commands = 0;
    char *text = drive_keep(mem_str(help->out));
    for (char *save = NULL, *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *end = strstr(line + 2, "  ");
        if (strncmp(line, "  ", 2) != 0 || line[2] == '-' || line[2] == ' ' || !end)
            continue;
        *end = '\0';
        char *heading = drive_keep(mem_printf("\n.SS %s\n", line + 2));
        ck_assert_msg(strstr(man->out, heading) != NULL, "the manual has no '%s'", line + 2);
        commands++;
    }
    ck_assert_uint_gt(commands, 40);
    size_t headings = 0;
    for (const char *p = man->out; (p = strstr(p, "\n.SS ")); p++)
        headings++;
    ck_assert_uint_eq(headings, commands);
    const outcome *one = showx("help", "migrate", "load"), *dashed = showx("migrate", "load", "--help");
    ck_assert(one->code == 0 && strstr(one->out, "SOURCE"));
    ck_assert(dashed->code == 0 && strstr(dashed->out, "SOURCE"));
    assert_harmless(help->out, help->nout, "help");
}
END_TEST

/* ---- no terminal, and poor ones ---- */

START_TEST(without_a_terminal_the_home_is_printed)
{
    static const char *const places[][4] = {
        {"TERM=xterm"},
        {"TERM=dumb"},
        {"TERM"},
        {"TERM=nonsense"},
        {"LANG=C"},
        {"LANG"},
        {"LANG=nonsense.UTF-9"},
        {"LANG=C", "TERM=dumb"},
        {"LC_ALL=POSIX"},
    };
    const char *home = showx("home", "--plain")->out;
    ck_assert_ptr_nonnull(strstr(home, "Bookings"));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const drive_how how = {.env = places[i]};
        const outcome *o = drive(&how, (const char *const[]){NULL});
        ck_assert_msg(o->code == 0, "%s: %s", places[i][0], o->messages);
        ck_assert_uint_eq(count_lines(o->out), count_lines(home));
        const outcome *rows = showx_how(&how, "fans", "--plain", "--limit", "30");
        ck_assert_msg(rows->code == 0, "%s: %s", places[i][0], rows->messages);
        assert_harmless(rows->out, rows->nout, places[i][0]);
    }
}
END_TEST

START_TEST(a_home_that_cannot_be_written_is_survived)
{
    static const char *const places[][4] = {
        {"HOME=/dev/null/x", "XDG_STATE_HOME", "XDG_CONFIG_HOME"},
        {"HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"},
        {"XDG_STATE_HOME=/proc/nowhere"},
        {"XDG_STATE_HOME=/dev/null/x"},
    };
    char *where = drive_keep(mem_str(demo_where()));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const drive_how how = {.env = places[i]};
        const outcome *o = showx_how(&how, "models", "--json", "-d", where);
        ck_assert_msg(o->code == 0 && count_lines(o->out) == 10, "%s: %s", places[i][0], o->messages);
    }
}
END_TEST

Suite *suite_manners(void)
{
    Suite *s = suite_create("manners");
    TCase *tc = e2e_case(s, "manners");
    tcase_add_test(tc, a_wrong_word_is_misuse_with_a_suggestion);
    tcase_add_test(tc, no_server_is_a_sentence_and_code_3);
    tcase_add_test(tc, a_database_without_the_schema_says_what_to_run);
    tcase_add_test(tc, connections_are_named_as_for_psql);
    tcase_add_test(tc, a_wrong_password_is_a_sentence_without_the_password);
    tcase_add_test(tc, a_reader_that_has_seen_enough_is_no_error);
    tcase_add_test(tc, a_full_disk_is_an_error);
    tcase_add_test(tc, a_shell_from_a_pipe_runs_line_by_line);
    tcase_add_test(tc, the_manual_is_what_the_program_prints);
    tcase_add_test(tc, help_and_manual_name_the_same_commands);
    tcase_add_test(tc, without_a_terminal_the_home_is_printed);
    tcase_add_test(tc, a_home_that_cannot_be_written_is_survived);
    return s;
}
