/* What people type for a tour, and the request as JSON. */
#include "suites.h"

#include "base/time.h"
#include "plan/plan.h"

#include <string.h>

START_TEST(hours_are_read_in_each_way_that_people_write_them)
{
    static const struct {
        const char *text;
        int32_t minutes;
    } all[] = {{"7h", 420},   {"7", 420},    {"7.5h", 450},  {"7.25", 435},
               {"7h30", 450}, {"7:05", 425}, {"450min", 450}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int32_t minutes = -1;
        err e = {0};
        ck_assert_msg(plan_parse_hours(all[i].text, &minutes, &e), "%s: %s", all[i].text, e.text);
        ck_assert_msg(minutes == all[i].minutes, "%s gave %d", all[i].text, minutes);
    }
}
END_TEST

START_TEST(what_is_no_length_of_time_is_said_in_a_sentence_and_changes_nothing)
{
    static const char *const wrong[] = {"0h",   "",    "h",   "seven", "-7h",       "7hh",  "7h60",
                                        "7:60", "7.h", "49h", "7 h",   "99999999h", "7h30x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int32_t minutes = 77;
        err e = {0};
        ck_assert_msg(!plan_parse_hours(wrong[i], &minutes, &e), "'%s' was taken", wrong[i]);
        ck_assert_int_eq(e.kind, ERR_USAGE);
        ck_assert_int_eq(minutes, 77);
    }
}
END_TEST

START_TEST(countries_are_two_letters_each_and_the_first_that_is_none_is_named)
{
    static const struct {
        const char *text, *read;
    } all[] = {{"US", "US"}, {"us,ca", "US CA"}, {"US CA; MX", "US CA MX"}, {"all", ""}, {"", ""}};
    char ret[64];
    err e = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_msg(plan_parse_countries(NULL, all[i].text, ret, &e), "%s: %s", all[i].text, e.text);
        ck_assert_str_eq(ret, all[i].read);
    }
    ck_assert(!plan_parse_countries(NULL, "US Canada", ret, &e));
    ck_assert_str_eq(e.text, "'Canada' is no country's two letters, such as US or CA");
    ck_assert(!plan_parse_countries(NULL, "U S", ret, &e));
    ck_assert(!plan_parse_countries(NULL, "U1", ret, &e));
    cities *places = cities_new();
    cities_add(places, &(city_place){.id = "g1", .geonameid = 1, .name = "Austin", .country = "US"});
    ck_assert_msg(cities_ready(places, NULL, &e), "%s", e.text);
    ck_assert(plan_parse_countries(places, "us", ret, &e));
    ck_assert(!plan_parse_countries(places, "US XX", ret, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "no city is known in 'XX'"));
    cities_free(places);
}
END_TEST

START_TEST(rest_and_numbers_of_shows_are_read)
{
    tour_limits l = {0};
    err e = {0};
    ck_assert(plan_parse_rest("5:1", &l, &e) && l.run_days == 5 && l.free_7 == 1);
    ck_assert(plan_parse_rest("3:2", &l, &e) && l.run_days == 3 && l.free_7 == 2);
    ck_assert(plan_parse_shows("10-18", &l, &e) && l.shows_min == 10 && l.shows_max == 18);
    ck_assert(plan_parse_shows("12", &l, &e) && l.shows_min == 12 && l.shows_max == 12);
    ck_assert(plan_parse_shows("10-", &l, &e) && l.shows_min == 10 && l.shows_max == 0);
    ck_assert(plan_parse_shows("-18", &l, &e) && l.shows_min == 0 && l.shows_max == 18);
    static const char *const no_rest[] = {"", "5", "0:1", "5:7", "5:1:1", "a:b", "5:"};
    for (size_t i = 0; i < sizeof no_rest / sizeof *no_rest; i++)
        ck_assert_msg(!plan_parse_rest(no_rest[i], &l, &e), "'%s' was taken", no_rest[i]);
    static const char *const no_shows[] = {"", "-", "18-10", "ten", "10-x", "999", "0", "10--12"};
    for (size_t i = 0; i < sizeof no_shows / sizeof *no_shows; i++)
        ck_assert_msg(!plan_parse_shows(no_shows[i], &l, &e), "'%s' was taken", no_shows[i]);
    ck_assert_msg(!plan_parse_shows("18-10", &l, &e) &&
                      strcmp(e.text, "'18-10': the smaller number comes first") == 0,
                  "%s", e.text);
}
END_TEST

