/* demand refresh, demand evaluate: what src/demand is fed with comes from here, and what it foresees goes back.
 *
 * A refresh counts anew what was marked (in pieces, each a transaction), then, in one transaction under the lock that lets refreshers go one after
 * the other, takes the artists whose estimates are older than their counts, fits where the shows have become so many more, and writes
 * the estimates. Taking comes before reading: what changes meanwhile is marked again and met by the next refresh. */
#include "command/private.h"
#include "command/tour.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "demand/demand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 200, FEW_ARTISTS = 12, WEEKS_AHEAD = 12, COLUMNS = 13 };

/* ---- ids by number ---- */

typedef struct names {
    char **ids;
    size_t n, cap;
    int32_t *slots; /* open addressing; -1 = free */
    size_t nslots;
} names;

static size_t slot_of(const names *s, const char *id)
{
    uint64_t h = 1469598103934665603u;
    for (const char *c = id; *c; c++)
        h = (h ^ (unsigned char)*c) * 1099511628211u;
    size_t at = (size_t)h & (s->nslots - 1);
    while (s->slots[at] >= 0 && strcmp(s->ids[s->slots[at]], id) != 0)
        at = (at + 1) & (s->nslots - 1);
    return at;
}

static void names_grow(names *s)
{
    free(s->slots);
    s->nslots = s->nslots ? s->nslots * 2 : 64;
    s->slots = MEM_ARRAY(int32_t, s->nslots);
    memset(s->slots, 0xff, s->nslots * sizeof *s->slots);
    for (size_t i = 0; i < s->n; i++)
        s->slots[slot_of(s, s->ids[i])] = (int32_t)i;
}

static int32_t names_find(const names *s, const char *id)
{
    return s->nslots ? s->slots[slot_of(s, id)] : -1;
}

static int32_t names_add(names *s, const char *id)
{
    if (s->n * 2 >= s->nslots)
        names_grow(s);
    size_t at = slot_of(s, id);
    if (s->slots[at] < 0) {
        MEM_ROOM(s->ids, s->n, s->cap);
        s->ids[s->n] = mem_str(id);
        s->slots[at] = (int32_t)s->n++;
    }
    return s->slots[at];
}

static void names_done(names *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->ids[i]);
    free(s->ids);
    free(s->slots);
}

/* ---- reading ---- */

typedef struct material {
    names cities, artists;
    double *latitudes, *longitudes;
    int64_t *population;
    size_t capcities;
    demand_cell *cells;
    size_t ncells, capcells;
    demand_show *shows;
    size_t nshows, capshows;
} material;

static void material_done(material *m)
{
    names_done(&m->cities);
    names_done(&m->artists);
    free(m->latitudes);
    free(m->longitudes);
    free(m->population);
    free(m->cells);
    free(m->shows);
}

static demand_data data_of(const material *m)
{
    return (demand_data){.latitudes = m->latitudes,
                         .longitudes = m->longitudes,
                         .population = m->population,
                         .ncities = m->cities.n,
                         .nartists = m->artists.n,
                         .cells = m->cells,
                         .ncells = m->ncells,
                         .shows = m->shows,
                         .nshows = m->nshows};
}

static int64_t whole(const store_cell *c)
{
    return c->text ? strtoll(c->text, NULL, 10) : 0;
}

