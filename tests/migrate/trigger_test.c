/* The deployable trigger (migrations/firestore): real CloudEvents over HTTP through the functions framework, into the mirror. Needs node
 * and the trigger's packages: `npm ci` in its folder. */
#include "legacy/event.h"
#include "suites.h"

#include "base/mem.h"
#include "base/path.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char FOLDER[] = "migrations/firestore";

static PGconn *db;
static pid_t framework;
static uint16_t port;

/* NULL, or why these tests cannot run here. */
static const char *lacking(void)
{
    if (system("command -v node >/dev/null 2>&1") != 0)
        return "node is not installed";
    if (access("migrations/firestore/node_modules/.bin/functions-framework", X_OK) != 0)
        return "its packages are not there: npm ci in migrations/firestore";
    return NULL;
}

static struct sockaddr_in here(uint16_t at)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(at), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static uint16_t free_port(void)
{
    struct sockaddr_in a = here(0);
    socklen_t n = sizeof a;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(s >= 0 && bind(s, (struct sockaddr *)&a, n) == 0 &&
              getsockname(s, (struct sockaddr *)&a, &n) == 0);
    close(s);
    return ntohs(a.sin_port);
}

static int dial(void)
{
    struct sockaddr_in a = here(port);
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(s, (struct sockaddr *)&a, sizeof a) == 0)
        return s;
    close(s);
    return -1;
}

/* Starts the framework on one entry point, as the login of the trigger, and waits until it answers. */
static void serve(const char *target, const char *signature)
{
    char number[8];
    migrate_ask(db, "do $$ begin create role tria login; exception when duplicate_object then null; end $$");
    migrate_ask(db, "grant showx_sync to tria");
    port = free_port();
    snprintf(number, sizeof number, "%u", port);
    framework = fork();
    if (framework == 0) {
        setpgid(0, 0);
        setenv("PGHOST", PQhost(db), 1), setenv("PGUSER", "tria", 1), setenv("PGDATABASE", PQdb(db), 1);
        setenv("PGPORT", PQport(db), 1);
        if (chdir(FOLDER) == 0 && freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr))
            execlp("node", "node", "node_modules/.bin/functions-framework", "--target", target,
                   "--signature-type", signature, "--port", number, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 400; i++) {
        int s = dial();
        if (s >= 0) {
            close(s);
            return;
        }
        usleep(50000);
    }
    ck_abort_msg("the functions framework does not answer");
}

/* Posts and gives the status. head: further header lines. */
static int post(const char *head, const void *body, size_t n)
{
    buf out;
    char answer[4096];
    int s = dial(), status = 0;
    ck_assert_int_ge(s, 0);
    buf_init(&out);
    buf_printf(&out,
               "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n", n,
               head);
    buf_add(&out, body, n);
    ck_assert_int_eq(write(s, out.data, out.len), (ssize_t)out.len);
    ssize_t got = read(s, answer, sizeof answer - 1);
    answer[got > 0 ? got : 0] = '\0';
    close(s);
    buf_done(&out);
    ck_assert_msg(sscanf(answer, "HTTP/1.1 %d", &status) == 1, "no answer: %s", answer);
    return status;
}

#define BINARY(id, type)                                                                                     \
    "Content-Type: application/protobuf\r\nce-specversion: 1.0\r\nce-id: " id                                \
    "\r\nce-type: google.cloud.firestore.document.v1." type                                                  \
    "\r\nce-source: //firestore.googleapis.com/projects/p/databases/(default)\r\n"                           \
    "ce-subject: documents/fans/f1\r\nce-document: fans/f1\r\nce-database: (default)\r\n"

static buf seed(const char *name)
{
    buf b;
    char *file = path_join("tests/fuzz/seeds/event", name);
    buf_init(&b);
    ck_assert(path_read(file, 1 << 20, &b, NULL));
    free(file);
    return b;
}

/* What our own decoder makes of the same bytes is what must be in the mirror, value by value. */
static void mirror_is_as_decoded(const buf *bytes)
{
    event ev;
    const char *code;
    err e = {0};
    event_init(&ev);
    ck_assert_msg(event_decode(bytes->data, bytes->len, &ev, &code, &e), "%s", e.text);
    const char *values[] = {ev.name.path, ev.fields.data};
    PGresult *r =
        PQexecParams(db,
                     "select d.fields = $2::jsonb, (select string_agg(concat_ws(' ', f.key, f.value, '<>', "
                     "$2::jsonb -> f.key), ', ')"
                     " from jsonb_each(d.fields) f where f.value is distinct from $2::jsonb -> f.key)"
                     " from legacy.document d where path = $1",
                     2, NULL, values, NULL, NULL, 0);
    ck_assert_msg(PQntuples(r) == 1 && strcmp(PQgetvalue(r, 0, 0), "t") == 0, "%s",
                  PQntuples(r) ? PQgetvalue(r, 0, 1) : "no such document");
    PQclear(r);
    event_done(&ev);
}

