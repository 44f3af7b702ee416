#include "legacy/file.h"
#include "kit.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char manifest[] =
    "{\"format\":\"showx-file\",\"version\":1,\"project\":\"p\",\"seed\":1,\"scale\":1,"
    "\"created\":\"2026-01-01T00:00:00Z\",\"documents\":2,\"more\":[{\"x\":[1,\"y\",null,true,false]}]}\n";
static const char two[] = "{\"name\":\"c/a\",\"fields\":{},\"updateTime\":\"2026-01-01T00:00:00Z\"}\n"
                          "{\"name\":\"c/b\",\"updateTime\":\"2026-01-01T00:00:00Z\"}\n";

static const char *folder(const char *changes)
{
    const char *dir = support_folder();
    kit_write(dir, "manifest.json", manifest, strlen(manifest));
    kit_write(dir, "documents/c.ndjson", two, strlen(two));
    if (changes)
        kit_write(dir, "changes.ndjson", changes, strlen(changes));
    return dir;
}

#define TIME "\"updateTime\":\"2026-01-01T00:00:00Z\"}"
#define SET(n, id) "{\"seq\":" #n ",\"op\":\"set\",\"name\":\"c/" id "\"," TIME

static void expect(const char *dir, const char *documents, size_t damages, const char *part)
{
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, documents);
    ck_assert_msg(all.n_damages == damages && strstr(all.damages.data, part), "%s", all.damages.data);
    kit_all_done(&all);
}

START_TEST(documents_come_in_file_order_then_the_changes)
{
    const char *dir = folder(SET(
        1,
        "a") "\n{\"seq\":2,\"op\":\"delete\",\"name\":\"c/b\",\"fields\":{\"x\":{\"nullValue\":null}}," TIME
             "\n");
    kit_write(dir, "documents/a.b.ndjson", "{\"name\":\"a/1/b/2\"}", 18); /* no LF: a document all the same */
    kit_write(dir, "documents/.hidden", "x", 1);
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, "a/1/b/2 {}\nc/a {}\nc/b {}\nc/a {}\nc/b {} deleted\n");
    ck_assert_msg(all.n_damages == 1 && strstr(all.damages.data, "count manifest.json"), "%s",
                  all.damages.data);
    kit_all_done(&all);
    legacy *l;
    ck_assert(file_open(dir, &l, NULL));
    ck_assert_int_eq(l->info.said_documents, 2);
    ck_assert_int_eq(l->info.start_us, INT64_C(1767225600000000));
    legacy_close(l);
}
END_TEST

START_TEST(a_bad_line_is_told_with_its_number)
{
    const char *dir = folder(NULL);
    static const char lines[] = "{\"name\":\"c/a\"}\n"
                                "\n"
                                "{\"name\":\"c/a\",\"fields\":{\"x\":{\"integerValue\":\"1.5\"}}}\n"
                                "{\"name\":\"c\"}\n"
                                "{\"name\":\"c/b\"}\r\n"
                                "{\"name\":\"c/c\"";
    kit_write(dir, "documents/c.ndjson", lines, strlen(lines));
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, "c/a {}\nc/b {}\n");
    static const char *const parts[] = {
        "bad_json documents/c.ndjson line 2: documents/c.ndjson, line 2: the line is empty\n",
        "bad_value documents/c.ndjson line 3: documents/c.ndjson, line 3: field x: is an integerValue",
        "bad_key documents/c.ndjson line 4: ", "truncated documents/c.ndjson line 6: ",
        "count manifest.json"};
    for (int i = 0; i < 5; i++)
        ck_assert_msg(strstr(all.damages.data, parts[i]) != NULL, "%s: %s", parts[i], all.damages.data);
    ck_assert_uint_eq(all.n_damages, 5);
    kit_all_done(&all);
}
END_TEST

