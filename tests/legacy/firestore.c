/* The firestore: source against the stand-in: what it reads when all is well, when the line is bad, and when
 * the server lies. */
#include "legacy/firestore.h"
#include "base/mem.h"
#include "base/time.h"
#include "kit.h"
#include "legacy/rest.h"
#include "support/standin.h"
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static standin *server;

/* n documents in fans, each third with two below it, and one below a parent that is missing. */
static void fill(int n)
{
    char path[64], fields[128];
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "fans/f%04d", i);
        snprintf(fields, sizeof fields,
                 "{\"name\":{\"stringValue\":\"Fan \\u00e9 %d\"},\"n\":{\"integerValue\":\"%d\"}}", i, i);
        standin_put(server, path, fields);
        for (int k = 0; k < 2 && i % 3 == 0; k++) {
            snprintf(path, sizeof path, "fans/f%04d/follows/a%d", i, k);
            standin_put(server, path, "{\"since\":{\"timestampValue\":\"2024-05-03T20:00:00Z\"}}");
        }
    }
    standin_put(server, "ghosts/nobody/follows/a", "{}");
    standin_put(server, "fans/__id7__", "{}");
}

static void start(void)
{
    server = standin_start("shop");
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    unsetenv("SHOWX_FIRESTORE_TOKEN_COMMAND");
}

static void finish(void)
{
    standin_stop(server);
    server = NULL;
}

static firestore_options options(size_t page)
{
    return (firestore_options){.project = "shop", .page = page, .backoff_ms = 1, .attempts = 8, .quiet_s = 2};
}

static firestore_options at_hand; /* what open_at_hand opens: kit_read_all's opener takes a source alone */

static bool open_at_hand(const char *source, legacy **ret, err *e)
{
    (void)source;
    return firestore_open_with(&at_hand, ret, e);
}

static kit_all read_by(firestore_options o)
{
    at_hand = o;
    return kit_read_all(open_at_hand, "");
}

/* Reads on to where it fails; the damages before that are added to `damages`. */
static err failure_of(firestore_options o, buf *damages)
{
    legacy *l;
    legacy_document d;
    legacy_damage g;
    legacy_got got;
    err e = {0};
    ck_assert_msg(firestore_open_with(&o, &l, &e), "%s", e.text);
    while ((got = l->next(l, &d, &g, NULL, &e)) != LEGACY_FAILED) {
        ck_assert_int_ne(got, LEGACY_END);
        if (got == LEGACY_DAMAGE && damages)
            buf_printf(damages, "%s %s\n", g.code, g.sentence);
    }
    legacy_close(l);
    return e;
}

START_TEST(pages_of_any_size_give_the_same_documents_once_each_in_order)
{
    fill(60);
    kit_all whole = read_by(options(0));
    ck_assert_uint_eq(whole.n_documents, standin_count(server));
    ck_assert_msg(whole.n_damages == 0, "%s", whole.damages.data);
    ck_assert_ptr_nonnull(strstr(whole.documents.data, "ghosts/nobody/follows/a {}\n"));
    ck_assert_int_eq(strncmp(whole.documents.data, "fans/__id7__ {}\n", 16), 0);
    for (size_t page = 1; page < 130; page += page < 9 ? 1 : 20) {
        kit_all paged = read_by(options(page));
        ck_assert_str_eq(paged.documents.data, whole.documents.data);
        ck_assert_uint_eq(paged.n_damages, 0);
        kit_all_done(&paged);
    }
    kit_all_done(&whole);
}
END_TEST

START_TEST(a_bad_line_costs_time_and_no_document)
{
    fill(120);
    kit_all whole = read_by(options(0));
    size_t quiet = standin_requests(server), busy = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        standin_fault(server, &(standin_faults){.seed = seed, .busy = 500, .cut = 500});
        kit_all bad = read_by(options(3));
        ck_assert_str_eq(bad.documents.data, whole.documents.data);
        ck_assert_msg(bad.n_damages == 0, "%s", bad.damages.data);
        kit_all_done(&bad);
    }
    busy = standin_requests(server) - quiet;
    firestore_options once = options(3); /* the control: who asks but once does not get through */
    once.attempts = 1;
    ck_assert_int_eq(failure_of(once, NULL).kind, ERR_CONNECT);
    ck_assert_uint_gt(standin_faulted(server), 40); /* it was a bad line */
    ck_assert_uint_gt(busy, 12 * 60 + standin_faulted(server));
    kit_all_done(&whole);
}
END_TEST

