/* city: places by name as typed, or around another, with what is there for an artist. A row's key ("g4671654") shows the place
 * itself, as the view of this name does; anything else is searched. Places come from the database, or from files alone. */
#include "command/private.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "city/city.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10, SHOWN_AROUND = 20, LOOKED_AT = 200, BATCH_HITS = 10, COLUMNS = 12 };
static const double REACH_KM = 96.56064, AROUND_KM = 241.4016; /* 60 and 150 miles */

typedef struct figures {
    int64_t venues, largest, fans, followers, shows;
} figures;

typedef struct town { /* a place with figures */
    size_t at;
    figures f;
} town;

typedef struct search {
    command_env *env;
    cities *places;
    bool figures; /* there is a database behind it */
    town *towns;
    size_t ntowns, captowns;
    sphere *near_towns;
    int64_t *demand; /* by place */
    char artist_id[128];
    int64_t min_fans, min_capacity;
    size_t most;
} search;

/* ---- places ---- */

static bool add_dump(cities *c, const char *file, bool names, stop *halt, err *e)
{
    dump *d;
    city_place p;
    err line = {0}, heading = {0};
    if (!dump_open(file, names ? DUMP_MERGED_NAMES : DUMP_MERGED_CITIES, &d, &heading)) {
        if (heading.kind != ERR_INPUT)
            return err_set(e, heading.kind, "%s", heading.text);
        if (!dump_open(file, names ? DUMP_NAMES : DUMP_CITIES, &d, e))
            return false;
    }
    for (long n = 0;; n++) {
        if ((n & 1023) == 0 && stop_now(halt, e))
            break;
        if (dump_next(d, &p, &line)) {
            if (names)
                cities_add_name(c, p.geonameid, p.name);
            else
                cities_add(c, &p);
            continue;
        }
        dump_close(d);
        return line.kind == ERR_NONE || err_set(e, line.kind, "%s", line.text);
    }
    dump_close(d);
    return false;
}

static const char *text_of(const store_cell *c)
{
    return c->text ? c->text : "";
}

static bool take_place(void *ctx, const store_cell *c, size_t n, err *e)
{
    (void)n, (void)e;
    city_place p = {
        .id = c[0].text,
        .geonameid = (int32_t)strtol(text_of(&c[1]), NULL, 10),
        .name = text_of(&c[2]),
        .admin1 = text_of(&c[3]),
        .admin1_name = text_of(&c[4]),
        .country = text_of(&c[5]),
        .country_name = text_of(&c[6]),
        .time_zone = text_of(&c[7]),
        .feature = text_of(&c[8]),
        .population = strtoll(text_of(&c[9]), NULL, 10),
        .latitude = strtod(text_of(&c[10]), NULL),
        .longitude = strtod(text_of(&c[11]), NULL),
    };
    cities_add(ctx, &p);
    return true;
}

static bool take_name(void *ctx, const store_cell *c, size_t n, err *e)
{
    (void)n, (void)e;
    cities_add_name(ctx, (int32_t)strtol(text_of(&c[0]), NULL, 10), text_of(&c[1]));
    return true;
}

static bool ask(command_env *env, const char *name, const query_value *values, size_t n,
                bool (*row)(void *, const store_cell *, size_t, err *), void *ctx, err *e)
{
    const query *q = catalog_query(env->catalog, name);
    statement st;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", name);
    if (!query_bind(q, env->store->dialect, values, n, &st, e))
        return false;
    store_request request = request_of(&st);
    store_sink sink = {NULL, row, ctx};
    bool ok = env->store->run(env->store, &request, &sink, NULL, env->stop, e);
    statement_done(&st);
    return ok;
}

static bool load_places(search *s, const query_value *values, size_t n, err *e)
{
    const char *file = value_of(values, n, "cities"), *names = value_of(values, n, "names");
    stop *halt = s->env->stop;
    s->places = cities_new();
    if (!file && names)
        return err_set(e, ERR_USAGE, "city: --names goes with --cities");
    if (file)
        return add_dump(s->places, file, false, halt, e) &&
               (!names || add_dump(s->places, names, true, halt, e)) && cities_ready(s->places, halt, e);
    s->figures = true;
    return command_store(s->env, e) && ask(s->env, "city_places", NULL, 0, take_place, s->places, e) &&
           ask(s->env, "city_names", NULL, 0, take_name, s->places, e) && cities_ready(s->places, halt, e);
}

