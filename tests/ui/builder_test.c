/* The tour builder without a terminal and without a server: its limits, pins, undo, and how a plan is drawn. */
#include "base/mem.h"
#include "base/time.h"
#include "suites.h"
#include "ui/routing.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_DAY = 20800 }; /* 2026-12-13, a Sunday */

static plan_stop stop_in(const char *city, int32_t day, double latitude, double longitude)
{
    plan_stop s = {.day = day,
                   .city = mem_str(city),
                   .region = mem_str("Texas"),
                   .country = mem_str("US"),
                   .venue = mem_str("The Room"),
                   .latitude = latitude,
                   .longitude = longitude,
                   .capacity = 300,
                   .low = 90,
                   .mid = 120,
                   .high = 160,
                   .fans = 1200,
                   .shared_fans = 40,
                   .chance = 6000,
                   .sells_out = 100,
                   .shows = 2,
                   .buyers = 80,
                   .raw = 100,
                   .shrunk = 118,
                   .gross = 480000,
                   .payout = 300000,
                   .net = 250000,
                   .state = SLOT_OPEN,
                   .leg = {.minutes = 390, .metres = 400000, .days = 1, .limit = 420, .cost = 40000}};
    snprintf(s.city_id, sizeof s.city_id, "g%s", city);
    snprintf(s.venue_id, sizeof s.venue_id, "v%s", city);
    return s;
}

static plan_doc doc_of(const char *first, const char *second)
{
    plan_doc d = {.artist = mem_str("Luna Park"), .currency = "USD", .window = 14, .complete = true};
    snprintf(d.artist_id, sizeof d.artist_id, "luna");
    snprintf(d.request.artist_id, sizeof d.request.artist_id, "luna");
    tour_defaults(&d.request.limits, &d.request.prices);
    d.request.from = FIRST_DAY;
    d.request.until = FIRST_DAY + 13;
    d.n = 2;
    d.stops = MEM_ARRAY(plan_stop, 2);
    d.stops[0] = stop_in(first, FIRST_DAY + 1, 30.27, -97.74);
    d.stops[1] = stop_in(second, FIRST_DAY + 3, 32.78, -96.8);
    d.days = MEM_ARRAY(uint8_t, 14);
    memset(d.days, PLAN_OFF, 14);
    d.days[1] = d.days[3] = PLAN_SHOW;
    d.days[2] = PLAN_DRIVE;
    d.days[9] = PLAN_BLOCKED;
    d.terms = (tour_terms){.total = 220000, .shows = 2, .metres = 800000, .minutes = 780, .idle_days = 1};
    d.low = 300000;
    d.mid = 420000;
    d.high = 560000;
    d.break_even = 31;
    return d;
}

static builder *with_plan(void)
{
    builder *b = builder_new(NULL, 1);
    b->doc = doc_of("Austin", "Dallas");
    b->request = b->doc.request;
    b->has_doc = b->has_request = true;
    return b;
}

static const char *field_is(const builder *b, build_field f)
{
    static buf text;
    if (!text.data)
        buf_init(&text);
    buf_clear(&text);
    builder_field(b, f, &text);
    return text.data;
}

START_TEST(what_a_limit_says_it_also_reads)
{
    builder *b = with_plan();
    for (int f = 0; f < BUILD_FIELDS; f++) {
        char *said = mem_str(field_is(b, (build_field)f));
        err e = {0};
        ck_assert_msg(builder_set(b, (build_field)f, said, &e), "%s = '%s': %s", build_field_names[f], said,
                      e.text);
        ck_assert_str_eq(field_is(b, (build_field)f), said);
        free(said);
    }
    builder_free(b);
}
END_TEST

