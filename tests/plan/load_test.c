/* From the store to a plan: the same on Postgres and SQLite, what is blocked and why, and the reasons that are given. */
#include "suites.h"
#include "world.h"

#include "base/mem.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static world w;

static void open_world(void)
{
    world_open(&w);
}

static void close_world(void)
{
    world_close(&w);
}

static plan_input *load(store_dialect d, const plan_request *r)
{
    plan_input *in = NULL;
    err e = {0};
    ck_assert_msg(plan_load(w.stores[d], w.catalog, w.places, r, &in, NULL, &e), "%s", e.text);
    return in;
}

static const tour_effort EFFORT = {.iterations = 1500, .seed = 1};

static tour_plan solve(const plan_input *in)
{
    tour_plan t = {0};
    tour_trouble why;
    err e = {0};
    ck_assert_msg(tour_solve(plan_problem(in), &EFFORT, &t, &why, &e), "%s", e.text);
    return t;
}

static char *plan_text(const plan_input *in, const tour_plan *t)
{
    plan_doc d;
    buf out;
    buf_init(&out);
    plan_describe(in, t, 1, &d);
    plan_doc_json(&d, &out);
    plan_doc_done(&d);
    return buf_take(&out);
}

START_TEST(the_same_question_gives_the_same_plan_on_both_stores_byte_for_byte)
{
    plan_request r = world_request();
    char *texts[2];
    for (int d = 0; d < 2; d++) {
        plan_input *in = load((store_dialect)d, &r);
        tour_plan t = solve(in);
        ck_assert_uint_ge(t.n, 4);
        texts[d] = plan_text(in, &t);
        tour_plan_done(&t);
        plan_input_free(in);
    }
    ck_assert_str_eq(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}
END_TEST

START_TEST(defaults_are_the_same_on_both_stores_and_at_home)
{
    plan_request r[2];
    err e = {0};
    buf text[2];
    for (int d = 0; d < 2; d++) {
        ck_assert_msg(plan_defaults(w.stores[d], w.catalog, "a1", &r[d], NULL, &e), "%s", e.text);
        buf_init(&text[d]);
        plan_request_json(&r[d], &text[d]);
    }
    ck_assert_str_eq(text[0].data, text[1].data);
    ck_assert_str_eq(r[0].start, "g1");
    ck_assert_str_eq(r[0].countries, "US");
    ck_assert_int_eq(r[0].prices.per_km, 70);
    ck_assert_int_eq(r[0].from, time_days(2030, 2, 12));
    ck_assert(!plan_defaults(w.stores[0], w.catalog, "nobody", &r[0], NULL, &e) && e.kind == ERR_MISSING);
    buf_done(&text[0]);
    buf_done(&text[1]);
}
END_TEST

/* ---- what a day of a room is ---- */

static const plan_stop *stop_in(const plan_doc *d, const char *city)
{
    for (size_t i = 0; i < d->n; i++)
        if (strcmp(d->stops[i].city, city) == 0)
            return &d->stops[i];
    return NULL;
}

START_TEST(confirmed_shows_and_appearances_are_in_and_the_artists_days_off_are_free)
{
    plan_request r = world_request();
    plan_input *in = load(STORE_POSTGRES, &r);
    tour_plan t = solve(in);
    plan_doc d;
    plan_describe(in, &t, 0, &d);
    const plan_stop *austin = stop_in(&d, "Austin"), *radio = stop_in(&d, "San Antonio");
    ck_assert(austin && austin->day == time_days(2030, 3, 8) && austin->state == SLOT_CONFIRMED &&
              austin->chance == 10000);
    ck_assert_str_eq(austin->booking_id, "b1");
    ck_assert_int_ge(austin->payout, 500000); /* never below the guarantee */
    ck_assert(radio && radio->appearance && radio->day == time_days(2030, 3, 18));
    ck_assert_str_eq(radio->note, "radio session");
    ck_assert_int_eq(d.days[14], PLAN_BLOCKED);
    ck_assert_int_eq(d.days[7], PLAN_SHOW);
    ck_assert_int_eq(d.days[17], PLAN_APPEARANCE);
    ck_assert_int_le(d.low, d.mid);
    ck_assert_int_le(d.mid, d.high);
    for (size_t i = 0; i < d.n; i++) {
        ck_assert(d.stops[i].day != time_days(2030, 3, 15) && d.stops[i].day != time_days(2030, 3, 16));
        ck_assert_int_le(d.stops[i].shared_fans, d.stops[i].fans);
    }
    plan_doc_done(&d);
    tour_plan_done(&t);
    plan_input_free(in);
}
END_TEST

/* The sentence with which a city is kept out. */
static char *why_not(const plan_request *r, const char *city)
{
    plan_input *in = load(STORE_SQLITE, r);
    tour_plan t = solve(in);
    buf out;
    err e = {0};
    buf_init(&out);
    ck_assert_msg(plan_why_not(in, &t, city, &EFFORT, &out, NULL, &e), "%s", e.text);
    tour_plan_done(&t);
    plan_input_free(in);
    return buf_take(&out);
}

static void expect_why_not(const plan_request *r, const char *city, const char *words)
{
    char *said = why_not(r, city);
    ck_assert_msg(strstr(said, words) != NULL, "'%s' has no '%s'", said, words);
    free(said);
}

START_TEST(a_city_that_is_not_in_is_said_with_the_rule_and_its_figures)
{
    plan_request r = world_request();
    expect_why_not(&r, "g7", "Tulsa is not in: every day is blocked: 21 because Bea plays there.");
    expect_why_not(&r, "g10", "Köln is not in: DE is not among the tour's countries (US).");
    r.navoid = 1;
    r.avoid[0] = (plan_pin){"g4", "", INT32_MIN};
    expect_why_not(&r, "g4", "because you avoid it");
}
END_TEST

typedef struct standing {
    const char *venue;
    int day;
    slot_state state;
    int32_t chance;
} standing;

/* The slot of a room on a day of March, found by its venue's place. */
static const tour_slot *slot_at(const plan_input *in, double latitude, int day)
{
    const tour_problem *p = plan_problem(in);
    for (size_t i = 0; i < p->nslots; i++)
        if (p->slots[i].venue != TOUR_NONE && p->venues[p->slots[i].venue].latitude > latitude - 1e-6 &&
            p->venues[p->slots[i].venue].latitude < latitude + 1e-6 && p->slots[i].day == day - 1)
            return &p->slots[i];
    return NULL;
}

START_TEST(chances_follow_who_stands_before_us_and_rules_block)
{
    plan_request r = world_request();
    plan_input *in = load(STORE_POSTGRES, &r);
    const double dallas = 32.78306, oklahoma = 35.46756, denver = 39.73915, kansas = 39.09973;
    ck_assert_int_eq(slot_at(in, denver, 4)->chance, 6000);
    ck_assert_int_eq(slot_at(in, denver, 5)->chance, 4500);          /* Bea holds it */
    ck_assert_int_eq(slot_at(in, kansas, 5)->chance, 2000);          /* an offer is out */
    ck_assert_int_eq(slot_at(in, oklahoma, 6)->state, SLOT_BLOCKED); /* carnival */
    ck_assert_int_eq(slot_at(in, oklahoma, 7)->state, SLOT_OPEN);
    ck_assert_int_eq(slot_at(in, dallas, 12)->state, SLOT_BLOCKED); /* 20 days after 20 February */
    ck_assert_int_eq(slot_at(in, dallas, 13)->state, SLOT_OPEN);
    ck_assert_int_eq(slot_at(in, dallas, 15)->state, SLOT_BLOCKED); /* the artist is away */
    ck_assert_uint_eq(plan_problem(in)->nmarkets, 8);               /* Round Rock belongs to Austin */
    plan_input_free(in);
}
END_TEST

START_TEST(a_hold_that_ends_soon_says_so_with_its_fallback)
{
    plan_request r = world_request();
    r.npins = 1;
    r.pins[0] = (plan_pin){"g4", "v4", time_days(2030, 3, 12)};
    plan_input *in = load(STORE_POSTGRES, &r);
    tour_plan t = solve(in);
    plan_doc d;
    plan_describe(in, &t, 0, &d);
    const plan_stop *houston = stop_in(&d, "Houston");
    ck_assert(houston && houston->state == SLOT_HELD && houston->rank == 1 && houston->pinned &&
              houston->chance == 8000);
    ck_assert_msg(houston->note && strcmp(houston->note, "hold 1 ends on 20 January 2030") == 0, "%s",
                  houston->note);
    ck_assert_uint_ge(d.nconflicts, 1);
    ck_assert_msg(strstr(d.conflicts[0], "Houston on 12 March: hold 1 ends on 20 January 2030;") != NULL,
                  "%s", d.conflicts[0]);
    plan_doc_done(&d);
    tour_plan_done(&t);
    plan_input_free(in);
}
END_TEST

START_TEST(why_a_stop_is_in_gives_the_totals_with_and_without_it)
{
    plan_request r = world_request();
    plan_input *in = load(STORE_SQLITE, &r);
    tour_plan t = solve(in);
    size_t told = 0;
    for (size_t i = 0; i < t.n; i++) {
        buf out, json;
        err e = {0};
        buf_init(&out);
        buf_init(&json);
        ck_assert_msg(plan_why(in, &t, i, &EFFORT, &out, &json, &e), "%s", e.text);
        bool must = strstr(json.data, "\"must\":true") != NULL;
        ck_assert_msg(strstr(out.data, must ? " must be in" : ": with it the tour makes ") != NULL, "%s",
                      out.data);
        told += !must;
        buf_done(&out);
        buf_done(&json);
    }
    ck_assert_uint_ge(told, 1);
    tour_plan_done(&t);
    plan_input_free(in);
}
END_TEST

START_TEST(an_impossible_tour_says_which_wishes_contradict_each_other)
{
    plan_request r = world_request();
    r.npins = 2;
    r.pins[0] = (plan_pin){"g8", "", time_days(2030, 3, 12)};
    r.pins[1] = (plan_pin){"g4", "", time_days(2030, 3, 13)};
    plan_input *in = load(STORE_POSTGRES, &r);
    tour_plan t = {0};
    tour_trouble why;
    err e = {0};
    buf out;
    buf_init(&out);
    ck_assert(!tour_solve(plan_problem(in), &EFFORT, &t, &why, &e));
    ck_assert_int_eq(e.kind, ERR_MISSING);
    plan_say_trouble(in, &why, &out);
    ck_assert_msg(strstr(out.data, "Denver on 12 March") && strstr(out.data, "Houston on 13 March") &&
                      strstr(out.data, " h of driving where 7.0 h are allowed"),
                  "%s", out.data);
    buf_done(&out);
    plan_input_free(in);
}
END_TEST

START_TEST(another_question_on_the_same_data_is_answered_without_reading)
{
    plan_request r = world_request(), changed = r;
    plan_input *in = load(STORE_POSTGRES, &r), *fresh;
    err e = {0};
    changed.limits.drive_show_day = 600;
    changed.navoid = 1;
    changed.avoid[0] = (plan_pin){"g3", "", INT32_MIN};
    ck_assert_msg(plan_again(in, &changed, &e), "%s", e.text);
    fresh = load(STORE_POSTGRES, &changed);
    tour_plan one = solve(in), two = solve(fresh);
    char *a = plan_text(in, &one), *b = plan_text(fresh, &two);
    ck_assert_str_eq(a, b);
    changed.until++;
    ck_assert(!plan_again(in, &changed, &e) && strstr(e.text, "another window"));
    changed = r;
    snprintf(changed.artist_id, sizeof changed.artist_id, "a2");
    ck_assert(!plan_again(in, &changed, &e) && strstr(e.text, "another artist"));
    free(a);
    free(b);
    tour_plan_done(&one);
    tour_plan_done(&two);
    plan_input_free(in);
    plan_input_free(fresh);
}
END_TEST

START_TEST(a_plan_finds_its_slots_again_and_says_what_is_gone)
{
    plan_request r = world_request(), without = r;
    plan_input *in = load(STORE_POSTGRES, &r);
    tour_plan t = solve(in), again;
    plan_doc d;
    buf say;
    err e = {0};
    buf_init(&say);
    plan_describe(in, &t, 0, &d);
    ck_assert(plan_into(in, &d, &again, &say));
    ck_assert_uint_eq(again.n, t.n);
    ck_assert_int_eq(again.total, t.total);
    ck_assert_uint_eq(say.len, 0);
    size_t austin = plan_stop_of(in, &t, "g1");
    ck_assert(austin < t.n && plan_stop_of(in, &t, "g2") == austin && plan_stop_of(in, &t, "g7") == SIZE_MAX);
    tour_plan_done(&again);
    size_t i = 0;
    while (i < d.n && (d.stops[i].state == SLOT_CONFIRMED || d.stops[i].appearance))
        i++;
    ck_assert_uint_lt(i, d.n);
    without.navoid = 1;
    snprintf(without.avoid[0].city_id, sizeof without.avoid[0].city_id, "%s", d.stops[i].city_id);
    without.avoid[0].day = INT32_MIN;
    ck_assert_msg(plan_again(in, &without, &e), "%s", e.text);
    ck_assert(!plan_into(in, &d, &again, &say));
    ck_assert_msg(strstr(say.data, "is not to be had any more: you avoid it.") != NULL, "%s", say.data);
    ck_assert_uint_lt(again.n, d.n);
    tour_plan_done(&again);
    tour_plan_done(&t);
    plan_doc_done(&d);
    plan_input_free(in);
    buf_done(&say);
}
END_TEST

Suite *load_suite(void)
{
    Suite *s = suite_create("load");
    TCase *tc = tcase_create("load");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, world_make, NULL);
    tcase_add_checked_fixture(tc, open_world, close_world);
    suite_add_tcase(s, tc);
    tcase_add_test(tc, the_same_question_gives_the_same_plan_on_both_stores_byte_for_byte);
    tcase_add_test(tc, defaults_are_the_same_on_both_stores_and_at_home);
    tcase_add_test(tc, confirmed_shows_and_appearances_are_in_and_the_artists_days_off_are_free);
    tcase_add_test(tc, a_city_that_is_not_in_is_said_with_the_rule_and_its_figures);
    tcase_add_test(tc, chances_follow_who_stands_before_us_and_rules_block);
    tcase_add_test(tc, a_hold_that_ends_soon_says_so_with_its_fallback);
    tcase_add_test(tc, why_a_stop_is_in_gives_the_totals_with_and_without_it);
    tcase_add_test(tc, an_impossible_tour_says_which_wishes_contradict_each_other);
    tcase_add_test(tc, another_question_on_the_same_data_is_answered_without_reading);
    tcase_add_test(tc, a_plan_finds_its_slots_again_and_says_what_is_gone);
    return s;
}