START_TEST(every_truncation_of_the_change_log_is_told)
{
    static const char changes[] = SET(1, "x") "\n" SET(2, "y") "\n";
    size_t first = strlen(SET(1, "x")) + 1;
    for (size_t n = 0; n <= strlen(changes); n++) {
        const char *dir = folder(NULL);
        kit_write(dir, "changes.ndjson", changes, n);
        bool clean = n == 0 || n == first || n == strlen(changes);
        const char *want = n < first             ? "c/a {}\nc/b {}\n"
                           : n < strlen(changes) ? "c/a {}\nc/b {}\nc/x {}\n"
                                                 : "c/a {}\nc/b {}\nc/x {}\nc/y {}\n";
        expect(dir, want, clean ? 0 : 1, clean ? "" : "truncated changes.ndjson line ");
    }
}
END_TEST

START_TEST(a_writer_after_a_cut_keeps_the_cut_visible)
{
    const char *dir = folder(SET(1, "x") "\n" SET(2, "lost")); /* whole but for its LF: never acknowledged */
    legacy *l;
    err e = {0};
    legacy_document d = {.path = "c/y", .update_us = 5};
    ck_assert(file_open(dir, &l, &e));
    ck_assert_msg(l->write(l, &d, &e), "%s", e.text);
    ck_assert_msg(l->write(l, &d, &e), "%s", e.text);
    legacy_close(l);
    expect(dir, "c/a {}\nc/b {}\nc/x {}\nc/y {}\nc/y {}\n", 1, "truncated changes.ndjson line 2");
    buf log = kit_read(dir, "changes.ndjson");
    ck_assert(strstr(log.data, "#cut\n{\"seq\":2,") != NULL);
    ck_assert(strstr(log.data, "{\"seq\":3,") != NULL);
    buf_done(&log);
}
END_TEST

START_TEST(a_jump_or_a_step_back_in_seq_is_told_beside_the_documents)
{
    expect(folder(SET(1, "x") "\n" SET(3, "y") "\n"), "c/a {}\nc/b {}\nc/x {}\nc/y {}\n", 1,
           "seq 3 follows 1");
    expect(folder(SET(2, "x") "\n"), "c/a {}\nc/b {}\nc/x {}\n", 1, "seq 2 follows 0");
    expect(folder(SET(1, "x") "\n" SET(1, "y") "\n" SET(2, "z") "\n"),
           "c/a {}\nc/b {}\nc/x {}\nc/y {}\nc/z {}\n", 1, "repeats");
    /* a line that cannot be read explains one missing number */
    expect(folder(SET(1, "x") "\nrubbish\n" SET(3, "y") "\n"), "c/a {}\nc/b {}\nc/x {}\nc/y {}\n", 1,
           "bad_json");
}
END_TEST

START_TEST(a_change_needs_all_its_members)
{
    static const char *const bad[][2] = {
        {"{\"op\":\"set\",\"name\":\"c/x\"," TIME, "lacks seq"},
        {"{\"seq\":1,\"name\":\"c/x\"," TIME, "lacks seq"},
        {"{\"seq\":1,\"op\":\"set\",\"name\":\"c/x\"}", "lacks seq"},
        {"{\"seq\":0,\"op\":\"set\",\"name\":\"c/x\"," TIME, "whole number"},
        {"{\"seq\":\"1\",\"op\":\"set\",\"name\":\"c/x\"," TIME, "a number"},
        {"{\"seq\":1,\"op\":\"patch\",\"name\":\"c/x\"," TIME, "neither"},
        {"{\"seq\":1,\"op\":1,\"name\":\"c/x\"," TIME, "a string is missing"},
        {"{\"seq\":1,\"op\":\"set\"," TIME, "no name"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[300];
        snprintf(line, sizeof line, "%s\n", bad[i][0]);
        expect(folder(line), "c/a {}\nc/b {}\n", 1, bad[i][1]);
    }
}
END_TEST

START_TEST(a_line_longer_than_any_document_is_read_past)
{
    const char *dir = folder(NULL);
    buf b;
    buf_init(&b);
    buf_str(&b, "{\"name\":\"c/a\"}\n{\"name\":\"c/long\",\"fields\":{\"t\":{\"stringValue\":\"");
    size_t before = b.len;
    char *fill = malloc(FILE_LINE_MAX);
    memset(fill, 'x', FILE_LINE_MAX);
    buf_add(&b, fill, FILE_LINE_MAX);
    buf_str(&b, "\"}}}\n{\"name\":\"c/b\"}\n");
    kit_write(dir, "documents/c.ndjson", b.data, b.len);
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, "c/a {}\nc/b {}\n");
    ck_assert(strstr(all.damages.data, "too_long documents/c.ndjson line 2") != NULL);
    kit_all_done(&all);
    kit_write(dir, "documents/c.ndjson", b.data, before + FILE_LINE_MAX); /* and without an end */
    all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, "c/a {}\n");
    ck_assert(strstr(all.damages.data, "too_long documents/c.ndjson line 2") != NULL);
    kit_all_done(&all);
    free(fill);
    buf_done(&b);
}
END_TEST

