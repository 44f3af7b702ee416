#include "base/mem.h"
#include "base/path.h"
#include "demo/demo.h"
#include "suites.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static demo_planted make(const char *dir, uint64_t seed, double scale)
{
    demo_planted planted;
    demo_spec spec = {dir, seed, scale, NULL};
    err e = {0};
    ck_assert_msg(demo_generate(&spec, (demo_progress){0}, &planted, NULL, &e), "%s", e.text);
    return planted;
}

static char *sub(const char *dir, const char *name)
{
    char *path = path_join(dir, name);
    return path;
}

static char *model_file(const char *dir, int m)
{
    char *path = mem_printf("%s/documents/%s.ndjson", dir, mess_model_collection((mess_model)m));
    char *slash = strchr(path + strlen(dir) + strlen("/documents/"), '/');
    if (slash)
        *slash = '.';
    return path;
}

static void read_all(const char *path, buf *out)
{
    err e = {0};
    buf_clear(out);
    ck_assert_msg(path_read(path, 1u << 30, out, &e), "%s", e.text);
}

static bool same(const char *a, const char *b)
{
    buf x, y;
    buf_init(&x);
    buf_init(&y);
    read_all(a, &x);
    read_all(b, &y);
    bool equal = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
    buf_done(&x);
    buf_done(&y);
    return equal;
}

static int differing(const char *a, const char *b)
{
    static const char *const names[] = {"changes.ndjson", "planted.json", "manifest.json"};
    int n = 0;
    for (int m = 0; m < MODEL_COUNT; m++) {
        char *x = model_file(a, m), *y = model_file(b, m);
        n += !same(x, y);
        free(x);
        free(y);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *x = sub(a, names[i]), *y = sub(b, names[i]);
        n += !same(x, y);
        free(x);
        free(y);
    }
    return n;
}

START_TEST(the_same_seed_gives_the_same_bytes)
{
    const char *a = support_folder(), *b = support_folder();
    make(a, 7, 0.05);
    make(b, 7, 0.05);
    ck_assert_int_eq(differing(a, b), 0);
}
END_TEST

START_TEST(another_seed_gives_another_database)
{
    const char *a = support_folder(), *b = support_folder();
    make(a, 7, 0.05);
    make(b, 8, 0.05);
    ck_assert_int_eq(differing(a, b), MODEL_COUNT + 3);
}
END_TEST

START_TEST(every_document_is_projected_quarantined_or_a_tombstone)
{
    demo_planted p = make(support_folder(), support_seed(1), 0.5);
    int64_t blocking[MODEL_COUNT] = {0}, warning[MODEL_COUNT] = {0};
    for (int k = 0; k < MESS_COUNT; k++) {
        if (mess_kinds[k].severity == MESS_BLOCKING)
            blocking[mess_kinds[k].model] += p.kinds[k];
        if (mess_kinds[k].severity == MESS_WARNING)
            warning[mess_kinds[k].model] += p.kinds[k];
    }
    for (int m = 0; m < MODEL_COUNT; m++) {
        ck_assert_int_gt(p.models[m].documents, 0);
        ck_assert_int_eq(p.models[m].documents,
                         p.models[m].projected + p.models[m].quarantined + p.models[m].tombstones);
        ck_assert_int_eq(p.models[m].quarantined, blocking[m]);
        ck_assert_int_eq(p.models[m].warnings, warning[m]);
    }
}
END_TEST

START_TEST(a_scale_of_one_is_as_large_as_it_says)
{
    demo_planted p = make(support_folder(), 1, 1);
    ck_assert_int_eq(p.models[MODEL_CITIES].documents, 600);
    ck_assert_int_eq(p.models[MODEL_ARTISTS].documents, 300);
    ck_assert_int_eq(p.models[MODEL_VENUES].documents, 400);
    ck_assert_int_eq(p.models[MODEL_FANS].documents, 20000);
    ck_assert_int_eq(p.models[MODEL_CONCERTS].documents, 3000);
    ck_assert_int_eq(p.models[MODEL_ORDERS].documents, 60000);
    ck_assert_int_ge(p.models[MODEL_BOOKINGS].documents, 4000);
    ck_assert_int_ge(p.models[MODEL_FOLLOWS].documents, 35000);
    ck_assert_int_ge(p.models[MODEL_TICKET_TYPES].documents, 7000);
    ck_assert_int_ge(p.models[MODEL_TOURS].documents, 100);
}
END_TEST

/* Reads a file line by line; each must be an object with a name and times. Its name goes into `names`. */
static int64_t check_lines(const char *path, bool changes, json_t *names, json_t *gone)
{
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "%s", path);
    char *line = NULL;
    size_t room = 0;
    int64_t n = 0;
    for (ssize_t len; (len = getline(&line, &room, f)) > 0; n++) {
        json_error_t why;
        json_t *o = json_loadb(line, (size_t)len, JSON_REJECT_DUPLICATES, &why);
        ck_assert_msg(o != NULL, "%s line %lld: %s", path, (long long)n + 1, why.text);
        ck_assert_int_eq(line[len - 1], '\n');
        const char *name = json_string_value(json_object_get(o, "name"));
        const char *op = json_string_value(json_object_get(o, "op"));
        ck_assert_ptr_nonnull(name);
        ck_assert_ptr_nonnull(strstr(name, "projects/showx-demo/databases/(default)/documents/"));
        ck_assert(json_is_string(json_object_get(o, "updateTime")));
        if (changes)
            ck_assert_int_eq(json_integer_value(json_object_get(o, "seq")), n + 1);
        else
            ck_assert_msg(json_object_get(names, name) == NULL, "%s is there twice", name);
        if (op && strcmp(op, "delete") == 0)
            json_object_set_new(gone, name, json_true());
        else
            ck_assert(json_is_object(json_object_get(o, "fields")));
        json_object_set_new(names, name, json_true());
        json_decref(o);
    }
    free(line);
    fclose(f);
    return n;
}