START_TEST(a_line_that_stays_bad_is_said_with_its_place)
{
    fill(30);
    standin_fault(server, &(standin_faults){.busy = 10000});
    err e = failure_of(options(5), NULL);
    ck_assert_int_eq(e.kind, ERR_CONNECT);
    ck_assert_ptr_nonnull(strstr(e.text, "shop/(default), page 1"));
    ck_assert_ptr_nonnull(strstr(e.text, "asked 8 times"));
    standin_fault(server, &(standin_faults){.cut = 10000});
    e = failure_of(options(5), NULL);
    ck_assert_ptr_nonnull(strstr(e.text, "page 1"));
    ck_assert_msg(strstr(e.text, "cut short") || strstr(e.text, "ends in the middle"), "%s", e.text);
}
END_TEST

START_TEST(retry_after_is_waited_for)
{
    fill(3);
    standin_fault(server, &(standin_faults){.busy = 10000, .retry_after = 1});
    firestore_options o = options(0);
    o.attempts = 2;
    int64_t begun = time_mono_ms();
    failure_of(o, NULL);
    ck_assert_int_ge(time_mono_ms() - begun, 1000);
    standin_fault(server, &(standin_faults){.busy = 10000, .retry_after = 86400});
    begun = time_mono_ms();
    err e = failure_of(o, NULL); /* nobody sits through that */
    ck_assert_int_lt(time_mono_ms() - begun, 1000);
    ck_assert_ptr_nonnull(strstr(e.text, "86400 s"));
}
END_TEST

START_TEST(a_page_that_comes_again_is_told_and_asked_for_anew)
{
    fill(60);
    kit_all whole = read_by(options(0));
    standin_fault(server, &(standin_faults){.seed = 3, .repeated = 3000});
    kit_all all = read_by(options(5));
    ck_assert_str_eq(all.documents.data, whole.documents.data);
    ck_assert_uint_gt(all.n_damages, 0);
    ck_assert_ptr_nonnull(strstr(all.damages.data, "repeated shop/(default) page "));
    ck_assert_ptr_nonnull(strstr(all.damages.data, " came again, or too late"));
    kit_all_done(&all);
    kit_all_done(&whole);
}
END_TEST

START_TEST(a_server_that_always_repeats_itself_is_not_believed)
{
    fill(20);
    standin_fault(server, &(standin_faults){.repeated = 10000});
    err e = failure_of(options(5), NULL);
    ck_assert_int_eq(e.kind, ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(e.text, "page 2, behind fans/"));
}
END_TEST

START_TEST(everything_is_read_as_of_one_time_while_others_write)
{
    fill(40);
    kit_all before = read_by(options(0));
    standin_fault(server, &(standin_faults){.churn = true});
    kit_all during = read_by(options(3));
    ck_assert_str_eq(during.documents.data, before.documents.data);
    ck_assert_msg(during.n_damages == 0, "%s", during.damages.data);
    kit_all_done(&before);
    kit_all_done(&during);
}
END_TEST

START_TEST(data_that_changes_under_the_read_time_is_noticed)
{
    fill(40);
    standin_fault(server, &(standin_faults){.churn = true, .live = true});
    kit_all all = read_by(options(3));
    ck_assert_ptr_nonnull(strstr(all.damages.data, "changed shop/(default) page "));
    ck_assert_ptr_nonnull(strstr(all.damages.data, "though everything is read as of "));
    kit_all_done(&all);
}
END_TEST

