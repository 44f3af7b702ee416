/* generate: the old database as a file: folder. Documents are made one by one in a buffer and written when it
 * is full; what a change log has to say of a document is written at the same time. Nothing is kept. */
#include "demo/generate.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef OUT_FULL
#define OUT_FULL (256u << 10)
#endif

/* ---- files ---- */

static bool out_flush(gen *g, struct out *o)
{
    for (size_t at = 0; at < o->buf.len;) {
        ssize_t n = write(o->fd, o->buf.data + at, o->buf.len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(g->e, "%s", o->path);
        at += (size_t)n;
    }
    buf_clear(&o->buf);
    return true;
}

/* A new file; one that was there may be followed by a reader, so it goes and is not emptied. */
static bool out_open(gen *g, struct out *o, char *path)
{
    o->path = path;
    if (unlink(path) < 0 && errno != ENOENT)
        return err_errno(g->e, "%s", path);
    o->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    return o->fd >= 0 || err_errno(g->e, "%s", path);
}

static void out_done(struct out *o)
{
    if (o->fd >= 0)
        close(o->fd);
    free(o->path);
    buf_done(&o->buf);
}

static bool open_files(gen *g, const char *dir)
{
    char *folder = path_join(dir, "documents"), *manifest = path_join(dir, "manifest.json");
    bool ok = path_make_dirs(folder, 0755, g->e);
    if (ok && unlink(manifest) < 0 && errno != ENOENT)
        ok = err_errno(g->e, "%s", manifest);
    for (int m = 0; ok && m < MODEL_COUNT; m++) {
        char *name = mem_printf("%s/%s.ndjson", folder, mess_model_collection((mess_model)m));
        char *slash = strchr(name + strlen(folder) + 1, '/');
        if (slash)
            *slash = '.';
        ok = out_open(g, &g->documents[m], name);
    }
    if (ok)
        ok = out_open(g, &g->changes, path_join(dir, "changes.ndjson"));
    free(folder);
    free(manifest);
    return ok;
}

/* ---- one document ---- */

static doc_era draw_era(rng *r, int64_t created_us)
{
    int64_t day = created_us / DAY_US;
    doc_era era = day < time_days(2019, 1, 1) ? ERA_A : day < time_days(2022, 1, 1) ? ERA_B : ERA_C;
    if (era != ERA_A && rng_chance(r, 800)) /* old app versions wrote on */
        era--;
    return era;
}

/* The line's end behind the name: fields, times. Returns what was written of mess. */
static uint64_t write_version(gen *g, struct out *o, mess_model m, uint64_t index, uint64_t kinds,
                              int64_t created_us, int64_t updated_us, gen_shape shape, const void *arg)
{
    char created[32], updated[32];
    doc d = {.out = &o->buf,
             .places = &g->w.places,
             .plan = kinds,
             .first = g->w.first[m],
             .created_us = created_us};
    world_rng(&g->w, &d.r, DRAW_SHAPE, m, index);
    d.era = draw_era(&d.r, created_us);
    buf_str(&o->buf, ",\"fields\":{");
    shape(g, &d, arg);
    text_instant(created_us + 250000 + (int64_t)(index % 997) * 10, created);
    text_instant(updated_us, updated);
    buf_str(&o->buf, "},\"createTime\":\"");
    buf_str(&o->buf, created);
    buf_str(&o->buf, "\",\"updateTime\":\"");
    buf_str(&o->buf, updated);
    buf_str(&o->buf, "\"}\n");
    return d.kinds;
}

static void write_name(struct out *o, const char *path)
{
    buf_str(&o->buf, "\"name\":");
    size_t at = o->buf.len;
    buf_str(&o->buf, "\"" DOC_PREFIX "/");
    buf_str(&o->buf, path); /* ids are letters, digits and dashes */
    buf_char(&o->buf, '"');
    (void)at;
}

typedef struct subject {
    gen *g;
    mess_model m;
    uint64_t index;
    const char *path;
    int64_t created_us;
    gen_shape shape;
    const void *arg;
} subject;

static uint64_t to_folder(const subject *s, uint64_t kinds, int64_t updated_us)
{
    struct out *o = &s->g->documents[s->m];
    buf_char(&o->buf, '{');
    write_name(o, s->path);
    s->g->planted.lines++;
    return write_version(s->g, o, s->m, s->index, kinds, s->created_us, updated_us, s->shape, s->arg);
}

static void begin_change(gen *g, const char *op)
{
    char seq[32];
    text_decimal(++g->seq, 0, false, seq);
    buf_str(&g->changes.buf, "{\"seq\":");
    buf_str(&g->changes.buf, seq);
    buf_str(&g->changes.buf, ",\"op\":\"");
    buf_str(&g->changes.buf, op);
    buf_str(&g->changes.buf, "\",");
    g->planted.changes++;
}

static uint64_t to_log(const subject *s, uint64_t kinds, int64_t updated_us)
{
    begin_change(s->g, "set");
    write_name(&s->g->changes, s->path);
    return write_version(s->g, &s->g->changes, s->m, s->index, kinds, s->created_us, updated_us, s->shape,
                         s->arg);
}

static void delete_in_log(const subject *s, int64_t updated_us)
{
    char updated[32];
    text_instant(updated_us, updated);
    begin_change(s->g, "delete");
    write_name(&s->g->changes, s->path);
    buf_str(&s->g->changes.buf, ",\"updateTime\":\"");
    buf_str(&s->g->changes.buf, updated);
    buf_str(&s->g->changes.buf, "\"}\n");
}

/* What is written where, by fate. Returns the mess of the last version, which is the one that counts. */
static uint64_t live_through(const subject *s, plan p, uint64_t other, int64_t us, int64_t late_us)
{
    uint64_t kinds = 0;
    switch (p.fate) {
    case FATE_STAYS:
        return to_folder(s, p.kinds, us);
    case FATE_STALE:
        kinds = to_folder(s, p.kinds, us);
        to_log(s, other, us - INT64_C(1800000000));
        return kinds;
    case FATE_UPDATED:
        to_folder(s, other, us);
        return to_log(s, p.kinds, late_us);
    case FATE_BORN_LATE:
        return to_log(s, p.kinds, late_us);
    case FATE_REPEATED:
        to_folder(s, p.kinds, us);
        to_log(s, p.kinds, late_us);
        return to_log(s, p.kinds, late_us);
    case FATE_DELETED:
        to_folder(s, p.kinds, us);
        delete_in_log(s, us);
        if (s->index % 2) { /* events come at least once, and in no order */
            delete_in_log(s, us);
            to_log(s, p.kinds, us);
        }
        return 0;
    case FATE_BORN_DELETED:
        to_log(s, p.kinds, late_us);
        delete_in_log(s, late_us);
        return 0;
    }
    return kinds;
}

static void count(gen *g, mess_model m, bool gone, uint64_t kinds)
{
    g->planted.models[m].documents++;
    if (gone) {
        g->planted.models[m].tombstones++;
        return;
    }
    if (kinds & g->w.blocking[m])
        g->planted.models[m].quarantined++;
    else
        g->planted.models[m].projected++;
    g->planted.models[m].warnings += __builtin_popcountll(kinds & g->w.warning[m]);
    for (; kinds; kinds &= kinds - 1)
        g->planted.kinds[(int)g->w.first[m] + __builtin_ctzll(kinds)]++;
}

/* The promises of mess.h, held against what was in fact written. */
static bool keeps_promises(gen *g, const subject *s, plan p, uint64_t kinds)
{
    uint64_t blocking = kinds & g->w.blocking[s->m], planned = p.kinds & g->w.blocking[s->m];
    bool warned = kinds & g->w.warning[s->m];
    if (blocking == planned && __builtin_popcountll(blocking) <= 1 && !(blocking && warned))
        return true;
    return err_set(g->e, ERR_FAILED,
                   "the demo's generator broke its promise at %s: planned %llx, written %llx", s->path,
                   (unsigned long long)p.kinds, (unsigned long long)kinds);
}

static bool pause_for_others(gen *g, mess_model m)
{
    if (++g->done % 1000)
        return true;
    if (g->progress.told)
        g->progress.told(g->progress.ctx, g->done, g->expected, mess_model_name(m));
    return !stop_now(g->stop, g->e);
}

bool gen_emit(gen *g, mess_model m, const char *path, uint64_t index, plan p, int64_t created_us,
              gen_shape shape, const void *arg)
{
    subject s = {g, m, index, path, created_us, shape, arg};
    rng r;
    world_rng(&g->w, &r, DRAW_TIME, m, index | UINT64_C(1) << 40);
    int64_t end = g->w.today * DAY_US - 3 * DAY_US, us = created_us + INT64_C(7200000000);
    us += us < end ? (int64_t)rng_below(&r, (uint64_t)(end - us)) / 50 : 0;
    int64_t late = (us > end ? us : end) + rng_between(&r, 1, 2 * 86400) * 1000000;
    mess_id lost = MESS_COUNT;
    for (mess_id k = g->w.first[m]; k < g->w.first[m + 1]; k++)
        if (p.kinds & world_bit(&g->w, k) && mess_kinds[k].per_10000 == 0)
            lost = k;
    uint64_t other = lost == MESS_COUNT ? world_alt(&g->w, m, index, p.kinds) : p.kinds;
    uint64_t kinds = live_through(&s, p, other, us + (int64_t)rng_below(&r, 1000000), late);
    bool gone = world_gone(p.fate);
    if (!gone && !keeps_promises(g, &s, p, kinds))
        return false;
    count(g, m, gone, kinds);
    if (g->documents[m].buf.len > OUT_FULL && !out_flush(g, &g->documents[m]))
        return false;
    if (g->changes.buf.len > OUT_FULL && !out_flush(g, &g->changes))
        return false;
    return pause_for_others(g, m);
}

/* ---- what is said about it ---- */

static void planted_models(const demo_planted *p, json_out *j)
{
    json_key(j, "models");
    json_open(j, '[');
    for (int m = 0; m < MODEL_COUNT; m++) {
        json_open(j, '{');
        json_key(j, "model");
        json_str(j, mess_model_name((mess_model)m));
        json_key(j, "collection");
        json_str(j, mess_model_collection((mess_model)m));
        const char *const names[] = {"documents", "projected", "quarantined", "tombstones", "warnings"};
        const int64_t values[] = {p->models[m].documents, p->models[m].projected, p->models[m].quarantined,
                                  p->models[m].tombstones, p->models[m].warnings};
        for (int i = 0; i < 5; i++) {
            json_key(j, names[i]);
            json_int(j, values[i]);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void planted_kinds(const demo_planted *p, json_out *j)
{
    json_key(j, "kinds");
    json_open(j, '[');
    for (int k = 0; k < MESS_COUNT; k++) {
        const mess_kind *kind = &mess_kinds[k];
        const char *const pairs[][2] = {{"kind", kind->kind},
                                        {"model", mess_model_name(kind->model)},
                                        {"field", kind->field},
                                        {"code", kind->code},
                                        {"severity", mess_severity_word(kind->severity)}};
        json_open(j, '{');
        for (int i = 0; i < 5; i++) {
            json_key(j, pairs[i][0]);
            json_str(j, pairs[i][1]);
        }
        json_key(j, "count");
        json_int(j, p->kinds[k]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static bool write_said(const char *dir, const char *name, buf *b, err *e)
{
    char *path = path_join(dir, name);
    buf_char(b, '\n');
    bool ok = path_write_atomic(path, b->data, b->len, 0644, e);
    free(path);
    return ok;
}

static bool write_planted(const gen *g, const char *dir)
{
    buf b;
    json_out j;
    buf_init(&b);
    json_init(&j, &b);
    json_open(&j, '{');
    planted_models(&g->planted, &j);
    planted_kinds(&g->planted, &j);
    json_close(&j, '}');
    bool ok = write_said(dir, "planted.json", &b, g->e);
    buf_done(&b);
    return ok;
}

static bool write_manifest(const gen *g, const demo_spec *spec)
{
    buf b;
    json_out j;
    char created[32];
    text_instant(g->w.today * DAY_US, created);
    buf_init(&b);
    json_init(&j, &b);
    json_open(&j, '{');
    json_key(&j, "format");
    json_str(&j, "showx-file");
    json_key(&j, "version");
    json_int(&j, 1);
    json_key(&j, "project");
    json_str(&j, "showx-demo");
    json_key(&j, "seed");
    json_int(&j, (int64_t)spec->seed);
    json_key(&j, "scale");
    json_double(&j, spec->scale);
    json_key(&j, "created");
    json_str(&j, created);
    json_key(&j, "documents");
    json_int(&j, g->planted.lines);
    json_close(&j, '}');
    bool ok = write_said(spec->dir, "manifest.json", &b, g->e);
    buf_done(&b);
    return ok;
}

static bool run(gen *g, const demo_spec *spec)
{
    bool (*const makers[])(gen *) = {make_places, make_fans,  make_concerts,
                                     make_orders, make_tours, make_bookings};
    if (!world_init(&g->w, spec, g->e) || !open_files(g, spec->dir))
        return false;
    g->expected = (int64_t)(g->w.ncities + g->w.nartists + g->w.nvenues + g->w.nfans * 3 +
                            g->w.nconcerts * 7 / 2 + g->w.norders + g->w.ntours + g->w.nbookings);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (!makers[i](g))
            return false;
    for (int m = 0; m < MODEL_COUNT; m++)
        if (!out_flush(g, &g->documents[m]))
            return false;
    return out_flush(g, &g->changes) && write_planted(g, spec->dir) && write_manifest(g, spec);
}

bool demo_generate(const demo_spec *spec, demo_progress progress, demo_planted *ret, stop *s, err *e)
{
    err own = {0};
    gen *g = MEM_NEW(gen);
    g->progress = progress;
    g->stop = s;
    g->e = e ? e : &own;
    g->changes.fd = -1;
    buf_init(&g->changes.buf);
    for (int m = 0; m < MODEL_COUNT; m++) {
        g->documents[m].fd = -1;
        buf_init(&g->documents[m].buf);
    }
    bool ok = run(g, spec);
    if (ok && ret)
        *ret = g->planted;
    for (int m = 0; m < MODEL_COUNT; m++)
        out_done(&g->documents[m]);
    out_done(&g->changes);
    world_done(&g->w);
    free(g);
    return ok;
}
