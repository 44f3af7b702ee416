/* What every source promises, run on each. */
#include "kit.h"
#include "support/standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct adapter {
    const char *word;
    /* c/d0 ... and one in a sub-collection; what stands behind the word, the test's to free() */
    char *(*make)(const char *dir, int documents, bool damaged);
    const char *project; /* as in its documents' names: a json: file knows none */
    bool folder;         /* it is one, and is known by what it holds */
    bool writable, deletes_stay;
} adapter;

static void export_document(buf *file, const char *path, int64_t n)
{
    buf e, v;
    buf_init(&e);
    buf_init(&v);
    kit_key(&e, "dev~p", NULL, NULL, path);
    kit_int(&v, 1, n);
    kit_property(&e, 15, 0, "n", false, &v);
    kit_record(file, e.data, e.len);
    buf_done(&e);
    buf_done(&v);
}

static char *make_export(const char *dir, int documents, bool damaged)
{
    buf file;
    char path[32];
    buf_init(&file);
    for (int i = 0; i < documents; i++) {
        snprintf(path, sizeof path, "c/d%d", i);
        export_document(&file, path, i);
    }
    if (damaged)
        kit_record(&file, "\xff", 1);
    export_document(&file, "c/d0/s/x", -1);
    kit_export(dir, &file, -1, -1);
    buf_done(&file);
    return strdup(dir);
}

static char *make_file(const char *dir, int documents, bool damaged)
{
    buf file;
    static const char manifest[] = "{\"format\":\"showx-file\",\"version\":1,\"project\":\"p\"}";
    buf_init(&file);
    kit_write(dir, "manifest.json", manifest, strlen(manifest));
    for (int i = 0; i < documents; i++)
        buf_printf(&file, "{\"name\":\"c/d%d\",\"fields\":{\"n\":{\"integerValue\":\"%d\"}}}\n", i, i);
    if (damaged)
        buf_str(&file, "nonsense\n");
    kit_write(dir, "documents/c.ndjson", file.data, file.len);
    buf_clear(&file);
    buf_str(&file, "{\"name\":\"projects/p/databases/(default)/documents/c/d0/s/"
                   "x\",\"fields\":{\"n\":{\"integerValue\":\"-1\"}}}\n");
    kit_write(dir, "documents/c.s.ndjson", file.data, file.len);
    buf_done(&file);
    return strdup(dir);
}

static char *make_json(const char *dir, int documents, bool damaged)
{
    buf file;
    char *name = NULL;
    buf_init(&file);
    buf_str(&file, "{\"__collections__\":{\"c\":{\n");
    for (int i = 0; i < documents; i++)
        buf_printf(&file, "%s\"d%d\":{\"n\":%d,\"__collections__\":%s}\n", i ? "," : "", i, i,
                   i ? "{}" : "{\"s\":{\"x\":{\"n\":-1,\"__collections__\":{}}}}");
    if (damaged)
        buf_str(&file, ",\"broken\":\"nonsense\"\n");
    buf_str(&file, "}}}");
    kit_write(dir, "dump.json", file.data, file.len);
    buf_done(&file);
    ck_assert_int_gt(asprintf(&name, "%s/dump.json", dir), 0);
    return name;
}

static char *make_firestore(const char *dir, int documents, bool damaged)
{
    static standin *server;
    char path[32], fields[64];
    (void)dir;
    standin_stop(server);
    server = standin_start("p");
    setenv("FIRESTORE_EMULATOR_HOST", standin_host(server), 1);
    for (int i = 0; i < documents; i++) {
        snprintf(path, sizeof path, "c/d%d", i);
        snprintf(fields, sizeof fields, "{\"n\":{\"integerValue\":\"%d\"}}", i);
        standin_put(server, path, fields);
    }
    if (damaged)
        standin_put_raw(
            server, "c/e",
            "{\"name\":\"projects/p/databases/(default)/documents/c/e\",\"fields\":{\"nonsense\":1}}");
    standin_put(server, "c/d0/s/x", "{\"n\":{\"integerValue\":\"-1\"}}");
    return strdup("p");
}

static const adapter adapters[] = {{"export", make_export, "p", true, false, false},
                                   {"file", make_file, "p", true, true, true},
                                   {"json", make_json, "-", false, false, false},
                                   {"firestore", make_firestore, "p", false, true, false}};
enum { ADAPTERS = 4 };

