/* What only SQLite files can do to us, and the functions that stand in for Postgres' own. */
#include "base/mem.h"
#include "base/rng.h"
#include "store/sqlite_functions.h"
#include "suites.h"
#include "support/pg.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *in_folder(const char *name)
{
    return mem_printf("%s/%s", support_folder(), name);
}

static void open_fails(const char *file, bool read_only, err_kind kind)
{
    store *s = NULL;
    err e = {0};
    ck_assert(!store_open_sqlite(file, read_only, &s, &e));
    ck_assert_msg(e.kind == kind, "%s: %s", err_word(e.kind), e.text);
    ck_assert(strstr(e.text, file) != NULL);
    ck_assert_ptr_null(s);
}

START_TEST(a_file_that_is_not_there_is_not_made_by_reading)
{
    char *file = in_folder("none.db");
    open_fails(file, true, ERR_MISSING);
    ck_assert(access(file, F_OK) != 0);
    free(file);
}
END_TEST

START_TEST(a_symbolic_link_is_not_followed)
{
    char *file = in_folder("real.db"), *to = mem_printf("%s-link", file);
    store_close(open_file(file, false));
    ck_assert(symlink(file, to) == 0);
    open_fails(to, false, ERR_REFUSED);
    store *s = NULL;
    err e = {0};
    ck_assert(!store_open_sqlite(to, true, &s, &e));
    free(to);
    free(file);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_refused_by_name)
{
    char *file = in_folder("text.db");
    FILE *f = fopen(file, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database\n", f);
    fclose(f);
    open_fails(file, true, ERR_INPUT);
    free(file);
}
END_TEST

START_TEST(a_new_file_is_for_its_owner_alone)
{
    char *file = in_folder("new.db");
    struct stat st;
    store_close(open_file(file, false));
    ck_assert(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600);
    free(file);
}
END_TEST

START_TEST(a_read_only_file_refuses_to_be_written)
{
    char *file = in_folder("ro.db");
    store *s = open_file(file, false);
    must_run(s, "create table v (a integer)");
    store_close(s);
    s = open_file(file, true);
    ck_assert(s->identity.read_only && s->identity.local);
    ck_assert_str_eq(s->identity.label, "ro.db");
    must_fail(s, "insert into v values (1)", ERR_REFUSED, "readonly");
    ck_assert_str_eq(must_ask(s, "select count(*) from v"), "0");
    store_close(s);
    free(file);
}
END_TEST

START_TEST(a_hostile_schema_cannot_be_written_nor_call_what_harms)
{
    char *file = in_folder("hostile.db");
    store *s = open_file(file, false);
    must_fail(s, "select load_extension('/tmp/x.so')", ERR_FAILED, "");
    must_run(s, "create table v (a integer)");
    must_run(s, "pragma writable_schema = on"); /* without effect */
    must_fail(s, "update sqlite_master set sql = 'x'", ERR_FAILED, "");
    store_close(s);
    free(file);
}
END_TEST

START_TEST(a_writer_waits_for_another_until_it_is_stopped)
{
    char *file = in_folder("busy.db");
    store *a = open_file(file, false), *b = open_file(file, false);
    err e = {0};
    stop st;
    must_run(a, "create table v (a integer)");
    must(a->begin(a, false, NULL, E));
    must_run(a, "insert into v values (1)");
    must(stop_init(&st, 150, E));
    ck_assert(!b->begin(b, false, &st, &e));
    ck_assert_msg(e.kind == ERR_TIMEOUT, "%s: %s", err_word(e.kind), e.text);
    stop_done(&st);
    must(a->commit(a, NULL, E));
    must_run(b, "insert into v values (2)");
    ck_assert_str_eq(must_ask(b, "select count(*) from v"), "2");
    store_close(a);
    store_close(b);
    free(file);
}
END_TEST

START_TEST(values_kept_otherwise_come_in_the_same_form)
{
    store *s = fresh_store(STORE_SQLITE, "kinds");
    must_run(s, "create table v (b boolean, at timestamptz, day date, j jsonb, x real, raw blob, n bigint)");
    must_run(s, "insert into v values (1, 1795371000500000, '2026-11-22', '[1, 2]', 1e300, x'00ff', 5)");
    must_run(s, "insert into v values ('false', '2026-11-22 18:10:00+00', null, null, 0.5, null, null)");
    rowset *r = must_fetch(s, "select b, at, day, j, x, raw, n from v order by rowid", NULL, 0);
    static const char *const texts[] = {
        "true", "2026-11-22T18:10:00.500Z", "2026-11-22", "[1,2]", "1e+300", "\\x00ff", "5"};
    for (size_t i = 0; i < 7; i++)
        if (i != 1)
            ck_assert_str_eq(rowset_cell(r, 0, i)->text, texts[i]);
    ck_assert(strstr(rowset_cell(r, 0, 1)->text, "2026-11-22T") && strchr(rowset_cell(r, 0, 1)->text, 'Z'));
    ck_assert_str_eq(rowset_cell(r, 1, 0)->text, "false");
    ck_assert_str_eq(rowset_cell(r, 1, 1)->text, "2026-11-22T18:10:00Z");
    rowset_free(r);
    const store_request r1 = {
        .name = "q", .sql = "select ?1, ?2", .params = (const store_param[]){{STORE_INT, "1"}}, .nparams = 1};
    err e = {0};
    ck_assert(!s->run(s, &r1, NULL, NULL, NULL, &e));
    ck_assert(e.kind == ERR_USAGE && strstr(e.text, "parameter 2"));
    ck_assert_str_eq(must_ask(s, "select fold('Sigur R\xc3\xb3s') || fold(null)"), "(null)");
    ck_assert_str_eq(must_ask(s, "select fold('Sigur R\xc3\xb3s')"), "sigur ros");
    ck_assert_str_eq(must_ask(s, "select bool(0)"), "false");
    ck_assert_str_eq(must_ask(s, "select bool(null)"), "(null)");
    ck_assert_str_eq(must_ask(s, "select word_similarity(null, 'a')"), "(null)");
    store_close(s);
}
END_TEST

static void random_text(rng *r, char out[40])
{
    size_t n = (size_t)rng_below(r, 24);
    for (size_t i = 0; i < n; i++) /* few letters, so that trigrams meet */
        out[i] = "abcab "[rng_below(r, 6)];
    out[n] = '\0';
}

START_TEST(word_similarity_is_that_of_pg_trgm)
{
    store *pg = fresh_store(STORE_POSTGRES, "trgm"), *lite = fresh_store(STORE_SQLITE, "trgm");
    rng r;
    rng_seed(&r, support_seed(7));
    must_run(pg, "create extension pg_trgm");
    for (int i = 0; i < 3000; i++) {
        char a[40], b[40];
        random_text(&r, a);
        random_text(&r, b);
        const store_param p[] = {{STORE_TEXT, a}, {STORE_TEXT, b}};
        rowset *x = must_fetch(pg, "select word_similarity(@1, @2)", p, 2);
        rowset *y = must_fetch(lite, "select word_similarity(@1, @2)", p, 2);
        ck_assert_msg(strcmp(rowset_cell(x, 0, 0)->text, rowset_cell(y, 0, 0)->text) == 0,
                      "'%s' '%s': %s and %s", a, b, rowset_cell(x, 0, 0)->text, rowset_cell(y, 0, 0)->text);
        rowset_free(x);
        rowset_free(y);
    }
    store_close(pg);
    store_close(lite);
}
END_TEST

Suite *snapshot_suite(void)
{
    Suite *suite = suite_create("snapshot");
    TCase *tc = tcase_create("snapshot");
    tcase_add_test(tc, a_file_that_is_not_there_is_not_made_by_reading);
    tcase_add_test(tc, a_symbolic_link_is_not_followed);
    tcase_add_test(tc, a_file_that_is_no_database_is_refused_by_name);
    tcase_add_test(tc, a_new_file_is_for_its_owner_alone);
    tcase_add_test(tc, a_read_only_file_refuses_to_be_written);
    tcase_add_test(tc, a_hostile_schema_cannot_be_written_nor_call_what_harms);
    tcase_add_test(tc, a_writer_waits_for_another_until_it_is_stopped);
    tcase_add_test(tc, values_kept_otherwise_come_in_the_same_form);
    tcase_add_test(tc, word_similarity_is_that_of_pg_trgm);
    suite_add_tcase(suite, tc);
    return suite;
}
