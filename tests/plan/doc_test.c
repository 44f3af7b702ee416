/* A plan in words: as JSON and back, as a calendar, rows, a sheet, and beside another. */
#include "suites.h"

#include "base/mem.h"
#include "base/time.h"
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static plan_stop show(int32_t day, const char *city_id, const char *city, const char *venue_id,
                      const char *venue)
{
    plan_stop s = {.slot = TOUR_NONE,
                   .day = day,
                   .latitude = 30.26715,
                   .longitude = -97.74306,
                   .capacity = 400,
                   .low = 100,
                   .mid = 180,
                   .high = 300,
                   .fans = 950,
                   .shared_fans = 120,
                   .chance = 8000,
                   .sells_out = 350,
                   .shows = 3,
                   .buyers = 60,
                   .raw = 177.25,
                   .shrunk = 181.0,
                   .gross = 630000,
                   .payout = 420000,
                   .net = 371000,
                   .risk = 90000,
                   .state = SLOT_HELD,
                   .rank = 1,
                   .expires_us = INT64_C(1898640000000000),
                   .pinned = true};
    s.city = mem_str(city);
    s.region = mem_str("Texas");
    s.country = mem_str("US");
    s.venue = mem_str(venue);
    s.note = mem_str("hold 1 ends on 2 March 2030");
    s.fallback = mem_str("The Copper Room on 4 March");
    s.leg = (plan_leg){175, 265000, 2, 900, 118750};
    snprintf(s.city_id, sizeof s.city_id, "%s", city_id);
    snprintf(s.venue_id, sizeof s.venue_id, "%s", venue_id);
    snprintf(s.booking_id, sizeof s.booking_id, "b1");
    return s;
}

static plan_doc sample(void)
{
    plan_doc d = {.artist_id = "a1",
                  .currency = "USD",
                  .window = 4,
                  .low = 100000,
                  .mid = 300000,
                  .high = 500000,
                  .fixed_costs = 200000,
                  .break_even = 40,
                  .day_off = 70000,
                  .iterations = 1234,
                  .complete = true,
                  .n = 2,
                  .read_us = INT64_C(1894708800000000),
                  .terms = {.total = 250000,
                            .worth = 400000,
                            .legs = 150000,
                            .metres = 265000,
                            .minutes = 175,
                            .nights = 2,
                            .shows = 1}};
    d.artist = mem_str("Ada & the \"Zoë\"s");
    d.request = (plan_request){
        .artist_id = "a1", .from = time_days(2030, 3, 1), .until = time_days(2030, 3, 4), .start = "g1"};
    tour_defaults(&d.request.limits, &d.request.prices);
    d.start = mem_str("Austin, Texas, US");
    d.start_at[0] = 30.26715;
    d.start_at[1] = -97.74306;
    d.days = mem_new(4, 1);
    d.days[0] = PLAN_HOME;
    d.days[1] = PLAN_HELD;
    d.days[2] = PLAN_DRIVE;
    d.days[3] = PLAN_APPEARANCE;
    d.stops = mem_new(2, sizeof *d.stops);
    d.stops[0] = show(time_days(2030, 3, 2), "g4", "Houston", "v4", "The Dock, Pier; 9");
    d.stops[1] = show(time_days(2030, 3, 4), "g5", "San Antonio", "", "");
    free(d.stops[1].venue);
    free(d.stops[1].note);
    d.stops[1].venue = NULL;
    d.stops[1].note = mem_str("radio session");
    d.stops[1].appearance = true;
    d.stops[1].state = SLOT_OPEN;
    d.stops[1].rank = 0;
    d.stops[1].expires_us = 0;
    d.stops[1].booking_id[0] = '\0';
    d.conflicts = mem_new(1, sizeof *d.conflicts);
    d.conflicts[0] = mem_str("EUR is counted at 1.082 USD, the rate of 2024-12-31.");
    d.nconflicts = 1;
    return d;
}

START_TEST(a_plan_comes_back_from_json_byte_for_byte)
{
    plan_doc d = sample(), back;
    buf one, two;
    err e = {0};
    buf_init(&one);
    buf_init(&two);
    d.seconds = 3.25; /* what is not the plan's does not show */
    plan_doc_json(&d, &one);
    ck_assert_msg(plan_doc_parse(one.data, &back, &e), "%s", e.text);
    plan_doc_json(&back, &two);
    ck_assert_str_eq(one.data, two.data);
    ck_assert_ptr_null(strstr(one.data, "3.25"));
    ck_assert(back.stops[1].appearance && back.stops[1].venue == NULL &&
              back.stops[0].expires_us == d.stops[0].expires_us);
    plan_doc_done(&back);
    plan_doc_done(&d);
    buf_done(&one);
    buf_done(&two);
}
END_TEST

