/* From documents to rows: what was planted comes out, counted; a real export comes in whole; a damaged one
 * says where. */
#include "e2e/read.h"
#include "e2e/suites.h"

#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "demo/demo.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- planted and found ---- */

static json_t *planted_in(const char *dir)
{
    char *file = drive_keep(mem_printf("%s/planted.json", dir));
    json_t *planted = json_load_file(file, 0, NULL);
    ck_assert_msg(planted != NULL, "%s does not read", file);
    return planted;
}

static const json_t *row_of(const json_t *rows, const char *model)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (strcmp(str_of(row, "model"), model) == 0)
            return row;
    }
    ck_abort_msg("no row for the model %s", model);
    return NULL;
}

/* The status of the database at `where` is what DIR/planted.json says, model by model. */
static void assert_as_planted(const char *where, const char *dir)
{
    static const char *const figures[] = {"documents", "projected", "quarantined", "tombstones", "warnings"};
    const outcome *o = showx("migrate", "status", "--json", "-d", where);
    ck_assert_msg(o->code == 0, "%s", o->messages);
    json_t *found = read_json_lines(o->out, o->nout), *planted = planted_in(dir), *model;
    const json_t *models = json_object_get(planted, "models");
    size_t i;
    ck_assert_uint_eq(json_array_size(found), json_array_size(models));
    ck_assert_uint_eq(json_array_size(models), 10);
    json_array_foreach(models, i, model)
    {
        const char *name = str_of(model, "model");
        const json_t *row = row_of(found, name);
        for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
            ck_assert_msg(int_of(row, figures[k]) == int_of(model, figures[k]), "%s: %lld %s, planted %lld",
                          name, (long long)int_of(row, figures[k]), figures[k],
                          (long long)int_of(model, figures[k]));
        ck_assert_msg(int_of(row, "documents") ==
                          int_of(row, "projected") + int_of(row, "quarantined") + int_of(row, "tombstones"),
                      "%s: a document is in no state, or in two", name);
    }
    json_decref(found);
    json_decref(planted);
}

