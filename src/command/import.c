/* import cities: GeoNames' files into the places, whole or not at all. Lines go into staging tables in one transaction and
 * are merged there (migrations/schema/0080_places.sql); a broken line is counted and said with its place, or ends it all. */
#include "command/private.h"

#include "base/mem.h"
#include "base/text.h"
#include "city/city.h"

#include <stdlib.h>
#include <string.h>

enum { SAID_LINES = 5, PLACE_COLUMNS = 11, NAME_COLUMNS = 2 };

typedef struct admin1 {
    char key[32]; /* "US.TX" */
    char *name;
} admin1;

typedef struct importing {
    command_env *env;
    bool strict;
    dump *file;
    int64_t broken;
    admin1 *regions;
    size_t nregions, capregions;
    int32_t *ids; /* of the places read, sorted before names are */
    size_t nids, capids;
    char numbers[4][40];
    /* names: what is left of the present place's own column of other names */
    char *rest, *next;
    int32_t of;
} importing;

/* ---- lines ---- */

/* The next good line; false at the end or on an error. A broken line is counted and, the first ones, said. */
static bool next_good(importing *m, city_place *p, bool *ret_more, err *e)
{
    for (;;) {
        err line = {0};
        if (stop_now(m->env->stop, e))
            return false;
        *ret_more = dump_next(m->file, p, &line);
        if (*ret_more || line.kind == ERR_NONE)
            return true;
        if (line.kind != ERR_INPUT || m->strict)
            return err_set(e, line.kind, "%s%s", line.text,
                           line.kind == ERR_INPUT ? "; nothing was imported" : "");
        if (m->broken++ < SAID_LINES)
            print_error(m->env, &line);
    }
}

/* Ours have a heading; GeoNames' own do not. */
static bool open_dump(const char *file, dump_kind merged, dump_kind plain, dump **ret, err *e)
{
    err heading = {0};
    if (dump_open(file, merged, ret, &heading))
        return true;
    return heading.kind == ERR_INPUT ? dump_open(file, plain, ret, e)
                                     : err_set(e, heading.kind, "%s", heading.text);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const admin1 *)a)->key, ((const admin1 *)b)->key);
}

static bool read_regions(importing *m, const char *file, err *e)
{
    city_place p;
    bool more = true, ok = true;
    if (!file)
        return true;
    if (!dump_open(file, DUMP_ADMIN1, &m->file, e))
        return false;
    while ((ok = next_good(m, &p, &more, e)) && more) {
        MEM_ROOM(m->regions, m->nregions, m->capregions);
        admin1 *r = &m->regions[m->nregions++];
        snprintf(r->key, sizeof r->key, "%s.%s", p.country, p.admin1);
        r->name = mem_str(p.admin1_name);
    }
    dump_close(m->file);
    m->file = NULL;
    if (m->nregions)
        qsort(m->regions, m->nregions, sizeof *m->regions, by_key);
    return ok;
}

static const char *region_name(const importing *m, const city_place *p)
{
    admin1 key = {.name = NULL};
    if (p->admin1_name[0] || !m->nregions)
        return p->admin1_name;
    snprintf(key.key, sizeof key.key, "%.2s.%.20s", p->country, p->admin1);
    const admin1 *r = bsearch(&key, m->regions, m->nregions, sizeof *m->regions, by_key);
    return r ? r->name : "";
}

static store_cell cell(const char *s)
{
    return (store_cell){s, strlen(s)};
}

static bool next_place(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    importing *m = ctx;
    city_place p;
    (void)n;
    if (!next_good(m, &p, ret_more, e))
        return false;
    if (!*ret_more)
        return true;
    MEM_ROOM(m->ids, m->nids, m->capids);
    m->ids[m->nids++] = p.geonameid;
    snprintf(m->numbers[0], sizeof *m->numbers, "%d", (int)p.geonameid);
    snprintf(m->numbers[1], sizeof *m->numbers, "%lld", (long long)p.population);
    snprintf(m->numbers[2], sizeof *m->numbers, "%.17g", p.latitude);
    snprintf(m->numbers[3], sizeof *m->numbers, "%.17g", p.longitude);
    const char *texts[PLACE_COLUMNS] = {m->numbers[0], p.name,         p.admin1,    region_name(m, &p),
                                        p.country,     p.country_name, p.time_zone, m->numbers[1],
                                        m->numbers[2], m->numbers[3],  p.feature};
    for (size_t i = 0; i < PLACE_COLUMNS; i++)
        cells[i] = cell(texts[i]);
    return true;
}