START_TEST(every_line_is_a_document_and_paths_are_as_many_as_planted)
{
    const char *dir = support_folder();
    demo_planted p = make(dir, support_seed(3), 0.1);
    json_t *names = json_object(), *gone = json_object();
    int64_t lines = 0, documents = 0, tombstones = 0;
    for (int m = 0; m < MODEL_COUNT; m++) {
        char *path = model_file(dir, m);
        lines += check_lines(path, false, names, gone);
        documents += p.models[m].documents;
        tombstones += p.models[m].tombstones;
        free(path);
    }
    char *changes = sub(dir, "changes.ndjson");
    ck_assert_int_eq(check_lines(changes, true, names, gone), p.changes);
    ck_assert_int_eq(lines, p.lines);
    ck_assert_int_eq((int64_t)json_object_size(names), documents);
    ck_assert_int_eq((int64_t)json_object_size(gone), tombstones);
    free(changes);
    json_decref(names);
    json_decref(gone);
}
END_TEST

START_TEST(two_fans_share_an_address_only_where_planted)
{
    const char *dir = support_folder();
    demo_planted p = make(dir, support_seed(5), 0.5);
    char *path = model_file(dir, MODEL_FANS);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    json_t *seen = json_object();
    char *line = NULL;
    size_t room = 0;
    int64_t twice = 0;
    while (getline(&line, &room, f) > 0) {
        static const char *const keys[] = {"email", "mail"};
        json_t *o = json_loads(line, 0, NULL);
        for (int i = 0; i < 2; i++) {
            json_t *v =
                json_object_get(json_object_get(json_object_get(o, "fields"), keys[i]), "stringValue");
            char key[128] = "";
            for (const char *c = json_is_string(v) ? json_string_value(v) : ""; *c && strlen(key) < 120; c++)
                if (*c != ' ')
                    key[strlen(key)] = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
            if (strchr(key, '.')) {
                twice += json_object_get(seen, key) != NULL && strstr(key, "@example.") && key[0] != '@' &&
                         !strstr(key, "@@");
                json_object_set_new(seen, key, json_true());
            }
        }
        json_decref(o);
    }
    /* Those of the folder: a double that is deleted, late or changed is counted otherwise. */
    ck_assert_int_gt(twice, 0);
    ck_assert_int_le(llabs(twice - p.kinds[FAN_DUPLICATE]), 6);
    free(line);
    fclose(f);
    free(path);
    json_decref(seen);
}
END_TEST

START_TEST(a_tiny_and_a_wrong_scale_are_told_apart)
{
    demo_planted p;
    err e = {0};
    const char *dir = support_folder();
    demo_spec tiny = {dir, 1, 0.02, NULL}, none = {dir, 1, 0, NULL}, never = {dir, 1, 0.02, "yesterday"};
    ck_assert(demo_generate(&tiny, (demo_progress){0}, &p, NULL, &e));
    ck_assert_int_eq(p.models[MODEL_FANS].documents, 400);
    ck_assert(!demo_generate(&none, (demo_progress){0}, &p, NULL, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert(!demo_generate(&never, (demo_progress){0}, &p, NULL, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "today"));
}
END_TEST

START_TEST(a_stopped_generator_leaves_no_manifest)
{
    const char *dir = support_folder();
    demo_spec spec = {dir, 1, 0.1, NULL};
    err e = {0};
    stop s;
    ck_assert(stop_init(&s, 0, &e));
    stop_ask(&s);
    ck_assert(!demo_generate(&spec, (demo_progress){0}, NULL, &s, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    char *manifest = sub(dir, "manifest.json");
    buf b;
    buf_init(&b);
    ck_assert(!path_read(manifest, 1000, &b, NULL));
    buf_done(&b);
    free(manifest);
    stop_done(&s);
}
END_TEST

Suite *generate_suite(void)
{
    Suite *s = suite_create("generate");
    TCase *tc = tcase_create("generate");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, the_same_seed_gives_the_same_bytes);
    tcase_add_test(tc, another_seed_gives_another_database);
    tcase_add_test(tc, every_document_is_projected_quarantined_or_a_tombstone);
    tcase_add_test(tc, a_scale_of_one_is_as_large_as_it_says);
    tcase_add_test(tc, every_line_is_a_document_and_paths_are_as_many_as_planted);
    tcase_add_test(tc, two_fans_share_an_address_only_where_planted);
    tcase_add_test(tc, a_tiny_and_a_wrong_scale_are_told_apart);
    tcase_add_test(tc, a_stopped_generator_leaves_no_manifest);
    suite_add_tcase(s, tc);
    return s;
}