/* Open issues by model, code and severity are the kinds of mess that were planted, no more, no less. */
static void assert_issues_as_planted(const char *where, const char *dir)
{
    json_t *planted = planted_in(dir), *sums = json_object(), *kind, *sum;
    const char *key;
    size_t i;
    buf lines;
    buf_init(&lines);
    json_array_foreach(json_object_get(planted, "kinds"), i, kind)
    {
        if (strcmp(str_of(kind, "severity"), "none") == 0 || int_of(kind, "count") == 0)
            continue;
        char *name = drive_keep(
            mem_printf("%s|%s|%s", str_of(kind, "model"), str_of(kind, "code"), str_of(kind, "severity")));
        int64_t so_far = json_integer_value(json_object_get(sums, name));
        json_object_set_new(sums, name, json_integer(so_far + int_of(kind, "count")));
    }
    ck_assert_uint_gt(json_object_size(sums), 20);
    char *found =
        sql_as(where, "select model, code, severity, count(*) from migration.issue where state = 'open'"
                      " group by 1, 2, 3 order by 1, 2, 3");
    size_t nfound = 0;
    for (char *save = NULL, *line = strtok_r(found, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *count = strrchr(line, '|');
        *count++ = '\0';
        ck_assert_msg(json_integer_value(json_object_get(sums, line)) == strtoll(count, NULL, 10),
                      "%s: %s open, planted %lld", line, count,
                      (long long)json_integer_value(json_object_get(sums, line)));
        nfound++;
    }
    json_object_foreach(sums, key, sum) buf_printf(&lines, "%s ", key);
    ck_assert_msg(nfound == json_object_size(sums), "%zu kinds of issue, planted %s", nfound, lines.data);
    buf_done(&lines);
    json_decref(sums);
    json_decref(planted);
}

START_TEST(every_document_is_in_one_state_as_planted)
{
    assert_as_planted(demo_where(), drive_path("demo-legacy"));
}
END_TEST

START_TEST(every_issue_was_planted_and_every_planted_one_is_open)
{
    assert_issues_as_planted(demo_where(), drive_path("demo-legacy"));
}
END_TEST

/* All that a load may change, as one digest: documents, states, issues and the rows with their versions. */
static char *digest(const char *where)
{
    return sql_as(where,
                  "select (select md5(string_agg(d::text, ';' order by path)) from legacy.document d),"
                  " (select md5(string_agg(s::text, ';' order by path)) from migration.document_state s),"
                  " (select md5(string_agg(i::text, ';' order by issue_id)) from migration.issue i),"
                  " (select md5(string_agg(f::text, ';' order by fan_id)) from showx.fan f),"
                  " (select md5(string_agg(o::text, ';' order by order_id)) from showx.ticket_order o),"
                  " (select md5(string_agg(b::text, ';' order by booking_id)) from showx.booking b),"
                  " (select count(*) from audit.entry)");
}

START_TEST(loading_the_same_documents_again_changes_nothing)
{
    const char *where = demo_where();
    char *source = drive_keep(mem_printf("file:%s", drive_path("demo-legacy")));
    char *before = digest(where);
    ck_assert_ptr_null(strstr(before, "||"));
    const outcome *o = showx("migrate", "load", source);
    ck_assert_msg(o->code == 0, "%s", o->messages);
    ck_assert_msg(strstr(o->messages, " 0 applied") != NULL, "%s", o->messages);
    ck_assert_msg(strstr(o->messages, " 0 projected") != NULL, "%s", o->messages);
    ck_assert_str_eq(digest(where), before);
    assert_as_planted(where, drive_path("demo-legacy"));
}
END_TEST

START_TEST(another_seed_comes_out_as_planted_too)
{
    const char *where = new_database("e2e_seed");
    uint64_t seed = support_seed(20261122);
    char *dir = drive_keep(mem_printf("%s/other", drive_folder()));
    demo_spec spec = {.dir = dir, .seed = seed, .scale = 0.03};
    err e = {0};
    ck_assert_msg(demo_generate(&spec, (demo_progress){0}, NULL, NULL, &e), "%s", e.text);
    const outcome *up = showx("schema", "up", "-d", where);
    ck_assert_msg(up->code == 0, "%s", up->messages);
    char *source = drive_keep(mem_printf("file:%s", dir));
    const outcome *load = showx("migrate", "load", source, "-d", where);
    ck_assert_msg(load->code == 0, "%s", load->messages);
    assert_as_planted(where, dir);
    assert_issues_as_planted(where, dir);
    ck_assert_ptr_nonnull(strstr(showx("schema", "up", "-d", where)->messages, "nothing to do"));
}
END_TEST

/* ---- real exports ---- */

static char *exports_folder(void)
{
    const char *shared = getenv("SHOWX_SHARED");
    return drive_keep(mem_printf("%s/data/firestore-exports", shared && *shared ? shared : "../shared"));
}

static bool have_exports(void)
{
    return access(exports_folder(), R_OK) == 0;
}

static const struct {
    const char *dir;
    size_t documents;
} EXPORTS[] = {{"faker-jobs/seed", 3}, {"swift-firestore-guide/data", 16}};
enum { NEXPORTS = sizeof EXPORTS / sizeof *EXPORTS };

/* {"path": fields}, from lines whose names may begin with projects/P/databases/D/documents/. */
static json_t *by_path(json_t *lines, const char *key)
{
    json_t *all = json_object(), *line;
    size_t i;
    json_array_foreach(lines, i, line)
    {
        const char *name = str_of(line, key), *short_name = strstr(name, "/documents/");
        name = short_name ? short_name + strlen("/documents/") : name;
        ck_assert_msg(*name && !json_object_get(all, name), "%s comes twice", name);
        json_object_set(all, name, json_object_get(line, "fields"));
    }
    json_decref(lines);
    return all;
}

static json_t *decoded(size_t which)
{
    char *file =
        drive_keep(mem_printf("%s/%s/firestore_export/decoded.ndjson", exports_folder(), EXPORTS[which].dir));
    buf text;
    buf_init(&text);
    err e = {0};
    ck_assert_msg(path_read(file, 1u << 24, &text, &e), "%s", e.text);
    json_t *all = by_path(read_json_lines(text.data, text.len), "name");
    ck_assert_uint_eq(json_object_size(all), EXPORTS[which].documents);
    buf_done(&text);
    return all;
}

/* The same value: numbers by value, times by the moment they name, everything else letter by letter. */
static bool same(const json_t *a, const json_t *b, const char *key)
{
    const char *k;
    json_t *v;
    size_t i;
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b) ||
               (isnan(json_number_value(a)) && isnan(json_number_value(b)));
    if (json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_string(a) && key && strcmp(key, "timestampValue") == 0) {
        int64_t us_a = 0, us_b = 1;
        return time_parse(json_string_value(a), &us_a, NULL) &&
               time_parse(json_string_value(b), &us_b, NULL) && us_a == us_b;
    }
    if (json_is_array(a)) {
        if (json_array_size(a) != json_array_size(b))
            return false;
        json_array_foreach((json_t *)a, i, v)
        {
            if (!same(v, json_array_get(b, i), NULL))
                return false;
        }
        return true;
    }
    if (!json_is_object(a))
        return json_equal(a, b);
    if (json_object_size(a) != json_object_size(b))
        return false;
    json_object_foreach((json_t *)a, k, v)
    {
        if (!json_object_get(b, k) || !same(v, json_object_get(b, k), k))
            return false;
    }
    return true;
}

