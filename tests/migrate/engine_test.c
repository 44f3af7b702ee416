/* The engine: the same documents give the same rows and findings, in whatever order and way they come. */
#include "base/buf.h"
#include "base/rng.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPS = 420, IDS = 4 };

typedef struct op {
    char path[80], collection[40], parent[40], id[16];
    char fields[900];
    int64_t version;
    bool deleted;
} op;

static const char *const MODELS[] = {"cities",  "artists",     "venues", "fans",  "concerts",
                                     "follows", "ticketTypes", "orders", "tours", "bookings"};

static int pick(rng *r, int n)
{
    return (int)rng_below(r, (uint64_t)n);
}

/* Sometimes a value, sometimes what nobody can read, sometimes nothing. */
static const char *some(rng *r, const char *good, const char *bad)
{
    int k = pick(r, 16);
    return k == 0 ? bad : k == 1 ? "{\"nullValue\":null}" : good;
}

static void fill_fields(rng *r, const char *model, char *out, size_t n)
{
    int a = pick(r, IDS), b = pick(r, IDS), c = pick(r, IDS), day = 1 + pick(r, 2);
    if (strcmp(model, "cities") == 0)
        snprintf(out, n,
                 "{\"name\":%s,\"state\":{\"stringValue\":\"TX\"},\"country\":{\"stringValue\":\"US\"},"
                 "\"tz\":{\"stringValue\":\"America/Chicago\"},"
                 "\"lat\":{\"doubleValue\":30.2},\"lng\":{\"doubleValue\":-97.7}}",
                 some(r, pick(r, 2) ? "{\"stringValue\":\"Austin\"}" : "{\"stringValue\":\"Nowhere\"}",
                      "{\"stringValue\":\" \"}"));
    else if (strcmp(model, "artists") == 0)
        snprintf(out, n,
                 "{\"name\":%s,\"homeCity\":%s,\"genre\":{\"stringValue\":\"Rock, Indie\"},\"email\":%s}",
                 some(r, "{\"stringValue\":\"Luna\"}", "{\"mapValue\":{}}"),
                 some(r, "{\"stringValue\":\"Nowhere, TX\"}", "{\"stringValue\":\"Asutin, TX\"}"),
                 some(r, "{\"stringValue\":\"a@b.co\"}", "{\"stringValue\":\"a@\"}"));
    else if (strcmp(model, "venues") == 0)
        snprintf(out, n,
                 "{\"name\":{\"stringValue\":\"Hall\"},\"cityId\":{\"stringValue\":\"c%d\"},\"currency\":%s,"
                 "\"tz\":%s}",
                 a, some(r, "{\"stringValue\":\"CAD\"}", "{\"stringValue\":\"US$\"}"),
                 some(r, "{\"stringValue\":\"America/New_York\"}", "{\"stringValue\":\"Mars\"}"));
    else if (strcmp(model, "fans") == 0)
        snprintf(out, n, "{\"name\":%s,\"email\":{\"stringValue\":\"f%d@x.co\"},\"city\":%s}",
                 some(r, "{\"stringValue\":\"Jo\"}", "{\"stringValue\":\"J\\u0007\"}"), b,
                 some(r, "{\"referenceValue\":\"projects/p/databases/d/documents/cities/c1\"}",
                      "{\"stringValue\":\"Qwx, TX\"}"));
    else if (strcmp(model, "follows") == 0)
        snprintf(out, n, "{\"artist\":{\"stringValue\":\"a%d\"},\"since\":%s}", a,
                 some(r, "{\"integerValue\":\"1559419200\"}", "{\"stringValue\":\"soon\"}"));
    else if (strcmp(model, "concerts") == 0)
        snprintf(out, n,
                 "{\"title\":%s,\"artist\":{\"stringValue\":\"a%d\"},\"venue\":{\"stringValue\":\"v%d\"},"
                 "\"startsAt\":%s,"
                 "\"support\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"a%d\"},{\"stringValue\":\"a%"
                 "d\"}]}}}",
                 some(r, "{\"stringValue\":\"Show\"}", "{\"stringValue\":\"\"}"), a, b,
                 some(r, "{\"stringValue\":\"2024-05-03 20:00\"}", "{\"stringValue\":\"TBA\"}"), b, c);
    else if (strcmp(model, "ticketTypes") == 0)
        snprintf(out, n, "{\"price\":%s}", some(r, "{\"doubleValue\":12.505}", "{\"stringValue\":\"call\"}"));
    else if (strcmp(model, "orders") == 0)
        snprintf(out, n,
                 "{\"fan\":{\"stringValue\":\"f%d\"},\"concert\":{\"stringValue\":\"k%d\"},\"total\":%s,"
                 "\"createdAt\":{\"integerValue\":\"15%d9419200\"},"
                 "\"tickets\":{\"arrayValue\":{\"values\":[{\"mapValue\":{\"fields\":{\"price\":{"
                 "\"integerValue\":\"5\"},\"status\":%s}}}]}}}",
                 a, b, some(r, "{\"integerValue\":\"5\"}", "{\"stringValue\":\"TBD\"}"), c,
                 some(r, "{\"stringValue\":\"ok\"}", "{\"stringValue\":\"zz\"}"));
    else if (strcmp(model, "tours") == 0)
        snprintf(out, n,
                 "{\"name\":{\"stringValue\":\"T\"},\"artist\":{\"stringValue\":\"a%d\"},\"stops\":{"
                 "\"arrayValue\":{\"values\":[{\"mapValue\":{\"fields\":{\"city\":"
                 "{\"stringValue\":\"Nowhere, "
                 "TX\"},\"venue\":{\"stringValue\":\"v%d\"},\"concert\":{\"stringValue\":\"k%d\"}}}}]}}}",
                 a, b, c);
    else
        snprintf(out, n,
                 "{\"artist\":{\"stringValue\":\"a%d\"},\"venue\":{\"stringValue\":\"v%d\"},\"date\":{"
                 "\"stringValue\":\"2024-05-0%d\"},\"status\":%s,"
                 "\"createdAt\":{\"integerValue\":\"15%d9419200\"},\"tour\":{\"stringValue\":\"t%d\"},"
                 "\"concert\":{\"stringValue\":\"k%d\"}}",
                 a, b, day,
                 some(r, pick(r, 2) ? "{\"stringValue\":\"confirmed\"}" : "{\"stringValue\":\"Hold 1\"}",
                      "{\"stringValue\":\"zz\"}"),
                 c, a, b);
}