/* Every field is asked for: with any one key spelt wrongly the text is refused, naming a field, and nothing leaks. */
START_TEST(a_plan_without_any_one_of_its_fields_is_refused)
{
    plan_doc d = sample(), back;
    buf text;
    size_t broken = 0;
    buf_init(&text);
    plan_doc_json(&d, &text);
    for (char *at = text.data; (at = strstr(at, "\":")) != NULL; at++) {
        char was = at[-1];
        err e = {0};
        at[-1] = '#';
        if (plan_doc_parse(text.data, &back, &e))
            ck_abort_msg("taken with a key broken at %.20s", at - 8);
        ck_assert_msg(e.kind == ERR_INPUT && strstr(e.text, "field '"), "%s", e.text);
        at[-1] = was;
        broken++;
    }
    ck_assert_uint_gt(broken, 150);
    err e = {0};
    ck_assert_msg(plan_doc_parse(text.data, &back, &e), "%s",
                  e.text); /* the control: whole again it is taken */
    plan_doc_done(&back);
    plan_doc_done(&d);
    buf_done(&text);
}
END_TEST

static void check_file(void (*write)(const plan_doc *, buf *), const char *wanted)
{
    plan_doc d = sample();
    buf out;
    buf_init(&out);
    write(&d, &out);
    ck_assert_msg(strcmp(out.data, wanted) == 0, "got:\n%s\nwanted:\n%s", out.data, wanted);
    buf_done(&out);
    plan_doc_done(&d);
}

