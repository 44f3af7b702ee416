/* The version rules, exhaustively: two documents of three versions each, their events reordered, doubled, dropped, applied in
 * transactions that crash, and reads of the old database in between.
 *
 * The world is small enough to try everything. A model of the rules in C is walked through every state that any order can reach;
 * then orders are replayed against the real functions. In the end the mirror must hold each document's newest version,
 * or its tombstone. The control: without the guard on versions the same checks fail.
 *
 * History of a document: a write or a delete at each of the times 10, 20, 30. A read at R sees what was there at R. */
#include "base/buf.h"
#include "base/rng.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOCS = 2, STEPS = 3, EVENTS = DOCS * STEPS, HISTORIES = 9, ORDERS = 720, LAST_READ = 100 };

/* What happens at 10, 20, 30: the ways in which a document can live. */
static const char *const LIVES[] = {"www", "wwd", "wdw"};

typedef struct told { /* an event */
    int doc;
    bool deleted;
    int time;  /* of a write; the old document's for a delete */
    int value; /* 1, 2, 3: which write it was */
} told;

typedef struct mirrored {
    int version, value;
    bool deleted;
} mirrored;

static void tell(int history, told events[EVENTS])
{
    for (int doc = 0; doc < DOCS; doc++) {
        const char *life = LIVES[doc == 0 ? history / 3 : history % 3];
        for (int i = 0; i < STEPS; i++) {
            bool gone = life[i] == 'd';
            events[doc * STEPS + i] = (told){doc, gone, gone ? i * 10 : (i + 1) * 10, i + 1};
        }
    }
}

/* What a read at this time finds of a document: false when it is not there. */
static bool found(int history, int doc, int time, told *ret)
{
    told events[EVENTS];
    bool there = false;
    tell(history, events);
    for (int i = 0; i < STEPS; i++) {
        const told *e = &events[doc * STEPS + i];
        if ((i + 1) * 10 > time)
            break;
        there = !e->deleted;
        if (there)
            *ret = *e;
    }
    return there;
}

/* ---- the model ---- */

static void take(mirrored *m, const told *e, bool guard)
{
    int version = e->time + e->deleted;
    if (!guard || version > m->version)
        *m = (mirrored){version, e->deleted ? 0 : e->value, e->deleted};
}

static void read_at(mirrored m[DOCS], int history, int time, bool guard)
{
    for (int doc = 0; doc < DOCS; doc++) {
        told e;
        if (found(history, doc, time, &e))
            take(&m[doc], &e, guard);
        else if (m[doc].value && !m[doc].deleted && (!guard || m[doc].version <= time))
            m[doc] = (mirrored){time, 0, true};
    }
}

static bool is_newest(const mirrored m[DOCS], int history)
{
    for (int doc = 0; doc < DOCS; doc++) {
        told e;
        bool there = found(history, doc, LAST_READ, &e);
        if (there != (m[doc].value && !m[doc].deleted) ||
            (there && (m[doc].value != e.value || m[doc].version != e.time)))
            return false;
    }
    return true;
}

typedef enum { NEW, OPEN, DONE, DROPPED } fate; /* OPEN: in a transaction that is not committed */

typedef struct state {
    fate fate[EVENTS];
    bool again[EVENTS]; /* delivered twice */
    bool crashed, read;
    mirrored kept[DOCS], open[DOCS]; /* committed; as the open transaction sees it */
} state;

static uint64_t pack(const state *s)
{
    uint64_t n = (uint64_t)s->crashed << 1 | (uint64_t)s->read;
    for (int i = 0; i < EVENTS; i++)
        n = n << 3 | (uint64_t)s->fate[i] << 1 | (uint64_t)s->again[i];
    for (int doc = 0; doc < DOCS; doc++) {
        const mirrored *pair[] = {&s->kept[doc], &s->open[doc]};
        for (int i = 0; i < 2; i++)
            n = n << 9 | (uint64_t)pair[i]->version << 3 | (uint64_t)pair[i]->value << 1 |
                (uint64_t)pair[i]->deleted;
    }
    return n + 1; /* 0 is an empty place */
}

typedef struct walk {
    int history, read_time;
    bool guard;
    uint64_t *seen;
    size_t n, cap;
    size_t ends, wrong;
} walk;

static bool add(walk *w, uint64_t key)
{
    uint64_t mixed = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(mixed >> 32) & (w->cap - 1);
    for (; w->seen[at]; at = (at + 1) & (w->cap - 1))
        if (w->seen[at] == key)
            return false;
    w->seen[at] = key;
    w->n++;
    return true;
}