/* ---- figures ---- */

static bool take_figures(void *ctx, const store_cell *c, size_t n, err *e)
{
    (void)n, (void)e;
    search *s = ctx;
    size_t at = cities_by_id(s->places, text_of(&c[0]));
    if (at == SIZE_MAX)
        return true;
    int64_t v[6];
    for (int i = 0; i < 6; i++)
        v[i] = strtoll(text_of(&c[i + 1]), NULL, 10);
    MEM_ROOM(s->towns, s->ntowns, s->captowns);
    /* venues, largest, followers, buyers, fans, shows: an artist's fans are those who bought */
    s->towns[s->ntowns++] = (town){at, {v[0], v[1], s->artist_id[0] ? v[3] : v[4], v[2], v[5]}};
    return true;
}

typedef struct artists {
    size_t n, exact;
    char id[128], names[400];
} artists;

static bool take_artist(void *ctx, const store_cell *c, size_t n, err *e)
{
    (void)n, (void)e;
    artists *a = ctx;
    size_t len = strlen(a->names);
    if (a->n++ == 0)
        snprintf(a->id, sizeof a->id, "%s", text_of(&c[0]));
    a->exact += text_of(&c[2])[0] != '2';
    snprintf(a->names + len, sizeof a->names - len, "%s%.60s (%.40s)", len ? "; " : "", text_of(&c[1]),
             text_of(&c[0]));
    return true;
}

static bool find_artist(search *s, const char *text, err *e)
{
    artists a = {0};
    query_value values[] = {{"artist", text}, {"search", text}};
    if (!ask(s->env, "city_artist", values, 2, take_artist, &a, e))
        return false;
    if (a.n == 0)
        return err_set(e, ERR_USAGE, "there is no artist '%.80s'", text);
    if (a.n > 1 && a.exact != 1)
        return err_set(e, ERR_USAGE, "'%.80s' may be several artists: %s", text, a.names);
    snprintf(s->artist_id, sizeof s->artist_id, "%s", a.id);
    return true;
}

static bool load_figures(search *s, const char *artist, err *e)
{
    char since[16];
    int year, month, day;
    if (!s->figures)
        return true;
    if (artist && !find_artist(s, artist, e))
        return false;
    time_civil((int32_t)(time_now_us() / 86400000000), &year, &month, &day);
    time_format_date(time_days(year - 2, month, day > 28 ? 28 : day), since);
    query_value values[] = {{"since", since}, {"artist_id", s->artist_id}};
    if (!ask(s->env, "city_figures", values, s->artist_id[0] ? 2 : 1, take_figures, s, e))
        return false;
    double *latitudes = MEM_ARRAY(double, 2 * s->ntowns + 1), *longitudes = latitudes + s->ntowns;
    s->demand = MEM_ARRAY(int64_t, cities_count(s->places) + 1);
    for (size_t i = 0; i < s->ntowns; i++) {
        city_place p = cities_at(s->places, s->towns[i].at);
        latitudes[i] = p.latitude;
        longitudes[i] = p.longitude;
        s->demand[s->towns[i].at] = s->towns[i].f.fans + s->towns[i].f.followers;
    }
    s->near_towns = sphere_new(latitudes, longitudes, s->ntowns);
    free(latitudes);
    return true;
}

/* Rooms and shows of the place itself; people from as far as they drive to a show. */
static figures figures_at(const search *s, size_t at)
{
    figures f = {0};
    city_place p = cities_at(s->places, at);
    if (!s->near_towns)
        return f;
    sphere_hit *hits = MEM_ARRAY(sphere_hit, s->ntowns);
    size_t n = sphere_within(s->near_towns, p.latitude, p.longitude, REACH_KM, hits, s->ntowns);
    for (size_t i = 0; i < n; i++) {
        const town *t = &s->towns[hits[i].at];
        f.fans += t->f.fans;
        f.followers += t->f.followers;
        if (t->at != at)
            continue;
        f.venues = t->f.venues;
        f.largest = t->f.largest;
        f.shows = t->f.shows;
    }
    free(hits);
    return f;
}

