/* City search: how often what is typed finds what is meant, and how long a key takes, beside pg_trgm and cube on the same places
 * in the same run. The development queries are given; the others are made here from the places themselves, by a seed, and
 * nothing was tuned on these very ones. */
#include "city/city.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "bench/bench.h"

#include <ctype.h>
#include <libpq-fe.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACES "../shared/data/cities-merged.tsv"
#define NAMES "../shared/data/city-names-merged.tsv"
#define QUERIES "../shared/data/city-queries.tsv"

enum { MADE = 500, CATEGORIES = 24, RADIUS_ASKED = 400, KEYS_MOST = 6000 };

typedef struct asked {
    char text[160], category[24];
    int32_t want;
} asked;

typedef struct questions {
    asked *items;
    size_t n, cap;
} questions;

static void add_question(questions *q, const char *text, int32_t want, const char *category)
{
    MEM_ROOM(q->items, q->n, q->cap);
    asked *a = &q->items[q->n++];
    a->want = want;
    text_copy(a->text, sizeof a->text, text);
    text_copy(a->category, sizeof a->category, category);
}

/* ---- the places ---- */

static void read_dump(cities *c, const char *file, dump_kind kind, PGconn *pg)
{
    dump *d;
    city_place p;
    err e = {0};
    buf line, folded;
    buf_init(&line);
    buf_init(&folded);
    if (!dump_open(file, kind, &d, &e)) {
        fprintf(stderr, "bench: %s\n", e.text);
        exit(EXIT_FAILURE);
    }
    while (dump_next(d, &p, &e) || e.kind != ERR_NONE) {
        buf_clear(&line);
        buf_clear(&folded);
        text_fold(&folded, p.name, strlen(p.name));
        if (kind == DUMP_MERGED_CITIES)
            cities_add(c, &p);
        else
            cities_add_name(c, p.geonameid, p.name);
        if (kind == DUMP_MERGED_CITIES)
            buf_printf(&line, "%d\t%s\t%lld\t%.6f\t%.6f\n", (int)p.geonameid, folded.data,
                       (long long)p.population, p.latitude, p.longitude);
        else
            buf_printf(&line, "%d\t%s\n", (int)p.geonameid, folded.data);
        PQputCopyData(pg, line.data, (int)line.len);
    }
    PQputCopyEnd(pg, NULL);
    PQclear(PQgetResult(pg));
    dump_close(d);
    buf_done(&line);
    buf_done(&folded);
}

static void must(PGconn *pg, const char *sql)
{
    PGresult *r = PQexec(pg, sql);
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK && s != PGRES_COPY_IN) {
        fprintf(stderr, "bench: %s", PQerrorMessage(pg));
        exit(EXIT_FAILURE);
    }
    PQclear(r);
}

/* The same places in Postgres, as one would keep them there: a trigram index over all folded names, points on the unit sphere. */
static cities *fill(PGconn *pg)
{
    cities *c = cities_new();
    must(pg, "set client_min_messages = error; create extension if not exists pg_trgm; create extension if "
             "not exists cube;"
             "drop schema if exists bench_city cascade; create schema bench_city; set search_path = "
             "bench_city, public;"
             "create table place (id integer, name text, people bigint, lat float8, lon float8);"
             "create table name (id integer, name text)");
    must(pg, "copy place from stdin");
    read_dump(c, PLACES, DUMP_MERGED_CITIES, pg);
    must(pg, "copy name from stdin");
    read_dump(c, NAMES, DUMP_MERGED_NAMES, pg);
    must(pg,
         "insert into name select id, name from place;"
         "create table known as select distinct n.id, n.name, 0.07 * ln(p.people + 10) as weight from name n "
         "join place p on p.id = n.id where n.name <> '';"
         "create index on known using gin (name gin_trgm_ops); create index on known (name text_pattern_ops);"
         "alter table place add at cube;"
         "update place set at = cube(array[cos(radians(lat)) * cos(radians(lon)), cos(radians(lat)) * "
         "sin(radians(lon)), sin(radians(lat))]);"
         "create index on place using gist (at); analyze");
    return c;
}

