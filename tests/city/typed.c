/* What people type, over a hundred thousand places: the development queries, and what a city does while its name is typed. */
#include "suites.h"

#include "base/buf.h"
#include "base/text.h"
#include "city/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACES "../shared/data/cities-merged.tsv"
#define NAMES "../shared/data/city-names-merged.tsv"
#define QUERIES "../shared/data/city-queries.tsv"

static void read_dump(cities *c, const char *file, dump_kind kind)
{
    dump *d;
    city_place p;
    err e = {0};
    ck_assert_msg(dump_open(file, kind, &d, &e), "%s", e.text);
    for (;;) {
        if (!dump_next(d, &p, &e)) {
            ck_assert_msg(e.kind == ERR_NONE, "%s", e.text);
            break;
        }
        if (kind == DUMP_MERGED_CITIES)
            cities_add(c, &p);
        else
            cities_add_name(c, p.geonameid, p.name);
    }
    dump_close(d);
}

static cities *load(void)
{
    if (access(PLACES, R_OK) || access(NAMES, R_OK) || access(QUERIES, R_OK))
        return NULL;
    cities *c = cities_new();
    read_dump(c, PLACES, DUMP_MERGED_CITIES);
    read_dump(c, NAMES, DUMP_MERGED_NAMES);
    ck_assert(cities_ready(c, NULL, NULL));
    return c;
}

static size_t rank_of(const cities *c, const char *text, int32_t geonameid, size_t most)
{
    city_hit hits[10];
    size_t n = 0;
    ck_assert(cities_find(c, &(city_query){.text = text}, hits, most, &n, NULL, NULL));
    for (size_t i = 0; i < n; i++)
        if (cities_at(c, hits[i].at).geonameid == geonameid)
            return i + 1;
    return 0;
}

START_TEST(the_development_queries_find_what_they_mean)
{
    cities *c = load();
    if (!c)
        support_skip(PLACES " is missing");
    FILE *f = fopen(QUERIES, "r");
    char line[600];
    int n = 0, first = 0, among = 0;
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f)) {
        char *tab = strchr(line, '\t');
        int32_t want = tab ? (int32_t)strtol(tab + 1, NULL, 10) : 0;
        if (want <= 0)
            continue;
        *tab = 0;
        size_t rank = rank_of(c, line, want, 5);
        n++;
        first += rank == 1;
        among += rank > 0;
    }
    fclose(f);
    ck_assert_int_gt(n, 100);
    ck_assert_msg(first * 100 >= n * 96 && among * 100 >= n * 99, "%d of %d first, %d among five", first, n,
                  among);
    cities_free(c);
}
END_TEST

/* True when the place was among five and then was not, while its name was typed on. */
static bool drops_out(const cities *c, size_t at)
{
    city_place p = cities_at(c, at);
    bool in = false, out = false;
    buf name;
    buf_init(&name);
    text_fold(&name, p.name, strlen(p.name));
    for (size_t n = 1; n <= name.len && !out; n++) {
        char typed[200];
        if (n >= sizeof typed || name.data[n - 1] == ' ' || ((uint8_t)name.data[n] & 0xc0) == 0x80)
            continue;
        memcpy(typed, name.data, n);
        typed[n] = 0;
        bool now = rank_of(c, typed, p.geonameid, 5) > 0;
        out = in && !now;
        in = in || now;
    }
    buf_done(&name);
    return out;
}

START_TEST(typing_on_does_not_drop_a_city_out_of_the_first_five)
{
    cities *c = load();
    if (!c)
        support_skip(PLACES " is missing");
    int n[2] = {0}, out[2] = {0};
    for (size_t at = 0; at < cities_count(c); at++) {
        city_place p = cities_at(c, at);
        int small = p.population < 300000;
        if (p.population < 30000 || at % (small ? 40 : 5) != 0)
            continue;
        n[small]++;
        out[small] += drops_out(c, at);
    }
    /* One in a hundred is let be: several larger places bear all of what is typed so far as their whole name ("Fairbanks" at
     * "fair"), and the next letter brings it back. */
    ck_assert_int_gt(n[0], 100);
    ck_assert_msg(out[0] * 100 <= n[0] && out[1] * 100 <= n[1],
                  "%d of %d large and %d of %d small cities drop out", out[0], n[0], out[1], n[1]);
    cities_free(c);
}
END_TEST

Suite *typed_suite(void)
{
    Suite *s = suite_create("typed");
    TCase *tc = tcase_create("typed");
    tcase_set_timeout(tc, 300);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, the_development_queries_find_what_they_mean);
    tcase_add_test(tc, typing_on_does_not_drop_a_city_out_of_the_first_five);
    return s;
}