START_TEST(counts_that_do_not_agree_are_a_damage)
{
    fill(10);
    standin_fault(server, &(standin_faults){.count_off = 1});
    kit_all all = read_by(options(0));
    ck_assert_uint_eq(all.n_damages, 3); /* fans, follows, and ghosts, which has only a missing parent */
    ck_assert_ptr_nonnull(
        strstr(all.damages.data, "the server counts 12 documents in the collections fans, but 11 came"));
    kit_all_done(&all);
}
END_TEST

START_TEST(a_page_token_that_leads_in_a_circle_is_noticed)
{
    legacy *l;
    firestore_ranges ranges;
    err e = {0};
    fill(10);
    standin_fault(server, &(standin_faults){.token_loops = true});
    kit_all all = read_by(options(0)); /* it asks which collections there are */
    ck_assert_uint_eq(all.n_damages, 1);
    ck_assert_ptr_nonnull(strstr(all.damages.data, "listCollectionIds, page 2: its page token came before"));
    kit_all_done(&all);
    firestore_options o = options(0);
    ck_assert(firestore_open_with(&o, &l, &e));
    ck_assert(!firestore_partition(l, "fans", 4, &ranges, NULL, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "partitionQuery, page 2"));
    legacy_close(l);
}
END_TEST

START_TEST(ranges_together_give_the_collection_once)
{
    legacy *l;
    firestore_ranges ranges;
    firestore_options o = options(7);
    fill(100);
    o.collection = "fans";
    kit_all whole = read_by(o);
    ck_assert_uint_eq(whole.n_documents, 101);
    ck_assert_uint_eq(whole.n_damages, 0);
    for (size_t most = 1; most <= 16; most *= 2) {
        buf sum;
        buf_init(&sum);
        ck_assert(firestore_open_with(&o, &l, NULL));
        ck_assert(firestore_partition(l, "fans", most, &ranges, NULL, NULL));
        ck_assert_uint_eq(ranges.n, most - 1);
        for (size_t i = 0; i <= ranges.n; i++) {
            firestore_options part = o;
            part.from = i ? ranges.names[i - 1] : NULL;
            part.to = i < ranges.n ? ranges.names[i] : NULL;
            kit_all some = read_by(part);
            ck_assert_uint_gt(some.n_documents, 0);
            ck_assert_uint_lt(some.n_documents, 2 * 101 / most + 2);
            buf_str(&sum, some.documents.data);
            kit_all_done(&some);
        }
        ck_assert_str_eq(sum.data, whole.documents.data);
        firestore_ranges_done(&ranges);
        legacy_close(l);
        buf_done(&sum);
    }
    kit_all_done(&whole);
}
END_TEST

typedef struct asked_for {
    size_t there, missing;
    char last[80];
} asked_for;

static bool count_got(void *ctx, const legacy_document *d)
{
    asked_for *g = ctx;
    d->deleted ? g->missing++ : g->there++;
    if (!d->deleted)
        ck_assert_int_gt(d->update_us, 0);
    snprintf(g->last, sizeof g->last, "%s", d->path);
    return true;
}

START_TEST(documents_are_got_by_name_each_told_once)
{
    legacy *l;
    asked_for g = {0};
    err e = {0};
    char *names[250];
    firestore_options o = options(0);
    fill(200);
    standin_fault(server, &(standin_faults){.seed = 2, .busy = 1000, .cut = 1000});
    for (int i = 0; i < 250; i++)
        names[i] = mem_printf("%s/fans/f%04d", standin_prefix(server), i);
    ck_assert(firestore_open_with(&o, &l, &e));
    ck_assert_msg(firestore_get(l, (const char *const *)names, 250, count_got, &g, NULL, &e), "%s", e.text);
    ck_assert_uint_eq(g.there, 200);
    ck_assert_uint_eq(g.missing, 50);
    for (int i = 0; i < 250; i++)
        free(names[i]);
    legacy_close(l);
}
END_TEST