START_TEST(a_document_of_a_megabyte_is_read)
{
    const char *dir = folder(NULL);
    buf b;
    buf_init(&b);
    buf_str(&b, "{\"name\":\"c/a\",\"fields\":{\"l\":{\"arrayValue\":{\"values\":[{\"nullValue\":null}");
    for (int i = 0; i < 1000000; i++)
        buf_str(&b, ",{\"nullValue\":null}");
    buf_str(&b, "]}}}}\n{\"name\":\"c/b\"}\n");
    kit_write(dir, "documents/c.ndjson", b.data, b.len);
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_uint_eq(all.n_documents, 2);
    ck_assert_msg(all.n_damages == 0, "%s", all.damages.data);
    kit_all_done(&all);
    buf_done(&b);
}
END_TEST

START_TEST(what_is_no_documents_file_is_told)
{
    const char *dir = folder(NULL);
    char path[400];
    kit_write(dir, "documents/notes.txt", "x", 1);
    snprintf(path, sizeof path, "%s/documents/pipe.ndjson", dir);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    snprintf(path, sizeof path, "%s/documents/gone.ndjson", dir);
    ck_assert_int_eq(symlink("nowhere", path), 0);
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, "c/a {}\nc/b {}\n");
    ck_assert_uint_eq(all.n_damages, 3);
    ck_assert(strstr(all.damages.data, "unnamed_file documents/notes.txt") != NULL);
    ck_assert(strstr(all.damages.data,
                     "missing_file documents/pipe.ndjson : documents/pipe.ndjson: it is not a file") != NULL);
    ck_assert(strstr(all.damages.data, "missing_file documents/gone.ndjson") != NULL);
    kit_all_done(&all);
}
END_TEST

START_TEST(a_manifest_that_does_not_fit_is_refused)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"format\":\"showx-file\",\"version\":2,\"project\":\"p\"}",
        "{\"format\":\"other\",\"version\":1,\"project\":\"p\"}",
        "{\"format\":\"showx-file\",\"version\":1}",
        "{\"format\":\"showx-file\",\"version\":1,\"project\":\"\"}",
        "{\"format\":\"showx-file\",\"version\":1,\"project\":\"a/b\"}",
        "{\"format\":\"showx-file\",\"version\":1,\"project\":\"p\",\"created\":\"x\"}",
        "{\"format\":\"showx-file\",\"version\":\"1\",\"project\":\"p\"}",
        "{\"format\":5}",
        "{\"x\":[[1 2]]}",
        "{\"x\":tru}",
        "{\"format\":\"showx-file\",\"version\":1,\"project\":\"p\"} x"};
    const char *dir = folder(NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        legacy *l;
        err e = {0};
        kit_write(dir, "manifest.json", bad[i], strlen(bad[i]));
        ck_assert_msg(!file_open(dir, &l, &e), "%s", bad[i]);
        ck_assert_int_eq(e.kind, ERR_INPUT);
        ck_assert(strstr(e.text, "manifest.json: ") != NULL);
    }
    buf deep;
    buf_init(&deep);
    buf_str(&deep, "{\"x\":");
    for (int i = 0; i < 100000; i++)
        buf_char(&deep, '[');
    legacy *l;
    err e = {0};
    kit_write(dir, "manifest.json", deep.data, deep.len);
    ck_assert(!file_open(dir, &l, &e));
    ck_assert(strstr(e.text, "nested too deeply") != NULL);
    buf_done(&deep);
}
END_TEST