/* ---- made-up questions ---- */

/* Places a tenth as large of the same name would be an honest answer too: those are not asked for. */
static bool clear_name(const cities *c, size_t at)
{
    city_place p = cities_at(c, at);
    size_t found = SIZE_MAX;
    return cities_one(c, p.name, &found, NULL) && found == at;
}

static void misspell(rng *r, const char *name, char *out, size_t size)
{
    char word[128];
    text_copy(word, sizeof word, name);
    size_t n = strlen(word), i = 1 + rng_below(r, n - 2);
    char letter = (char)('a' + rng_below(r, 26));
    switch (rng_below(r, 4)) {
    case 0:
        snprintf(out, size, "%.*s%s", (int)i, word, word + i + 1);
        break;
    case 1:
        snprintf(out, size, "%.*s%c%s", (int)i, word, letter, word + i);
        break;
    case 2:
        snprintf(out, size, "%.*s%c%s", (int)i, word, letter, word + i + 1);
        break;
    default:
        snprintf(out, size, "%.*s%c%c%s", (int)i, word, word[i + 1], word[i], word + i + 2);
    }
}

static bool latin(const char *s)
{
    for (; *s; s++)
        if (!islower((unsigned char)*s) && *s != ' ')
            return false;
    return true;
}

static void make_questions(const cities *c, questions *q)
{
    rng r;
    rng_seed(&r, 20261122);
    for (size_t tries = 0, made = 0; made < MADE && tries < 400000; tries++) {
        size_t at = rng_below(&r, cities_count(c));
        city_place p = cities_at(c, at);
        char text[200], spoilt[600], wrong[200];
        buf name;
        buf_init(&name);
        text_fold(&name, p.name, strlen(p.name));
        if (p.population >= 80000 && name.len >= 6 && name.len < 60 && latin(name.data) &&
            clear_name(c, at)) {
            made++;
            add_question(q, name.data, p.geonameid, "name");
            misspell(&r, name.data, wrong, sizeof wrong);
            add_question(q, wrong, p.geonameid, "one typo");
            snprintf(text, sizeof text, "%.*s", (int)(name.len * 7 / 10 > 4 ? name.len * 7 / 10 : 4),
                     name.data);
            add_question(q, text, p.geonameid, "prefix of 70%");
            snprintf(text, sizeof text, "%s %s", name.data, p.country_name);
            add_question(q, text, p.geonameid, "name and country");
            if (p.admin1_name[0]) {
                snprintf(text, sizeof text, "%s, %s", name.data, p.admin1_name);
                snprintf(spoilt, sizeof spoilt, "%s %s", wrong, p.admin1_name);
                add_question(q, text, p.geonameid, "name and region");
                add_question(q, spoilt, p.geonameid, "one typo and region");
            }
        }
        buf_done(&name);
    }
}

static void read_questions(questions *q)
{
    char line[600];
    FILE *f = fopen(QUERIES, "r");
    while (f && fgets(line, sizeof line, f)) {
        char *id = strchr(line, '\t'), *category = id ? strchr(id + 1, '\t') : NULL;
        if (!category || atoi(id + 1) <= 0)
            continue;
        *id = *category = 0;
        category[1 + strcspn(category + 1, "\t\n")] = 0;
        add_question(q, line, (int32_t)atoi(id + 1), category + 1);
    }
    if (f)
        fclose(f);
}

/* ---- how often it is right ---- */

typedef struct score {
    const char *category;
    size_t n, first, five;
    double reciprocal;
} score;

static void note(score *s, size_t rank)
{
    s->n++;
    s->first += rank == 1;
    s->five += rank >= 1 && rank <= 5;
    s->reciprocal += rank ? 1.0 / (double)rank : 0;
}

static size_t our_rank(const cities *c, const asked *a)
{
    city_hit hits[10];
    size_t n = 0;
    cities_find(c, &(city_query){.text = a->text}, hits, 10, &n, NULL, NULL);
    for (size_t i = 0; i < n; i++)
        if (cities_at(c, hits[i].at).geonameid == a->want)
            return i + 1;
    return 0;
}

