/* What a question is answered from: an artist's rooms, avails, rules and demand, read by named queries in one read-only transaction. */
#include "plan/private.h"

#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 2000000, RULE_DAYS = 366, DEAL_DAYS = 3 * 366 };

/* ---- rows ---- */

bool plan_fetch(store *s, const catalog *c, const char *name, const query_value *values, size_t n,
                size_t most, rowset **ret, stop *halt, err *e)
{
    const query *q = catalog_query(c, name);
    statement st;
    if (!q)
        return err_set(e, ERR_FAILED, "queries/%s.sql is missing", name);
    if (!query_bind(q, s->dialect, values, n, &st, e))
        return false;
    store_request request = {.name = st.name, .sql = st.sql, .params = st.params, .nparams = st.nparams};
    bool ok = store_fetch(s, &request, most, ret, halt, e);
    statement_done(&st);
    return ok;
}

const char *cell_of(const rowset *r, size_t row, const char *column)
{
    int k = rowset_column(r, column);
    return k < 0 ? NULL : rowset_cell(r, row, (size_t)k)->text;
}

int64_t cell_int(const rowset *r, size_t row, const char *column, int64_t otherwise)
{
    const char *text = cell_of(r, row, column);
    return text && *text ? strtoll(text, NULL, 10) : otherwise;
}

double cell_real(const rowset *r, size_t row, const char *column, double otherwise)
{
    const char *text = cell_of(r, row, column);
    return text && *text ? strtod(text, NULL) : otherwise;
}

bool cell_true(const rowset *r, size_t row, const char *column)
{
    const char *text = cell_of(r, row, column);
    return text && (*text == 't' || *text == '1');
}

int32_t cell_day(const rowset *r, size_t row, const char *column)
{
    const char *text = cell_of(r, row, column);
    int32_t day = DAY_NONE;
    if (text)
        (void)time_parse_date(text, &day, NULL);
    return day;
}

static char *cell_copy(const rowset *r, size_t row, const char *column)
{
    const char *text = cell_of(r, row, column);
    return mem_str(text ? text : "");
}

void data_note(plan_data *d, char *sentence)
{
    for (size_t i = 0; i < d->nnotes; i++)
        if (strcmp(d->notes[i], sentence) == 0) {
            free(sentence);
            return;
        }
    MEM_ROOM(d->notes, d->nnotes, d->capnotes);
    d->notes[d->nnotes++] = sentence;
}

typedef struct reading {
    store *s;
    const catalog *c;
    const cities *places;
    plan_data *d;
    stop *halt;
    err *e;
    query_value window[4]; /* artist_id, from, until, countries */
    char from[16], until[16];
} reading;

static bool fetch(const reading *g, const char *name, size_t nvalues, rowset **ret)
{
    return plan_fetch(g->s, g->c, name, g->window, nvalues, ROWS_MOST, ret, g->halt, g->e);
}

/* ---- rooms ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const plan_venue *)a)->id, ((const plan_venue *)b)->id);
}

static int32_t venue_row(const plan_data *d, const char *id)
{
    plan_venue key = {.id = (char *)(uintptr_t)id};
    const plan_venue *v = d->nvenues ? bsearch(&key, d->venues, d->nvenues, sizeof key, by_id) : NULL;
    return v ? (int32_t)(v - d->venues) : TOUR_NONE;
}

static bool read_venues(reading *g)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    size_t lost = 0;
    if (!fetch(g, "plan_venues", 4, &r))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        plan_venue v = {.place = cities_by_id(g->places, cell_of(r, i, "city_id"))};
        if (v.place == SIZE_MAX) {
            lost++;
            continue;
        }
        v.id = cell_copy(r, i, "venue_id");
        v.name = cell_copy(r, i, "name");
        v.city_id = cell_copy(r, i, "city_id");
        text_copy(v.currency, sizeof v.currency, cell_of(r, i, "currency"));
        v.latitude = cell_real(r, i, "latitude", 0);
        v.longitude = cell_real(r, i, "longitude", 0);
        v.capacity = (int32_t)cell_int(r, i, "capacity", 0);
        MEM_ROOM(d->venues, d->nvenues, d->capvenues);
        d->venues[d->nvenues++] = v;
    }
    rowset_free(r);
    if (d->nvenues)
        qsort(d->venues, d->nvenues, sizeof *d->venues, by_id);
    if (lost)
        data_note(d, mem_printf("%zu rooms are left out: their city is not among the places.", lost));
    return true;
}

/* ---- avails ---- */