static legacy *opened(const adapter *a, int documents, bool damaged, char source[400])
{
    legacy *l = NULL;
    err e = {0};
    char *behind = a->make(support_folder(), documents, damaged);
    snprintf(source, 400, "%s:%s", a->word, behind);
    free(behind);
    ck_assert_msg(legacy_open(source, &l, &e), "%s", e.text);
    return l;
}

START_TEST(every_document_comes_once_with_all_its_parts)
{
    char source[400];
    legacy *l = opened(&adapters[_i], 100, false, source);
    legacy_document d;
    legacy_damage g;
    bool seen[100] = {false};
    size_t n = 0, inner = 0;
    ck_assert_str_eq(l->kind, adapters[_i].word);
    ck_assert_str_eq(l->info.source, source);
    while (l->next(l, &d, &g, NULL, NULL) == LEGACY_DOCUMENT) {
        n++;
        char prefix[64];
        snprintf(prefix, sizeof prefix, "projects/%s/databases/(default)/documents", adapters[_i].project);
        ck_assert_str_eq(d.prefix, prefix);
        ck_assert(!d.deleted && *d.file && *d.place);
        ck_assert_uint_eq(strlen(d.fields), d.fields_len);
        char want[64];
        if (d.parent) {
            inner++;
            ck_assert_str_eq(d.parent, "c/d0");
            ck_assert_str_eq(d.path, "c/d0/s/x");
            ck_assert_str_eq(d.collection, "c/s");
            ck_assert_str_eq(d.id, "x");
            ck_assert_str_eq(d.fields, "{\"n\":{\"integerValue\":\"-1\"}}");
            continue;
        }
        int i = atoi(d.id + 1);
        ck_assert(i >= 0 && i < 100 && !seen[i]);
        seen[i] = true;
        ck_assert_str_eq(d.collection, "c");
        snprintf(want, sizeof want, "c/d%d", i);
        ck_assert_str_eq(d.path, want);
        ck_assert_str_eq(d.id, want + 2);
        snprintf(want, sizeof want, "{\"n\":{\"integerValue\":\"%d\"}}", i);
        ck_assert_str_eq(d.fields, want);
    }
    ck_assert_uint_eq(n, 101);
    ck_assert_uint_eq(inner, 1);
    for (int again = 0; again < 3; again++)
        ck_assert_int_eq(l->next(l, &d, &g, NULL, NULL), LEGACY_END);
    legacy_close(l);
}
END_TEST

START_TEST(damage_is_located_and_reading_goes_on_behind_it)
{
    char source[400];
    legacy *l = opened(&adapters[_i], 5, true, source);
    legacy_document d;
    legacy_damage g;
    legacy_got got;
    size_t documents = 0, damages = 0;
    while ((got = l->next(l, &d, &g, NULL, NULL)) != LEGACY_END) {
        documents += got == LEGACY_DOCUMENT;
        if (got != LEGACY_DAMAGE)
            continue;
        damages++;
        ck_assert_uint_gt(g.raw_len, 0);
        ck_assert(memcmp(g.raw, "\xff", 1) == 0 || memmem(g.raw, g.raw_len, "nonsense", 8));
        ck_assert(*g.place && strstr(g.sentence, g.place) && strstr(g.sentence, g.file));
    }
    ck_assert_uint_eq(documents, 6);
    ck_assert_uint_eq(damages, 1);
    legacy_close(l);
}
END_TEST

START_TEST(a_stop_ends_reading_at_once)
{
    char source[400];
    legacy *l = opened(&adapters[_i], 1000, false, source);
    legacy_document d;
    legacy_damage g;
    err e = {0};
    stop s;
    ck_assert(stop_init(&s, 0, &e));
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(l->next(l, &d, &g, &s, &e), LEGACY_DOCUMENT);
    stop_ask(&s);
    int more = 0;
    while (l->next(l, &d, &g, &s, &e) == LEGACY_DOCUMENT)
        more++;
    ck_assert_int_lt(more, 100);
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    stop_done(&s);
    legacy_close(l); /* in the middle: nothing is left behind */
}
END_TEST

START_TEST(two_readers_do_not_meet)
{
    char source[400];
    legacy *a = opened(&adapters[_i], 10, false, source), *b;
    legacy_document da, db;
    legacy_damage g;
    ck_assert(legacy_open(source, &b, NULL));
    for (int i = 0; i < 11; i++) {
        ck_assert_int_eq(a->next(a, &da, &g, NULL, NULL), LEGACY_DOCUMENT);
        ck_assert_int_eq(b->next(b, &db, &g, NULL, NULL), LEGACY_DOCUMENT);
        ck_assert_str_eq(da.path, db.path);
        ck_assert_ptr_ne(da.path, db.path);
    }
    legacy_close(a);
    legacy_close(b);
}
END_TEST