static cities *two_springfields(void)
{
    cities *c = cities_new();
    const city_place all[] = {{.geonameid = 1,
                               .name = "Denver",
                               .ascii = "Denver",
                               .admin1 = "CO",
                               .admin1_name = "Colorado",
                               .country = "US",
                               .country_name = "United States",
                               .time_zone = "",
                               .feature = "PPL",
                               .population = 700000,
                               .latitude = 39.7,
                               .longitude = -105},
                              {.geonameid = 2,
                               .name = "Springfield",
                               .ascii = "Springfield",
                               .admin1 = "IL",
                               .admin1_name = "Illinois",
                               .country = "US",
                               .country_name = "United States",
                               .time_zone = "",
                               .feature = "PPL",
                               .population = 110000,
                               .latitude = 39.8,
                               .longitude = -89.6},
                              {.geonameid = 3,
                               .name = "Springfield",
                               .ascii = "Springfield",
                               .admin1 = "MO",
                               .admin1_name = "Missouri",
                               .country = "US",
                               .country_name = "United States",
                               .time_zone = "",
                               .feature = "PPL",
                               .population = 169000,
                               .latitude = 37.2,
                               .longitude = -93.3}};
    for (size_t i = 0; i < 3; i++)
        cities_add(c, &all[i]);
    ck_assert(cities_ready(c, NULL, NULL));
    return c;
}

START_TEST(a_pin_names_a_city_and_perhaps_a_day)
{
    cities *c = two_springfields();
    plan_pin p;
    err e = {0};
    ck_assert_msg(plan_parse_pin(c, "Denver@2030-03-14", &p, &e), "%s", e.text);
    ck_assert_str_eq(p.city_id, "g1");
    ck_assert_int_eq(p.day, time_days(2030, 3, 14));
    ck_assert(plan_parse_pin(c, "denver", &p, &e) && p.day == INT32_MIN);
    ck_assert(!plan_parse_pin(c, "Denver@2030-02-30", &p, &e));
    ck_assert_int_eq(e.kind, ERR_USAGE);
    ck_assert(!plan_parse_pin(c, "@2030-03-14", &p, &e));
    ck_assert(!plan_parse_pin(c, "Springfield", &p, &e));
    ck_assert_msg(strstr(e.text, "Illinois") && strstr(e.text, "Missouri"), "%s", e.text);
    cities_free(c);
}
END_TEST

static plan_request sample(void)
{
    plan_request r = {
        .artist_id = "a\"1", .from = 21000, .until = 21030, .start = "g1", .end = "", .countries = "US CA"};
    tour_defaults(&r.limits, &r.prices);
    r.limits.shows_min = 10;
    r.limits.budget = INT64_C(5000000000);
    r.prices.per_km = 70;
    r.reach_km = 100;
    r.any_city = true;
    r.ticket_price = 3500;
    r.npins = 2;
    r.pins[0] = (plan_pin){"g1", "", INT32_MIN};
    r.pins[1] = (plan_pin){"g2", "v9", 21004};
    r.navoid = 1;
    r.avoid[0] = (plan_pin){"g3", "", 21005};
    return r;
}

START_TEST(a_request_comes_back_from_json_as_it_was)
{
    plan_request r = sample(), back;
    buf one, two;
    err e = {0};
    buf_init(&one);
    buf_init(&two);
    plan_request_json(&r, &one);
    ck_assert_msg(plan_request_parse(one.data, &back, &e), "%s", e.text);
    plan_request_json(&back, &two);
    ck_assert_str_eq(one.data, two.data);
    ck_assert_int_eq(back.limits.budget, r.limits.budget);
    ck_assert_int_eq(back.pins[0].day, INT32_MIN);
    ck_assert_str_eq(back.pins[1].venue_id, "v9");
    ck_assert(back.any_city);
    buf_done(&one);
    buf_done(&two);
}
END_TEST