/* ---- names ---- */

/* What GeoNames keeps among names though nobody says it. */
static bool is_name(const city_place *p)
{
    static const char *const NOT[] = {"link", "post", "iata", "icao", "faac",
                                      "tcid", "unlc", "wkdt", "phon", "piny"};
    for (size_t i = 0; p->ascii && i < sizeof NOT / sizeof *NOT; i++)
        if (strcmp(p->ascii, NOT[i]) == 0)
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void give_name(importing *m, store_cell *cells, int32_t id, const char *name)
{
    snprintf(m->numbers[0], sizeof *m->numbers, "%d", (int)id);
    cells[0] = cell(m->numbers[0]);
    cells[1] = cell(name);
}

static bool next_name(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    importing *m = ctx;
    city_place p;
    (void)n;
    for (;;) {
        if (!next_good(m, &p, ret_more, e))
            return false;
        if (!*ret_more)
            return true;
        if (is_name(&p) && m->nids && bsearch(&p.geonameid, m->ids, m->nids, sizeof *m->ids, by_number)) {
            give_name(m, cells, p.geonameid, p.name);
            return true;
        }
    }
}

/* The ASCII name and the other names that stand in the places' own file. Its broken lines were counted when places were read. */
static bool next_own_name(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    importing *m = ctx;
    city_place p;
    err line = {0};
    (void)n;
    for (;;) {
        while (m->next) {
            char *name = m->next, *comma = strchr(name, ',');
            m->next = comma ? comma + 1 : NULL;
            if (comma)
                *comma = 0;
            if (!name[0])
                continue;
            give_name(m, cells, m->of, name);
            return *ret_more = true;
        }
        if (stop_now(m->env->stop, e))
            return false;
        if (!dump_next(m->file, &p, &line)) {
            *ret_more = false;
            if (line.kind == ERR_INPUT)
                continue;
            return line.kind == ERR_NONE || err_set(e, line.kind, "%s", line.text);
        }
        free(m->rest);
        m->rest = m->next = mem_printf("%s,%s", p.ascii ? p.ascii : "", p.others ? p.others : "");
        m->of = p.geonameid;
    }
}

/* ---- the whole ---- */

/* What is wrong stands in the file that came in, not in the statement that takes it. */
static void not_the_statement(err *e, const char *name)
{
    size_t n = strlen(name);
    if (e && e->kind == ERR_INPUT && strncmp(e->text, name, n) == 0 && e->text[n] == ':')
        memmove(e->text, e->text + n + 2, strlen(e->text + n + 2) + 1);
}

static bool load(importing *m, const char *query_name, size_t columns,
                 bool (*next)(void *, store_cell *, size_t, bool *, err *), int64_t *ret_rows, err *e)
{
    const query *q = catalog_query(m->env->catalog, query_name);
    store *s = m->env->store;
    store_feed feed = {next, m};
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", query_name);
    store_request request = {.name = q->file, .sql = q->body[s->dialect]};
    bool ok = s->load(s, &request, columns, &feed, ret_rows, m->env->stop, e);
    if (!ok)
        not_the_statement(e, request.name);
    dump_close(m->file);
    m->file = NULL;
    return ok;
}

static bool ask(command_env *env, const char *query_name, const query_value *values, size_t n, rowset **ret,
                err *e)
{
    const query *q = catalog_query(env->catalog, query_name);
    statement st;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", query_name);
    if (!query_bind(q, env->store->dialect, values, n, &st, e))
        return false;
    store_request request = request_of(&st);
    bool ok = store_fetch(env->store, &request, 1, ret, env->stop, e);
    statement_done(&st);
    return ok;
}

static bool import_all(importing *m, const char *places, const char *names, const char *source, rowset **ret,
                       err *e)
{
    rowset *none = NULL;
    int64_t rows = 0, own = 0;
    bool ok = ask(m->env, "city_import_begin", NULL, 0, &none, e);
    rowset_free(none);
    ok = ok && open_dump(places, DUMP_MERGED_CITIES, DUMP_CITIES, &m->file, e) &&
         load(m, "migrate_city_places", PLACE_COLUMNS, next_place, &rows, e);
    if (ok && rows == 0)
        ok = err_set(e, ERR_INPUT, "%s: there is no place in it", places);
    if (ok)
        qsort(m->ids, m->nids, sizeof *m->ids, by_number);
    ok = ok && open_dump(places, DUMP_MERGED_CITIES, DUMP_CITIES, &m->file, e) &&
         load(m, "migrate_city_names", NAME_COLUMNS, next_own_name, &own, e);
    ok = ok && (!names || (open_dump(names, DUMP_MERGED_NAMES, DUMP_NAMES, &m->file, e) &&
                           load(m, "migrate_city_names", NAME_COLUMNS, next_name, &rows, e)));
    query_value value = {"source", source};
    return ok && ask(m->env, "city_import", &value, 1, ret, e);
}

static void import_done(importing *m)
{
    dump_close(m->file);
    for (size_t i = 0; i < m->nregions; i++)
        free(m->regions[i].name);
    free(m->regions);
    free(m->ids);
    free(m->rest);
}

static void say(const importing *m, const rowset *r)
{
    FILE *out = m->env->out;
    const char *added = rowset_cell(r, 0, 0)->text, *updated = rowset_cell(r, 0, 1)->text;
    const char *same = rowset_cell(r, 0, 2)->text, *names = rowset_cell(r, 0, 3)->text;
    if (m->env->format == OUT_JSON)
        fprintf(out, "{\"added\":%s,\"updated\":%s,\"same\":%s,\"names\":%s,\"broken\":%lld}\n", added,
                updated, same, names, (long long)m->broken);
    else if (m->env->format == OUT_CSV)
        fprintf(out, "added,updated,same,names,broken\r\n%s,%s,%s,%s,%lld\r\n", added, updated, same, names,
                (long long)m->broken);
    else
        fprintf(out,
                "%s places added, %s updated, %s as they were; %s other names added; %lld broken line%s left "
                "out\n",
                added, updated, same, names, (long long)m->broken, m->broken == 1 ? "" : "s");
}

static int run_import(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    importing m = {.env = env, .strict = value_of(values, n, "strict") != NULL};
    const char *places = value_of(values, n, "FILE");
    const char *base = strrchr(places, '/') ? strrchr(places, '/') + 1 : places;
    rowset *r = NULL;
    (void)self;
    if (!read_regions(&m, value_of(values, n, "admin1"), e) || !command_store(env, e)) {
        import_done(&m);
        return err_exit_code(e->kind);
    }
    if (env->store->dialect != STORE_POSTGRES) {
        import_done(&m);
        return err_set(e, ERR_REFUSED, "import cities: a snapshot is never written to"),
               err_exit_code(e->kind);
    }
    char *source = mem_printf("%s (GeoNames, CC BY 4.0)", base);
    bool ok = env->store->begin(env->store, false, env->stop, e);
    if (ok && import_all(&m, places, value_of(values, n, "names"), source, &r, e))
        ok = env->store->commit(env->store, env->stop, e);
    else if (ok) {
        ok = false;
        (void)env->store->rollback(env->store, NULL, NULL);
    }
    if (ok && m.broken > SAID_LINES)
        fprintf(env->messages, "... and %lld more broken lines\n", (long long)(m.broken - SAID_LINES));
    if (ok)
        say(&m, r);
    rowset_free(r);
    free(source);
    import_done(&m);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg ARGS[] = {
    {"FILE", ARG_FILE, true, "file",
     "cities500.txt, cities1000.txt, cities5000.txt or cities15000.txt (19 columns), or the same with a "
     "heading"},
    {"--names", ARG_FILE, false, "file", "alternateNamesV2.txt, or geonameid and name with a heading"},
    {"--admin1", ARG_FILE, false, "file", "admin1CodesASCII.txt: the regions' names"},
    {"--strict", ARG_FLAG, false, NULL, "stop at the first broken line, importing nothing"},
};

const command command_import_cities = {
    .name = "import cities",
    .summary = "take in places from GeoNames' files (download.geonames.org, CC BY 4.0)",
    .help = "Whole or not at all. Known places are updated, new ones added, none is deleted. Broken lines "
            "are left out, counted "
            "and said with file and line; --strict refuses at the first.",
    .args = ARGS,
    .nargs = sizeof ARGS / sizeof *ARGS,
    .needs_store = true,
    .group = "Move",
    .run = run_import,
};