START_TEST(what_is_written_is_read_back)
{
    char source[400];
    legacy *l = opened(&adapters[_i], 1, false, source);
    ck_assert_int_eq(l->write != NULL, adapters[_i].writable);
    if (l->write) {
        legacy_document d = {
            .path = "c/new", .fields = "{\"a\":{\"booleanValue\":true}}", .fields_len = 27, .update_us = 7};
        legacy_document gone = {.path = "c/d0", .deleted = true}, first;
        legacy_damage g;
        err e = {0};
        ck_assert_int_eq(l->next(l, &first, &g, NULL, &e), LEGACY_DOCUMENT);
        gone.update_us = first.update_us ? first.update_us : 9; /* a delete carries its document's time */
        ck_assert_msg(l->write(l, &d, &e), "%s", e.text);
        ck_assert_msg(l->write(l, &gone, &e), "%s", e.text);
        kit_all all = kit_read_all(legacy_open, source);
        ck_assert(strstr(all.documents.data, "c/new {\"a\":{\"booleanValue\":true}}\n") != NULL);
        ck_assert((strstr(all.documents.data, "c/d0 {} deleted\n") != NULL) == adapters[_i].deletes_stay);
        ck_assert((strstr(all.documents.data, "c/d0 {\"n\"") != NULL) == adapters[_i].deletes_stay);
        ck_assert_uint_eq(all.n_damages, 0);
        kit_all_done(&all);
    }
    legacy_close(l);
}
END_TEST

START_TEST(a_folder_is_known_by_what_it_holds)
{
    char source[400];
    if (!adapters[_i].folder)
        return;
    legacy *l = opened(&adapters[_i], 1, false, source), *m;
    ck_assert(legacy_open(strchr(source, ':') + 1, &m, NULL));
    ck_assert_str_eq(m->kind, adapters[_i].word);
    legacy_close(l);
    legacy_close(m);
    legacy_close(NULL);
}
END_TEST

START_TEST(what_cannot_be_opened_gets_one_sentence)
{
    legacy *l = NULL;
    err e = {0};
    char source[400];
    if (strcmp(adapters[_i].word, "firestore") != 0) {
        snprintf(source, sizeof source, "%s:/nowhere/at/all", adapters[_i].word);
        ck_assert(!legacy_open(source, &l, &e));
        ck_assert_int_eq(e.kind, ERR_MISSING);
        ck_assert(strstr(e.text, "/nowhere/at/all") != NULL);
    }
    snprintf(source, sizeof source, "%s:%s", adapters[_i].word, support_folder()); /* there, but empty */
    ck_assert(!legacy_open(source, &l, &e));
    ck_assert_int_eq(e.kind, adapters[_i].folder ? ERR_MISSING : ERR_USAGE);
    snprintf(source, sizeof source, "%s:", adapters[_i].word);
    ck_assert(!legacy_open(source, &l, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert(!legacy_open("tape:/dev/null", &l, &e));
    ck_assert(strstr(e.text, "\"tape:\"") != NULL);
    ck_assert(!legacy_open("/dev/null", &l, &e));
    ck_assert(strstr(e.text, "not a folder") != NULL);
    ck_assert(!legacy_open(support_folder(), &l, &e));
    ck_assert(strstr(e.text, "neither") != NULL);
    ck_assert_ptr_null(l);
}
END_TEST

Suite *contract_suite(void)
{
    Suite *s = suite_create("contract");
    TCase *tc = tcase_create("every source");
    tcase_add_loop_test(tc, every_document_comes_once_with_all_its_parts, 0, ADAPTERS);
    tcase_add_loop_test(tc, damage_is_located_and_reading_goes_on_behind_it, 0, ADAPTERS);
    tcase_add_loop_test(tc, a_stop_ends_reading_at_once, 0, ADAPTERS);
    tcase_add_loop_test(tc, two_readers_do_not_meet, 0, ADAPTERS);
    tcase_add_loop_test(tc, what_is_written_is_read_back, 0, ADAPTERS);
    tcase_add_loop_test(tc, a_folder_is_known_by_what_it_holds, 0, ADAPTERS);
    tcase_add_loop_test(tc, what_cannot_be_opened_gets_one_sentence, 0, ADAPTERS);
    suite_add_tcase(s, tc);
    return s;
}