/* Each way of breaking it: a byte of the text changed to something else. */
START_TEST(a_broken_request_is_refused_with_the_field_and_leaves_the_old_one)
{
    static const char *const swaps[][3] = {{"\"reach_km\":100", "\"reach_km\":-1", "reach_km"},
                                           {"\"any_city\":true", "\"any_city\":1", "any_city"},
                                           {"\"run_days\":5", "\"run_days\":\"5\"", "run_days"},
                                           {"\"pins\":[", "\"pins\":[3,", "city_id"}};
    plan_request r = sample();
    buf text;
    buf_init(&text);
    plan_request_json(&r, &text);
    for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++) {
        const char *at = strstr(text.data, swaps[i][0]);
        ck_assert_msg(at != NULL, "no %s in %s", swaps[i][0], text.data);
        buf broken;
        plan_request back = {.reach_km = 77};
        err e = {0};
        buf_init(&broken);
        buf_add(&broken, text.data, (size_t)(at - text.data));
        buf_str(&broken, swaps[i][1]);
        buf_str(&broken, at + strlen(swaps[i][0]));
        ck_assert_msg(!plan_request_parse(broken.data, &back, &e), "%s was taken", broken.data);
        ck_assert_msg(e.kind == ERR_INPUT && strstr(e.text, swaps[i][2]), "%s", e.text);
        ck_assert_int_eq(back.reach_km, 77);
        buf_done(&broken);
    }
    err e = {0};
    ck_assert(!plan_request_parse("{", &r, &e) && e.kind == ERR_INPUT);
    ck_assert(!plan_request_parse("[]", &r, &e) && e.kind == ERR_INPUT);
    buf_done(&text);
}
END_TEST

START_TEST(a_window_back_to_front_and_pins_that_contradict_each_other_are_said_by_name)
{
    cities *c = two_springfields();
    plan_request r = sample();
    err e = {0};
    r.npins = r.navoid = 0;
    ck_assert_msg(plan_request_check(&r, c, &e), "%s", e.text);
    r.until = r.from - 1;
    ck_assert(!plan_request_check(&r, c, &e) && e.kind == ERR_USAGE && strstr(e.text, "before it begins"));
    r.until = r.from + 366;
    ck_assert(!plan_request_check(&r, c, &e) && strstr(e.text, "367 days"));
    r.until = r.from + 30;
    r.npins = 2;
    r.pins[0] = (plan_pin){"g1", "", r.from + 3};
    r.pins[1] = (plan_pin){"g2", "", r.from + 3};
    ck_assert(!plan_request_check(&r, c, &e) && strstr(e.text, "Denver on ") &&
              strstr(e.text, "Springfield on "));
    r.pins[1] = (plan_pin){"g1", "", r.from + 9};
    ck_assert(!plan_request_check(&r, c, &e) && strstr(e.text, "one show in a city"));
    r.pins[1] = (plan_pin){"g2", "", r.until + 1};
    ck_assert(!plan_request_check(&r, c, &e) && strstr(e.text, "outside the window"));
    r.npins = 1;
    r.navoid = 1;
    r.avoid[0] = (plan_pin){"g1", "", INT32_MIN};
    ck_assert(!plan_request_check(&r, c, &e) && strstr(e.text, "Denver on ") &&
              strstr(e.text, "to be avoided"));
    cities_free(c);
}
END_TEST

Suite *request_suite(void)
{
    Suite *s = suite_create("request");
    TCase *tc = tcase_create("request");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, hours_are_read_in_each_way_that_people_write_them);
    tcase_add_test(tc, what_is_no_length_of_time_is_said_in_a_sentence_and_changes_nothing);
    tcase_add_test(tc, countries_are_two_letters_each_and_the_first_that_is_none_is_named);
    tcase_add_test(tc, rest_and_numbers_of_shows_are_read);
    tcase_add_test(tc, a_pin_names_a_city_and_perhaps_a_day);
    tcase_add_test(tc, a_request_comes_back_from_json_as_it_was);
    tcase_add_test(tc, a_broken_request_is_refused_with_the_field_and_leaves_the_old_one);
    tcase_add_test(tc, a_window_back_to_front_and_pins_that_contradict_each_other_are_said_by_name);
    return s;
}