START_TEST(a_limit_that_cannot_be_is_named_and_changes_nothing)
{
    static const struct {
        build_field field;
        const char *text;
    } wrong[] = {{FIELD_FROM, "2026-02-30"}, {FIELD_DRIVE, "soon"},     {FIELD_REST, "five"},
                 {FIELD_SHOWS, "18-10"},     {FIELD_COUNTRIES, "USA"},  {FIELD_REACH, "-4"},
                 {FIELD_BUDGET, "much"},     {FIELD_AVERSION, "900"},   {FIELD_ANY_CITY, "maybe"},
                 {FIELD_SHOWS_7, "8"},       {FIELD_UNTIL, "tomorrow"}, {FIELD_START, "Austin"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        builder *b = with_plan();
        plan_request before = b->request;
        err e = {0};
        ck_assert_msg(!builder_set(b, wrong[i].field, wrong[i].text, &e), "'%s' was taken", wrong[i].text);
        ck_assert_msg(strncmp(e.text, build_field_names[wrong[i].field],
                              strlen(build_field_names[wrong[i].field])) == 0,
                      "%s", e.text);
        ck_assert_mem_eq(&before, &b->request, sizeof before);
        builder_free(b);
    }
}
END_TEST

START_TEST(a_pin_keeps_city_and_day_and_goes_when_the_city_is_avoided)
{
    builder *b = with_plan();
    ck_assert(builder_pin(b, 1));
    ck_assert(builder_pinned(b, 1));
    ck_assert(!builder_pinned(b, 0));
    ck_assert_int_eq(b->request.pins[0].day, FIRST_DAY + 3);
    ck_assert(builder_avoid(b, "gDallas"));
    ck_assert_uint_eq(b->request.npins, 0);
    ck_assert_uint_eq(b->request.navoid, 1);
    ck_assert(builder_avoid(b, "gDallas")); /* again: no longer */
    ck_assert_uint_eq(b->request.navoid, 0);
    ck_assert(builder_pin(b, 0));
    ck_assert(builder_pin(b, 0)); /* again: unpinned */
    ck_assert(!builder_pinned(b, 0));
    ck_assert(!builder_pin(b, 7));
    builder_free(b);
}
END_TEST

START_TEST(an_alternative_that_was_taken_is_undone_by_u)
{
    builder *b = with_plan();
    b->others[0] = doc_of("Tulsa", "Omaha");
    b->nothers = 1;
    builder_show_other(b, 1);
    ck_assert_str_eq(builder_shown(b)->stops[0].city, "Tulsa");
    builder_show_other(b, 0);
    ck_assert_str_eq(builder_shown(b)->stops[0].city, "Austin");
    builder_show_other(b, 1);
    builder_take_other(b);
    ck_assert_uint_eq(b->nothers, 0);
    ck_assert_str_eq(builder_shown(b)->stops[0].city, "Tulsa");
    ck_assert(b->has_beside);
    ck_assert(builder_undo(b));
    ck_assert_str_eq(builder_shown(b)->stops[0].city, "Austin");
    ck_assert_int_eq(builder_shown(b)->stops[1].net, 250000);
    ck_assert(!builder_undo(b)); /* there is nothing before */
    builder_free(b);
}
END_TEST

/* ---- how it looks ---- */

static char *drawn(builder *b, int height, int width, bool ascii, int y)
{
    routing r = {.b = b};
    view v = {.name = "plan", .empty = "Whose tour?"};
    place p = {.state = &r, .view = &v};
    canvas c;
    canvas_init(&c, height, width, ascii);
    routing_draw(&p, &c, (area){0, 0, height, width}, true);
    char *line = canvas_line(&c, y);
    canvas_done(&c);
    map_free(r.map);
    return line;
}

static void line_has(builder *b, int height, int width, int y, const char *expected)
{
    char *line = drawn(b, height, width, false, y);
    ck_assert_msg(strncmp(line, expected, strlen(expected)) == 0, "line %d is '%s', not '%s...'", y, line,
                  expected);
    free(line);
}

START_TEST(at_80_columns_a_plan_shows_what_it_makes_its_days_and_its_legs)
{
    builder *b = with_plan();
    line_has(b, 22, 80, 0, " Luna Park   13 Dec - 26 Dec   2 shows   800 km   13.0 h");
    line_has(b, 22, 80, 1, " Worth 2,200 USD; all dates 4,200 (3,000-5,600)  even at 31");
    line_has(b, 22, 80, 3, " ·· ■■ ── ■■ ·· ·· ·· ·· ·· ×× ·· ·· ·· ··");
    line_has(b, 22, 80, 5, "  1 Mo 14 Dec Austin        6.5 h  120   2,500");
    line_has(b, 22, 80, 6, "  2 We 16 Dec Dallas        6.5 h  120   2,500");
    builder_free(b);
}
END_TEST

START_TEST(at_140_columns_venues_are_there_too)
{
    builder *b = with_plan();
    line_has(b, 34, 140, 0,
             " Luna Park   13 Dec - 26 Dec 2026   2 shows   800 km   13.0 h driving   1 day off");
    line_has(b, 34, 140, 5,
             "  1 Mo 14 Dec Austin           The Room             6.5 h   120    2,500 open 60%");
    builder_free(b);
}
END_TEST

START_TEST(at_120_columns_the_venue_is_there_and_the_figures_are_not_cut)
{
    builder *b = with_plan();
    char *line = drawn(b, 34, 120, false, 1);
    ck_assert_msg(strstr(line, "a show") && !strstr(line, "\xe2\x80\xa6"), "%s", line);
    free(line);
    line_has(b, 34, 120, 4, "    Date      City             Venue");
    line_has(b, 34, 120, 5, "  1 Mo 14 Dec Austin           The Room");
    builder_free(b);
}
END_TEST

START_TEST(the_drive_of_the_stop_is_there_at_80_columns_too)
{
    builder *b = with_plan();
    bool seen = false;
    for (int y = 0; y < 22; y++) {
        char *line = drawn(b, 22, 80, false, y);
        seen = seen || strstr(line, "drive 6.5 of ");
        free(line);
    }
    ck_assert(seen);
    builder_free(b);
}
END_TEST

START_TEST(without_utf_8_there_is_nothing_but_ascii)
{
    builder *b = with_plan();
    bool seen = false;
    for (int y = 0; y < 22; y++) {
        char *line = drawn(b, 22, 80, true, y);
        for (const char *s = line; *s; s++)
            ck_assert_msg((unsigned char)*s < 128, "line %d: %s", y, line);
        seen = seen || strstr(line, " .. ## -- ## ..");
        free(line);
    }
    ck_assert(seen);
    builder_free(b);
}
END_TEST

START_TEST(no_size_is_too_small)
{
    builder *b = with_plan();
    for (int height = 1; height < 30; height += 3)
        for (int width = 1; width < 130; width += 7)
            free(drawn(b, height, width, height % 2, 0));
    builder_free(b);
}
END_TEST

Suite *builder_suite(void)
{
    Suite *s = suite_create("builder");
    TCase *tc = tcase_create("builder");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, what_a_limit_says_it_also_reads);
    tcase_add_test(tc, a_limit_that_cannot_be_is_named_and_changes_nothing);
    tcase_add_test(tc, a_pin_keeps_city_and_day_and_goes_when_the_city_is_avoided);
    tcase_add_test(tc, an_alternative_that_was_taken_is_undone_by_u);
    tcase_add_test(tc, at_80_columns_a_plan_shows_what_it_makes_its_days_and_its_legs);
    tcase_add_test(tc, at_140_columns_venues_are_there_too);
    tcase_add_test(tc, at_120_columns_the_venue_is_there_and_the_figures_are_not_cut);
    tcase_add_test(tc, the_drive_of_the_stop_is_there_at_80_columns_too);
    tcase_add_test(tc, without_utf_8_there_is_nothing_but_ascii);
    tcase_add_test(tc, no_size_is_too_small);
    return s;
}