static void assert_same_documents(const json_t *want, const json_t *got, const char *what)
{
    const char *path;
    json_t *fields;
    json_object_foreach((json_t *)want, path, fields)
    {
        json_t *other = json_object_get(got, path);
        ck_assert_msg(other != NULL, "%s: %s is missing", what, path);
        if (!same(fields, other, NULL))
            ck_abort_msg("%s: %s is %s, not %s", what, path, drive_keep(json_dumps(other, JSON_ENCODE_ANY)),
                         drive_keep(json_dumps(fields, JSON_ENCODE_ANY)));
    }
    ck_assert_uint_eq(json_object_size(got), json_object_size(want));
}

START_TEST(a_real_export_reads_as_its_independent_decoding)
{
    if (!have_exports())
        support_skip("no ../shared/data/firestore-exports; SHOWX_SHARED names it");
    char *source = drive_keep(mem_printf("export:%s/%s", exports_folder(), EXPORTS[_i].dir));
    const drive_how no_server = {.env = (const char *const[]){"PGHOST=/nonexistent", NULL}};
    const outcome *o = showx_how(&no_server, "migrate", "read", source, "--json");
    ck_assert_msg(o->code == 0, "%s", o->messages);
    json_t *want = decoded((size_t)_i), *got = by_path(read_json_lines(o->out, o->nout), "name");
    assert_same_documents(want, got, source);
    json_decref(want);
    json_decref(got);
}
END_TEST

/* Both into one database, so that neither takes the other's away. */
START_TEST(real_exports_load_whole_with_types_and_values)
{
    if (!have_exports())
        support_skip("no ../shared/data/firestore-exports; SHOWX_SHARED names it");
    const char *where = new_database("e2e_exports");
    json_t *want = json_object();
    ck_assert_int_eq(showx("schema", "up", "-d", where)->code, 0);
    for (size_t i = 0; i < NEXPORTS; i++) {
        char *source = drive_keep(mem_printf("export:%s/%s", exports_folder(), EXPORTS[i].dir));
        const outcome *o = showx("migrate", "load", source, "-d", where);
        ck_assert_msg(o->code == 0, "%s", o->messages);
        json_t *one = decoded(i);
        json_object_update(want, one);
        json_decref(one);
    }
    const outcome *o = showx("documents", "--json", "-d", where);
    ck_assert_msg(o->code == 0, "%s", o->messages);
    json_t *got = by_path(read_json_lines(o->out, o->nout), "path");
    assert_same_documents(want, got, "documents");
    /* Would this see a difference? */
    const char *path = json_object_iter_key(json_object_iter(want));
    json_t *fields = json_object_get(want, path);
    json_object_set_new(fields, "planted", json_pack("{s:s}", "stringValue", "x"));
    ck_assert(!same(fields, json_object_get(got, path), NULL));
    json_decref(want);
    json_decref(got);
}
END_TEST

/* ---- damaged ones ---- */

static const char OUTPUT[] = "firestore_export/all_namespaces/all_kinds/output-0";

/* A writable copy of the larger export; the path of its output file. */
static char *copy_export(char **ret_dir)
{
    static int n;
    char *dir = drive_keep(mem_printf("%s/copy-%d-%d", drive_folder(), (int)getpid(), n++));
    char *command = drive_keep(
        mem_printf("cp -r '%s/%s' '%s' && chmod -R u+w '%s'", exports_folder(), EXPORTS[1].dir, dir, dir));
    ck_assert_int_eq(system(command), 0);
    *ret_dir = drive_keep(mem_printf("export:%s", dir));
    return drive_keep(mem_printf("%s/%s", dir, OUTPUT));
}

/* A sentence that names the output file and a place in it. */
static void assert_located(const outcome *o)
{
    ck_assert_int_eq(o->code, 1);
    const char *file = strstr(o->messages, "output-0");
    ck_assert_msg(file != NULL, "which file? %s", o->messages);
    ck_assert_msg(strstr(file, "byte ") || strstr(file, "record "), "where in it? %s", o->messages);
    assert_harmless(o->messages, o->nmessages, "stderr");
}

static void flip(const char *file, off_t at)
{
    unsigned char c;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    ck_assert_int_eq(pread(fd, &c, 1, at), 1);
    c ^= 0x10;
    ck_assert_int_eq(pwrite(fd, &c, 1, at), 1);
    close(fd);
}

