/* Rights: role x relation x verb, exactly. Each cell is tried by a login of that group, not read from the
 * catalogue. */
#include "base/buf.h"
#include "shop.h"
#include <string.h>

Suite *rights_suite(void);

enum { SUPPORT, MANAGER, ENGINEER, READONLY, ROLES };
static const char *const logins[ROLES] = {"anna", "mona", "enno", "rita"};

/* s select, i insert, u update, d delete, n update of the note alone. What is not here nobody may touch. */
/* clang-format off */
static const struct {
    const char *relation, *may[ROLES];
} matrix[] = {
    /*                            support  manager engineer readonly */
    {"showx.city",               {"s",    "s",    "s",    "s"}},
    {"showx.city_ref",           {"s",    "s",    "s",    "s"}},
    {"showx.city_alias",         {"s",    "s",    "s",    "s"}},
    {"showx.city_data",          {"s",    "s",    "s",    "s"}},
    {"showx.genre",              {"s",    "s",    "s",    "s"}},
    {"showx.artist",             {"siu",  "sn",   "s",    "s"}},
    {"showx.artist_genre",       {"siud", "s",    "s",    "s"}},
    {"showx.venue",              {"siu",  "s",    "s",    "s"}},
    {"showx.fan",                {"siu",  "sn",   "s",    "s"}},
    {"showx.fan_word",           {"s",    "s",    "s",    "s"}},
    {"showx.follow",             {"su",   "s",    "s",    "s"}},
    {"showx.concert",            {"siu",  "s",    "s",    "s"}},
    {"showx.line_up",            {"siud", "s",    "s",    "s"}},
    {"showx.ticket_type",        {"siud", "s",    "s",    "s"}},
    {"showx.ticket_order",       {"su",   "s",    "s",    "s"}},
    {"showx.ticket",             {"su",   "s",    "s",    "s"}},
    {"showx.tour",               {"siu",  "siu",  "s",    "s"}},
    {"showx.tour_stop",          {"siud", "siud", "s",    "s"}},
    {"showx.booking",            {"s",    "s",    "s",    "s"}},
    {"showx.radius_clause",      {"s",    "s",    "s",    "s"}},
    {"showx.city_demand",        {"s",    "s",    "s",    "s"}},
    {"showx.demand_dirty",       {"s",    "s",    "s",    "s"}},
    {"showx.demand_stale",       {"s",    "",     "s",    "s"}},
    {"showx.demand_model",       {"s",    "s",    "s",    "s"}},
    {"showx.city_estimate",      {"s",    "s",    "s",    "s"}},
    {"showx.blackout",           {"s",    "s",    "s",    "s"}},
    {"showx.anchor",             {"s",    "s",    "s",    "s"}},
    {"showx.leg",                {"s",    "s",    "s",    "s"}},
    {"showx.venue_clause",       {"s",    "s",    "s",    "s"}},
    {"showx.tour_plan",          {"s",    "s",    "s",    "s"}},
    {"showx.tour_plan_version",  {"s",    "s",    "s",    "s"}},
    {"showx.tour_plan_stop",     {"s",    "s",    "s",    "s"}},
    {"showx.tour_plan_share",    {"s",    "s",    "s",    "s"}},
    {"showx.planning",           {"s",    "s",    "s",    "s"}},
    {"legacy.document",          {"",     "",     "siud", "s"}},
    {"legacy.event",             {"",     "",     "siud", "s"}},
    {"legacy.to_read",           {"",     "",     "siud", "s"}},
    {"migration.model",          {"",     "",     "siud", "s"}},
    {"migration.document_state", {"",     "",     "siud", "s"}},
    {"migration.issue",          {"",     "",     "siud", "s"}},
    {"migration.load",           {"",     "",     "siud", "s"}},
    {"migration.load_error",     {"",     "",     "siud", "s"}},
    {"migration.sync_position",  {"",     "",     "siud", "s"}},
    {"audit.entry",              {"s",    "",     "s",    ""}},
    {"audit.operation",          {"si",   "si",   "si",   ""}}, /* insert of (key, what) alone: see check_audit.c */
};
/* clang-format on */