/* ---- printing ---- */

typedef struct table {
    output *out;
    store_sink sink;
    size_t rows;
    bool around;
} table;

static bool begin_table(table *t, command_env *env, bool around, bool with_figures, err *e)
{
    store_column columns[COLUMNS] = {
        {"city", STORE_TEXT},           {"region", STORE_TEXT}, {"country", STORE_TEXT},
        {"population", STORE_INT},      {"miles", STORE_REAL},  {"venues", STORE_INT},
        {"largest_room", STORE_INT},    {"fans", STORE_INT},    {"followers", STORE_INT},
        {"shows_24_months", STORE_INT}, {"city_id", STORE_TEXT}};
    store_column given[COLUMNS];
    size_t n = 0;
    for (size_t i = 0; i < 11; i++)
        if ((i != 4 || around) && (i < 5 || i > 9 || with_figures))
            given[n++] = columns[i];
    t->out = output_new(env, NULL);
    t->sink = output_sink(t->out);
    t->around = around;
    return t->sink.head(t->sink.ctx, given, n, e);
}

static bool print_place(table *t, const search *s, size_t at, double km, const figures *f, err *e)
{
    char numbers[7][32], own[16];
    city_place p = cities_at(s->places, at);
    snprintf(own, sizeof own, "g%d", (int)p.geonameid);
    const int64_t whole[] = {p.population, f->venues, f->largest, f->fans, f->followers, f->shows};
    for (size_t i = 0; i < 6; i++)
        snprintf(numbers[i], sizeof *numbers, "%lld", (long long)whole[i]);
    snprintf(numbers[6], sizeof *numbers, "%.1f", km / 1.609344);
    const char *region = p.admin1_name[0] ? p.admin1_name : p.admin1;
    const char *texts[COLUMNS] = {p.name, region, p.country, numbers[0]};
    size_t n = 4;
    if (t->around)
        texts[n++] = numbers[6];
    for (size_t i = 1; s->figures && i < 6; i++)
        texts[n++] = i == 2 && !f->largest ? NULL : numbers[i];
    texts[n++] = p.id ? p.id : own;
    store_cell cells[COLUMNS];
    for (size_t i = 0; i < n; i++)
        cells[i] = (store_cell){texts[i], texts[i] ? strlen(texts[i]) : 0};
    t->rows++;
    return t->sink.row(t->sink.ctx, cells, n, e);
}

/* One place, if it is not filtered away. */
static bool offer(table *t, const search *s, size_t at, double km, err *e)
{
    figures f = figures_at(s, at);
    int64_t people = f.fans > f.followers ? f.fans : f.followers;
    if (people < s->min_fans || f.largest < s->min_capacity)
        return true;
    return print_place(t, s, at, km, &f, e);
}

static bool print_around(table *t, const search *s, size_t centre, double km, err *e)
{
    city_place c = cities_at(s->places, centre);
    size_t n = cities_count(s->places);
    sphere_hit *hits = MEM_ARRAY(sphere_hit, n + 1);
    size_t found = sphere_within(cities_sphere(s->places), c.latitude, c.longitude, km, hits, n);
    bool ok = true;
    for (size_t i = 0; ok && i < found && t->rows < s->most; i++)
        ok = !stop_now(s->env->stop, e) && offer(t, s, hits[i].at, hits[i].km, e);
    free(hits);
    return ok;
}