/* Money of a deal in the artist's currency; where there is no rate it counts as not said, and the plan says so. */
static int64_t in_own_currency(plan_data *d, int64_t amount, const char *currency)
{
    int64_t own = amount;
    if (amount < 0 || !currency || strcmp(currency, d->currency) == 0)
        return amount;
    if (!rates_convert(&d->rates, amount, currency, d->currency, &own)) {
        data_note(d, mem_printf("There is no rate for %s: deals in it count by the usual terms.", currency));
        return -1;
    }
    const char *foreign = strcmp(currency, "USD") == 0 ? d->currency : currency;
    for (size_t i = 0; i < d->rates.n; i++)
        if (strcmp(d->rates.rows[i].currency, foreign) == 0)
            data_note(d, mem_printf("%s is counted at %.4g USD, the rate of %s.", foreign,
                                    (double)d->rates.rows[i].millionths / 1e6, d->rates.rows[i].as_of));
    return own;
}

static int by_slot(const void *a, const void *b)
{
    const plan_avail *x = a, *y = b;
    if (x->venue != y->venue)
        return x->venue < y->venue ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind > y->kind ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return strcmp(x->booking_id, y->booking_id);
}

static bool read_avails(reading *g)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    if (!fetch(g, "plan_avails", 3, &r))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        const char *status = cell_of(r, i, "status");
        plan_avail a = {.venue = venue_row(d, cell_of(r, i, "venue_id")), .day = cell_day(r, i, "show_date")};
        if (a.venue == TOUR_NONE)
            continue;
        a.kind = strcmp(status, "hold") == 0    ? AVAIL_HOLD
                 : strcmp(status, "offer") == 0 ? AVAIL_OFFER
                                                : AVAIL_CONFIRMED;
        a.rank = (int32_t)cell_int(r, i, "hold_rank", 0);
        a.mine = cell_true(r, i, "mine");
        a.challenged = cell_true(r, i, "challenged");
        const char *expires = cell_of(r, i, "expires_at");
        if (expires)
            (void)time_parse(expires, &a.expires_us, NULL);
        a.booking_id = cell_copy(r, i, "booking_id");
        a.who = cell_copy(r, i, "who");
        a.percentage = a.mine ? (int32_t)cell_int(r, i, "percentage", -1) : -1;
        a.guarantee =
            a.mine ? in_own_currency(d, cell_int(r, i, "guarantee", -1), cell_of(r, i, "currency")) : -1;
        a.expenses =
            a.mine ? in_own_currency(d, cell_int(r, i, "expenses", -1), cell_of(r, i, "currency")) : -1;
        MEM_ROOM(d->avails, d->navails, d->capavails);
        d->avails[d->navails++] = a;
    }
    rowset_free(r);
    if (d->navails)
        qsort(d->avails, d->navails, sizeof *d->avails, by_slot);
    return true;
}

/* ---- rules ---- */

static int by_rule(const void *a, const void *b)
{
    const plan_rule *x = a, *y = b;
    int c = strcmp(x->label, y->label);
    if (!c)
        c = strcmp(x->booking_id, y->booking_id);
    if (!c)
        c = x->miles != y->miles ? (x->miles < y->miles ? -1 : 1) : 0;
    if (!c)
        c = x->before != y->before ? (x->before < y->before ? -1 : 1) : 0;
    if (!c)
        c = x->after != y->after ? (x->after < y->after ? -1 : 1) : 0;
    return c ? c : x->venue < y->venue ? -1 : x->venue > y->venue;
}

static bool read_rules(reading *g)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    char from[16], until[16];
    time_format_date(d->from - RULE_DAYS, from);
    time_format_date(d->until + RULE_DAYS, until);
    query_value values[] = {{"artist_id", d->artist_id}, {"from", from}, {"until", until}};
    if (!plan_fetch(g->s, g->c, "plan_clauses", values, 3, ROWS_MOST, &r, g->halt, g->e))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        plan_rule k = {.venue = venue_row(d, cell_of(r, i, "venue_id")),
                       .latitude = cell_real(r, i, "latitude", 0),
                       .longitude = cell_real(r, i, "longitude", 0),
                       .day = cell_day(r, i, "show_date"),
                       .miles = (int32_t)cell_int(r, i, "miles", 0),
                       .before = (int32_t)cell_int(r, i, "days_before", 0),
                       .after = (int32_t)cell_int(r, i, "days_after", 0),
                       .forbid = strcmp(cell_of(r, i, "effect"), "forbid") == 0,
                       .booking_id = cell_copy(r, i, "booking_id"),
                       .label = cell_copy(r, i, "name")};
        const char *status = cell_of(r, i, "status");
        k.tentative = status && (strcmp(status, "hold") == 0 || strcmp(status, "offer") == 0);
        MEM_ROOM(d->rules, d->nrules, d->caprules);
        d->rules[d->nrules++] = k;
    }
    rowset_free(r);
    if (d->nrules)
        qsort(d->rules, d->nrules, sizeof *d->rules, by_rule);
    return true;
}

