/* The index, over a handful of places whose answers one can see. */
#include "suites.h"

#include "city/city.h"

#include <string.h>

static cities *c;

static void add(int32_t id, const char *name, const char *admin1, const char *admin1_name,
                const char *country, const char *country_name, int64_t population)
{
    city_place p = {.geonameid = id,
                    .name = name,
                    .admin1 = admin1,
                    .admin1_name = admin1_name,
                    .country = country,
                    .country_name = country_name,
                    .time_zone = "UTC",
                    .feature = "PPL",
                    .population = population,
                    .latitude = id % 80,
                    .longitude = id % 170};
    cities_add(c, &p);
}

static void set_up(void)
{
    c = cities_new();
    add(1, "Portland", "OR", "Oregon", "US", "United States", 650000);
    add(2, "Portland", "ME", "Maine", "US", "United States", 66000);
    add(3, "Springfield", "MO", "Missouri", "US", "United States", 169000);
    add(4, "Springfield", "MA", "Massachusetts", "US", "United States", 155000);
    add(5, "Richmond", "CA", "California", "US", "United States", 110000);
    add(6, "Richmond", "02", "British Columbia", "CA", "Canada", 198000);
    add(7, "San Francisco", "CA", "California", "US", "United States", 870000);
    add(8, "St. Louis", "MO", "Missouri", "US", "United States", 300000);
    add(9, "Köln", "07", "North Rhine-Westphalia", "DE", "Germany", 1000000);
    add(10, "Perth", "08", "Western Australia", "AU", "Australia", 2000000);
    add(11, "Perth", "SCT", "Scotland", "GB", "United Kingdom", 47000);
    add(12, "Paris", "11", "Île-de-France", "FR", "France", 2100000);
    add(13, "Paris", "TX", "Texas", "US", "United States", 25000);
    add(14, "Москва", "48", "Moscow", "RU", "Russia", 10000000);
    add(15, "Wilkes-Barre", "PA", "Pennsylvania", "US", "United States", 40000);
    add(16, "Milwaukee", "WI", "Wisconsin", "US", "United States", 600000);
    add(17, "North Las Vegas", "NV", "Nevada", "US", "United States", 230000);
    add(18, "Oak", "CA", "California", "US", "United States", 900);
    cities_add_name(c, 9, "Cologne");
    cities_add_name(c, 9, "CGN");
    cities_add_name(c, 99, "Nowhere");
    ck_assert(cities_ready(c, NULL, NULL));
}

static void tear_down(void)
{
    cities_free(c);
}

static city_hit first(const char *text)
{
    city_hit hits[5];
    size_t n = 0;
    ck_assert(cities_find(c, &(city_query){.text = text}, hits, 5, &n, NULL, NULL));
    ck_assert_msg(n > 0, "nothing is found for '%s'", text);
    return hits[0];
}

static int id_of(const char *text)
{
    return cities_at(c, first(text).at).geonameid;
}

START_TEST(a_region_or_a_country_behind_a_name_decides_which_is_meant)
{
    ck_assert_int_eq(id_of("portland"), 1);
    ck_assert_int_eq(id_of("portland me"), 2);
    ck_assert_int_eq(id_of("Portland, Maine"), 2);
    ck_assert_int_eq(id_of("portland maine usa"), 2);
    ck_assert_int_eq(id_of("portland mai"), 2);
    ck_assert_int_eq(id_of("perth"), 10);
    ck_assert_int_eq(id_of("perth scotland"), 11);
    ck_assert_int_eq(id_of("perth uk"), 11);
    ck_assert_int_eq(id_of("paris tx"), 13);
    ck_assert_int_eq(id_of("paris texas united states"), 13);
}
END_TEST

START_TEST(a_code_of_two_meanings_means_first_the_one_at_home)
{
    ck_assert_int_eq(id_of("richmond ca"), 5);
    ck_assert_int_eq(id_of("richmond canada"), 6);
    ck_assert_int_eq(id_of("richmond bc"), 6);
}
END_TEST