static int32_t count(const store_cell *c)
{
    int64_t n = whole(c);
    return n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

static bool take_city(void *ctx, const store_cell *cells, size_t n, err *e)
{
    material *m = ctx;
    (void)n, (void)e;
    if (m->cities.n == m->capcities) {
        m->capcities = m->capcities ? m->capcities * 2 : 1024;
        m->latitudes = mem_grow(m->latitudes, m->capcities, sizeof *m->latitudes);
        m->longitudes = mem_grow(m->longitudes, m->capcities, sizeof *m->longitudes);
        m->population = mem_grow(m->population, m->capcities, sizeof *m->population);
    }
    int32_t at = names_add(&m->cities, cells[0].text);
    m->latitudes[at] = strtod(cells[1].text, NULL);
    m->longitudes[at] = strtod(cells[2].text, NULL);
    m->population[at] = whole(&cells[3]);
    return true;
}

static bool take_cell(void *ctx, const store_cell *cells, size_t n, err *e)
{
    material *m = ctx;
    int32_t city = names_find(&m->cities, cells[1].text);
    (void)n, (void)e;
    if (city < 0)
        return true; /* came in after the places were read */
    MEM_ROOM(m->cells, m->ncells, m->capcells);
    m->cells[m->ncells++] = (demand_cell){.artist = names_add(&m->artists, cells[0].text),
                                          .city = city,
                                          .followers = count(&cells[2]),
                                          .buyers = count(&cells[3]),
                                          .tickets = count(&cells[4])};
    return true;
}

static bool take_show(void *ctx, const store_cell *cells, size_t n, err *e)
{
    material *m = ctx;
    int32_t city = names_find(&m->cities, cells[2].text), day;
    (void)n;
    if (city < 0)
        return true;
    if (!time_parse_date(cells[3].text, &day, e))
        return err_wrap(e, "queries/demand_shows.sql: concert %s", cells[1].text);
    MEM_ROOM(m->shows, m->nshows, m->capshows);
    m->shows[m->nshows++] = (demand_show){.artist = names_add(&m->artists, cells[0].text),
                                          .city = city,
                                          .day = day,
                                          .sold = count(&cells[4]),
                                          .capacity = count(&cells[5]),
                                          .sold_out = cells[6].text && cells[6].text[0] == 't',
                                          .price = whole(&cells[7])};
    return true;
}

typedef bool take_row(void *ctx, const store_cell *cells, size_t n, err *e);

static bool run_named(command_env *env, const char *name, const query_value *values, size_t n, take_row *take,
                      void *ctx, err *e)
{
    const query *q = catalog_query(env->catalog, name);
    statement st;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", name);
    if (!query_bind(q, env->store->dialect, values, n, &st, e))
        return false;
    store_request request = request_of(&st);
    store_sink sink = {.row = take, .ctx = ctx};
    bool ok = env->store->run(env->store, &request, take ? &sink : NULL, NULL, env->stop, e);
    statement_done(&st);
    return ok;
}

static bool read_artist(command_env *env, const char *artist, material *m, err *e)
{
    query_value value = {"artist_id", artist};
    return run_named(env, "demand_cells", &value, artist ? 1 : 0, take_cell, m, e) &&
           run_named(env, "demand_shows", &value, artist ? 1 : 0, take_show, m, e);
}

static bool read_cities(command_env *env, material *m, err *e)
{
    return run_named(env, "demand_cities", NULL, 0, take_city, m, e);
}

/* ---- refresh ---- */

typedef struct numbers { /* the first cells of a single row */
    int64_t of[3];
    bool flag; /* the second one as a bool */
} numbers;

static bool take_numbers(void *ctx, const store_cell *cells, size_t n, err *e)
{
    numbers *r = ctx;
    (void)e;
    for (size_t i = 0; i < n && i < 3; i++)
        r->of[i] = whole(&cells[i]);
    r->flag = n > 1 && cells[1].text && cells[1].text[0] == 't';
    return true;
}

static bool count_anew(command_env *env, demand_refreshed *ret, err *e)
{
    char most[16];
    snprintf(most, sizeof most, "%d", PIECE);
    query_value value = {"most", most};
    for (;;) {
        numbers r = {{0}, false};
        if (stop_now(env->stop, e) || !run_named(env, "demand_refresh", &value, 1, take_numbers, &r, e))
            return false;
        ret->artists += r.of[0];
        ret->cells += r.of[1];
        if (!r.of[0] || !r.of[2])
            return true;
    }
}

static bool take_text(void *ctx, const store_cell *cells, size_t n, err *e)
{
    (void)e;
    free(*(char **)ctx);
    *(char **)ctx = n > 1 && cells[1].text ? mem_str(cells[1].text) : NULL;
    return true;
}

static bool take_name(void *ctx, const store_cell *cells, size_t n, err *e)
{
    (void)n, (void)e;
    names_add(ctx, cells[0].text);
    return true;
}

/* A Friday some weeks on, whose numbers stand for the place. */
static int32_t usual_day(void)
{
    int32_t day = (int32_t)(time_now_us() / 86400000000) + 7 * WEEKS_AHEAD;
    while ((day + 4) % 7 != 5)
        day++;
    return day;
}

typedef struct writer { /* gives the estimates to a bulk load, cell by cell */
    const material *from;
    const demand_model *model;
    const names *wanted; /* NULL: everybody */
    size_t at;
    int32_t day;
    char text[COLUMNS][24];
} writer;

static void put_whole(writer *w, store_cell *cells, int column, double v)
{
    double most = v < 2e9 ? floor(v + .5) : 2e9;
    int n = snprintf(w->text[column], sizeof w->text[column], "%.0f", most);
    cells[column] = (store_cell){w->text[column], (size_t)n};
}

static bool next_estimate(void *ctx, store_cell *cells, size_t n, bool *ret_more, err *e)
{
    writer *w = ctx;
    const material *m = w->from;
    demand_estimate x;
    (void)n, (void)e;
    while (w->at < m->ncells && w->wanted &&
           names_find(w->wanted, m->artists.ids[m->cells[w->at].artist]) < 0)
        w->at++;
    *ret_more = w->at < m->ncells;
    if (!*ret_more)
        return true;
    const demand_cell *c = &m->cells[w->at++];
    const char *artist = m->artists.ids[c->artist], *city = m->cities.ids[c->city];
    demand_estimate_at(w->model, c->artist, c->city, w->day, &x);
    cells[0] = (store_cell){artist, strlen(artist)};
    cells[1] = (store_cell){city, strlen(city)};
    const double figures[] = {x.mean,           x.low,   x.mid,       x.high,   x.raw, x.prior,
                              x.weight * 10000, x.shows, x.followers, x.buyers, x.room};
    for (int i = 0; i < COLUMNS - 2; i++)
        put_whole(w, cells, i + 2, figures[i]);
    if (x.raw < 0)
        cells[6] = (store_cell){NULL, 0};
    return true;
}

static bool write_estimates(command_env *env, writer *w, int64_t *ret, err *e)
{
    const query *q = catalog_query(env->catalog, "demand_load");
    store_feed feed = {next_estimate, w};
    if (!q)
        return err_set(e, ERR_FAILED, "queries/demand_load.sql is missing");
    store_request request = {.name = q->file, .sql = q->body[STORE_POSTGRES]};
    return env->store->load(env->store, &request, COLUMNS, &feed, ret, env->stop, e) &&
           run_named(env, "demand_keep", NULL, 0, NULL, NULL, e);
}

static bool keep_model(command_env *env, const demand_model *m, err *e)
{
    demand_about about;
    buf text;
    char shows[24], artists[24];
    demand_tell(m, &about);
    buf_init(&text);
    demand_model_save(m, &text);
    snprintf(shows, sizeof shows, "%lld", (long long)about.shows);
    snprintf(artists, sizeof artists, "%lld", (long long)about.artists);
    query_value values[] = {{"parameters", text.data}, {"shows", shows}, {"artists", artists}};
    bool ok = run_named(env, "demand_model_keep", values, 3, NULL, NULL, e);
    buf_done(&text);
    return ok;
}

/* The model: fitted over everybody, or the kept one with the wanted artists' material. */
static bool make_model(command_env *env, const names *wanted, bool fit, material *m, demand_model **ret,
                       err *e)
{
    bool ok = read_cities(env, m, e), few = !fit && wanted->n <= FEW_ARTISTS;
    for (size_t i = 0; ok && few && i < wanted->n; i++)
        ok = read_artist(env, wanted->ids[i], m, e);
    if (ok && !few)
        ok = read_artist(env, NULL, m, e);
    demand_data data = data_of(m);
    if (ok && fit)
        return demand_fit(&data, ret, env->stop, e) && keep_model(env, *ret, e);
    char *text = NULL;
    ok = ok && run_named(env, "demand_model", NULL, 0, take_text, &text, e) &&
         demand_model_load(text, &data, ret, env->stop, e);
    free(text);
    return ok;
}

static bool foresee(command_env *env, demand_refreshed *ret, err *e)
{
    names wanted = {0};
    material m = {0};
    demand_model *model = NULL;
    query_value everybody = {"everybody", ret->fitted ? "true" : "false"};
    bool ok = run_named(env, "demand_take", &everybody, 1, take_name, &wanted, e);
    if (ok && (wanted.n || ret->fitted)) {
        ok = make_model(env, &wanted, ret->fitted, &m, &model, e);
        writer w = {.from = &m, .model = model, .wanted = ret->fitted ? NULL : &wanted, .day = usual_day()};
        ok = ok && write_estimates(env, &w, &ret->estimates, e);
        ret->shows = (int64_t)m.nshows;
    }
    demand_free(model);
    material_done(&m);
    names_done(&wanted);
    return ok;
}

bool demand_refresh(command_env *env, bool all, demand_refreshed *ret, err *e)
{
    numbers grown = {{0}, false};
    *ret = (demand_refreshed){0};
    if (!command_store(env, e) || !count_anew(env, ret, e) ||
        !run_named(env, "demand_grown", NULL, 0, take_numbers, &grown, e))
        return false;
    ret->fitted = all || grown.flag;
    if (!env->store->begin(env->store, false, env->stop, e))
        return false;
    if (foresee(env, ret, e))
        return env->store->commit(env->store, env->stop, e);
    (void)env->store->rollback(env->store, NULL, NULL);
    return false;
}

void demand_freshen(command_env *env)
{
    demand_refreshed r;
    err e = {0};
    if (!demand_refresh(env, false, &r, &e) && e.kind != ERR_REFUSED && e.kind != ERR_CANCELLED)
        fprintf(env->messages, "showx: demand was not refreshed (%s); 'showx demand refresh' does it\n",
                e.text);
}

static void print_refreshed(command_env *env, const demand_refreshed *r)
{
    buf line;
    json_out j;
    buf_init(&line);
    if (env->format == OUT_JSON) {
        json_init(&j, &line);
        json_open(&j, '{');
        json_key(&j, "artists");
        json_int(&j, r->artists);
        json_key(&j, "places");
        json_int(&j, r->cells);
        json_key(&j, "refitted");
        json_bool(&j, r->fitted);
        json_key(&j, "estimates");
        json_int(&j, r->estimates);
        json_close(&j, '}');
        fprintf(env->out, "%s\n", line.data);
    } else {
        buf_printf(&line, "%lld artists counted anew, %lld places changed; ", (long long)r->artists,
                   (long long)r->cells);
        if (r->fitted)
            buf_printf(&line, "fitted on %lld shows; ", (long long)r->shows);
        fprintf(env->messages, "%s%lld estimates written\n", line.data, (long long)r->estimates);
    }
    buf_done(&line);
}

static int run_refresh(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    (void)self;
    demand_refreshed r;
    if (!demand_refresh(env, value_of(values, n, "all") != NULL, &r, e))
        return err_exit_code(e->kind);
    print_refreshed(env, &r);
    return 0;
}

static const command_arg REFRESH_ARGS[] = {
    {"--all", ARG_FLAG, false, NULL, "fit the model again and write every estimate, whatever changed"},
};

const command command_demand_refresh = {
    .name = "demand refresh",
    .summary = "count anew what changed, and foresee tickets for each artist and city",
    .help =
        "Only what was marked as changed is counted; the model is fitted again when the shows have become a "
        "twentieth more. Runs beside other work and may be stopped anywhere.",
    .args = REFRESH_ARGS,
    .nargs = 1,
    .needs_store = true,
    .group = "Look",
    .run = run_refresh,
};

/* ---- evaluate ---- */

static void print_scores_json(command_env *env, const demand_score *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf line;
        json_out j;
        buf_init(&line);
        json_init(&j, &line);
        json_open(&j, '{');
        json_key(&j, "name");
        json_str(&j, s[i].name);
        json_key(&j, "shows");
        json_int(&j, (int64_t)s[i].shows);
        json_key(&j, "log_score");
        json_double(&j, s[i].log_score);
        json_key(&j, "coverage80");
        json_double(&j, s[i].coverage80);
        json_key(&j, "error");
        json_double(&j, s[i].error);
        json_close(&j, '}');
        fprintf(env->out, "%s\n", line.data);
        buf_done(&line);
    }
}