START_TEST(a_commit_is_all_or_nothing_and_minds_its_preconditions)
{
    legacy *l;
    err e = {0};
    firestore_options o = options(0);
    int64_t us[2] = {0}, first = standin_put(server, "c/a", "{\"v\":{\"integerValue\":\"1\"}}");
    ck_assert(firestore_open_with(&o, &l, &e));
    firestore_write good[] = {{"c/a", "{\"v\":{\"integerValue\":\"2\"}}", FIRESTORE_IF_AT, first},
                              {"c/b", "{}", FIRESTORE_IF_NEW, 0}};
    ck_assert_msg(firestore_commit(l, good, 2, us, NULL, &e), "%s", e.text);
    ck_assert(us[0] > first && us[1] > us[0]);
    firestore_write late[] = {{"c/b", NULL, FIRESTORE_ALWAYS, 0}, {"c/a", NULL, FIRESTORE_IF_AT, first}};
    ck_assert(!firestore_commit(l, late, 2, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_CONFLICT);
    ck_assert_uint_eq(standin_count(server), 2);
    firestore_write broken = {"c/a", "{\"v\":1}", FIRESTORE_ALWAYS, 0};
    size_t requests = standin_requests(server);
    ck_assert(!firestore_commit(l, &broken, 1, NULL, NULL, &e));
    ck_assert_uint_eq(standin_requests(server), requests); /* it was not even sent */
    legacy_close(l);
}
END_TEST

START_TEST(a_write_whose_answer_is_lost_is_neither_done_nor_failed)
{
    legacy *l;
    err e = {0};
    firestore_options o = options(0);
    firestore_write w = {"c/a", "{}", FIRESTORE_ALWAYS, 0};
    ck_assert(firestore_open_with(&o, &l, &e));
    standin_fault(server, &(standin_faults){.cut = 10000});
    size_t requests = standin_requests(server);
    ck_assert(!firestore_commit(l, &w, 1, NULL, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_UNKNOWN);
    ck_assert_uint_eq(standin_requests(server), requests + 1); /* and not sent again */
    legacy_close(l);
}
END_TEST

START_TEST(a_broken_document_costs_itself_and_not_its_page)
{
    static const char *const broken[] = {
        "\"fields\":{\"a\":{\"stringValue\":\"x\\u0000\"}}",
        "\"fields\":{\"a\":{\"stringValue\":\"\\ud800\"}}",
        "\"fields\":{\"a\":{\"strangeValue\":1}}",
        "\"fields\":{\"a\":{\"nullValue\":null},\"a\":{\"nullValue\":null}}",
        "\"fields\":{\"a\":{\"doubleValue\":1e999}}",
        "\"fields\":{\"a\":{\"arrayValue\":{\"values\":[{\"arrayValue\":{}}]}}}"};
    char path[16], document[400];
    fill(10);
    for (int i = 0; i < 6; i++) {
        snprintf(path, sizeof path, "b/x%d", i);
        snprintf(document, sizeof document, "{\"name\":\"%s/%s\",%s,\"updateTime\":\"2024-01-01T00:00:00Z\"}",
                 standin_prefix(server), path, broken[i]);
        standin_put_raw(server, path, document);
    }
    standin_put(server, "b/y", "{\"a\":{\"doubleValue\":\"NaN\"}}");
    kit_all all = read_by(options(4));
    ck_assert_msg(all.n_damages == 6, "%s", all.damages.data);
    ck_assert_uint_eq(all.n_documents, standin_count(server) - 6);
    ck_assert_ptr_nonnull(strstr(all.damages.data, "page 1, document 1: "));
    ck_assert_ptr_nonnull(strstr(all.documents.data, "b/y {\"a\":{\"doubleValue\":\"NaN\"}}"));
    kit_all_done(&all);
}
END_TEST

START_TEST(a_document_of_another_database_is_not_taken)
{
    standin_put_raw(server, "c/a",
                    "{\"name\":\"projects/other/databases/(default)/documents/c/"
                    "a\",\"updateTime\":\"2024-01-01T00:00:00Z\"}");
    err e = failure_of(options(0), NULL);
    ck_assert_ptr_nonnull(strstr(e.text, "another database"));
}
END_TEST

START_TEST(a_page_that_would_be_too_long_is_asked_for_in_parts)
{
    enum { LONG = 1000000, MANY = 40 }; /* 40 MB: more than one answer may have */
    buf fields;
    char path[16];
    legacy *l;
    legacy_document d;
    legacy_damage g;
    int n = 0;
    firestore_options o = options(0);
    buf_init(&fields);
    buf_str(&fields, "{\"s\":{\"stringValue\":\"");
    for (int i = 0; i < LONG; i++)
        buf_char(&fields, 'x');
    buf_str(&fields, "\"}}");
    for (int i = 0; i < MANY; i++) {
        snprintf(path, sizeof path, "c/%02d", i);
        standin_put(server, path, fields.data);
    }
    ck_assert(firestore_open_with(&o, &l, NULL));
    for (; l->next(l, &d, &g, NULL, NULL) == LEGACY_DOCUMENT; n++)
        ck_assert(atoi(d.id) == n && d.fields_len == fields.len);
    ck_assert_int_eq(n, MANY);
    legacy_close(l);
    buf_done(&fields);
}
END_TEST

/* ---- stopping ---- */

static void *ask_soon(void *ctx)
{
    usleep(100000);
    stop_ask(ctx);
    return NULL;
}

START_TEST(a_stop_ends_a_request_that_hangs)
{
    legacy *l;
    legacy_document d;
    legacy_damage g;
    err e = {0};
    stop s;
    pthread_t other;
    firestore_options o = options(0);
    fill(3);
    standin_fault(server, &(standin_faults){.slow_ms = 5000});
    ck_assert(stop_init(&s, 0, &e) && firestore_open_with(&o, &l, &e));
    int64_t begun = time_mono_ms();
    pthread_create(&other, NULL, ask_soon, &s);
    ck_assert_int_eq(l->next(l, &d, &g, &s, &e), LEGACY_FAILED);
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    ck_assert_int_lt(time_mono_ms() - begun, 1000);
    pthread_join(other, NULL);
    legacy_close(l);
    stop_done(&s);
}
END_TEST

START_TEST(a_connection_on_which_nothing_comes_is_given_up)
{
    firestore_options o = options(0);
    o.quiet_s = 1;
    o.attempts = 1;
    fill(1);
    standin_fault(server, &(standin_faults){.slow_ms = 6000});
    int64_t begun = time_mono_ms();
    err e = failure_of(o, NULL);
    ck_assert_int_eq(e.kind, ERR_CONNECT);
    ck_assert_int_lt(time_mono_ms() - begun, 4000);
}
END_TEST

/* ---- who is spoken to ---- */

START_TEST(documents_and_tokens_go_to_no_other_machine_in_clear)
{
    static const char *const urls[] = {
        "http://192.0.2.1:8080", "http://example.com",   "http://127.0.0.1.example.com:80",
        "ftp://127.0.0.1",       "http://localhost@x.y", "http://[::2]:80"};
    legacy *l = NULL;
    err e = {0};
    for (int i = 0; i < 6; i++) {
        firestore_options o = options(0);
        o.url = urls[i];
        ck_assert_msg(!firestore_open_with(&o, &l, &e), "%s", urls[i]);
        ck_assert_int_eq(e.kind, ERR_REFUSED);
    }
    setenv("FIRESTORE_EMULATOR_HOST", "firestore.example.com:8080", 1);
    ck_assert(!legacy_open("firestore:shop", &l, &e));
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    ck_assert_ptr_nonnull(strstr(e.text, "FIRESTORE_EMULATOR_HOST"));
}
END_TEST

/* Waits until somebody takes calls there. */
static bool listens(int port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool there = false;
    for (int64_t until = time_mono_ms() + 10000; !there && time_mono_ms() < until;) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        there = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
        close(fd);
        usleep(there ? 0 : 20000);
    }
    return there;
}

START_TEST(a_server_with_the_wrong_certificate_is_not_spoken_to)
{
    char make[600], address[64];
    const char *dir = support_folder();
    if (system("command -v openssl >/dev/null") != 0)
        support_skip("openssl is not installed");
    snprintf(make, sizeof make,
             "cd %s && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout k -out c -days "
             "2 2>/dev/null && "
             "{ openssl s_server -accept 127.0.0.1:%d -key k -cert c -www >/dev/null 2>&1 & echo $! >pid; }",
             dir, 20000 + getpid() % 20000);
    ck_assert_int_eq(system(make), 0);
    ck_assert(listens(20000 + getpid() % 20000));
    snprintf(address, sizeof address, "https://127.0.0.1:%d", 20000 + getpid() % 20000);
    firestore_options o = options(0);
    o.url = address;
    o.token_command = "echo secret-canary";
    err e = failure_of(o, NULL);
    snprintf(make, sizeof make, "kill $(cat %s/pid)", dir);
    ck_assert_int_eq(system(make), 0);
    ck_assert_int_eq(e.kind, ERR_CONNECT);
    ck_assert_msg(strstr(e.text, "certificate") != NULL, "%s", e.text);
    ck_assert_ptr_null(strstr(e.text, "canary"));
    ck_assert_ptr_null(strstr(e.text, "asked")); /* no use in asking again */
}
END_TEST

static char *token_at(const char *dir)
{
    return mem_printf("echo x >>%s/runs; if [ -e %s/second ]; then echo new-token; else touch %s/second; "
                      "echo old-token; fi",
                      dir, dir, dir);
}

START_TEST(a_token_that_has_run_out_is_asked_for_anew_once)
{
    const char *dir = support_folder();
    char *command = token_at(dir), url[64];
    firestore_options o = options(0);
    snprintf(url, sizeof url, "http://%s", standin_host(server));
    fill(10);
    standin_want_token(server, "new-token");
    o.url = url;
    o.token_command = command;
    kit_all all = read_by(o);
    ck_assert_uint_eq(all.n_documents, standin_count(server));
    buf runs = kit_read(dir, "runs");
    ck_assert_str_eq(runs.data, "x\nx\n");
    standin_want_token(server, "none of these");
    err e = failure_of(o, NULL);
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    ck_assert_ptr_null(strstr(e.text, "new-token"));
    buf_done(&runs);
    kit_all_done(&all);
    free(command);
}
END_TEST

START_TEST(a_token_command_that_fails_says_why)
{
    char url[64];
    firestore_options o = options(0);
    snprintf(url, sizeof url, "http://%s", standin_host(server));
    o.url = url;
    o.token_command = "echo 'you are not logged in' >&2; exit 1";
    err e = failure_of(o, NULL);
    ck_assert_ptr_nonnull(strstr(e.text, "the token command failed: you are not logged in"));
    o.token_command = "true";
    e = failure_of(o, NULL);
    ck_assert_ptr_nonnull(strstr(e.text, "printed no token"));
}
END_TEST

START_TEST(nobody_there_is_said_soon)
{
    firestore_options o = options(0);
    o.url = "http://127.0.0.1:1";
    int64_t begun = time_mono_ms();
    err e = failure_of(o, NULL);
    ck_assert_int_eq(e.kind, ERR_CONNECT);
    ck_assert_int_lt(time_mono_ms() - begun, 2000);
}
END_TEST

/* ---- answers taken apart ---- */

START_TEST(names_are_in_firestores_order)
{
    static const char *const order[] = {"a/__id-5__", "a/__id2__", "a/__id10__", "a/A", "a/__id__",
                                        "a/a",        "a/a/b/c",   "a/a!",       "a/b", "b"};
    for (size_t i = 0; i < 10; i++)
        for (size_t k = 0; k < 10; k++) {
            int got = rest_compare_names(order[i], order[k]);
            ck_assert_msg((got > 0) - (got < 0) == (i > k) - (i < k), "%s %s", order[i], order[k]);
        }
}
END_TEST

START_TEST(an_answer_cut_anywhere_gives_nothing_of_itself)
{
    static const char body[] =
        "[{\"document\":{\"name\":\"a/b\",\"fields\":{\"x\":{\"stringValue\":\"]}\\\\\\\"\"}}},"
        "\"readTime\":\"2024-01-01T00:00:00Z\"},{\"readTime\":\"2024-01-01T00:00:00Z\"}]";
    rest_page page = {0};
    rest_refusal r;
    err e = {0};
    ck_assert(rest_page_read(REST_QUERY, body, sizeof body - 1, &page, &r, &e));
    ck_assert_uint_eq(page.n, 1);
    for (size_t n = 0; n < sizeof body - 1; n++) {
        char *cut = mem_strn(body, n);
        ck_assert(!rest_page_read(REST_QUERY, cut, n, &page, &r, &e));
        ck_assert_uint_eq(page.n, 0);
        ck_assert_int_eq(r.code, 0);
        free(cut);
    }
    rest_page_done(&page);
}
END_TEST

START_TEST(a_refusal_is_read_wherever_it_stands)
{
    static const char *const bodies[] = {
        "{\"error\":{\"code\":404,\"message\":\"gone\",\"status\":\"NOT_FOUND\",\"details\":[{}]}}",
        "[{\"error\":{\"code\":404,\"message\":\"gone\",\"status\":\"NOT_FOUND\"}}]",
        "[{\"readTime\":\"2024-01-01T00:00:00Z\"},{\"error\":{\"status\":\"NOT_FOUND\",\"code\":404,"
        "\"message\":\"gone\"}}]"};
    rest_page page = {0};
    rest_refusal r;
    for (int i = 0; i < 3; i++) {
        ck_assert(!rest_page_read(REST_QUERY, bodies[i], strlen(bodies[i]), &page, &r, NULL));
        ck_assert_int_eq(r.code, 404);
        ck_assert_str_eq(r.status, "NOT_FOUND");
        ck_assert_str_eq(r.message, "gone");
    }
    rest_page_done(&page);
}
END_TEST

Suite *firestore_suite(void)
{
    Suite *s = suite_create("firestore");
    TCase *tc = tcase_create("against the stand-in"), *pure = tcase_create("answers");
    tcase_add_checked_fixture(tc, start, finish);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, pages_of_any_size_give_the_same_documents_once_each_in_order);
    tcase_add_test(tc, a_bad_line_costs_time_and_no_document);
    tcase_add_test(tc, a_line_that_stays_bad_is_said_with_its_place);
    tcase_add_test(tc, retry_after_is_waited_for);
    tcase_add_test(tc, a_page_that_comes_again_is_told_and_asked_for_anew);
    tcase_add_test(tc, a_server_that_always_repeats_itself_is_not_believed);
    tcase_add_test(tc, everything_is_read_as_of_one_time_while_others_write);
    tcase_add_test(tc, data_that_changes_under_the_read_time_is_noticed);
    tcase_add_test(tc, counts_that_do_not_agree_are_a_damage);
    tcase_add_test(tc, a_page_token_that_leads_in_a_circle_is_noticed);
    tcase_add_test(tc, ranges_together_give_the_collection_once);
    tcase_add_test(tc, documents_are_got_by_name_each_told_once);
    tcase_add_test(tc, a_commit_is_all_or_nothing_and_minds_its_preconditions);
    tcase_add_test(tc, a_write_whose_answer_is_lost_is_neither_done_nor_failed);
    tcase_add_test(tc, a_broken_document_costs_itself_and_not_its_page);
    tcase_add_test(tc, a_document_of_another_database_is_not_taken);
    tcase_add_test(tc, a_page_that_would_be_too_long_is_asked_for_in_parts);
    tcase_add_test(tc, a_stop_ends_a_request_that_hangs);
    tcase_add_test(tc, a_connection_on_which_nothing_comes_is_given_up);
    tcase_add_test(tc, documents_and_tokens_go_to_no_other_machine_in_clear);
    tcase_add_test(tc, a_server_with_the_wrong_certificate_is_not_spoken_to);
    tcase_add_test(tc, a_token_that_has_run_out_is_asked_for_anew_once);
    tcase_add_test(tc, a_token_command_that_fails_says_why);
    tcase_add_test(tc, nobody_there_is_said_soon);
    suite_add_tcase(s, tc);
    tcase_add_test(pure, names_are_in_firestores_order);
    tcase_add_test(pure, an_answer_cut_anywhere_gives_nothing_of_itself);
    tcase_add_test(pure, a_refusal_is_read_wherever_it_stands);
    suite_add_tcase(s, pure);
    return s;
}