static void make_op(rng *r, op *o, int64_t version)
{
    static const char LETTER[] = "cavfk__otb"; /* by model; sub-collections have none */
    int m = pick(r, 10), i = pick(r, m < 4 ? IDS : 3 * IDS), up = pick(r, IDS);
    const char *model = MODELS[m];
    *o = (op){.version = version, .deleted = pick(r, 14) == 0};
    if (m == 5 || m == 6) {
        const char *root = m == 5 ? "fans" : "concerts";
        snprintf(o->parent, sizeof o->parent, "%s/%c%d", root, m == 5 ? 'f' : 'k', up);
        snprintf(o->collection, sizeof o->collection, "%s/%s", root, model);
        snprintf(o->id, sizeof o->id, "x%d", i);
        snprintf(o->path, sizeof o->path, "%.39s/%s/%s", o->parent, model, o->id);
    } else {
        snprintf(o->collection, sizeof o->collection, "%s", model);
        snprintf(o->id, sizeof o->id, "%c%d", LETTER[m], i);
        snprintf(o->path, sizeof o->path, "%s/%s", model, o->id);
    }
    snprintf(o->fields, sizeof o->fields, "{}");
    if (!o->deleted)
        fill_fields(r, model, o->fields, sizeof o->fields);
}

/* One batch by the staging table, as a load does it. */
static void apply_batch(PGconn *db, const op *ops, const size_t *order, size_t n, bool defer)
{
    migrate_ask(db, "begin");
    migrate_ask(db, defer ? "select legacy.open_incoming(), set_config('showx.defer_projection', 'on', true)"
                          : "select legacy.open_incoming()");
    for (size_t i = 0; i < n; i++) {
        const op *o = &ops[order[i]];
        char version[24];
        snprintf(version, sizeof version, "%lld", (long long)o->version);
        const char *values[] = {o->path,   o->collection, o->parent[0] ? o->parent : NULL, o->id,
                                o->fields, version,       o->deleted ? "t" : "f"};
        PGresult *r = PQexecParams(db,
                                   "insert into pg_temp.incoming (path, collection, parent, id, name_prefix, "
                                   "fields, version, create_us, update_us, "
                                   "deleted, source, file, place) values ($1, $2, $3, $4, '', $5, $6, "
                                   "1500000000000000, 1, $7, 'test', '', '')",
                                   7, NULL, values, NULL, NULL, 0);
        ck_assert_msg(PQresultStatus(r) == PGRES_COMMAND_OK, "%s", PQerrorMessage(db));
        PQclear(r);
    }
    migrate_ask(db, "select legacy.merge_incoming()");
    migrate_ask(db, "commit");
}

