/* What to ask when nobody said more than the artist: as it toured last. */
#include "plan/private.h"

#include "base/text.h"
#include "base/time.h"

#include <string.h>

enum { AHEAD_DAYS = 28, USUAL_DAYS = 28, LEAST_DAYS = 7, MOST_DAYS = 120, REACH_KM = 100, STOPS_MOST = 400 };

typedef struct toured {
    int32_t first, last, shows, run;
    char begin[32], end[32];
} toured;

/* Length, number of stops, longest run of days on end, first and last city. */
static void learn(const rowset *r, toured *ret)
{
    int32_t before = DAY_NONE, run = 0;
    for (size_t i = 0; i < r->nrows; i++) {
        int32_t day = cell_day(r, i, "stop_date");
        const char *city = cell_of(r, i, "city_id");
        if (day == before)
            continue;
        run = before != DAY_NONE && day == before + 1 ? run + 1 : 1;
        if (run > ret->run)
            ret->run = run;
        before = day;
        ret->last = day;
        if (!ret->shows++)
            ret->first = day;
        text_copy(ret->shows == 1 ? ret->begin : ret->end, sizeof ret->begin, city ? city : "");
    }
}

static void apply(const toured *t, const char *home, plan_request *q)
{
    int32_t length = t->shows > 1 ? t->last - t->first + 1 : USUAL_DAYS;
    length = length < LEAST_DAYS ? LEAST_DAYS : length > MOST_DAYS ? MOST_DAYS : length;
    q->until = q->from + length - 1;
    text_copy(q->start, sizeof q->start, home && *home ? home : t->begin);
    text_copy(q->end, sizeof q->end, home && *home ? home : t->end);
    if (t->shows > 3) {
        q->limits.shows_min =
            0; /* a bound below would make sparse windows impossible: only what is too much is a rule */
        q->limits.shows_max = t->shows + (t->shows + 4) / 5;
    }
    if (t->shows > 3 && t->run > 1 && t->run < q->limits.run_days)
        q->limits.run_days = t->run;
}

static bool read_countries(store *s, const catalog *c, const char *artist_id, plan_request *q, stop *halt,
                           err *e)
{
    rowset *r = NULL;
    query_value value = {"artist_id", artist_id};
    if (!plan_fetch(s, c, "plan_countries", &value, 1, 1000, &r, halt, e))
        return false;
    for (size_t i = 0; i < r->nrows; i++) {
        size_t n = strlen(q->countries);
        if (n + 4 > sizeof q->countries) { /* so many: then all */
            q->countries[0] = '\0';
            break;
        }
        snprintf(q->countries + n, sizeof q->countries - n, "%s%s", n ? " " : "", rowset_cell(r, i, 0)->text);
    }
    rowset_free(r);
    return true;
}

bool plan_defaults(store *s, const catalog *c, const char *artist_id, plan_request *ret, stop *halt, err *e)
{
    plan_request q = {.reach_km = REACH_KM};
    plan_figures f;
    plan_rates rates;
    rowset *artist = NULL, *stops = NULL;
    query_value value = {"artist_id", artist_id};
    toured t = {0};
    if (!plan_fetch(s, c, "plan_artist", &value, 1, 1, &artist, halt, e))
        return false;
    bool ok = artist->nrows || err_set(e, ERR_MISSING, "there is no artist '%s'", artist_id);
    ok = ok && figures_read(s, c, artist_id, cell_of(artist, 0, "currency"), &f, &rates, halt, e) &&
         read_countries(s, c, artist_id, &q, halt, e) &&
         plan_fetch(s, c, "plan_last_tour", &value, 1, STOPS_MOST, &stops, halt, e);
    if (ok) {
        text_copy(q.artist_id, sizeof q.artist_id, artist_id);
        q.limits = f.limits;
        q.prices = f.prices;
        q.from = (int32_t)(time_now_us() / US_A_DAY) + AHEAD_DAYS;
        learn(stops, &t);
        apply(&t, cell_of(artist, 0, "city_id"), &q);
        *ret = q;
    }
    rowset_free(artist);
    rowset_free(stops);
    return ok;
}