static bool print_found(table *t, const search *s, const char *text, size_t centre, double km, err *e)
{
    city_hit *hits = MEM_ARRAY(city_hit, LOOKED_AT);
    city_query q = {.text = text, .demand = s->artist_id[0] ? s->demand : NULL};
    size_t n = 0;
    bool ok = cities_find(s->places, &q, hits, LOOKED_AT, &n, s->env->stop, e);
    for (size_t i = 0; ok && i < n && t->rows < s->most; i++) {
        double far = 0;
        if (centre != SIZE_MAX) {
            city_place a = cities_at(s->places, centre), b = cities_at(s->places, hits[i].at);
            far = sphere_km(a.latitude, a.longitude, b.latitude, b.longitude);
        }
        if (far <= km)
            ok = offer(t, s, hits[i].at, far, e);
    }
    free(hits);
    return ok;
}

/* ---- many queries ---- */

static bool answer_line(search *s, long line, const char *text, err *e)
{
    city_hit hits[BATCH_HITS];
    city_query q = {.text = text};
    size_t n = 0;
    if (!cities_find(s->places, &q, hits, BATCH_HITS, &n, s->env->stop, e))
        return false;
    buf out;
    json_out j;
    buf_init(&out);
    json_init(&j, &out);
    json_open(&j, '{');
    json_key(&j, "line");
    json_int(&j, line);
    json_key(&j, "query");
    json_str(&j, text);
    json_key(&j, "geonameids");
    json_open(&j, '[');
    for (size_t i = 0; i < n; i++)
        json_int(&j, cities_at(s->places, hits[i].at).geonameid);
    json_close(&j, ']');
    json_close(&j, '}');
    buf_char(&out, '\n');
    bool ok = fwrite(out.data, 1, out.len, s->env->out) == out.len;
    buf_done(&out);
    return ok || err_errno(e, "writing the output");
}

static bool answer_batch(search *s, const char *file, err *e)
{
    FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    if (!f)
        return err_errno(e, "%s", file);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    bool ok = true;
    for (long at = 1; ok && (n = getline(&line, &cap, f)) >= 0; at++) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            line[--n] = 0;
        if (memchr(line, 0, (size_t)n)) { /* else the rest of the line would be passed over in silence */
            fprintf(s->env->messages, "%s: line %ld: a NUL byte, read as a space\n", file, at);
            for (char *nul = line; (nul = memchr(nul, 0, (size_t)(line + n - nul)));)
                *nul = ' ';
        }
        ok = answer_line(s, at, line, e);
    }
    if (ok && ferror(f))
        ok = err_errno(e, "%s", file);
    free(line);
    if (f != stdin)
        fclose(f);
    return ok && (fflush(s->env->out) == 0 || err_errno(e, "writing the output"));
}

/* ---- the command ---- */

static bool is_key(const char *text)
{
    if (!text || text[0] != 'g' || !isdigit((unsigned char)text[1]))
        return false;
    return text[1 + strspn(text + 1, "0123456789")] == 0;
}

static bool read_count(const query_value *values, size_t n, const char *name, int64_t fallback, int64_t *ret,
                       err *e)
{
    const char *text = value_of(values, n, name);
    *ret = text ? strtoll(text, NULL, 10) : fallback;
    return *ret >= 0 ||
           err_set(e, ERR_USAGE, "city: --%s wants a number of 0 or more, not '%.20s'", name, text);
}

static bool read_asked(search *s, const query_value *values, size_t n, double *ret_km, err *e)
{
    const char *near = value_of(values, n, "near"), *within = value_of(values, n, "within");
    int64_t most;
    bool text = value_of(values, n, "QUERY") != NULL, nearest = value_of(values, n, "nearest") != NULL;
    *ret_km = nearest || text ? 20038 : AROUND_KM;
    if (!near && (within || nearest))
        return err_set(e, ERR_USAGE, "city: --%s goes with --near", within ? "within" : "nearest");
    if (!text && !near && !value_of(values, n, "batch"))
        return err_set(e, ERR_USAGE, "city: QUERY is missing; 'showx city \"san fran\"', or --near CITY");
    if (value_of(values, n, "cities") && (value_of(values, n, "artist") || value_of(values, n, "min-fans") ||
                                          value_of(values, n, "min-capacity")))
        return err_set(e, ERR_USAGE,
                       "city: --cities asks files alone, which know no artists, fans and rooms");
    if ((within && !sphere_parse(within, ret_km, e)) ||
        !read_count(values, n, "nearest", text || within ? LOOKED_AT : SHOWN_AROUND, &most, e) ||
        !read_count(values, n, "min-fans", 0, &s->min_fans, e) ||
        !read_count(values, n, "min-capacity", 0, &s->min_capacity, e))
        return false;
    s->most = text && !nearest ? SHOWN : (size_t)most;
    return true;
}