static const char *allowed(const char *relation, int role)
{
    for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++)
        if (strcmp(matrix[i].relation, relation) == 0)
            return matrix[i].may[role];
    return "";
}

/* False when the server says that the role lacks the right; any other answer is past that gate. */
static bool may(PGconn *c, char verb, const char *relation, const char *column)
{
    char sql[512];
    switch (verb) {
    case 's':
        snprintf(sql, sizeof sql, "select * from %s limit 0", relation);
        break;
    case 'i':
        snprintf(sql, sizeof sql, "insert into %s default values", relation);
        break;
    case 'u':
        snprintf(sql, sizeof sql, "update %s set %s = default where false", relation, column);
        break;
    case 'n':
        snprintf(sql, sizeof sql, "update %s set note = default where false", relation);
        break;
    default:
        snprintf(sql, sizeof sql, "delete from %s where false", relation);
        break;
    }
    ok(c, "begin");
    PGresult *r = PQexec(c, sql);
    const char *told = PQresultErrorMessage(r), *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    bool can = !(state && strcmp(state, "42501") == 0 && strstr(told, "permission denied"));
    PQclear(r);
    ok(c, "rollback");
    return can;
}

/* Every relation of ours, with its first column and whether it has a note. */
static const char every_relation[] =
    "select n.nspname || '.' || c.relname,"
    " (select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum = 1),"
    " exists (select from pg_attribute where attrelid = c.oid and attname = 'note')"
    " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname in ('showx', 'audit') and c.relkind in ('r', 'p', 'v', 'm')"
    " or n.nspname || '.' || c.relname in ('legacy.document', 'legacy.event', 'legacy.to_read',"
    "  'migration.model', 'migration.document_state', 'migration.issue', 'migration.load',"
    "  'migration.load_error', 'migration.sync_position') order by 1";

/* Compares one relation; appends what differs. */
static int compare_relation(PGconn *const c[ROLES], const char *relation, const char *column, bool has_note,
                            buf *told)
{
    int wrong = 0;
    for (int role = 0; role < ROLES; role++) {
        const char *should = allowed(relation, role);
        for (const char *verb = "siudn"; *verb; verb++) {
            if (*verb == 'n' && !has_note)
                continue;
            bool expected = strchr(should, *verb) || (*verb == 'n' && strchr(should, 'u'));
            if (may(c[role], *verb, relation, column) == expected)
                continue;
            wrong++;
            buf_printf(told, "%s %s %c on %s; ", logins[role], expected ? "may not" : "may", *verb, relation);
        }
    }
    return wrong;
}

static int wrong_cells(buf *told)
{
    PGconn *c[ROLES];
    for (int role = 0; role < ROLES; role++)
        c[role] = as(logins[role]);
    PGresult *r = PQexec(as("shop"), every_relation);
    ck_assert_int_gt(PQntuples(r), (int)(sizeof matrix / sizeof *matrix));
    int wrong = 0;
    for (int i = 0; i < PQntuples(r); i++)
        wrong +=
            compare_relation(c, PQgetvalue(r, i, 0), PQgetvalue(r, i, 1), *PQgetvalue(r, i, 2) == 't', told);
    PQclear(r);
    return wrong;
}

START_TEST(every_role_may_do_exactly_what_the_matrix_says)
{
    buf told;
    buf_init(&told);
    int wrong = wrong_cells(&told);
    ck_assert_msg(wrong == 0, "%d wrong: %s", wrong, told.data);
    buf_done(&told);
}
END_TEST

