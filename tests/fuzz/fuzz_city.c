/* What is typed into the city search: answered, best first, each hit a place, whatever it is. */
#include "base/text.h"
#include "city/city.h"
#include "fuzz.h"
#include <string.h>

static cities *made(void)
{
    static const struct {
        int32_t id;
        const char *name, *admin1, *admin1_name, *country, *country_name, *other;
        int64_t people;
    } PLACES[] = {
        {1, "Portland", "OR", "Oregon", "US", "United States", "PDX", 650000},
        {2, "Portland", "ME", "Maine", "US", "United States", "portland", 66000},
        {3, "St. Louis", "MO", "Missouri", "US", "United States", "Saint Louis", 300000},
        {4, "Köln", "07", "North Rhine-Westphalia", "DE", "Germany", "Cologne", 1000000},
        {5, "Москва", "48", "Moscow", "RU", "Russia", "Moscow", 10000000},
        {6, "Washington, D.C.", "DC", "Washington, D.C.", "US", "United States", "DC", 690000},
        {7, "東京", "40", "Tokyo", "JP", "Japan", "Tokyo", 13000000},
        {8, "Villa de San Juan de la Vega", "", "", "MX", "Mexico", "a", 5},
    };
    cities *c = cities_new();
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        city_place p = {.geonameid = PLACES[i].id,
                        .name = PLACES[i].name,
                        .admin1 = PLACES[i].admin1,
                        .admin1_name = PLACES[i].admin1_name,
                        .country = PLACES[i].country,
                        .country_name = PLACES[i].country_name,
                        .time_zone = "UTC",
                        .feature = "PPL",
                        .population = PLACES[i].people};
        cities_add(c, &p);
        cities_add_name(c, PLACES[i].id, PLACES[i].other);
    }
    fuzz_must(cities_ready(c, NULL, NULL));
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static cities *c;
    char typed[4097];
    city_hit hits[8];
    size_t found = 0, at;
    double km;
    err e = {0};
    if (!c)
        c = made();
    if (n >= sizeof typed)
        n = sizeof typed - 1;
    memcpy(typed, data, n);
    typed[n] = 0;
    fuzz_must(cities_find(c, &(city_query){.text = typed}, hits, 8, &found, NULL, &e) && found <= 8);
    for (size_t i = 0; i < found; i++) {
        fuzz_must(hits[i].at < cities_count(c) && text_valid(hits[i].name, strlen(hits[i].name)));
        fuzz_must(i == 0 || hits[i - 1].score >= hits[i].score);
        fuzz_must((hits[i].tier == CITY_TYPO) == (hits[i].typos > 0) && hits[i].typos <= 2);
    }
    fuzz_must(cities_one(c, typed, &at, &e) ? at < cities_count(c) : e.kind == ERR_USAGE && *e.text);
    fuzz_must(sphere_parse(typed, &km, &e) ? km >= 0 && km < 20039 : e.kind == ERR_USAGE);
    /* A name of one's own is found by itself. */
    cities *own = cities_new();
    city_place p = {.geonameid = 7,
                    .name = typed,
                    .admin1 = typed,
                    .admin1_name = typed,
                    .country = "US",
                    .country_name = typed,
                    .time_zone = typed,
                    .feature = typed};
    cities_add(own, &p);
    cities_add_name(own, 7, typed);
    fuzz_must(cities_ready(own, NULL, NULL));
    fuzz_must(cities_find(own, &(city_query){.text = typed}, hits, 8, &found, NULL, &e));
    char label[160];
    cities_label(own, 0, label);
    cities_free(own);
    return 0;
}