static void set_up(void)
{
    db = migrate_database("migrate_trigger");
}

static void tear_down(void)
{
    if (framework > 0) {
        kill(framework, SIGKILL);
        waitpid(framework, NULL, 0);
    }
    framework = 0;
    PQfinish(db);
}

START_TEST(a_protobuf_event_over_http_gives_the_values_that_our_decoder_gives)
{
    const char *lacks = lacking();
    if (lacks)
        support_skip(lacks);
    buf written = seed("protobuf"), gone = seed("protobuf-delete");
    serve("mirror", "cloudevent");
    ck_assert_int_eq(post(BINARY("e1", "written"), written.data, written.len) / 100, 2);
    mirror_is_as_decoded(&written);
    ck_assert_str_eq(
        migrate_ask(db, "select concat_ws(' ', version, name_prefix, collection) from legacy.document"),
        "1767225601000007 projects/p/databases/(default)/documents fans");
    ck_assert_int_eq(post(BINARY("e1", "written"), written.data, written.len) / 100, 2); /* delivered again */
    ck_assert_str_eq(migrate_ask(db, "select came from legacy.event where event_id = 'e1'"), "2");
    ck_assert_int_eq(post(BINARY("e2", "deleted"), gone.data, gone.len) / 100, 2); /* of an older document */
    ck_assert_str_eq(migrate_ask(db, "select deleted from legacy.document"), "f");
    ck_assert_int_eq(post(BINARY("e3", "updated"), "", 0) / 100, 2); /* too large to be carried */
    ck_assert_str_eq(migrate_ask(db, "select path from legacy.to_read"), "fans/f1");
    ck_assert_int_eq(post(BINARY("e4", "written"), "\x0a\x05xy", 4), 500); /* to be delivered again */
    buf_done(&written), buf_done(&gone);
}
END_TEST

START_TEST(a_structured_json_event_is_applied_and_a_nul_waits_to_be_read)
{
    const char *lacks = lacking();
    if (lacks)
        support_skip(lacks);
    static const char head[] = "Content-Type: application/cloudevents+json\r\n";
    static const char nul[] =
        "{\"specversion\":\"1.0\",\"id\":\"e9\",\"type\":\"google.cloud.firestore.document.v1.updated\","
        "\"source\":\"//firestore.googleapis.com/projects/p/databases/(default)\",\"subject\":\"documents/"
        "fans/f2\","
        "\"data\":{\"value\":{\"name\":\"projects/p/databases/(default)/documents/fans/f2\","
        "\"fields\":{\"a\":{\"stringValue\":\"a\\u0000b\"}},\"updateTime\":\"2026-01-01T00:00:00Z\"}}}";
    buf second = seed("second"), base64 = seed("base64");
    serve("mirror", "cloudevent");
    ck_assert_int_eq(post(head, base64.data, base64.len) / 100, 2);
    mirror_is_as_decoded(&base64);
    ck_assert_int_eq(post(head, second.data, second.len) / 100, 2);
    mirror_is_as_decoded(&second);
    ck_assert_int_eq(post(head, nul, sizeof nul - 1) / 100, 2);
    ck_assert_str_eq(migrate_ask(db, "select path from legacy.to_read"), "fans/f2");
    buf_done(&second), buf_done(&base64);
}
END_TEST

START_TEST(a_first_generation_event_is_applied)
{
    const char *lacks = lacking();
    if (lacks)
        support_skip(lacks);
    buf first = seed("first"), context = seed("context");
    serve("mirror1", "event");
    ck_assert_int_eq(post("Content-Type: application/json\r\n", first.data, first.len) / 100, 2);
    mirror_is_as_decoded(&first);
    ck_assert_int_eq(post("Content-Type: application/json\r\n", context.data, context.len) / 100, 2);
    ck_assert_str_eq(migrate_ask(db, "select concat_ws(' ', deleted, version) from legacy.document"),
                     "t 1767225601000008");
    buf_done(&first), buf_done(&context);
}
END_TEST

static void start(void)
{
    support_pg();
}

Suite *trigger_suite(void)
{
    Suite *s = suite_create("trigger");
    TCase *tc = tcase_create("trigger");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, a_protobuf_event_over_http_gives_the_values_that_our_decoder_gives);
    tcase_add_test(tc, a_structured_json_event_is_applied_and_a_nul_waits_to_be_read);
    tcase_add_test(tc, a_first_generation_event_is_applied);
    suite_add_tcase(s, tc);
    return s;
}
