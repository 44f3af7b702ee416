/* demand refresh, on a private Postgres: marks become counts, counts estimates; and who may not is told so, or left in peace. */
#include "support/pg.h"
#include "support/support.h"

#include "base/mem.h"
#include "command/command.h"
#include "command/private.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

Suite *demand_command_suite(void);

static const char rows[] =
    "insert into showx.city (city_id, name, country, time_zone, latitude, longitude, population) values"
    "  ('g1', 'Austin', 'US', 'America/Chicago', 30.27, -97.74, 900000), ('g2', 'Dallas', 'US', "
    "'America/Chicago', 32.78, -96.8, 1300000);"
    "insert into showx.artist (artist_id, name, city_id) select 'a' || i, 'A' || i, 'g1' from "
    "generate_series(1, 30) i;"
    "insert into showx.venue (venue_id, name, city_id, time_zone, capacity) values ('v1', 'V', 'g1', "
    "'America/Chicago', 300);"
    "insert into showx.fan (fan_id, name, city_id, created_at) select 'f' || i, '', 'g' || 1 + i / 30 % 2, "
    "now() "
    "from generate_series(1, 200) i;"
    "insert into showx.follow select 'f' || i, 'a' || 1 + i % 30, now(), false from generate_series(1, 200) "
    "i;"
    "insert into showx.concert (concert_id, title, artist_id, venue_id, starts_at, local_date, time_zone, "
    "status, currency)"
    "  select 'c' || i, 'C', 'a' || i, 'v1', '2026-03-01 02:00Z', '2026-02-28', 'America/Chicago', 'played', "
    "'USD' from generate_series(1, 30) i;"
    "insert into showx.ticket_order (order_id, order_number, fan_id, concert_id, ordered_at, status, total, "
    "currency)"
    "  select 'o' || i, 'SX-' || i, 'f' || i, 'c' || 1 + i % 30, '2026-01-02Z', 'paid', 2500, 'USD' from "
    "generate_series(1, 150) i;"
    "insert into showx.ticket (order_id, ordered_at, position, concert_id, price, currency, status)"
    "  select 'o' || i, '2026-01-02Z', 1, 'c' || 1 + i % 30, 2500, 'USD', 'valid' from generate_series(1, "
    "150) i;";

static char *conninfo;

static void sql(const char *text)
{
    PGconn *c = PQconnectdb(conninfo);
    PGresult *r = PQexec(c, "begin; set local showx.actor = 'migration'; set local showx.reason = 'test'");
    PQclear(r);
    r = PQexec(c, text);
    ck_assert_msg(PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK, "%s",
                  PQerrorMessage(c));
    PQclear(r);
    r = PQexec(c, "commit");
    PQclear(r);
    PQfinish(c);
}

static char *value(const char *text)
{
    PGconn *c = PQconnectdb(conninfo);
    PGresult *r = PQexec(c, text);
    ck_assert_msg(PQresultStatus(r) == PGRES_TUPLES_OK, "%s", PQerrorMessage(c));
    char *v = mem_str(PQgetvalue(r, 0, 0));
    PQclear(r);
    PQfinish(c);
    return v;
}

static void start_server(void)
{
    (void)support_pg();
}

static void open_database(void)
{
    setenv("SHOWX_NOW", "2026-11-22T18:10:00Z", 1);
    free(support_pg_ready("command_demand"));
    conninfo = mem_printf("%s dbname=command_demand", support_pg());
    sql(rows);
}

/* Runs a line against the database as it is, with the rights of a role; the exit code. */
static int run(const char *line, const char *role, char **ret_out, char **ret_messages)
{
    size_t n, m;
    char **argv, *info = mem_printf("%s options='-c role=%s'", conninfo, role);
    int argc;
    catalog *cat = catalog_new(NULL, NULL);
    commands *all = commands_new(cat);
    command_env env = {.catalog = cat,
                       .options = {.conninfo = info},
                       .out = open_memstream(ret_out, &n),
                       .messages = open_memstream(ret_messages, &m)};
    ck_assert(commands_split(line, &argv, &argc, NULL));
    int code = commands_run(all, &env, argc, argv);
    commands_split_free(argv, argc);
    fclose(env.out);
    fclose(env.messages);
    store_close(env.store);
    free(env.demo_conninfo);
    commands_free(all);
    catalog_free(cat);
    free(info);
    return code;
}

