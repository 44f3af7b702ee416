#include "base/log.h"
#include "base/mem.h"
#include "suites.h"
#include "support/pg.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

store *open_at(const char *conninfo)
{
    const store_options o = {.conninfo = conninfo, .application = "showx tests"};
    store *s = NULL;
    must(store_open_postgres(&o, &s, E));
    return s;
}

store *open_file(const char *file, bool read_only)
{
    store *s = NULL;
    must(store_open_sqlite(file, read_only, &s, E));
    return s;
}

store *fresh_store(store_dialect dialect, const char *name)
{
    char path[256];
    if (dialect == STORE_POSTGRES) {
        char *conninfo = support_pg_database(name);
        store *s = open_at(conninfo);
        free(conninfo);
        return s;
    }
    snprintf(path, sizeof path, "%s/%s.db", support_folder(), name);
    return open_file(path, false);
}

static char *in_dialect(const store *s, const char *sql)
{
    char *copy = mem_str(sql);
    for (char *p = copy; *p; p++)
        if (*p == '@' && p[1] >= '1' && p[1] <= '9')
            *p = s->dialect == STORE_POSTGRES ? '$' : '?';
    return copy;
}

void must_run(store *s, const char *sql)
{
    const store_request r = {.name = "test", .sql = sql};
    err e = {0};
    ck_assert_msg(s->run(s, &r, NULL, NULL, NULL, &e), "%s: %s", sql, e.text);
}

rowset *must_fetch(store *s, const char *sql, const store_param *params, size_t n)
{
    char *copy = in_dialect(s, sql);
    const store_request r = {.name = "test", .sql = copy, .params = params, .nparams = n};
    rowset *rows = NULL;
    err e = {0};
    ck_assert_msg(store_fetch(s, &r, SIZE_MAX, &rows, NULL, &e), "%s: %s", sql, e.text);
    free(copy);
    return rows;
}

const char *must_ask(store *s, const char *sql)
{
    static char text[4096];
    rowset *r = must_fetch(s, sql, NULL, 0);
    ck_assert_msg(r->nrows > 0, "%s: no row", sql);
    const char *cell = rowset_cell(r, 0, 0)->text;
    snprintf(text, sizeof text, "%s", cell ? cell : "(null)");
    rowset_free(r);
    return text;
}

void must_fail(store *s, const char *sql, err_kind kind, const char *part)
{
    const store_request r = {.name = "queries/wrong.sql", .sql = sql};
    err e = {0};
    ck_assert_msg(!s->run(s, &r, NULL, NULL, NULL, &e), "%s did not fail", sql);
    ck_assert_msg(e.kind == kind, "%s: kind %s: %s", sql, err_word(e.kind), e.text);
    ck_assert_msg(strstr(e.text, part) != NULL, "no \"%s\" in: %s", part, e.text);
}

static void *ask_later(void *arg)
{
    asker *a = arg;
    const struct timespec t = {.tv_sec = a->after_ms / 1000, .tv_nsec = a->after_ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
    stop_ask(a->stop);
    return NULL;
}

void asker_start(asker *a, stop *st, int after_ms)
{
    a->stop = st;
    a->after_ms = after_ms;
    ck_assert(pthread_create(&a->thread, NULL, ask_later, a) == 0);
}

void asker_join(asker *a)
{
    pthread_join(a->thread, NULL);
}

int main(void)
{
    Suite *(*const suites[])(void) = {canon_suite, contract_suite, server_suite,  connect_suite,
                                      write_suite, schema_suite,   snapshot_suite};
    log_open(getenv("SHOWX_TEST_LOG"), LOG_DEBUG);
    setenv("PGSERVICEFILE", "/nonexistent/service", 1); /* nothing of whoever runs the tests */
    setenv("PGPASSFILE", "/nonexistent/pgpass", 1);
    support_pg();
    return support_run(suites, sizeof suites / sizeof *suites);
}
