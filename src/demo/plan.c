/* plan: which mess goes into which document, and which document is gone in the end. */
#include "demo/world.h"
#include <string.h>

void world_rng(const world *w, rng *r, draw purpose, mess_model m, uint64_t index)
{
    rng_fork(r, w->seed, (uint64_t)purpose << 56 | (uint64_t)m << 48 | index);
}

uint64_t world_bit(const world *w, mess_id kind)
{
    return UINT64_C(1) << (kind - w->first[mess_kinds[kind].model]);
}

/* These are documents of their own, written beside the first of the pair; they are not drawn for a document.
 */
static bool structural(mess_id kind)
{
    return kind == FOLLOW_TWICE || kind == BOOKING_ARTIST_TWICE || kind == BOOKING_VENUE_TWICE ||
           kind == BOOKING_RANK_TWICE;
}

/* The best known go through the world unharmed: a lost one would take half of the orders with it. */
static bool may_fail(const world *w, mess_model m, uint64_t index)
{
    switch (m) {
    case MODEL_ARTISTS:
        return index >= w->nartists / 2;
    case MODEL_VENUES:
        return index >= w->nvenues / 3;
    case MODEL_CITIES:
        return index >= w->ncities / 4;
    default:
        return true;
    }
}

static fate draw_fate(rng *r, bool fails)
{
    static const struct {
        fate fate;
        unsigned per_10000;
    } fates[] = {{FATE_DELETED, 40},   {FATE_BORN_DELETED, 10}, {FATE_UPDATED, 100},
                 {FATE_BORN_LATE, 60}, {FATE_STALE, 40},        {FATE_REPEATED, 40}};
    uint64_t u = rng_below(r, 10000);
    for (size_t i = 0; i < sizeof fates / sizeof *fates; i++) {
        if (u < fates[i].per_10000)
            return world_gone(fates[i].fate) && !fails ? FATE_STAYS : fates[i].fate;
        u -= fates[i].per_10000;
    }
    return FATE_STAYS;
}

/* At most one blocking kind: two together would be told apart by no test. */
static uint64_t draw_blocking(const world *w, rng *r, mess_model m)
{
    uint64_t u = rng_below(r, 10000);
    for (mess_id k = w->first[m]; k < w->first[m + 1]; k++) {
        const mess_kind *kind = &mess_kinds[k];
        if (kind->severity != MESS_BLOCKING || structural(k))
            continue;
        if (u < kind->per_10000)
            return world_bit(w, k);
        u -= kind->per_10000;
    }
    return 0;
}

static bool field_taken(const world *w, mess_model m, uint64_t kinds, const char *field)
{
    for (mess_id k = w->first[m]; k < w->first[m + 1]; k++)
        if (kinds & world_bit(w, k) && strcmp(mess_kinds[k].field, field) == 0)
            return true;
    return false;
}

static uint64_t draw_others(const world *w, rng *r, mess_model m)
{
    uint64_t kinds = 0;
    for (mess_id k = w->first[m]; k < w->first[m + 1]; k++) {
        const mess_kind *kind = &mess_kinds[k];
        if (kind->severity == MESS_BLOCKING || !kind->per_10000 || !rng_chance(r, kind->per_10000))
            continue;
        if (!field_taken(w, m, kinds, kind->field))
            kinds |= world_bit(w, k);
    }
    return kinds;
}

/* Kinds that cannot stand together: the first one leaves. */
static uint64_t without_contradictions(const world *w, uint64_t kinds, mess_model m)
{
    static const struct {
        mess_id leaves, stays;
    } pairs[] = {{CITY_SWAPPED, CITY_OWN_PLACE},
                 {CITY_SWAPPED, CITY_SAME_PLACE},
                 {CITY_SWAPPED, CITY_MISSPELT},
                 {VENUE_SWAPPED, VENUE_CITY_GUESSED},
                 {ORDER_TICKET_NULL, ORDER_NO_TICKETS},
                 {ORDER_TICKET_SCAN, ORDER_NO_TICKETS},
                 {ORDER_TICKET_STATUS, ORDER_NO_TICKETS},
                 {ORDER_SUM, ORDER_NO_TICKETS},
                 {ORDER_REFUND_HIGH, ORDER_SUM},
                 {FAN_BAD_EMAIL, FAN_NO_FULL_NAME},
                 {TOUR_ENDS_EARLY, TOUR_BAD_START},
                 {ARTIST_CITY_GUESSED, ARTIST_BAD_CURRENCY},
                 {ARTIST_CITY_UNKNOWN, ARTIST_BAD_CURRENCY}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (mess_kinds[pairs[i].leaves].model != m)
            continue;
        if (kinds & world_bit(w, pairs[i].stays))
            kinds &= ~world_bit(w, pairs[i].leaves);
    }
    if (m == MODEL_FANS && kinds & world_bit(w, FAN_ERASED))
        kinds = world_bit(w, FAN_ERASED);
    return kinds;
}

static plan draw_plan(const world *w, mess_model m, uint64_t index)
{
    rng r;
    world_rng(w, &r, DRAW_PLAN, m, index);
    bool fails = may_fail(w, m, index);
    plan p = {0, draw_fate(&r, fails)};
    p.kinds = draw_blocking(w, &r, m);
    if (p.kinds && fails)
        return p;
    p.kinds = without_contradictions(w, draw_others(w, &r, m), m);
    return p;
}

/* May this fan be the first of a pair of one e-mail address? It must give a row, an address and a time. */
static bool may_be_doubled(const world *w, uint64_t fan)
{
    plan p = draw_plan(w, MODEL_FANS, fan);
    uint64_t no = w->blocking[MODEL_FANS] | world_bit(w, FAN_DUPLICATE) | world_bit(w, FAN_BAD_EMAIL) |
                  world_bit(w, FAN_ERASED) | world_bit(w, FAN_BAD_CREATED);
    return !world_gone(p.fate) && !(p.kinds & no);
}

plan world_plan(const world *w, mess_model m, uint64_t index)
{
    plan p = draw_plan(w, m, index);
    if (m == MODEL_ARTISTS && index == 0) /* Luna Park, whom tests and readers look for */
        p = (plan){0, FATE_STAYS};
    if (m == MODEL_FANS && p.kinds & world_bit(w, FAN_DUPLICATE)) {
        if (index == 0 || !may_be_doubled(w, index - 1))
            p.kinds &= ~world_bit(w, FAN_DUPLICATE);
        else
            p.kinds &= ~(world_bit(w, FAN_BAD_CREATED) | world_bit(w, FAN_ERASED));
    }
    return p;
}

uint64_t world_alt(const world *w, mess_model m, uint64_t index, uint64_t kinds)
{
    if (kinds & w->blocking[m])
        return 0;
    rng r;
    world_rng(w, &r, DRAW_ALT, m, index);
    mess_id found = MESS_COUNT;
    unsigned seen = 0;
    for (mess_id k = w->first[m]; k < w->first[m + 1]; k++)
        if (mess_kinds[k].severity == MESS_BLOCKING && mess_kinds[k].per_10000 && !structural(k) &&
            rng_below(&r, ++seen) == 0)
            found = k;
    return found == MESS_COUNT ? 0 : world_bit(w, found);
}

bool world_gone(fate f)
{
    return f == FATE_DELETED || f == FATE_BORN_DELETED;
}

bool world_bad(const world *w, mess_model m, const plan *p)
{
    return world_gone(p->fate) || p->kinds & w->blocking[m];
}