START_TEST(a_flipped_byte_is_located_and_the_rest_is_read)
{
    static const off_t places[] = {0, 5, 7, 100, 1000, 2000, 3387};
    if (!have_exports())
        support_skip("no ../shared/data/firestore-exports; SHOWX_SHARED names it");
    char *dir, *file = copy_export(&dir);
    ck_assert_int_eq(showx("migrate", "read", dir, "--json")->code, 0);
    json_t *want = decoded(1);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        flip(file, places[i]);
        const outcome *o = showx("migrate", "read", dir, "--json");
        assert_located(o);
        json_t *got = by_path(read_json_lines(o->out, o->nout), "name"), *fields;
        const char *path;
        ck_assert_uint_lt(json_object_size(got), EXPORTS[1].documents);
        json_object_foreach(got, path, fields)
            ck_assert_msg(json_object_get(want, path) && same(fields, json_object_get(want, path), NULL),
                          "byte %lld: %s is wrong and nobody says so", (long long)places[i], path);
        json_decref(got);
        flip(file, places[i]);
    }
    json_decref(want);
}
END_TEST

START_TEST(a_truncated_export_says_where_it_ends)
{
    if (!have_exports())
        support_skip("no ../shared/data/firestore-exports; SHOWX_SHARED names it");
    char *dir, *file = copy_export(&dir);
    static const off_t lengths[] = {3387, 2000, 3};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        ck_assert_int_eq(truncate(file, lengths[i]), 0);
        const outcome *o = showx("migrate", "read", dir, "--json");
        assert_located(o);
        json_t *got = read_json_lines(o->out, o->nout);
        ck_assert_uint_lt(json_array_size(got), EXPORTS[1].documents);
        json_decref(got);
    }
    ck_assert_int_eq(unlink(file), 0);
    const outcome *o = showx("migrate", "read", dir, "--json");
    ck_assert_int_eq(o->code, 1);
    ck_assert_msg(strstr(o->messages, "output-0") != NULL, "which file? %s", o->messages);
}
END_TEST

START_TEST(a_damaged_export_loads_what_is_whole_and_keeps_the_errors)
{
    if (!have_exports())
        support_skip("no ../shared/data/firestore-exports; SHOWX_SHARED names it");
    const char *where = new_database("e2e_damaged");
    char *dir, *file = copy_export(&dir);
    flip(file, 1000);
    const outcome *read = showx("migrate", "read", dir, "--json");
    ck_assert_int_eq(showx("schema", "up", "-d", where)->code, 0);
    const outcome *o = showx("migrate", "load", dir, "-d", where);
    assert_located(o);
    const outcome *documents = showx("documents", "--json", "-d", where);
    ck_assert_uint_eq(count_lines(documents->out), count_lines(read->out));
    const outcome *errors = showx("load_errors", "--json", "-d", where);
    json_t *rows = read_json_lines(errors->out, errors->nout);
    ck_assert_uint_ge(json_array_size(rows), 1);
    ck_assert_ptr_nonnull(strstr(str_of(json_array_get(rows, 0), "file"), "output-0"));
    json_decref(rows);
}
END_TEST

START_TEST(what_is_no_source_is_a_sentence)
{
    static const struct {
        const char *source;
        int code;
        const char *says;
    } cases[] = {
        {"export:/nonexistent", 1, "/nonexistent"}, {"file:/nonexistent", 1, "/nonexistent"},
        {"/nonexistent", 1, "/nonexistent"},        {"export:/etc/passwd", 2, "/etc/passwd"},
        {"carrier-pigeon:x", 1, "carrier-pigeon"},  {"", 2, "file:DIR"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int load = 0; load < 2; load++) {
            const outcome *o = showx("migrate", load ? "load" : "read", cases[i].source);
            ck_assert_msg(o->code == cases[i].code, "'%s' ended with %d: %s", cases[i].source, o->code,
                          o->messages);
            ck_assert_msg(strstr(o->messages, cases[i].says) != NULL, "'%s': %s", cases[i].source,
                          o->messages);
            ck_assert_uint_eq(count_lines(o->messages), 1);
            ck_assert_str_eq(o->out, "");
        }
}
END_TEST

Suite *suite_move(void)
{
    Suite *s = suite_create("move");
    TCase *tc = e2e_case(s, "move");
    tcase_add_test(tc, every_document_is_in_one_state_as_planted);
    tcase_add_test(tc, every_issue_was_planted_and_every_planted_one_is_open);
    tcase_add_test(tc, loading_the_same_documents_again_changes_nothing);
    tcase_add_test(tc, another_seed_comes_out_as_planted_too);
    tcase_add_loop_test(tc, a_real_export_reads_as_its_independent_decoding, 0, NEXPORTS);
    tcase_add_test(tc, real_exports_load_whole_with_types_and_values);
    tcase_add_test(tc, a_flipped_byte_is_located_and_the_rest_is_read);
    tcase_add_test(tc, a_truncated_export_says_where_it_ends);
    tcase_add_test(tc, a_damaged_export_loads_what_is_whole_and_keeps_the_errors);
    tcase_add_test(tc, what_is_no_source_is_a_sentence);
    return s;
}