START_TEST(a_change_that_cannot_be_read_back_is_never_written)
{
    const char *dir = folder(NULL);
    const legacy_document bad[] = {
        {.path = NULL, .update_us = 1},
        {.path = "c", .update_us = 1},
        {.path = "c/x"},
        {.path = "c/x", .update_us = INT64_MAX},
        {.path = "c/x", .update_us = 1, .create_us = INT64_MIN},
        {.path = "c/x", .update_us = 1, .fields = "{\"a\":1}", .fields_len = 7},
        {.path = "c/x", .update_us = 1, .fields = "", .fields_len = 0},
    };
    legacy *l;
    ck_assert(file_open(dir, &l, NULL));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err e = {0};
        ck_assert_msg(!l->write(l, &bad[i], &e), "%zu", i);
        ck_assert(*e.text);
    }
    legacy_close(l);
    expect(dir, "c/a {}\nc/b {}\n", 0, "");
}
END_TEST

START_TEST(a_change_is_one_line_whatever_its_fields_look_like)
{
    const char *dir = folder(NULL);
    static const char fields[] = "{\n \"a\" : { \"stringValue\" : \"x\\ny\" }\n}";
    legacy_document d = {.prefix = "projects/q/databases/(default)/documents",
                         .path = "c/x",
                         .fields = fields,
                         .fields_len = strlen(fields),
                         .create_us = 1000000,
                         .update_us = 2500000};
    legacy *l;
    ck_assert(file_open(dir, &l, NULL));
    ck_assert(l->write(l, &d, NULL));
    legacy_close(l);
    buf log = kit_read(dir, "changes.ndjson");
    ck_assert_str_eq(log.data,
                     "{\"seq\":1,\"op\":\"set\",\"name\":\"projects/q/databases/(default)/documents/c/x\","
                     "\"fields\":{\"a\":{\"stringValue\":\"x\\ny\"}},\"createTime\":\"1970-01-01T00:00:01Z\","
                     "\"updateTime\":\"1970-01-01T00:00:02.500Z\"}\n");
    buf_done(&log);
}
END_TEST

typedef struct writer {
    const char *dir;
    int n;
} writer;

static void *write_many(void *arg)
{
    writer *w = arg;
    legacy *l;
    if (!file_open(w->dir, &l, NULL))
        return NULL;
    for (int i = 0; i < 50; i++) {
        legacy_document d = {.path = "c/w", .update_us = i + 1};
        w->n += l->write(l, &d, NULL);
    }
    legacy_close(l);
    return NULL;
}

START_TEST(writers_at_once_lose_and_double_nothing)
{
    const char *dir = folder(NULL);
    pthread_t threads[4];
    writer writers[4];
    for (int i = 0; i < 4; i++) {
        writers[i] = (writer){.dir = dir};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(writers[i].n, 50);
    }
    kit_all all = kit_read_all(file_open, dir); /* the seqs are 1 to 200, or there were damages */
    ck_assert_uint_eq(all.n_documents, 202);
    ck_assert_msg(all.n_damages == 0, "%s", all.damages.data);
    kit_all_done(&all);
}
END_TEST

START_TEST(the_last_seq_is_found_behind_a_long_bad_tail)
{
    const char *dir = folder(NULL);
    buf b;
    buf_init(&b);
    buf_str(&b, SET(1, "x") "\n");
    for (int i = 0; i < 30000; i++) /* more than the piece read at first */
        buf_str(&b, "rubbish\n");
    kit_write(dir, "changes.ndjson", b.data, b.len);
    legacy *l;
    legacy_document d = {.path = "c/y", .update_us = 5};
    ck_assert(file_open(dir, &l, NULL));
    ck_assert(l->write(l, &d, NULL));
    legacy_close(l);
    kit_all all = kit_read_all(file_open, dir);
    ck_assert_str_eq(all.documents.data, "c/a {}\nc/b {}\nc/x {}\nc/y {}\n");
    ck_assert_uint_eq(all.n_damages, 30000);
    kit_all_done(&all);
    buf_done(&b);
}
END_TEST