static void grow(walk *w)
{
    walk bigger = *w;
    bigger.cap = w->cap ? w->cap * 2 : 1 << 16;
    bigger.n = 0;
    bigger.seen = calloc(bigger.cap, sizeof *bigger.seen);
    for (size_t i = 0; i < w->cap; i++)
        if (w->seen[i])
            add(&bigger, w->seen[i]);
    free(w->seen);
    *w = bigger;
}

static void visit(walk *w, const state *s);

static void deliver(walk *w, const state *s, const told *events, int i)
{
    state t = *s;
    t.again[i] = s->fate[i] == DONE;
    t.fate[i] = OPEN;
    take(&t.open[events[i].doc], &events[i], w->guard);
    visit(w, &t);
}

static void commit_or_crash(walk *w, const state *s)
{
    state commit = *s, crash = *s;
    for (int i = 0; i < EVENTS; i++)
        if (s->fate[i] == OPEN) {
            commit.fate[i] = DONE;
            crash.fate[i] =
                s->again[i] ? DONE : NEW; /* it will be delivered once more, or was there before */
        }
    memcpy(commit.kept, s->open, sizeof commit.kept);
    visit(w, &commit);
    if (s->crashed)
        return;
    memcpy(crash.open, s->kept, sizeof crash.open);
    crash.crashed = true;
    visit(w, &crash);
}

static void check_end(walk *w, const state *s)
{
    state t = *s;
    bool dropped = false;
    for (int i = 0; i < EVENTS; i++) {
        if (t.fate[i] == NEW || t.fate[i] == OPEN)
            return;
        dropped |= t.fate[i] == DROPPED;
    }
    if (dropped) /* rule 5 is there for what never came */
        read_at(t.kept, w->history, LAST_READ, w->guard);
    w->ends++;
    w->wrong += !is_newest(t.kept, w->history);
}

static void visit(walk *w, const state *s)
{
    told events[EVENTS];
    bool open = false;
    if (w->n * 2 >= w->cap)
        grow(w);
    if (!add(w, pack(s)))
        return;
    tell(w->history, events);
    for (int i = 0; i < EVENTS; i++) {
        open |= s->fate[i] == OPEN;
        if (s->fate[i] == NEW || (s->fate[i] == DONE && !s->again[i]))
            deliver(w, s, events, i);
        if (s->fate[i] == NEW) {
            state t = *s;
            t.fate[i] = DROPPED;
            visit(w, &t);
        }
    }
    if (open)
        commit_or_crash(w, s);
    if (!open && !s->read && w->read_time) {
        state t = *s;
        t.read = true;
        read_at(t.kept, w->history, w->read_time, w->guard);
        memcpy(t.open, t.kept, sizeof t.open);
        visit(w, &t);
    }
    check_end(w, s);
}

/* Every state of one history; read_time 0: nobody reads in between. */
static walk explore(int history, int read_time, bool guard)
{
    walk w = {.history = history, .read_time = read_time, .guard = guard};
    state s = {0};
    grow(&w);
    visit(&w, &s);
    free(w.seen);
    return w;
}

START_TEST(in_every_order_with_repeats_drops_crashes_and_reads_the_newest_version_stands)
{
    static const int READS[] = {0, 5, 15, 25, 35};
    size_t states = 0, ends = 0;
    for (int history = 0; history < HISTORIES; history++)
        for (size_t i = 0; i < sizeof READS / sizeof *READS; i++) {
            walk w = explore(history, READS[i], true);
            ck_assert_msg(w.wrong == 0, "history %d, read at %d: %zu of %zu ends are not the newest version",
                          history, READS[i], w.wrong, w.ends);
            ck_assert_uint_gt(w.ends, 0);
            states += w.n;
            ends += w.ends;
        }
    printf("      %zu states, %zu ends\n", states, ends);
}
END_TEST

START_TEST(without_the_guard_on_versions_the_model_fails)
{
    for (int history = 0; history < HISTORIES; history++)
        ck_assert_uint_gt(explore(history, 0, false).wrong, 0);
}
END_TEST

/* ---- the real thing ---- */

enum { PLAIN, DOUBLED, READ_BETWEEN, ONE_DROPPED, WAYS };

typedef struct item {
    int event; /* -1: a read */
    int read_time;
} item;

typedef struct sequence {
    int history;
    item items[EVENTS + 1];
    int n;
    bool final_read;
} sequence;