static const char DUMP[] =
    "select coalesce(string_agg(j, E'\\n' order by j), '') from ("
    "select 'state ' || s.path || ' ' || s.state || ' ' || s.version as j from migration.document_state s"
    " union all select concat_ws(' ', 'issue', path, field, code, severity, value, sentence) from "
    "migration.issue where state = 'open'"
    " union all select 'ref ' || to_jsonb(t)::text from showx.city_ref t"
    " union all select 'city ' || to_jsonb(t)::text from showx.city t"
    " union all select 'artist ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.artist t"
    " union all select 'genre ' || to_jsonb(t)::text from showx.artist_genre t"
    " union all select 'venue ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.venue t"
    " union all select 'fan ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.fan t"
    " union all select 'follow ' || to_jsonb(t)::text from showx.follow t"
    " union all select 'concert ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.concert t"
    " union all select 'line_up ' || to_jsonb(t)::text from showx.line_up t"
    " union all select 'type ' || to_jsonb(t)::text from showx.ticket_type t"
    " union all select 'order ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.ticket_order t"
    " union all select 'ticket ' || to_jsonb(t)::text from showx.ticket t"
    " union all select 'tour ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.tour t"
    " union all select 'stop ' || to_jsonb(t)::text from showx.tour_stop t"
    " union all select 'booking ' || (to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text from "
    "showx.booking t) x";

static void check_sum(PGconn *db, const char *when)
{
    const char *wrong = migrate_ask(db, "select string_agg(model, ' ') from migration.status where documents "
                                        "<> projected + quarantined + tombstones or pending <> 0");
    ck_assert_msg(!*wrong, "%s: documents <> projected + quarantined + tombstones for %s", when, wrong);
    wrong = migrate_ask(db, "select string_agg(i.path || ' ' || i.field || ' ' || i.value, ', ') from "
                            "migration.issue i where code = 'constraint' and state = 'open'");
    ck_assert_msg(!*wrong, "%s: a constraint was met that no finding foresaw: %s", when, wrong);
}

static void shuffle(rng *r, size_t *order, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)rng_below(r, i), t = order[i - 1];
        order[i - 1] = order[j];
        order[j] = t;
    }
}

/* Compares line by line, so that a failure shows the first line that differs. */
static void same_dump(const char *want, const char *got, const char *when)
{
    size_t at = 0, line = 0;
    while (want[at] && want[at] == got[at]) {
        at++;
        if (want[at - 1] == '\n')
            line = at;
    }
    ck_assert_msg(want[at] == got[at], "%s:\n  %.*s\nis not\n  %.*s", when, (int)strcspn(got + line, "\n"),
                  got + line, (int)strcspn(want + line, "\n"), want + line);
}

static void start(void)
{
    support_pg();
}

START_TEST(any_order_and_either_way_gives_the_same_rows_and_findings)
{
    uint64_t seed = support_seed(20261122 + (uint64_t)_i);
    rng r;
    op *ops = calloc(OPS, sizeof *ops);
    size_t order[OPS];
    rng_seed(&r, seed);
    for (size_t i = 0; i < OPS; i++) {
        make_op(&r, &ops[i], 1000000 + (int64_t)i * 10);
        order[i] = i;
    }
    PGconn *db = migrate_database("migrate_ordered");
    apply_batch(db, ops, order, OPS, true);
    migrate_ask(db, "select migration.project_all()");
    check_sum(db, "all at once");
    char *want = strdup(migrate_ask(db, DUMP));
    ck_assert_msg(strstr(want, "booking ") && strstr(want, "ticket ") && strstr(want, " duplicate "),
                  "the documents prove too little:\n%s", want);
    PQfinish(db);
    for (int way = 0; way < 3; way++) {
        static const size_t SIZES[] = {1, 7, 40};
        static const char *const WHEN[] = {"by trigger, one by one", "by trigger, in batches",
                                           "deferred, in batches"};
        shuffle(&r, order, OPS);
        db = migrate_database("migrate_shuffled");
        for (size_t i = 0; i < OPS; i += SIZES[way]) {
            apply_batch(db, ops, order + i, OPS - i < SIZES[way] ? OPS - i : SIZES[way], way == 2);
            if (way == 2)
                migrate_ask(db, "select migration.project_all(5)");
            check_sum(db, WHEN[way]);
        }
        same_dump(want, migrate_ask(db, DUMP), WHEN[way]);
        apply_batch(db, ops, order, OPS, false);
        same_dump(want, migrate_ask(db, DUMP), "replayed");
        PQfinish(db);
    }
    free(want);
    free(ops);
}
END_TEST

