/* What a show is predicted from, made once from the feeder's rows: checked, sorted (so that the order they came in does not matter), and reduced
 * to a few figures a show.
 *
 * A show's own buyers must not predict it. Who bought for which show alone the cells do not say, and what is left of a difference of two large
 * counts still tells which was large. So the buyers nearby are taken as what earlier shows nearby brought (their tickets, decaying with
 * distance, times the artist's buyers in all over the artist's tickets in all: each buyer once), and never as more than live there. Earlier
 * ones only: then every show is foretold from what came before it, as the next one will be, and what a place sold does not count
 * twice, as buyers and as the place's luck. */
#include "demand/private.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool demand_public(int32_t people)
{
    return people >= DEMAND_CELL_LEAST;
}

double fatigue_of(int32_t days)
{
    return 1 - .3 * exp(-days / 180.);
}

double dot_product(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* ---- checked ---- */

static bool check_cities(const demand_data *d, err *e)
{
    if (d->ncities > INT32_MAX || d->nartists > INT32_MAX)
        return err_set(e, ERR_INPUT, "demand: more cities or artists than can be numbered");
    for (size_t i = 0; i < d->ncities; i++) {
        if (!(fabs(d->latitudes[i]) <= 90))
            return err_set(e, ERR_INPUT, "demand: cities, row %zu: latitude %g is not from -90 to 90", i,
                           d->latitudes[i]);
        if (!(fabs(d->longitudes[i]) <= 180))
            return err_set(e, ERR_INPUT, "demand: cities, row %zu: longitude %g is not from -180 to 180", i,
                           d->longitudes[i]);
        if (d->population && d->population[i] < 0)
            return err_set(e, ERR_INPUT, "demand: cities, row %zu: population %lld is below 0", i,
                           (long long)d->population[i]);
    }
    return true;
}

static bool check_whose(const demand_data *d, const char *array, size_t row, int32_t artist, int32_t city,
                        err *e)
{
    if (artist < 0 || (size_t)artist >= d->nartists)
        return err_set(e, ERR_INPUT, "demand: %s, row %zu: there is no artist %d", array, row, artist);
    if (city < 0 || (size_t)city >= d->ncities)
        return err_set(e, ERR_INPUT, "demand: %s, row %zu: there is no city %d", array, row, city);
    return true;
}

static bool check_data(const demand_data *d, err *e)
{
    if (!check_cities(d, e))
        return false;
    for (size_t i = 0; i < d->ncells; i++) {
        const demand_cell *c = &d->cells[i];
        if (!check_whose(d, "cells", i, c->artist, c->city, e))
            return false;
        if (c->followers < 0 || c->buyers < 0 || c->tickets < 0)
            return err_set(e, ERR_INPUT, "demand: cells, row %zu: a count is below 0", i);
    }
    for (size_t i = 0; i < d->nshows; i++) {
        const demand_show *s = &d->shows[i];
        if (!check_whose(d, "shows", i, s->artist, s->city, e))
            return false;
        if (s->sold < 0 || s->capacity < 0)
            return err_set(e, ERR_INPUT, "demand: shows, row %zu: sold %d of %d", i, s->sold, s->capacity);
    }
    return true;
}

/* ---- sorted ---- */

static void take_cells(demand_model *m, const demand_data *d)
{
    size_t *next = MEM_ARRAY(size_t, m->nartists + 1);
    m->ncells = d->ncells;
    m->cells = MEM_ARRAY(base_cell, d->ncells + 1);
    for (size_t i = 0; i < d->ncells; i++)
        m->artists[d->cells[i].artist].ncells++;
    for (size_t a = 0, at = 0; a < m->nartists; at += m->artists[a++].ncells)
        next[a] = m->artists[a].cells = at;
    for (size_t i = 0; i < d->ncells; i++) {
        const demand_cell *c = &d->cells[i];
        act *a = &m->artists[c->artist];
        m->cells[next[c->artist]++] = (base_cell){.band = place_band(d->latitudes[c->city]),
                                                  .city = c->city,
                                                  .longitude = d->longitudes[c->city],
                                                  .followers = c->followers,
                                                  .buyers = c->buyers,
                                                  .fans = c->followers > c->buyers ? c->followers : c->buyers,
                                                  .tickets = c->tickets};
        a->followers += c->followers; /* whole numbers: exact in whatever order */
        a->buyers += c->buyers;
        a->tickets += c->tickets;
    }
    for (size_t a = 0; a < m->nartists; a++)
        cells_sort(m->cells + m->artists[a].cells, m->artists[a].ncells);
    free(next);
}

static int by_history(const void *a, const void *b)
{
    const history *x = a, *y = b;
    if (x->artist != y->artist)
        return x->artist < y->artist ? -1 : 1;
    if (x->city != y->city)
        return x->city < y->city ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->sold != y->sold)
        return x->sold < y->sold ? -1 : 1;
    return x->censored - y->censored;
}