/* The n-th order of six. */
static void order_of(int n, int order[EVENTS])
{
    int left[EVENTS], divisor = ORDERS;
    for (int i = 0; i < EVENTS; i++)
        left[i] = i;
    for (int i = 0; i < EVENTS; i++) {
        divisor /= EVENTS - i;
        int k = n / divisor;
        n %= divisor;
        order[i] = left[k];
        memmove(left + k, left + k + 1, (size_t)(EVENTS - i - k - 1) * sizeof *left);
    }
}

static void insert(sequence *s, int at, item what)
{
    memmove(s->items + at + 1, s->items + at, (size_t)(s->n - at) * sizeof *s->items);
    s->items[at] = what;
    s->n++;
}

/* One order of one history, in one way; what is doubled, dropped or read, and where, goes round with the number. */
static sequence make(int history, int n, int way)
{
    sequence s = {.history = history, .n = EVENTS};
    int order[EVENTS], round = history * ORDERS + n;
    order_of(n, order);
    for (int i = 0; i < EVENTS; i++)
        s.items[i] = (item){order[i], 0};
    if (way == DOUBLED)
        insert(&s, round / EVENTS % (EVENTS + 1), (item){round % EVENTS, 0});
    if (way == READ_BETWEEN)
        insert(&s, round / 4 % (EVENTS + 1), (item){-1, 5 + 10 * (round % 4)});
    if (way == ONE_DROPPED) {
        int gone = round % EVENTS;
        memmove(s.items + gone, s.items + gone + 1, (size_t)(EVENTS - gone - 1) * sizeof *s.items);
        s.n--;
        s.final_read = true;
    }
    return s;
}

typedef struct replay {
    PGconn *db;
    sequence *all;
    size_t n;
    const char *model; /* "artists", or NULL: a collection for each sequence, of no model */
    bool crash;        /* each transaction is rolled back once before it is committed */
    size_t events;
} replay;

static void path_of(const replay *r, size_t i, int doc, char out[64])
{
    if (r->model)
        snprintf(out, 64, "%s/s%05zu%c", r->model, i, 'a' + doc);
    else
        snprintf(out, 64, "s%05zu/%c", i, 'a' + doc);
}

static void fields_of(const told *e, char out[128])
{
    snprintf(out, 128, "{\"name\":{\"stringValue\":\"n%d\"}}", e->value);
}

static void write_told(buf *out, const replay *r, size_t i, int event)
{
    told events[EVENTS];
    char path[64], fields[128];
    tell(r->all[i].history, events);
    const told *e = &events[event];
    path_of(r, i, e->doc, path);
    fields_of(e, fields);
    buf_printf(out, "%s{\"id\":\"e%zu-%d\",\"path\":\"%s\",", out->len > 1 ? "," : "", i, event, path);
    if (e->deleted)
        buf_printf(out, "\"kind\":\"delete\",\"old_update_us\":%d}", e->time);
    else
        buf_printf(out, "\"kind\":\"update\",\"update_us\":%d,\"fields\":%s}", e->time, fields);
}

static void run_text(PGconn *db, const char *sql, const char *text)
{
    PGresult *got = PQexecParams(db, sql, 1, NULL, &text, NULL, NULL, 0);
    ck_assert_msg(PQresultStatus(got) == PGRES_TUPLES_OK, "%s", PQerrorMessage(db));
    PQclear(got);
}

static void apply_step(const replay *r, const buf *events)
{
    static const char APPLY[] = "select count(*) from legacy.apply_events($1::text::jsonb)";
    if (events->len <= 2)
        return;
    if (r->crash) {
        migrate_ask(r->db, "begin");
        run_text(r->db, APPLY, events->data);
        migrate_ask(r->db, "rollback");
    }
    run_text(r->db, APPLY, events->data);
}

/* A read: what is there goes the way of a backfill, what is not is swept. */
static void read_step(const replay *r, size_t i, int time, buf *rows, buf *sweeps)
{
    char collection[64], seen[160] = "", path[64], fields[128];
    for (int doc = 0; doc < DOCS; doc++) {
        told e;
        if (!found(r->all[i].history, doc, time, &e))
            continue;
        path_of(r, i, doc, path);
        fields_of(&e, fields);
        snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s%s", *seen ? "," : "", path);
        snprintf(collection, sizeof collection, "%.*s", (int)strcspn(path, "/"), path);
        buf_printf(rows, "%s('%s','%s','%c','%s',%d)", rows->len ? "," : "", path, collection, 'a' + doc,
                   fields, e.time);
    }
    path_of(r, i, 0, path);
    snprintf(collection, sizeof collection, "%.*s", (int)strcspn(path, "/"), path);
    buf_printf(sweeps, "%s('%s',%d,'{%s}'::text[])", sweeps->len ? "," : "", collection, time, seen);
}