START_TEST(a_document_that_the_database_refuses_never_blocks_the_others)
{
    PGconn *db = migrate_database("migrate_poison");
    migrate_ask(db, "alter table showx.artist add constraint no_poison check (name <> 'Poison')");
    migrate_ask(db, "insert into legacy.document (path, collection, id, fields, version, source) select "
                    "'artists/a' || i, 'artists', 'a' || i, "
                    "jsonb_build_object('name', jsonb_build_object('stringValue', case when i in (3, 60) "
                    "then 'Poison' else 'A' || i end)), 1, 'test' "
                    "from generate_series(1, 100) i");
    ck_assert_str_eq(
        migrate_ask(
            db, "select concat(projected, ' ', quarantined) from migration.status where model = 'artists'"),
        "98 2");
    ck_assert_str_eq(migrate_ask(db, "select string_agg(path || ' ' || code || ' ' || value, ', ' order by "
                                     "path) from migration.issue"),
                     "artists/a3 constraint no_poison, artists/a60 constraint no_poison");
    ck_assert_ptr_null(
        strstr(migrate_ask(db, "select string_agg(sentence, ' ') from migration.issue"), "Poison"));
    migrate_ask(db, "update legacy.document set fields = '{\"name\":{\"stringValue\":\"Good\"}}', version = "
                    "2 where path = 'artists/a3'");
    ck_assert_str_eq(
        migrate_ask(
            db, "select concat(projected, ' ', quarantined) from migration.status where model = 'artists'"),
        "99 1");
    PQfinish(db);
}
END_TEST

START_TEST(what_staff_wrote_stays_until_the_document_says_something_else)
{
    PGconn *db = migrate_database("migrate_notes");
    migrate_ask(db, "insert into legacy.document (path, collection, id, fields, version, source) values "
                    "('artists/a', 'artists', 'a', "
                    "'{\"name\":{\"stringValue\":\"A\"},\"note\":{\"stringValue\":\"old\"}}', 1, 'test')");
    migrate_ask(db, "update showx.artist set note = 'staff'");
    migrate_ask(db, "update legacy.document set version = 2, fields = "
                    "'{\"name\":{\"stringValue\":\"B\"},\"note\":{\"stringValue\":\"old\"}}'");
    ck_assert_str_eq(migrate_ask(db, "select name || ' ' || note from showx.artist"), "B staff");
    migrate_ask(db, "update legacy.document set version = 3, fields = "
                    "'{\"name\":{\"stringValue\":\"B\"},\"note\":{\"stringValue\":\"new\"}}'");
    ck_assert_str_eq(migrate_ask(db, "select name || ' ' || note from showx.artist"), "B new");
    PQfinish(db);
}
END_TEST

START_TEST(a_value_that_postgres_cannot_store_is_told_and_the_batch_goes_on)
{
    PGconn *db = migrate_database("migrate_nul");
    op ops[2] = {{.path = "fans/a",
                  .collection = "fans",
                  .id = "a",
                  .fields = "{\"name\":{\"stringValue\":\"x\\u0000\"}}",
                  .version = 5},
                 {.path = "fans/b",
                  .collection = "fans",
                  .id = "b",
                  .fields = "{\"name\":{\"stringValue\":\"y\"}}",
                  .version = 5}};
    size_t order[2] = {0, 1};
    apply_batch(db, ops, order, 2, false);
    ck_assert_str_eq(migrate_ask(db, "select string_agg(path, ' ') from legacy.document"), "fans/b");
    PQfinish(db);
}
END_TEST

Suite *engine_suite(void)
{
    Suite *s = suite_create("engine");
    TCase *tc = tcase_create("engine");
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_add_loop_test(tc, any_order_and_either_way_gives_the_same_rows_and_findings, 0, 1);
    tcase_add_test(tc, a_document_that_the_database_refuses_never_blocks_the_others);
    tcase_add_test(tc, what_staff_wrote_stays_until_the_document_says_something_else);
    tcase_add_test(tc, a_value_that_postgres_cannot_store_is_told_and_the_batch_goes_on);
    suite_add_tcase(s, tc);
    return s;
}