START_TEST(one_grant_too_many_and_one_too_few_are_noticed)
{
    buf told;
    buf_init(&told);
    ok(as("shop"), "grant delete on showx.fan to showx_readonly; revoke select on showx.genre"
                   " from showx_manager");
    int wrong = wrong_cells(&told);
    ck_assert_msg(wrong == 2, "%d: %s", wrong, told.data);
    ck_assert_str_eq(told.data, "rita may d on showx.fan; mona may not s on showx.genre; ");
    buf_done(&told);
}
END_TEST

START_TEST(nobodys_login_owns_a_table_a_function_or_a_schema)
{
    ck_assert_str_eq(
        ask(as("shop"),
            "select string_agg(what, ' ') from ("
            " select c.oid::regclass::text as what, relowner as owner, relnamespace as space from pg_class c"
            " union all select p.oid::regprocedure::text, proowner, pronamespace from pg_proc p"
            " union all select nspname, nspowner, oid from pg_namespace) t"
            " join pg_roles r on r.oid = t.owner join pg_namespace n on n.oid = t.space"
            " where n.nspname in ('showx', 'audit', 'legacy', 'migration') and (r.rolcanlogin or "
            "r.rolsuper)"),
        "");
}
END_TEST

START_TEST(nobody_can_log_in_as_a_group_or_become_the_owner)
{
    ck_assert_str_eq(ask(as("shop"), "select count(*) from pg_roles where rolname like 'showx\\_%%' and "
                                     "(rolcanlogin or rolsuper or rolbypassrls)"),
                     "0");
    for (int role = 0; role < ROLES; role++) {
        refused(as(logins[role]), "42501", "permission denied", "set role showx_owner");
        refused(as(logins[role]), "42501", "permission denied", "set role showx_audit");
        refused(as(logins[role]), "42501", "permission denied", "set role showx_migration");
    }
}
END_TEST

START_TEST(each_login_is_told_its_group)
{
    ck_assert_str_eq(ask(as("anna"), "select showx.session_role()"), "support");
    ck_assert_str_eq(ask(as("max"), "select showx.session_role()"), "manager");
    ck_assert_str_eq(ask(as("enno"), "select showx.session_role()"), "engineer");
    ck_assert_str_eq(ask(as("rita"), "select showx.session_role()"), "readonly");
    ck_assert_str_eq(ask(as("shop"), "select showx.session_role()"), "owner");
}
END_TEST

START_TEST(only_the_granted_functions_can_be_called)
{
    refused(as("rita"), "42501", "permission denied", "select showx.note_set('fan', 'f1', 'x', 1)");
    refused(as("enno"), "42501", "permission denied", "select showx.booking_confirm('b1', 1)");
    refused(as("anna"), "42501", "permission denied",
            "select showx.booking_step(b, 'settled', '{hold}') from showx.booking b");
    refused(as("mona"), "42501", "permission denied", "select showx.booking_rerank('v1', '', '2030-05-01')");
}
END_TEST

START_TEST(a_security_definer_function_keeps_its_own_search_path)
{
    ck_assert_str_eq(
        ask(as("shop"),
            "select string_agg(p.oid::regprocedure::text, ' ') from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace"
            " where prosecdef and nspname in ('showx', 'audit') and"
            " not coalesce(array_to_string(proconfig, ' ') ~ 'search_path=pg_catalog, pg_temp', false)"),
        "");
}
END_TEST

Suite *rights_suite(void)
{
    Suite *s = suite_create("rights");
    TCase *tc = shop_case(s, "rights");
    tcase_add_test(tc, every_role_may_do_exactly_what_the_matrix_says);
    tcase_add_test(tc, one_grant_too_many_and_one_too_few_are_noticed);
    tcase_add_test(tc, nobodys_login_owns_a_table_a_function_or_a_schema);
    tcase_add_test(tc, nobody_can_log_in_as_a_group_or_become_the_owner);
    tcase_add_test(tc, each_login_is_told_its_group);
    tcase_add_test(tc, only_the_granted_functions_can_be_called);
    tcase_add_test(tc, a_security_definer_function_keeps_its_own_search_path);
    return s;
}