static PGresult *trgm(PGconn *pg, const char *typed)
{
    static const char sql[] =
        "select id from (select id, max(similarity(name, $1) + weight) as s from known "
        "where name % $1 or name like $1 || '%' group by id) as x order by s desc limit 10";
    buf folded;
    buf_init(&folded);
    text_fold(&folded, typed, strlen(typed));
    const char *value = folded.data;
    PGresult *r = PQexecParams(pg, sql, 1, NULL, &value, NULL, NULL, 0);
    buf_done(&folded);
    return r;
}

static size_t their_rank(PGconn *pg, const asked *a)
{
    PGresult *r = trgm(pg, a->text);
    size_t rank = 0;
    for (int i = 0; i < PQntuples(r) && !rank; i++)
        if (atoi(PQgetvalue(r, i, 0)) == a->want)
            rank = (size_t)i + 1;
    PQclear(r);
    return rank;
}

static void say_score(const score *s, const char *what, double first, double five)
{
    char label[80], target[80] = "";
    double a = (double)s->first / (double)s->n, b = (double)s->five / (double)s->n;
    bool judged = first > 0;
    snprintf(label, sizeof label, "%s: %s", what, s->category);
    if (judged)
        snprintf(target, sizeof target, "@1 %.2f, @5 %.2f", first, five);
    report_row(judged ? target_of(a >= first && b >= five) : TARGET_NONE, label, target,
               "success@1 %.3f, @5 %.3f, MRR %.3f of %zu", a, b, s->reciprocal / (double)s->n, s->n);
}

static void say_right(const cities *c, PGconn *pg, const questions *q, const char *what, double first)
{
    score all = {.category = "all"}, theirs = {.category = "all, by pg_trgm and population"},
          by[CATEGORIES] = {0};
    size_t nby = 0;
    for (size_t i = 0; i < q->n; i++) {
        size_t rank = our_rank(c, &q->items[i]), k = 0;
        while (k < nby && strcmp(by[k].category, q->items[i].category) != 0)
            k++;
        if (k == nby && nby < CATEGORIES)
            by[nby++].category = q->items[i].category;
        note(&all, rank);
        if (k < nby)
            note(&by[k], rank);
        if (q->n < 400 || i % 10 == 0)
            note(&theirs, their_rank(pg, &q->items[i]));
    }
    say_score(&all, what, first, .99);
    say_score(&theirs, what, 0, 0);
    for (size_t k = 0; k < nby; k++)
        say_score(&by[k], what, strcmp(by[k].category, "one typo") == 0 ? .93 : 0, .97);
}

/* ---- how long it takes ---- */

static void say_keys(const cities *c, PGconn *pg, const questions *q)
{
    double *ours = MEM_ARRAY(double, KEYS_MOST), *theirs = MEM_ARRAY(double, KEYS_MOST);
    size_t n = 0, m = 0;
    for (size_t i = 0; i < q->n; i++)
        for (size_t k = 1; k <= strlen(q->items[i].text) && n < KEYS_MOST; k++) {
            city_hit hits[10];
            size_t found;
            char typed[160];
            text_copy(typed, k + 1, q->items[i].text);
            double began = now_ms();
            cities_find(c, &(city_query){.text = typed}, hits, 10, &found, NULL, NULL);
            ours[n++] = now_ms() - began;
            if (i % 4)
                continue;
            began = now_ms();
            PQclear(trgm(pg, typed));
            theirs[m++] = now_ms() - began;
        }
    double mine = percentile(ours, n, .95), other = percentile(theirs, m, .95);
    report_row(target_of(mine <= 16), "a key, typos included", "p95 16 ms",
               "p50 %.2f ms, p95 %.2f ms of %zu keys", percentile(ours, n, .5), mine, n);
    report_row(TARGET_NONE, "the same keys by pg_trgm (every fourth query)", "",
               "p50 %.2f ms, p95 %.2f ms of %zu keys; %.0f times", percentile(theirs, m, .5), other, m,
               other / mine);
    free(ours);
    free(theirs);
}