/* An empty table alone looks as if something had gone wrong. */
static void say_none(const search *s, const char *text, bool near)
{
    bool more = near || s->min_fans || s->min_capacity;
    if (text)
        fprintf(s->env->messages, "showx: no place is called so: '%.80s'%s\n", text,
                more ? ", or none that has what else was asked for" : "");
    else
        fprintf(s->env->messages, "showx: no place there has what was asked for\n");
}

static bool run_search(search *s, const query_value *values, size_t n, err *e)
{
    const char *text = value_of(values, n, "QUERY"), *near = value_of(values, n, "near");
    const char *batch = value_of(values, n, "batch");
    double km = 0;
    size_t centre = SIZE_MAX;
    table t = {0};
    if (!read_asked(s, values, n, &km, e) || !load_places(s, values, n, e))
        return false;
    if (batch)
        return answer_batch(s, batch, e);
    if ((near && !cities_one(s->places, near, &centre, e)) ||
        !load_figures(s, value_of(values, n, "artist"), e))
        return false;
    bool ok = begin_table(&t, s->env, near != NULL, s->figures, e);
    if (ok)
        ok = text ? print_found(&t, s, text, centre, km, e) : print_around(&t, s, centre, km, e);
    int64_t rows = ok ? output_rows(t.out) : 0;
    ok = ok && output_end(t.out, e);
    output_free(t.out);
    if (ok && !rows)
        say_none(s, text, near != NULL);
    return ok;
}

static int run_city(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    const char *text = value_of(values, n, "QUERY");
    if (self->data && n == 1 && is_key(text)) {
        const view *v = self->data;
        query_value key = {v->key[0], text};
        return view_command_run(v, env, &key, 1, e);
    }
    search s = {.env = env};
    bool ok = run_search(&s, values, n, e);
    cities_free(s.places);
    sphere_free(s.near_towns);
    free(s.towns);
    free(s.demand);
    return ok ? 0 : err_exit_code(e->kind);
}

static const command_arg ARGS[] = {
    {"QUERY", ARG_TEXT, false, "cities",
     "a name as you would type it (\"san fran\", \"springfield il\"), or a row's key (g4671654)"},
    {"--near", ARG_TEXT, false, NULL, "with how far it is from this place; without QUERY, what is around it"},
    {"--within", ARG_TEXT, false, NULL, "with --near: at most this far, as 150mi or 240km"},
    {"--nearest", ARG_INT, false, NULL, "with --near: at most so many"},
    {"--artist", ARG_TEXT, false, NULL, "fans, followers and shows of this artist alone (an id or a name)"},
    {"--min-fans", ARG_INT, false, NULL, "only with so many fans or followers within 60 miles"},
    {"--min-capacity", ARG_INT, false, NULL, "only with a room for so many"},
    {"--batch", ARG_FILE, false, "file",
     "one query a line of FILE (- for stdin): a JSON object a line, with the first ten geonameids"},
    {"--cities", ARG_FILE, false, "file", "places from this file instead of the database"},
    {"--names", ARG_FILE, false, "file", "with --cities: other names from this file"},
};

const command command_city = {
    .name = "city",
    .summary = "find places by name as typed, or around another, with rooms, fans and shows",
    .help = "Prefixes, typos, regions (\"portland me\"), nicknames and names in other languages find a "
            "place. Fans and followers are "
            "those within 60 miles: with --artist, buyers and followers of that artist; else all fans who "
            "live there. Shows are of "
            "the last 24 months and to come.",
    .args = ARGS,
    .nargs = sizeof ARGS / sizeof *ARGS,
    .needs_store = true,
    .group = "Look",
    .run = run_city,
};
