#include "world.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double world_normal(rng *r)
{
    double u = rng_unit(r), v = rng_unit(r);
    return sqrt(-2 * log(u > 1e-300 ? u : 1e-300)) * cos(6.283185307179586 * v);
}

int32_t world_poisson(rng *r, double mean)
{
    if (mean > 200) {
        double x = floor(mean + sqrt(mean) * world_normal(r) + .5);
        return x > 0 ? x < 2e9 ? (int32_t)x : 2000000000 : 0;
    }
    int32_t k = 0;
    for (double p = exp(-mean), sum = p, u = rng_unit(r); u > sum && k < 2000; sum += p)
        p *= mean / ++k;
    return k;
}

world_spec world_usual(uint64_t seed)
{
    return (world_spec){.seed = seed,
                        .cities = 300,
                        .artists = 120,
                        .shows = 14,
                        .level = .6,
                        .artist = .5,
                        .place = .3,
                        .show = .4};
}

static double miles(const world *w, size_t a, size_t b)
{
    double d = 3.14159265358979 / 180, x = sin((w->latitudes[a] - w->latitudes[b]) * d / 2);
    double y = sin((w->longitudes[a] - w->longitudes[b]) * d / 2);
    double h = x * x + cos(w->latitudes[a] * d) * cos(w->latitudes[b] * d) * y * y;
    return 2 * 3958.7613 * asin(sqrt(h));
}

static void make_cities(world *w, rng *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool suburb = i > 0 && rng_chance(r, 6000);
        size_t of = suburb ? rng_below(r, i) : 0;
        w->latitudes[i] = suburb ? w->latitudes[of] + (rng_unit(r) - .5) : 28 + 20 * rng_unit(r);
        w->longitudes[i] = suburb ? w->longitudes[of] + (rng_unit(r) - .5) : -120 + 45 * rng_unit(r);
        w->population[i] = (int64_t)exp(10.5 + 1.1 * world_normal(r));
    }
}

/* What the truth goes by: fans within 60 miles, decaying. */
static double fans_near(const world *w, const double *followers, size_t city)
{
    double sum = 0;
    for (size_t c = 0; c < w->data.ncities; c++) {
        double d = fabs(w->latitudes[c] - w->latitudes[city]) < .9 ? miles(w, c, city) : 99;
        sum += d <= 60 ? followers[c] / (1 + d * d / 225) : 0;
    }
    return sum;
}

static void make_show(world *w, const world_spec *spec, rng *r, size_t artist, const double *followers,
                      const double *luck, double *buyers)
{
    size_t at = w->data.nshows++, city = 0;
    for (int tries = 0; tries < 60; tries++) { /* where there are fans */
        city = rng_below(r, spec->cities);
        if (rng_unit(r) * 40 < followers[city])
            break;
    }
    demand_show *s = &w->shows[at];
    s->artist = (int32_t)artist, s->city = (int32_t)city;
    s->day = 19000 + (int32_t)rng_below(r, 1500);
    int32_t last = INT32_MIN;
    for (size_t i = at; i-- > 0 && w->shows[i].artist == s->artist;)
        if (w->shows[i].day < s->day && w->shows[i].day > last &&
            miles(w, (size_t)w->shows[i].city, city) <= 60)
            last = w->shows[i].day;
    double rested = last == INT32_MIN ? 1 : 1 - .3 * exp(-(s->day - last) / 180.);
    double middle = spec->level + .7 * log1p(fans_near(w, followers, city)) + w->effects[artist] + luck[city];
    w->expected[at] = rested * exp(middle + spec->show * spec->show / 2);
    w->wanted[at] = world_poisson(r, rested * exp(middle + spec->show * world_normal(r)));
    bool small = rng_unit(r) < spec->small_rooms;
    s->capacity = small ? (int32_t)(w->expected[at] * (.4 + .6 * rng_unit(r))) + 1 : 1000000;
    s->sold = w->wanted[at] < s->capacity ? w->wanted[at] : s->capacity;
    s->sold_out = !spec->plain && s->sold == s->capacity;
    if (spec->plain)
        s->capacity = 0;
    buyers[city] += s->sold / 2.;
}

static void make_artist(world *w, const world_spec *spec, rng *r, size_t artist)
{
    double *followers = MEM_ARRAY(double, spec->cities), *luck = MEM_ARRAY(double, spec->cities);
    double *buyers = MEM_ARRAY(double, spec->cities), known = exp(-6.5 + world_normal(r));
    w->effects[artist] = spec->artist * world_normal(r);
    for (size_t c = 0; c < spec->cities; c++) {
        followers[c] = world_poisson(r, known * (double)w->population[c] * exp(.5 * world_normal(r)));
        luck[c] = spec->place * world_normal(r);
    }
    size_t n = 1 + rng_below(r, 2 * spec->shows);
    for (size_t i = 0; i < n; i++)
        make_show(w, spec, r, artist, followers, luck, buyers);
    for (size_t c = 0; c < spec->cities; c++)
        if (followers[c] > 0 || buyers[c] > 0)
            w->cells[w->data.ncells++] = (demand_cell){(int32_t)artist, (int32_t)c, (int32_t)followers[c],
                                                       (int32_t)buyers[c], (int32_t)(2 * buyers[c])};
    free(followers);
    free(luck);
    free(buyers);
}

void world_make(const world_spec *spec, world *ret)
{
    rng r;
    size_t shows = spec->artists * (2 * spec->shows + 1);
    world w = {.latitudes = MEM_ARRAY(double, spec->cities),
               .longitudes = MEM_ARRAY(double, spec->cities),
               .population = MEM_ARRAY(int64_t, spec->cities),
               .cells = MEM_ARRAY(demand_cell, spec->artists * spec->cities),
               .shows = MEM_ARRAY(demand_show, shows),
               .expected = MEM_ARRAY(double, shows),
               .wanted = MEM_ARRAY(int32_t, shows),
               .effects = MEM_ARRAY(double, spec->artists)};
    rng_seed(&r, spec->seed);
    w.data = (demand_data){.latitudes = w.latitudes,
                           .longitudes = w.longitudes,
                           .population = w.population,
                           .ncities = spec->cities,
                           .nartists = spec->artists,
                           .cells = w.cells,
                           .shows = w.shows};
    make_cities(&w, &r, spec->cities);
    for (size_t a = 0; a < spec->artists; a++)
        make_artist(&w, spec, &r, a);
    *ret = w;
}

void world_done(world *w)
{
    free(w->latitudes);
    free(w->longitudes);
    free(w->population);
    free(w->cells);
    free(w->shows);
    free(w->expected);
    free(w->wanted);
    free(w->effects);
}