START_TEST(names_are_found_without_accents_joined_shortened_and_by_nickname)
{
    ck_assert_int_eq(id_of("koln"), 9);
    ck_assert_int_eq(id_of("KÖLN"), 9);
    ck_assert_int_eq(id_of("cologne"), 9);
    ck_assert_int_eq(id_of("saint louis"), 8);
    ck_assert_int_eq(id_of("st louis"), 8);
    ck_assert_int_eq(id_of("wilkesbarre"), 15);
    ck_assert_int_eq(id_of("n las vegas"), 17);
    ck_assert_int_eq(id_of("sf"), 7);
    ck_assert_int_eq(id_of("francisco"), 7);
    ck_assert_int_eq(id_of("моск"), 14);
}
END_TEST

START_TEST(typos_are_allowed_by_length_and_a_transposition_is_one)
{
    ck_assert_int_eq(id_of("milwakee"), 16);
    ck_assert_int_eq(id_of("imlwaukee"), 16);
    ck_assert_int_eq(first("milwuakee").typos, 1);
    ck_assert_int_eq(first("milwuakee").tier, CITY_TYPO);
    ck_assert_int_eq(first("мосвка").typos, 1);
    city_hit hits[5];
    size_t n = 9;
    ck_assert(
        cities_find(c, &(city_query){.text = "oka"}, hits, 5, &n, NULL, NULL)); /* three letters: none */
    ck_assert_uint_eq(n, 0);
    ck_assert(cities_find(c, &(city_query){.text = "milwakee", .exact_only = true}, hits, 5, &n, NULL, NULL));
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(demand_breaks_ties_inside_a_text_tier_only)
{
    int64_t demand[18] = {0};
    city_hit hits[5];
    size_t n;
    demand[3] = 50; /* Springfield, Massachusetts */
    city_query q = {.text = "springfield", .demand = demand};
    ck_assert(cities_find(c, &q, hits, 5, &n, NULL, NULL));
    ck_assert_int_eq(cities_at(c, hits[0].at).geonameid, 4);
    demand[17] = 1000000; /* Oak: a later name that fits worse gains nothing */
    q.text = "portland";
    ck_assert(cities_find(c, &q, hits, 5, &n, NULL, NULL));
    ck_assert_int_eq(cities_at(c, hits[0].at).geonameid, 1);
}
END_TEST

START_TEST(demand_never_lifts_a_place_past_a_namesake_far_larger)
{
    city_hit hits[4];
    size_t n = 0;
    int64_t demand[18] = {0};
    city_query q = {.text = "portl", .demand = demand};
    demand[1] = 1000000; /* Portland, Maine: a tenth of Oregon's people */
    ck_assert(cities_find(c, &q, hits, 4, &n, NULL, NULL) && n == 2);
    ck_assert_int_eq(cities_at(c, hits[0].at).geonameid, 1);
    q.text = "springf"; /* positive control: about as large, so the wanted one comes first */
    demand[3] = 1;
    ck_assert(cities_find(c, &q, hits, 4, &n, NULL, NULL) && n == 2);
    ck_assert_int_eq(cities_at(c, hits[0].at).geonameid, 4);
}
END_TEST

START_TEST(a_country_asked_for_leaves_out_the_others)
{
    city_hit hits[5];
    size_t n;
    ck_assert(cities_find(c, &(city_query){.text = "paris", .country = "US"}, hits, 5, &n, NULL, NULL));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(cities_at(c, hits[0].at).geonameid, 13);
}
END_TEST

START_TEST(odd_queries_are_answered_with_nothing_or_something_but_never_badly)
{
    static const char *const ODD[] = {"",
                                      " ",
                                      ",",
                                      "'",
                                      "\xff\xfe",
                                      "\x01",
                                      "a",
                                      "    portland    ",
                                      "st",
                                      "saint",
                                      "portland or or or or or or or or",
                                      "\xe2\x80\xae"
                                      "dnaltrop",
                                      "ca",
                                      "us us us"};
    char longest[5000];
    city_hit hits[5];
    size_t n;
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    ck_assert(cities_find(c, &(city_query){.text = longest}, hits, 5, &n, NULL, NULL));
    for (size_t i = 0; i < sizeof ODD / sizeof *ODD; i++)
        ck_assert(cities_find(c, &(city_query){.text = ODD[i]}, hits, 5, &n, NULL, NULL));
    ck_assert(cities_find(c, &(city_query){.text = "portland"}, NULL, 0, &n, NULL, NULL));
    ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(an_empty_index_finds_nothing)
{
    cities *none = cities_new();
    city_hit hits[5];
    size_t n = 7, at;
    err e = {0};
    ck_assert(cities_ready(none, NULL, NULL));
    ck_assert(cities_find(none, &(city_query){.text = "portland me"}, hits, 5, &n, NULL, NULL));
    ck_assert_uint_eq(n, 0);
    ck_assert(!cities_one(none, "portland", &at, &e));
    ck_assert_ptr_null(cities_sphere(none));
    cities_free(none);
}
END_TEST

START_TEST(a_stop_ends_the_search_and_the_building)
{
    stop halt;
    err e = {0};
    city_hit hits[5];
    size_t n = 77;
    ck_assert(stop_init(&halt, 0, &e));
    stop_ask(&halt);
    ck_assert(!cities_find(c, &(city_query){.text = "portland"}, hits, 5, &n, &halt, &e));
    ck_assert_int_eq(e.kind, ERR_CANCELLED);
    ck_assert_uint_eq(n, 77);
    cities *other = cities_new();
    ck_assert(!cities_ready(other, &halt, &e));
    cities_free(other);
    stop_done(&halt);
}
END_TEST

START_TEST(one_place_is_taken_when_it_is_clear_and_candidates_are_named_when_not)
{
    size_t at;
    err e = {0};
    ck_assert(cities_one(c, "g8", &at, &e) && cities_at(c, at).geonameid == 8);
    ck_assert(cities_one(c, "paris", &at, &e) && cities_at(c, at).geonameid == 12);
    ck_assert(cities_one(c, "springfield ma", &at, &e) && cities_at(c, at).geonameid == 4);
    ck_assert(!cities_one(c, "springfield", &at, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert_str_eq(e.text,
                     "'springfield' is ambiguous: Springfield, Missouri, US; Springfield, Massachusetts, US");
    ck_assert(!cities_one(c, "portlnad", &at, &e));
    ck_assert_msg(strncmp(e.text, "there is no city 'portlnad'; near it: Portland, Oregon, US", 57) == 0,
                  "%s", e.text);
    ck_assert(!cities_one(c, "xqzw", &at, &e));
    ck_assert_str_eq(e.text, "there is no city 'xqzw'");
}
END_TEST

START_TEST(places_are_found_by_key_and_number_and_written_so_that_they_differ)
{
    char label[160];
    city_place odd = {.id = "c-old",
                      .name = "Oldtown",
                      .admin1 = "",
                      .admin1_name = "",
                      .country = "US",
                      .country_name = "United States",
                      .time_zone = "UTC",
                      .feature = ""};
    cities *other = cities_new();
    cities_add(other, &odd);
    ck_assert(cities_ready(other, NULL, NULL));
    ck_assert_uint_eq(cities_by_id(other, "c-old"), 0);
    ck_assert_uint_eq(cities_by_id(other, "g0"), SIZE_MAX);
    cities_free(other);
    ck_assert_uint_eq(cities_by_geonameid(c, 99), SIZE_MAX);
    ck_assert_uint_eq(cities_by_id(c, "g9"), cities_by_geonameid(c, 9));
    cities_label(c, cities_by_geonameid(c, 2), label);
    ck_assert_str_eq(label, "Portland, Maine, US");
    ck_assert_uint_eq(cities_count(c), 18);
}
END_TEST

Suite *cities_suite(void)
{
    Suite *s = suite_create("cities");
    TCase *tc = tcase_create("cities");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_region_or_a_country_behind_a_name_decides_which_is_meant);
    tcase_add_test(tc, a_code_of_two_meanings_means_first_the_one_at_home);
    tcase_add_test(tc, names_are_found_without_accents_joined_shortened_and_by_nickname);
    tcase_add_test(tc, typos_are_allowed_by_length_and_a_transposition_is_one);
    tcase_add_test(tc, demand_breaks_ties_inside_a_text_tier_only);
    tcase_add_test(tc, demand_never_lifts_a_place_past_a_namesake_far_larger);
    tcase_add_test(tc, a_country_asked_for_leaves_out_the_others);
    tcase_add_test(tc, odd_queries_are_answered_with_nothing_or_something_but_never_badly);
    tcase_add_test(tc, an_empty_index_finds_nothing);
    tcase_add_test(tc, a_stop_ends_the_search_and_the_building);
    tcase_add_test(tc, one_place_is_taken_when_it_is_clear_and_candidates_are_named_when_not);
    tcase_add_test(tc, places_are_found_by_key_and_number_and_written_so_that_they_differ);
    return s;
}
