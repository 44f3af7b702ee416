#include "shop.h"
#include "base/buf.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

static char *database;
static PGconn *open_ones[32];
static size_t n_open;
static char detail[1024];

static const char logins[] = "do $$ declare l record; begin"
                             "  for l in select * from (values ('anna', 'showx_support'), ('mona', "
                             "'showx_manager'), ('max', 'showx_manager'),"
                             "                                 ('enno', 'showx_engineer'), ('rita', "
                             "'showx_readonly')) as v (login, role) loop"
                             "    execute format('create role %I login', l.login);"
                             "    execute format('grant %I to %I', l.role, l.login);"
                             "  end loop; end $$";

static const char rows[] =
    "insert into showx.city (city_id, name, country, time_zone, latitude, longitude) values"
    "  ('austin', 'Austin', 'US', 'America/Chicago', 30.26715, -97.74306),"
    "  ('dallas', 'Dallas', 'US', 'America/Chicago', 32.78306, -96.80667);"
    "insert into showx.genre values ('indie-rock', 'Indie Rock');"
    "insert into showx.artist (artist_id, name, city_id, manager) values"
    "  ('a1', 'Ada', 'austin', 'mona'), ('a2', 'Bea', 'austin', 'mona'), ('a3', 'Cleo', 'austin', 'max');"
    "insert into showx.artist_genre select artist_id, 'indie-rock', 1 from showx.artist;"
    "insert into showx.venue (venue_id, name, city_id, time_zone) values"
    "  ('v1', 'The Hall', 'austin', 'America/Chicago'), ('v2', 'The Barn', 'austin', 'America/Chicago'),"
    "  ('v3', 'The Far', 'dallas', 'America/Chicago');"
    "insert into showx.fan (fan_id, name, email, created_at) values"
    "  ('f1', 'José Ñandú', 'jose.nandu+x@example.com', now()), ('f2', 'Mia Doe', 'mia@example.com', now()),"
    "  ('f3', 'Leo Roe', null, now());"
    "insert into showx.follow (fan_id, artist_id, followed_at, consent) values"
    "  ('f1', 'a1', now(), true), ('f2', 'a1', now(), false), ('f3', 'a3', now(), true);"
    "insert into showx.concert (concert_id, title, artist_id, venue_id, starts_at, local_date, time_zone, "
    "status, currency) values"
    "  ('c1', 'Ada live', 'a1', 'v1', '2030-03-01 02:00Z', '2030-02-28', 'America/Chicago', 'on_sale', "
    "'USD'),"
    "  ('c2', 'Cleo live', 'a3', 'v2', '2030-03-02 02:00Z', '2030-03-01', 'America/Chicago', 'on_sale', "
    "'USD');"
    "insert into showx.line_up values ('c1', 'a1', 1), ('c1', 'a3', 2), ('c2', 'a3', 1);"
    "insert into showx.ticket_type (ticket_type_id, concert_id, name, price, currency, quantity) values"
    "  ('c1/ga', 'c1', 'GA', 2500, 'USD', 100), ('c2/ga', 'c2', 'GA', 2500, 'USD', 100);"
    "insert into showx.ticket_order (order_id, order_number, fan_id, concert_id, ordered_at, status, total, "
    "currency) values"
    "  ('o1', 'SX-1', 'f1', 'c1', '2026-01-02Z', 'paid', 2500, 'USD'), ('o2', 'SX-2', 'f3', 'c2', "
    "'2026-01-02Z', 'paid', 2500, 'USD');"
    "insert into showx.ticket (order_id, ordered_at, position, concert_id, price, currency, status) values"
    "  ('o1', '2026-01-02Z', 1, 'c1', 2500, 'USD', 'valid'), ('o2', '2026-01-02Z', 1, 'c2', 2500, 'USD', "
    "'valid');"
    "insert into showx.tour (tour_id, artist_id, name, status) values ('t1', 'a1', 'One', 'draft'), ('t3', "
    "'a3', 'Three', 'draft');"
    "insert into showx.tour_stop (tour_id, position, city_id) values ('t1', 1, 'austin'), ('t3', 1, "
    "'dallas');"
    "insert into showx.booking (booking_id, artist_id, venue_id, show_date, status, hold_rank) values"
    "  ('b1', 'a1', 'v1', '2030-05-01', 'hold', 1), ('b2', 'a2', 'v1', '2030-05-01', 'hold', 2), ('b3', "
    "'a3', 'v2', '2030-05-01', 'hold', 1);"
    "insert into showx.radius_clause values ('b1', 1, 60, 30, 30, 'forbid'), ('b3', 1, 60, 30, 30, 'forbid');"
    "insert into showx.city_demand (artist_id, city_id, followers) values ('a1', 'austin', 2), ('a3', "
    "'austin', 1);";

