/* The sphere, and who lives how near. Cities (and cells) stand in bands of latitude as high as the reach and by longitude within a band, so that a
 * neighbourhood is at most three stretches, found by binary search. Distances are chords: no trigonometry while asking. */
#include "demand/private.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define EARTH_MILES 3958.7613
#define DEGREE (3.14159265358979323846 / 180)
#define BAND_DEGREES 0.87 /* a little more than 60 miles */
#define REACH2 (DEMAND_MILES * DEMAND_MILES)

int32_t place_band(double latitude)
{
    return (int32_t)floor((latitude + 90) / BAND_DEGREES);
}

static point point_of(double latitude, double longitude)
{
    double c = cos(latitude * DEGREE) * EARTH_MILES;
    return (point){c * cos(longitude * DEGREE), c * sin(longitude * DEGREE),
                   sin(latitude * DEGREE) * EARTH_MILES};
}

double chord2(const point *a, const point *b)
{
    double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    return x * x + y * y + z * z;
}

double near_weight(double square)
{
    return square > REACH2 ? 0 : 1 / (1 + square / (DEMAND_NEAR_MILES * DEMAND_NEAR_MILES));
}

static int by_place(const void *a, const void *b)
{
    const base_cell *x = a, *y = b;
    if (x->band != y->band)
        return x->band < y->band ? -1 : 1;
    if (x->longitude < y->longitude || x->longitude > y->longitude)
        return x->longitude < y->longitude ? -1 : 1;
    if (x->city != y->city)
        return x->city < y->city ? -1 : 1;
    if (x->fans != y->fans)
        return x->fans < y->fans ? -1 : 1;
    return (x->tickets > y->tickets) - (x->tickets < y->tickets);
}

void cells_sort(base_cell *cells, size_t n)
{
    if (n)
        qsort(cells, n, sizeof *cells, by_place);
}

void ground_init(ground *p, const demand_data *d)
{
    size_t n = d->ncities;
    *p = (ground){.n = n, .nbands = (size_t)place_band(90) + 1};
    p->at = MEM_ARRAY(point, n + 1);
    p->latitude = MEM_ARRAY(double, n + 1);
    p->longitude = MEM_ARRAY(double, n + 1);
    p->people = MEM_ARRAY(double, n + 1);
    p->order = MEM_ARRAY(int32_t, n + 1);
    p->bands = MEM_ARRAY(size_t, p->nbands + 1);
    base_cell *cells = MEM_ARRAY(base_cell, n + 1);
    for (size_t i = 0; i < n; i++) {
        p->latitude[i] = d->latitudes[i];
        p->longitude[i] = d->longitudes[i];
        p->people[i] = d->population ? (double)d->population[i] : 0;
        p->at[i] = point_of(d->latitudes[i], d->longitudes[i]);
        cells[i] = (base_cell){
            .band = place_band(d->latitudes[i]), .city = (int32_t)i, .longitude = d->longitudes[i]};
        p->bands[cells[i].band + 1]++;
    }
    for (size_t b = 0; b < p->nbands; b++)
        p->bands[b + 1] += p->bands[b];
    cells_sort(cells, n);
    for (size_t i = 0; i < n; i++)
        p->order[i] = cells[i].city;
    free(cells);
}

void ground_done(ground *p)
{
    free(p->at);
    free(p->latitude);
    free(p->longitude);
    free(p->people);
    free(p->order);
    free(p->bands);
}

/* How many degrees of longitude the reach may span around a latitude; 180 near the poles. */
static double width_at(double latitude)
{
    double far = (fabs(latitude) + BAND_DEGREES) * DEGREE, c = cos(far);
    double s = sin(DEMAND_MILES * 1.01 / EARTH_MILES);
    return far >= 90 * DEGREE || c <= s ? 180 : asin(s / c) / DEGREE;
}

/* At most two stretches of longitude, since one may lie across the 180th meridian. */
static int stretches(double longitude, double width, double ret[2][2])
{
    double from = longitude - width, until = longitude + width;
    if (width >= 180) {
        ret[0][0] = -180, ret[0][1] = 180;
        return 1;
    }
    ret[0][0] = from, ret[0][1] = until;
    if (from < -180) {
        ret[1][0] = from + 360, ret[1][1] = 180;
        return 2;
    }
    if (until > 180) {
        ret[1][0] = -180, ret[1][1] = until - 360;
        return 2;
    }
    return 1;
}

static size_t first_city(const ground *p, size_t low, size_t high, double longitude)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->longitude[p->order[middle]] < longitude)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double ground_people(const ground *p, int32_t city)
{
    double span[2][2], sum = 0;
    const point *here = &p->at[city];
    int32_t band = place_band(p->latitude[city]);
    int n = stretches(p->longitude[city], width_at(p->latitude[city]), span);
    for (int32_t b = band > 0 ? band - 1 : 0; b <= band + 1 && b < (int32_t)p->nbands; b++)
        for (int k = 0; k < n; k++) {
            size_t end = p->bands[b + 1], i = first_city(p, p->bands[b], end, span[k][0]);
            for (; i < end && p->longitude[p->order[i]] <= span[k][1]; i++)
                sum += p->people[p->order[i]] * near_weight(chord2(here, &p->at[p->order[i]]));
        }
    return sum;
}

static size_t first_cell(const base_cell *cells, size_t n, int32_t band, double longitude)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const base_cell *c = &cells[middle];
        if (c->band < band || (c->band == band && c->longitude < longitude))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void cells_near(const ground *p, const base_cell *cells, size_t n, int32_t city, cell_visit *visit, void *ctx)
{
    double span[2][2];
    const point *here = &p->at[city];
    int32_t band = place_band(p->latitude[city]);
    int parts = stretches(p->longitude[city], width_at(p->latitude[city]), span);
    for (int32_t b = band - 1; b <= band + 1; b++)
        for (int k = 0; k < parts; k++)
            for (size_t i = first_cell(cells, n, b, span[k][0]);
                 i < n && cells[i].band == b && cells[i].longitude <= span[k][1]; i++) {
                double square = chord2(here, &p->at[cells[i].city]);
                if (square <= REACH2)
                    visit(ctx, &cells[i], square);
            }
}

static void add_reach(void *ctx, const base_cell *cell, double square)
{
    reach *r = ctx;
    double w = near_weight(square);
    r->followers += w * cell->followers;
    r->buyers += w * cell->buyers;
    r->fans += w * cell->fans;
    r->whole_followers += cell->followers;
    r->whole_buyers += cell->buyers;
    r->whole_fans += cell->fans;
}

reach cells_reach(const ground *p, const base_cell *cells, size_t n, int32_t city)
{
    reach r = {0};
    cells_near(p, cells, n, city, add_reach, &r);
    return r;
}