static int by_black(const void *a, const void *b)
{
    const plan_black *x = a, *y = b;
    if (x->venue != y->venue)
        return x->venue < y->venue ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->until != y->until ? (x->until < y->until ? -1 : 1) : strcmp(x->reason, y->reason);
}

static bool read_blackouts(reading *g)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    if (!fetch(g, "plan_blackouts", 3, &r))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        const char *id = cell_of(r, i, "venue_id");
        plan_black k = {id ? venue_row(d, id) : TOUR_NONE, cell_day(r, i, "from_date"),
                        cell_day(r, i, "until_date"), NULL};
        if (id && k.venue == TOUR_NONE)
            continue;
        k.reason = cell_copy(r, i, "reason");
        MEM_ROOM(d->blacks, d->nblacks, d->capblacks);
        d->blacks[d->nblacks++] = k;
    }
    rowset_free(r);
    if (d->nblacks)
        qsort(d->blacks, d->nblacks, sizeof *d->blacks, by_black);
    return true;
}

static bool read_anchors(reading *g)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    if (!fetch(g, "plan_anchors", 3, &r))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        plan_anchor k = {cities_by_id(g->places, cell_of(r, i, "city_id")), cell_day(r, i, "anchor_date"),
                         NULL};
        if (k.place == SIZE_MAX || (d->nanchors && d->anchors[d->nanchors - 1].day == k.day))
            continue;
        k.what = cell_copy(r, i, "what");
        MEM_ROOM(d->anchors, d->nanchors, d->capanchors);
        d->anchors[d->nanchors++] = k;
    }
    rowset_free(r);
    return true;
}

static bool read_roads(reading *g)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    if (!plan_fetch(g->s, g->c, "plan_legs", NULL, 0, ROWS_MOST, &r, g->halt, g->e))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        plan_road k = {cities_by_id(g->places, cell_of(r, i, "city_a")),
                       cities_by_id(g->places, cell_of(r, i, "city_b")), (int32_t)cell_int(r, i, "metres", 0),
                       (int32_t)cell_int(r, i, "minutes", 0)};
        if (k.a == SIZE_MAX || k.b == SIZE_MAX)
            continue;
        MEM_ROOM(d->roads, d->nroads, d->caproads);
        d->roads[d->nroads++] = k;
    }
    rowset_free(r);
    return true;
}

/* ---- deals ---- */

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* The median, the lower of the two middle ones; `otherwise` where there is none. */
static int64_t median(int64_t *of, size_t n, int64_t otherwise)
{
    if (!n)
        return otherwise;
    qsort(of, n, sizeof *of, by_number);
    return of[(n - 1) / 2];
}

/* What the artist's own shows say of price, share and expenses, in the place of the company's figures. */
static bool read_deals(reading *g)
{
    enum { MOST = 40 };
    rowset *r = NULL;
    plan_data *d = g->d;
    char from[16], until[16];
    int64_t prices[MOST], percentages[MOST], expenses[MOST];
    size_t n[3] = {0};
    time_format_date(d->today - DEAL_DAYS, from);
    time_format_date(d->today, until);
    query_value values[] = {{"artist_id", d->artist_id}, {"from", from}, {"until", until}};
    if (!plan_fetch(g->s, g->c, "plan_deals", values, 3, MOST, &r, g->halt, g->e))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        int64_t tickets = cell_int(r, i, "tickets", 0), gross = cell_int(r, i, "gross", 0), costs;
        const char *currency = cell_of(r, i, "currency"), *deal = cell_of(r, i, "deal_currency");
        int64_t own = tickets > 0 && gross > 0 ? in_own_currency(d, gross, currency) : -1;
        if (own > 0)
            prices[n[0]++] = own / tickets;
        if (cell_int(r, i, "percentage", -1) >= 0)
            percentages[n[1]++] = cell_int(r, i, "percentage", 0);
        costs = deal ? in_own_currency(d, cell_int(r, i, "expenses", -1), deal) : -1;
        if (own > 0 && costs >= 0)
            expenses[n[2]++] = costs >= own ? 10000 : costs * 10000 / own;
    }
    rowset_free(r);
    d->figures.ticket_price = median(prices, n[0], d->figures.ticket_price);
    d->figures.percentage = (int32_t)median(percentages, n[1], d->figures.percentage);
    d->figures.expense_share = (int32_t)median(expenses, n[2], d->figures.expense_share);
    return true;
}