static PGconn *keep(PGconn *c)
{
    ck_assert_msg(PQstatus(c) == CONNECTION_OK, "%s", PQerrorMessage(c));
    ck_assert(n_open < sizeof open_ones / sizeof *open_ones);
    open_ones[n_open++] = c;
    return c;
}

void shop_cluster(void)
{
    PGconn *c = PQconnectdb(support_pg());
    free(support_pg_ready("schema_shop")); /* makes the group roles */
    PGresult *r = PQexec(c, logins);
    if (PQresultStatus(r) != PGRES_COMMAND_OK &&
        strcmp(PQresultErrorField(r, PG_DIAG_SQLSTATE), "42710") != 0)
        ck_abort_msg("%s", PQerrorMessage(c)); /* 42710: another case of this run made them */
    PQclear(r);
    PQfinish(c);
}

void shop_open(void)
{
    database = support_pg_ready("schema_shop");
    ok(as_owner(), "%s", rows);
}

void shop_close(void)
{
    while (n_open > 0)
        PQfinish(open_ones[--n_open]);
    free(database);
    database = NULL;
}

PGconn *as(const char *login)
{
    char *where = mem_printf("%s user=%s options='-c client_min_messages=error' application_name=check",
                             database, login);
    PGconn *c = keep(PQconnectdb(where));
    free(where);
    return c;
}

PGconn *as_owner(void)
{
    PGconn *c = as("shop");
    ok(c, "set showx.actor = 'migration'");
    return c;
}

static PGresult *run(PGconn *c, const char *format, va_list args)
{
    buf sql;
    buf_init(&sql);
    buf_vprintf(&sql, format, args);
    PGresult *r = PQexec(c, sql.data);
    buf_done(&sql);
    return r;
}

static bool worked(const PGresult *r)
{
    return PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
}

void ok(PGconn *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    PGresult *r = run(c, format, args);
    va_end(args);
    ck_assert_msg(worked(r), "%s: %s", format, PQresultErrorMessage(r));
    PQclear(r);
}

static void begin(PGconn *c)
{
    ok(c, "begin; select set_config('showx.reason', 'a test', true)");
}

void done(PGconn *c, const char *format, ...)
{
    va_list args;
    begin(c);
    va_start(args, format);
    PGresult *r = run(c, format, args);
    va_end(args);
    ck_assert_msg(worked(r), "%s: %s", format, PQresultErrorMessage(r));
    PQclear(r);
    ok(c, "commit");
}

void refused(PGconn *c, const char *state, const char *words, const char *format, ...)
{
    va_list args;
    begin(c);
    va_start(args, format);
    PGresult *r = run(c, format, args);
    va_end(args);
    ck_assert_msg(!worked(r), "%s: was not refused", format);
    const char *told = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY),
               *more = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);
    ck_assert_msg(strstr(told, words) != NULL, "%s: said \"%s\"", format, told);
    ck_assert_str_eq(PQresultErrorField(r, PG_DIAG_SQLSTATE), state);
    snprintf(detail, sizeof detail, "%s", more ? more : "");
    PQclear(r);
    ok(c, "rollback");
}

const char *ask(PGconn *c, const char *format, ...)
{
    static char answers[16][1024];
    static size_t next;
    char *answer = answers[next++ % 16];
    va_list args;
    va_start(args, format);
    PGresult *r = run(c, format, args);
    va_end(args);
    ck_assert_msg(PQresultStatus(r) == PGRES_TUPLES_OK, "%s: %s", format, PQresultErrorMessage(r));
    snprintf(answer, sizeof answers[0], "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    return answer;
}

const char *last_detail(void)
{
    return detail;
}

TCase *shop_case(Suite *s, const char *name)
{
    TCase *tc = tcase_create(name);
    tcase_add_unchecked_fixture(tc, shop_cluster, NULL);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    suite_add_tcase(s, tc);
    return tc;
}