static void take_shows(demand_model *m, const demand_data *d)
{
    m->nshows = d->nshows;
    m->shows = MEM_ARRAY(history, d->nshows + 1);
    for (size_t i = 0; i < d->nshows; i++) {
        const demand_show *s = &d->shows[i];
        m->shows[i] = (history){.artist = s->artist,
                                .city = s->city,
                                .day = s->day,
                                .sold = s->sold,
                                .censored = s->sold_out || (s->capacity > 0 && s->sold >= s->capacity)};
    }
    if (d->nshows)
        qsort(m->shows, d->nshows, sizeof *m->shows, by_history);
}

/* One spot for each city that an artist played in, in the order of the shows. */
static void take_spots(demand_model *m)
{
    size_t cap = 0;
    for (size_t i = 0; i < m->nshows; i++) {
        const history *h = &m->shows[i];
        act *a = &m->artists[h->artist];
        if (!a->nshows++) {
            a->shows = i;
            a->spots = m->nspots;
        }
        if (a->nshows == 1 || h[-1].city != h->city) {
            MEM_ROOM(m->spots, m->nspots, cap);
            m->spots[m->nspots++] = (spot){.city = h->city, .first = i};
            a->nspots++;
        }
        m->spots[m->nspots - 1].n++;
    }
}

/* ---- reduced ---- */

/* The last of a spot's shows before the day; INT32_MIN: none. */
static int32_t last_in(const demand_model *m, const spot *s, int32_t before)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->shows[s->first + middle].day < before)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? m->shows[s->first + low - 1].day : INT32_MIN;
}

int32_t last_play(const demand_model *m, const act *a, int32_t city, int32_t before)
{
    int32_t last = INT32_MIN;
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        if (chord2(&m->map.at[city], &m->map.at[m->spots[i].city]) > DEMAND_MILES * DEMAND_MILES)
            continue;
        int32_t day = last_in(m, &m->spots[i], before);
        last = day > last ? day : last;
    }
    return last;
}

double buyers_of(const demand_model *m, const act *a, const reach *near, int32_t city, int32_t before)
{
    double sold = 0, each = a->tickets > 0 ? a->buyers / a->tickets : 0;
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        const spot *s = &m->spots[i];
        double pull = near_weight(chord2(&m->map.at[city], &m->map.at[s->city]));
        for (size_t k = s->first; pull > 0 && k < s->first + s->n && m->shows[k].day < before; k++)
            sold += pull * m->shows[k].sold;
    }
    return fmin(sold * each, near->buyers);
}

void features_at(const act *a, const reach *near, double people, double buyers, int32_t day, bool first,
                 double *ret)
{
    int32_t weekday = (day % 7 + 11) % 7; /* 1970-01-01 was a Thursday; 0 = Sunday */
    ret[X_ONE] = 1;
    ret[X_FOLLOWERS] = log1p(near->followers);
    ret[X_BUYERS] = log1p(buyers);
    ret[X_PEOPLE] = log1p(people / 1000);
    ret[X_ARTIST] = log1p(a->followers);
    ret[X_WEEKEND] = weekday >= 5;
    ret[X_SUNDAY] = weekday == 0;
    ret[X_FIRST] = first;
}

static void reduce_artist(demand_model *m, const act *a, double *people)
{
    for (size_t i = a->spots; i < a->spots + a->nspots; i++) {
        spot *s = &m->spots[i];
        s->near = cells_reach(&m->map, m->cells + a->cells, a->ncells, s->city);
        if (people[s->city] < 0)
            people[s->city] = ground_people(&m->map, s->city);
        s->people = people[s->city];
        for (size_t k = s->first; k < s->first + s->n; k++) {
            history *h = &m->shows[k];
            int32_t last = last_play(m, a, h->city, h->day);
            h->offset = last == INT32_MIN ? 0 : log(fatigue_of(h->day - last));
            features_at(a, &s->near, s->people, buyers_of(m, a, &s->near, h->city, h->day), h->day,
                        last == INT32_MIN, h->x);
        }
    }
}

bool model_prepare(const demand_data *d, demand_model **ret, stop *halt, err *e)
{
    if (!check_data(d, e))
        return false;
    demand_model *m = MEM_NEW(demand_model);
    m->nartists = d->nartists;
    m->artists = MEM_ARRAY(act, d->nartists + 1);
    ground_init(&m->map, d);
    take_cells(m, d);
    take_shows(m, d);
    take_spots(m);
    double *people = MEM_ARRAY(double, d->ncities + 1);
    for (size_t i = 0; i < d->ncities; i++)
        people[i] = -1;
    bool ok = true;
    for (size_t a = 0; ok && a < m->nartists; a++) {
        reduce_artist(m, &m->artists[a], people);
        ok = a % 64 || !stop_now(halt, e);
    }
    free(people);
    if (!ok) {
        demand_free(m);
        return false;
    }
    *ret = m;
    return true;
}

void demand_free(demand_model *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->nartists; i++) {
        free(m->artists[i].root);
        free(m->artists[i].alpha);
        free(m->artists[i].keeps);
    }
    ground_done(&m->map);
    free(m->cells);
    free(m->artists);
    free(m->spots);
    free(m->shows);
    free(m);
}