START_TEST(a_full_disk_leaves_no_half_line)
{
    const char *dir = folder(NULL);
    buf b;
    legacy *l;
    err e = {0};
    buf_init(&b);
    buf_str(&b, "{\"t\":{\"stringValue\":\"");
    for (int i = 0; i < 5000; i++)
        buf_char(&b, 'x');
    buf_str(&b, "\"}}");
    legacy_document d = {.path = "c/y", .update_us = 5},
                    big = {.path = "c/z", .fields = b.data, .fields_len = b.len, .update_us = 6};
    ck_assert(file_open(dir, &l, NULL));
    ck_assert(l->write(l, &d, NULL));
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {.rlim_cur = 2000, .rlim_max = RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit),
                     0); /* the file may grow to here: a short write, as on a full disk */
    bool wrote = l->write(l, &big, &e);
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(!wrote);
    ck_assert_msg(strstr(e.text, "full") != NULL, "%s", e.text);
    ck_assert(l->write(l, &d, NULL));
    legacy_close(l);
    expect(dir, "c/a {}\nc/b {}\nc/y {}\nc/y {}\n", 0, "");
    buf_done(&b);
}
END_TEST

START_TEST(a_log_that_is_no_file_is_not_written)
{
    const char *dir = folder(NULL);
    char path[400];
    legacy *l;
    err e = {0};
    legacy_document d = {.path = "c/y", .update_us = 5};
    snprintf(path, sizeof path, "%s/changes.ndjson", dir);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert(file_open(dir, &l, NULL));
    ck_assert(!l->write(l, &d, &e));
    legacy_close(l);
    expect(dir, "c/a {}\nc/b {}\n", 1, "changes.ndjson: it is not a file");
    rmdir(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert(file_open(dir, &l, NULL));
    ck_assert(!l->write(l, &d, &e));
    ck_assert_int_eq(e.kind, ERR_REFUSED);
    legacy_close(l);
}
END_TEST

/* Another writer, in the middle of its line while we read: it holds the lock, so the line is not cut. */
static void *finish_line(void *arg)
{
    int fd = *(int *)arg;
    static const char rest[] = ",\"name\":\"c/w\"," TIME "\n";
    usleep(30000);
    if (write(fd, rest, strlen(rest)) < 0)
        return NULL;
    flock(fd, LOCK_UN);
    return NULL;
}

START_TEST(a_line_still_being_written_is_waited_for)
{
    const char *dir = folder("{\"seq\":1,\"op\":\"set\"");
    char path[400];
    pthread_t thread;
    snprintf(path, sizeof path, "%s/changes.ndjson", dir);
    int fd = open(path, O_WRONLY | O_APPEND);
    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    pthread_create(&thread, NULL, finish_line, &fd);
    expect(dir, "c/a {}\nc/b {}\nc/w {}\n", 0, "");
    pthread_join(thread, NULL);
    close(fd);
}
END_TEST

Suite *file_suite(void)
{
    Suite *s = suite_create("file");
    TCase *tc = tcase_create("file");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, documents_come_in_file_order_then_the_changes);
    tcase_add_test(tc, a_bad_line_is_told_with_its_number);
    tcase_add_test(tc, every_truncation_of_the_change_log_is_told);
    tcase_add_test(tc, a_writer_after_a_cut_keeps_the_cut_visible);
    tcase_add_test(tc, a_jump_or_a_step_back_in_seq_is_told_beside_the_documents);
    tcase_add_test(tc, a_change_needs_all_its_members);
    tcase_add_test(tc, a_line_longer_than_any_document_is_read_past);
    tcase_add_test(tc, a_document_of_a_megabyte_is_read);
    tcase_add_test(tc, what_is_no_documents_file_is_told);
    tcase_add_test(tc, a_manifest_that_does_not_fit_is_refused);
    tcase_add_test(tc, a_change_that_cannot_be_read_back_is_never_written);
    tcase_add_test(tc, a_change_is_one_line_whatever_its_fields_look_like);
    tcase_add_test(tc, writers_at_once_lose_and_double_nothing);
    tcase_add_test(tc, the_last_seq_is_found_behind_a_long_bad_tail);
    tcase_add_test(tc, a_full_disk_leaves_no_half_line);
    tcase_add_test(tc, a_log_that_is_no_file_is_not_written);
    tcase_add_test(tc, a_line_still_being_written_is_waited_for);
    suite_add_tcase(s, tc);
    return s;
}