static void says(const char *line, const char *role, int code, const char *out, const char *message)
{
    char *got, *messages;
    int was = run(line, role, &got, &messages);
    ck_assert_msg(was == code && strstr(got, out) && strstr(messages, message), "%s as %s: %d\n%s%s", line,
                  role, was, got, messages);
    free(got);
    free(messages);
}

START_TEST(a_refresh_counts_fits_and_writes_and_the_next_one_only_what_changed)
{
    says("demand refresh --json", "showx_support", 0,
         "{\"artists\":30,\"places\":60,\"refitted\":true,\"estimates\":60}", "");
    says("demand refresh --json", "showx_support", 0,
         "{\"artists\":0,\"places\":0,\"refitted\":false,\"estimates\":0}", "");
    char *before = value("select string_agg(e::text, ' ' order by artist_id, city_id) from "
                         "showx.city_estimate e where artist_id <> 'a7'");
    sql("insert into showx.follow select 'f' || i, 'a7', now(), false from generate_series(1, 60) i on "
        "conflict do nothing");
    says("demand refresh --json", "showx_engineer", 0,
         "{\"artists\":1,\"places\":2,\"refitted\":false,\"estimates\":2}", "");
    char *after = value("select string_agg(e::text, ' ' order by artist_id, city_id) from "
                        "showx.city_estimate e where artist_id <> 'a7'");
    ck_assert_str_eq(before, after);
    says("demand refresh", "showx_engineer", 0, "",
         "0 artists counted anew, 0 places changed; 0 estimates written");
    says("demand refresh --all", "showx_engineer", 0, "", "fitted on 30 shows; 60 estimates written");
    char *models = value("select count(*) from showx.demand_model");
    ck_assert_str_eq(models, "2");
    free(before);
    free(after);
    free(models);
}
END_TEST

START_TEST(estimates_made_few_by_few_are_those_made_all_at_once)
{
    static const char all[] = "select string_agg(concat_ws(',', artist_id, city_id, mean, low, mid, high, "
                              "raw, prior, weight, room), ' '"
                              " order by artist_id, city_id) from showx.city_estimate";
    says("demand refresh --json", "showx_support", 0, "\"refitted\":true", "");
    char *once = value(all);
    sql("delete from showx.city_estimate; insert into showx.demand_stale select 'a' || i from "
        "generate_series(1, 10) i");
    says("demand refresh --json", "showx_support", 0, "\"estimates\":20", "");
    sql("insert into showx.demand_stale select 'a' || i from generate_series(11, 30) i");
    says("demand refresh --json", "showx_support", 0, "\"estimates\":40", "");
    char *pieces = value(all);
    ck_assert_str_eq(once, pieces);
    free(once);
    free(pieces);
}
END_TEST

START_TEST(who_may_not_refresh_is_told_so_and_other_work_goes_on)
{
    says("demand refresh", "showx_readonly", 4, "", "permission denied");
    says("demand refresh", "showx_manager", 4, "", "permission denied");
}
END_TEST

START_TEST(an_evaluation_prints_the_model_beside_its_rivals)
{
    says("demand refresh", "showx_support", 0, "", "written");
    says("demand evaluate", "showx_readonly", 0, "follower share", "Each show was foretold without itself");
    says("demand evaluate --json", "showx_readonly", 0,
         "{\"name\":\"model\",\"shows\":30,\"log_score\":", "");
    says("demand evaluate --artist a7", "showx_readonly", 0, "model                     1", "");
    says("demand evaluate --artist nobody", "showx_readonly", 1, "", "there is no artist 'nobody'");
}
END_TEST

Suite *demand_command_suite(void)
{
    Suite *s = suite_create("demand");
    TCase *tc = tcase_create("demand");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, start_server, NULL);
    tcase_add_checked_fixture(tc, open_database, NULL);
    tcase_add_test(tc, a_refresh_counts_fits_and_writes_and_the_next_one_only_what_changed);
    tcase_add_test(tc, estimates_made_few_by_few_are_those_made_all_at_once);
    tcase_add_test(tc, who_may_not_refresh_is_told_so_and_other_work_goes_on);
    tcase_add_test(tc, an_evaluation_prints_the_model_beside_its_rivals);
    return s;
}