static bool read_artist(reading *g, const char *artist_id)
{
    rowset *r = NULL;
    plan_data *d = g->d;
    query_value value = {"artist_id", artist_id};
    if (!plan_fetch(g->s, g->c, "plan_artist", &value, 1, 1, &r, g->halt, g->e))
        return false;
    bool ok = r->nrows || err_set(g->e, ERR_MISSING, "there is no artist '%s'", artist_id);
    if (ok) {
        const char *home = cell_of(r, 0, "city_id");
        text_copy(d->artist_id, sizeof d->artist_id, cell_of(r, 0, "artist_id"));
        d->artist = cell_copy(r, 0, "name");
        text_copy(d->currency, sizeof d->currency, cell_of(r, 0, "currency"));
        d->home = home ? cities_by_id(g->places, home) : SIZE_MAX;
    }
    rowset_free(r);
    return ok;
}

static bool read_all(reading *g, const char *artist_id)
{
    plan_data *d = g->d;
    return read_artist(g, artist_id) &&
           figures_read(g->s, g->c, d->artist_id, d->currency, &d->figures, &d->rates, g->halt, g->e) &&
           read_deals(g) && read_venues(g) && read_avails(g) && read_rules(g) && read_blackouts(g) &&
           read_anchors(g) && read_roads(g) && demand_read(g->s, g->c, g->places, d, g->halt, g->e);
}

bool data_read(store *s, const catalog *c, const cities *places, const plan_request *r, plan_data *d,
               stop *halt, err *e)
{
    reading g = {.s = s, .c = c, .places = places, .d = d, .halt = halt, .e = e};
    *d = (plan_data){.home = SIZE_MAX, .from = r->from, .until = r->until, .read_at = time_now_us()};
    d->today = (int32_t)(d->read_at / US_A_DAY);
    text_copy(d->countries, sizeof d->countries, r->countries);
    text_copy(d->source, sizeof d->source, s->identity.server);
    time_format_date(r->from, g.from);
    time_format_date(r->until, g.until);
    query_value window[] = {
        {"artist_id", r->artist_id}, {"from", g.from}, {"until", g.until}, {"countries", d->countries}};
    memcpy(g.window, window, sizeof window);
    if (!s->begin(s, true, halt, e))
        return false;
    bool ok = read_all(&g, r->artist_id);
    if (!d->source[0])
        text_copy(d->source, sizeof d->source, s->identity.server);
    err ignored = {0};
    if (ok)
        ok = s->commit(s, halt, e);
    else
        (void)s->rollback(s, halt, &ignored);
    if (!ok)
        data_done(d);
    return ok;
}

void data_done(plan_data *d)
{
    for (size_t i = 0; i < d->nvenues; i++) {
        free(d->venues[i].id);
        free(d->venues[i].name);
        free(d->venues[i].city_id);
    }
    for (size_t i = 0; i < d->navails; i++) {
        free(d->avails[i].booking_id);
        free(d->avails[i].who);
    }
    for (size_t i = 0; i < d->nrules; i++) {
        free(d->rules[i].booking_id);
        free(d->rules[i].label);
    }
    for (size_t i = 0; i < d->nblacks; i++)
        free(d->blacks[i].reason);
    for (size_t i = 0; i < d->nanchors; i++)
        free(d->anchors[i].what);
    for (size_t i = 0; i < d->nnotes; i++)
        free(d->notes[i]);
    demand_free(d->demand);
    void *owned[] = {d->artist, d->venues, d->avails, d->rules,     d->blacks,     d->anchors,   d->roads,
                     d->notes,  d->cells,  d->shows,  d->latitudes, d->longitudes, d->population};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    *d = (plan_data){0};
}