static void print_scores(command_env *env, const demand_score *s, size_t n)
{
    fprintf(env->out, "%-18s %8s %10s %13s %7s\n", "name", "shows", "log score", "80% coverage", "error");
    for (size_t i = 0; i < n; i++)
        fprintf(env->out, "%-18s %8zu %10.3f %12.1f%% %7.3f\n", s[i].name, s[i].shows, s[i].log_score,
                100 * s[i].coverage80, s[i].error);
    fprintf(env->messages,
            "Each show was foretold without itself: it was left out of its artist's history and its buyers "
            "out of the "
            "fans nearby, and the model was fitted without a fifth of the artists, its own among them; "
            "larger log "
            "scores and smaller errors (in log tickets) are better, coverage is best at 80%%; %zu sold-out "
            "shows count as "
            "'at least' in the log score alone.\n",
            s[0].shows - s[0].counted);
}

/* Whom nobody knows is missing, like whom nobody follows. */
static bool known_artist(tour_env *t, const char *artist, char ret_id[64], err *e)
{
    return tour_artist(t, artist, ret_id, e) || err_set(e, ERR_MISSING, "%s", e->text);
}

static int run_evaluate(const command *self, command_env *env, const query_value *values, size_t n, err *e)
{
    const char *artist = value_of(values, n, "artist");
    material m = {0};
    demand_score scores[DEMAND_SCORES];
    size_t got = 0;
    char id[64] = "";
    tour_env t;
    if (tour_begin(&t, env, self, false, e) && (!artist || known_artist(&t, artist, id, e)) &&
        read_cities(env, &m, e) && read_artist(env, NULL, &m, e)) {
        int32_t only = artist ? names_find(&m.artists, id) : -1;
        demand_data data = data_of(&m);
        if (artist && only < 0)
            err_set(e, ERR_MISSING, "the artist '%s' has no fan and no show yet", artist);
        else
            got = demand_evaluate(&data, only, scores, env->stop, e);
    }
    material_done(&m);
    if (!got)
        return err_exit_code(e->kind);
    if (env->format == OUT_JSON)
        print_scores_json(env, scores, got);
    else
        print_scores(env, scores, got);
    return 0;
}

static const command_arg EVALUATE_ARGS[] = {
    {"--artist", ARG_TEXT, false, "artists", "only the shows of this artist: an id or a name"},
};

const command command_demand_evaluate = {
    .name = "demand evaluate",
    .summary = "how well shows are foretold when each is left out, beside three simple rivals",
    .args = EVALUATE_ARGS,
    .nargs = 1,
    .needs_store = true,
    .group = "Look",
    .run = run_evaluate,
};