static void run_reads(const replay *r, buf *rows, buf *sweeps)
{
    buf sql;
    buf_init(&sql);
    if (rows->len) {
        buf_printf(&sql,
                   "begin; select legacy.open_incoming(); insert into pg_temp.incoming (path, collection, "
                   "id, fields, version, "
                   "name_prefix, deleted, source, file, place) select column1, column2, column3, column4, "
                   "column5, '', false, "
                   "'backfill', '', '' from (values %s) v; select legacy.merge_incoming(); commit",
                   rows->data);
        migrate_ask(r->db, sql.data);
    }
    buf_clear(&sql);
    buf_printf(&sql, "select sum(legacy.sweep(column1, null, null, column2, column3)) from (values %s) v",
               sweeps->data);
    if (sweeps->len)
        migrate_ask(r->db, sql.data);
    buf_done(&sql);
}

/* Step by step: the t-th item of all sequences goes in one call, since they share no document. */
static void run_all(replay *r)
{
    buf events, rows, sweeps;
    buf_init(&events), buf_init(&rows), buf_init(&sweeps);
    for (int t = 0; t < EVENTS + 2; t++) {
        buf_clear(&events), buf_clear(&rows), buf_clear(&sweeps);
        buf_char(&events, '[');
        for (size_t i = 0; i < r->n; i++) {
            const sequence *s = &r->all[i];
            if (t < s->n && s->items[t].event >= 0) {
                write_told(&events, r, i, s->items[t].event);
                r->events++;
            } else if (t < s->n) {
                read_step(r, i, s->items[t].read_time, &rows, &sweeps);
            } else if (t == EVENTS + 1 && s->final_read) {
                read_step(r, i, LAST_READ, &rows, &sweeps);
            }
        }
        buf_char(&events, ']');
        apply_step(r, &events);
        run_reads(r, &rows, &sweeps);
    }
    buf_done(&events), buf_done(&rows), buf_done(&sweeps);
}

/* How many documents are not as their newest version says. */
static size_t count_wrong(const replay *r, const char *ask, char first[200])
{
    PGresult *got = PQexec(r->db, ask);
    ck_assert_msg(PQresultStatus(got) == PGRES_TUPLES_OK, "%s", PQerrorMessage(r->db));
    int rows = PQntuples(got), at = 0;
    size_t wrong = 0;
    *first = '\0';
    for (size_t i = 0; i < r->n; i++)
        for (int doc = 0; doc < DOCS; doc++) {
            char path[64], want[32] = "";
            told e;
            path_of(r, i, doc, path);
            bool there = found(r->all[i].history, doc, LAST_READ, &e);
            if (there)
                snprintf(want, sizeof want, "n%d", e.value);
            const char *has =
                at < rows && strcmp(PQgetvalue(got, at, 0), path) == 0 ? PQgetvalue(got, at++, 1) : "";
            if (strcmp(has, want) == 0)
                continue;
            if (!wrong++)
                snprintf(first, 200, "%s of history %d is \"%s\", not \"%s\"", path, r->all[i].history, has,
                         want);
        }
    ck_assert_msg(at == rows || wrong > 0, "there are %d documents too many", rows - at);
    PQclear(got);
    return wrong;
}

static const char LIVE[] = "select path, fields #>> '{name,stringValue}' from legacy.document where not "
                           "deleted order by path collate \"C\"";

static replay replay_of(const char *database, int way, int every)
{
    replay r = {.db = migrate_database(database), .all = calloc(HISTORIES * ORDERS, sizeof(sequence))};
    for (int i = 0; i < HISTORIES * ORDERS; i += every)
        r.all[r.n++] = make(i / ORDERS, i % ORDERS, way);
    return r;
}

static void replay_done(replay *r)
{
    PQfinish(r->db);
    free(r->all);
}

START_TEST(every_order_replayed_in_the_database_ends_with_the_newest_version)
{
    static const char *const NAMES[] = {"plain", "with one event doubled and a crash in every step",
                                        "with a read and a sweep in between",
                                        "with one event dropped and a last read"};
    replay r = replay_of("rules_orders", _i, 1);
    char first[200];
    r.crash = _i == DOUBLED;
    run_all(&r);
    size_t wrong = count_wrong(&r, LIVE, first);
    ck_assert_msg(wrong == 0, "%zu of %zu documents: %s", wrong, r.n * DOCS, first);
    printf("      %zu orders %s, %zu events\n", r.n, NAMES[_i], r.events);
    replay_done(&r);
}
END_TEST