START_TEST(a_calendar_has_whole_days_escapes_folds_and_lasting_ids)
{
    check_file(plan_ical,
               "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//showx//tour//EN\r\nCALSCALE:GREGORIAN\r\n"
               "X-WR-CALNAME:Ada & the \"Zoë\"s tour\r\n"
               "BEGIN:VEVENT\r\nUID:a1-2030-03-02@showx\r\nDTSTAMP:20300115T120000Z\r\n"
               "DTSTART;VALUE=DATE:20300302\r\nDTEND;VALUE=DATE:20300303\r\n"
               "SUMMARY:Ada & the \"Zoë\"s: Houston\\, The Dock\\, Pier\\; 9\r\n"
               "LOCATION:The Dock\\, Pier\\; 9\\, Houston\\, Texas\\, "
               "US\r\nGEO:30.26715;-97.74306\r\nSTATUS:TENTATIVE\r\n"
               "DESCRIPTION:hold 1\\n2.9 h of driving\\, 265 km\\nTickets 180 (100 to 300)\\nNe\r\n t "
               "3\\,710.00 USD\r\n"
               "END:VEVENT\r\n"
               "BEGIN:VEVENT\r\nUID:a1-2030-03-04@showx\r\nDTSTAMP:20300115T120000Z\r\n"
               "DTSTART;VALUE=DATE:20300304\r\nDTEND;VALUE=DATE:20300305\r\n"
               "SUMMARY:Ada & the \"Zoë\"s: San Antonio\\, radio session\r\n"
               "LOCATION:radio session\\, San Antonio\\, Texas\\, "
               "US\r\nGEO:30.26715;-97.74306\r\nSTATUS:CONFIRMED\r\n"
               "DESCRIPTION:appearance\\n2.9 h of driving\\, 265 km\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}
END_TEST

START_TEST(no_line_of_a_calendar_is_longer_than_75_bytes_or_cut_inside_a_character)
{
    plan_doc d = sample();
    buf out;
    buf_init(&out);
    free(d.artist);
    d.artist = mem_str(
        "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\nBEGIN:VEVENT");
    plan_ical(&d, &out);
    size_t line = 0;
    for (size_t i = 0; i < out.len; i++) {
        if (line == 0 && (out.data[i] & 0xC0) == 0x80)
            ck_abort_msg("a line begins inside a character");
        if (line == 1 && out.data[i - 1] == ' ' && ((unsigned char)out.data[i] & 0xC0) == 0x80)
            ck_abort_msg("a fold is inside a character");
        line = out.data[i] == '\n' ? 0 : line + 1;
        ck_assert_uint_le(line, 76); /* the CR counts here */
    }
    size_t events = 0;
    for (const char *p = out.data; (p = strstr(p, "\nBEGIN:VEVENT")) != NULL; p++)
        events++;
    ck_assert_uint_eq(events, 2); /* the name's own line break makes no event */
    buf_done(&out);
    plan_doc_done(&d);
}
END_TEST

START_TEST(rows_have_a_line_a_day)
{
    check_file(
        plan_csv,
        "date,weekday,day,city,region,country,venue,state,drive_minutes,drive_km,capacity,p10,p50,p90,gross,"
        "net,"
        "currency,venue_id,booking_id\r\n"
        "2030-03-01,Fri,home,,,,,,,,,,,,,,,,\r\n"
        "2030-03-02,Sat,held,Houston,Texas,US,\"The Dock, Pier; 9\",hold "
        "1,175,265,400,100,180,300,6300.00,3710.00,USD,v4,b1\r\n"
        "2030-03-03,Sun,drive,,,,,,,,,,,,,,,,\r\n"
        "2030-03-04,Mon,appearance,San Antonio,Texas,US,radio session,appearance,175,265,,,,,,,USD,,\r\n");
}
END_TEST

START_TEST(a_cell_that_a_spreadsheet_would_run_is_quoted)
{
    plan_doc d = sample();
    buf out;
    buf_init(&out);
    free(d.stops[0].venue);
    d.stops[0].venue = mem_str("=cmd|\"x\"");
    plan_csv(&d, &out);
    ck_assert_msg(strstr(out.data, ",\"'=cmd|\"\"x\"\"\",") != NULL, "%s", out.data);
    buf_done(&out);
    plan_doc_done(&d);
}
END_TEST

START_TEST(a_sheet_is_80_columns_of_plain_text)
{
    check_file(plan_sheet,
               "Ada & the \"Zoë\"s                                                      page     1\n"
               "1 March 2030 to 4 March 2030\n\n"
               "Fri 2030-03-01  home\n"
               "Sat 2030-03-02  Houston, Texas, The Dock, Pier; 9\n"
               "                hold 1; drive 2.9 of 15.0 h, 265 km\n"
               "                tickets 180 (100 to 300) of 400; net 3,710.00 USD\n"
               "                load-in ______  doors ______  show ______  curfew ______\n"
               "                hotel ____________________  contact ____________________\n"
               "Sun 2030-03-03  drive\n"
               "Mon 2030-03-04  San Antonio, Texas, radio session\n"
               "                appearance; drive 2.9 of 15.0 h, 265 km\n"
               "                load-in ______  doors ______  show ______  curfew ______\n"
               "                hotel ____________________  contact ____________________\n"
               "\n"
               "1 show, 265 km, 2 nights\n"
               "net if every date comes about: 3,000.00 USD (1,000.00 USD to 5,000.00 USD)\n"
               "EUR is counted at 1.082 USD, the rate of 2024-12-31.\n");
}
END_TEST

START_TEST(two_plans_stand_side_by_side)
{
    plan_doc a = sample(), b = sample();
    buf text, json;
    buf_init(&text);
    buf_init(&json);
    b.request.until++; /* their windows may differ */
    b.stops[1].day++;
    snprintf(b.stops[0].venue_id, sizeof b.stops[0].venue_id, "v4b");
    plan_compare(&a, &b, 80, &text, &json);
    ck_assert_msg(strstr(text.data, "Sat 2030-03-02 ~ Houston") != NULL, "%s", text.data);
    ck_assert(strstr(text.data, "Mon 2030-03-04 < San Antonio, appearance\n") != NULL);
    ck_assert(strstr(text.data,
                     "Tue 2030-03-05 >                                 San Antonio, appearance\n") != NULL);
    ck_assert(strstr(json.data,
                     "{\"date\":\"2030-03-05\",\"is\":\"only_b\",\"a\":null,\"b\":{\"city_id\":\"g5\"") !=
              NULL);
    plan_doc_done(&a);
    plan_doc_done(&b);
    buf_done(&text);
    buf_done(&json);
}
END_TEST

Suite *doc_suite(void)
{
    Suite *s = suite_create("doc");
    TCase *tc = tcase_create("doc");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, a_plan_comes_back_from_json_byte_for_byte);
    tcase_add_test(tc, a_plan_without_any_one_of_its_fields_is_refused);
    tcase_add_test(tc, a_calendar_has_whole_days_escapes_folds_and_lasting_ids);
    tcase_add_test(tc, no_line_of_a_calendar_is_longer_than_75_bytes_or_cut_inside_a_character);
    tcase_add_test(tc, rows_have_a_line_a_day);
    tcase_add_test(tc, a_cell_that_a_spreadsheet_would_run_is_quoted);
    tcase_add_test(tc, a_sheet_is_80_columns_of_plain_text);
    tcase_add_test(tc, two_plans_stand_side_by_side);
    return s;
}