static void say_radius(const cities *c, PGconn *pg)
{
    static const char sql[] = "select q.id from place p, place q where p.id = $1::integer and "
                              "cube_enlarge(p.at, 2 * sin(300 / (2 * 6371.0088)), 3) @> q.at and "
                              "cube_distance(p.at, q.at) <= 2 * sin(300 / (2 * 6371.0088))";
    double ours[RADIUS_ASKED], theirs[RADIUS_ASKED];
    sphere_hit *hits = MEM_ARRAY(sphere_hit, cities_count(c));
    size_t differ = 0, found = 0;
    rng r;
    rng_seed(&r, 3);
    for (size_t i = 0; i < RADIUS_ASKED; i++) {
        city_place p = cities_at(c, rng_below(&r, cities_count(c)));
        char id[16];
        const char *value = id;
        snprintf(id, sizeof id, "%d", (int)p.geonameid);
        double began = now_ms();
        size_t n = sphere_within(cities_sphere(c), p.latitude, p.longitude, 300, hits, cities_count(c));
        ours[i] = now_ms() - began;
        began = now_ms();
        PGresult *rows = PQexecParams(pg, sql, 1, NULL, &value, NULL, NULL, 0);
        theirs[i] = now_ms() - began;
        differ += (size_t)PQntuples(rows) != n;
        found += n;
        PQclear(rows);
    }
    double mine = percentile(ours, RADIUS_ASKED, .95), other = percentile(theirs, RADIUS_ASKED, .95);
    report_row(target_of(mine <= 1), "all within 300 km of a place, nearest first", "p95 1 ms",
               "p50 %.2f ms, p95 %.2f ms of %d, %zu places on average", percentile(ours, RADIUS_ASKED, .5),
               mine, RADIUS_ASKED, found / RADIUS_ASKED);
    report_row(TARGET_NONE, "the same by cube", "",
               "p50 %.2f ms, p95 %.2f ms; %.0f times; another count for %zu of %d",
               percentile(theirs, RADIUS_ASKED, .5), other, other / mine, differ, RADIUS_ASKED);
    free(hits);
}

bool drill_city(const bench *b)
{
    report_section("City search", "102,429 places and 386,538 other names (merged GeoNames dumps), one core. "
                                  "The development queries are given; the others "
                                  "are made from 500 places of 80,000 and more by a seed. pg_trgm and cube "
                                  "hold the same places and names in "
                                  "Postgres, indexed, on the same machine.");
    if (access(PLACES, R_OK) || access(NAMES, R_OK) || access(QUERIES, R_OK)) {
        report_row(TARGET_NONE, "all of it", "", "skipped: " PLACES " is missing");
        return true;
    }
    PGconn *pg = PQconnectdb(b->boot);
    questions given = {0}, made = {0};
    if (PQstatus(pg) != CONNECTION_OK) {
        fprintf(stderr, "bench: %s", PQerrorMessage(pg));
        PQfinish(pg);
        return false;
    }
    struct mallinfo2 before = mallinfo2();
    cities *c = fill(pg);
    double began = now_ms();
    bool ok = cities_ready(c, NULL, NULL);
    double ready = now_ms() - began;
    malloc_trim(0);
    struct mallinfo2 after = mallinfo2();
    double megabytes = (double)(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / 1e6;
    read_questions(&given);
    make_questions(c, &made);
    say_right(c, pg, &given, "development queries", .96);
    say_right(c, pg, &made, "made queries", .95);
    say_keys(c, pg, &given);
    say_radius(c, pg);
    report_row(TARGET_NONE, "the index", "", "%.1f MB, sorted in %.0f ms", megabytes, ready);
    must(pg, "drop schema bench_city cascade");
    PQfinish(pg);
    cities_free(c);
    free(given.items);
    free(made.items);
    return ok;
}