START_TEST(the_rows_of_a_model_follow_in_any_order)
{
    replay r = replay_of("rules_rows", DOUBLED, 31);
    char first[200];
    r.model = "artists";
    run_all(&r);
    size_t wrong = count_wrong(
        &r, "select 'artists/' || artist_id, name from showx.artist order by artist_id collate \"C\"", first);
    ck_assert_msg(wrong == 0, "%zu of %zu rows: %s", wrong, r.n * DOCS, first);
    ck_assert_str_eq(
        migrate_ask(r.db, "select documents = projected + quarantined + tombstones and pending = 0 and "
                          "quarantined = 0 from migration.status where model = 'artists'"),
        "t");
    replay_done(&r);
}
END_TEST

/* All events of all sequences in an order of its own, two a transaction; how many transactions failed. */
static int bring_all(const replay *r, const char *conninfo, uint64_t seed)
{
    PGconn *c = PQconnectdb(conninfo);
    size_t n = r->n * EVENTS, *order = calloc(n, sizeof *order);
    int failed = PQstatus(c) != CONNECTION_OK;
    rng random;
    rng_seed(&random, seed);
    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)rng_below(&random, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (size_t i = 0; i + 1 < n && !failed; i += 2) {
        PQclear(PQexec(c, "begin"));
        for (size_t k = i; k < i + 2; k++) {
            buf event;
            buf_init(&event);
            write_told(&event, r, order[k] / EVENTS, (int)(order[k] % EVENTS));
            const char *text = event.data;
            PGresult *got =
                PQexecParams(c, "select legacy.apply($1::text::jsonb)", 1, NULL, &text, NULL, NULL, 0);
            failed += PQresultStatus(got) != PGRES_TUPLES_OK;
            PQclear(got);
            buf_done(&event);
        }
        PQclear(PQexec(c, "commit"));
    }
    PQfinish(c);
    free(order);
    return failed;
}

START_TEST(several_triggers_at_once_do_not_block_each_other_and_undo_nothing_newer)
{
    enum { TRIGGERS = 4 };
    replay r = replay_of("rules_at_once", PLAIN, 97);
    char conninfo[512], first[200];
    uint64_t seed = support_seed(20261130);
    pid_t pids[TRIGGERS];
    snprintf(conninfo, sizeof conninfo, "host=%s user=%s dbname=%s", PQhost(r.db), PQuser(r.db), PQdb(r.db));
    for (int i = 0; i < TRIGGERS; i++)
        if ((pids[i] = fork()) == 0)
            _exit(bring_all(&r, conninfo, seed + (uint64_t)i) ? 1 : 0);
    for (int i = 0; i < TRIGGERS; i++) {
        int status = 0;
        ck_assert(waitpid(pids[i], &status, 0) == pids[i]);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "trigger %d met an error", i);
    }
    size_t wrong = count_wrong(&r, LIVE, first);
    ck_assert_msg(wrong == 0, "%zu of %zu documents: %s", wrong, r.n * DOCS, first);
    replay_done(&r);
}
END_TEST

static const char WITHOUT_GUARD[] =
    "do $do$ declare was text := pg_get_functiondef('legacy.apply_events(jsonb)'::regprocedure); "
    "begin if strpos(was, 'where excluded.version > d.version') = 0 then raise 'there is no guard to take "
    "away'; end if; "
    "execute replace(was, 'where excluded.version > d.version', ''); end $do$";

START_TEST(without_the_guard_on_versions_the_same_replay_fails)
{
    replay r = replay_of("rules_unguarded", PLAIN, 13);
    char first[200];
    migrate_ask(r.db, WITHOUT_GUARD);
    run_all(&r);
    ck_assert_uint_gt(count_wrong(&r, LIVE, first), r.n / 2);
    replay_done(&r);
}
END_TEST

static void start(void)
{
    support_pg();
}

Suite *rules_suite(void)
{
    Suite *s = suite_create("rules");
    TCase *tc = tcase_create("rules");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, start, NULL);
    tcase_add_test(tc, in_every_order_with_repeats_drops_crashes_and_reads_the_newest_version_stands);
    tcase_add_test(tc, without_the_guard_on_versions_the_model_fails);
    tcase_add_loop_test(tc, every_order_replayed_in_the_database_ends_with_the_newest_version, 0, WAYS);
    tcase_add_test(tc, the_rows_of_a_model_follow_in_any_order);
    tcase_add_test(tc, several_triggers_at_once_do_not_block_each_other_and_undo_nothing_newer);
    tcase_add_test(tc, without_the_guard_on_versions_the_same_replay_fails);
    suite_add_tcase(s, tc);
    return s;
}
