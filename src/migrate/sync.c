/* Sync: trigger events into the mirror, as they come.
 *
 * Events gather until a batch is full or the source has no more for now; a batch is one transaction, and what it did (counts, errors,
 * the file's position) stands or falls with it. So a crash anywhere repeats at most one batch, which changes nothing.
 * When the database refuses a batch for what is in it, its halves are tried, down to the one event at fault: that one is kept as an
 * error and the others go through. */
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "migrate/damages.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 500, BATCH_BYTES = 4 << 20, PAUSE_MS = 1000, FORGET_MS = 3600 * 1000 };

/* An event of the batch: where it was read, and its part of `text`. */
typedef struct held {
    char *file;
    char place[64];
    size_t from, n;
} held;

typedef struct sync {
    events *source;
    store *db;
    const catalog *c;
    stop *s;
    migrate_sync_options options;
    migrate_sync_counts counts;
    number id;
    event ev;
    buf text, array; /* the batch's events one after another; a part of them as a JSON array */
    held *batch;
    size_t n, cap;
    damages damages;
    int64_t forgot_ms;
    size_t written; /* of the damages, those that a committed transaction has */
} sync;

/* ---- gathering ---- */

static void write_event(buf *out, const event *ev)
{
    static const char *const kinds[] = {"create", "update", "delete"};
    json_out j;
    json_init(&j, out);
    json_open(&j, '{');
    if (ev->id.len > 0) {
        json_key(&j, "id");
        json_strn(&j, ev->id.data, ev->id.len);
    }
    json_key(&j, "kind");
    json_str(&j, kinds[ev->kind]);
    json_key(&j, "path");
    json_str(&j, ev->name.path);
    json_key(&j, "prefix");
    json_str(&j, ev->name.prefix);
    if (ev->has_fields) {
        json_key(&j, "fields");
        json_raw(&j, ev->fields.data);
        json_key(&j, "update_us");
        json_int(&j, ev->update_us);
        json_key(&j, "create_us");
        json_int(&j, ev->create_us);
    }
    if (ev->kind == EVENT_DELETE) {
        json_key(&j, "old_update_us");
        json_int(&j, ev->old_update_us);
    }
    json_close(&j, '}');
}

static void gather(sync *y)
{
    held h = {.file = mem_str(events_file(y->source)), .from = y->text.len};
    events_place(y->source, h.place);
    write_event(&y->text, &y->ev);
    h.n = y->text.len - h.from;
    MEM_ROOM(y->batch, y->n, y->cap);
    y->batch[y->n++] = h;
}

static void clear_batch(sync *y)
{
    for (size_t i = 0; i < y->n; i++)
        free(y->batch[i].file);
    y->n = 0;
    y->written = 0;
    buf_clear(&y->text);
    damages_drop(&y->damages);
}

/* ---- applying ---- */

static void keep_refused(sync *y, const held *h, const char *code, const char *why)
{
    legacy_damage bad = {.file = h->file, .code = code, .raw = y->text.data + h->from, .raw_len = h->n};
    memcpy(bad.place, h->place, sizeof bad.place);
    snprintf(bad.sentence, sizeof bad.sentence, "%.150s%s%s: %.280s", h->file, *h->place ? ", " : "",
             h->place, why);
    damages_keep(&y->damages, &bad);
}

static void tally(sync *y, const rowset *r, size_t from)
{
    for (size_t i = 0; i < r->nrows; i++) {
        const char *outcome = rowset_cell(r, i, 1)->text, *why = rowset_cell(r, i, 2)->text;
        int64_t *to = strcmp(outcome, "applied") == 0         ? &y->counts.applied
                      : strcmp(outcome, "stale") == 0         ? &y->counts.stale
                      : strcmp(outcome, "repeat") == 0        ? &y->counts.repeats
                      : strcmp(outcome, "needs_reading") == 0 ? &y->counts.to_read
                                                              : NULL;
        y->counts.events++;
        if (to)
            ++*to;
        else
            keep_refused(y, &y->batch[from + i], "refused", why ? why : outcome);
    }
}

/* The events [from, to) in the transaction at hand; none is a question whether it would work at all. */
static bool apply(sync *y, size_t from, size_t to, err *e)
{
    rowset *r = NULL;
    buf_clear(&y->array);
    buf_char(&y->array, '[');
    for (size_t i = from; i < to; i++) {
        if (i > from)
            buf_char(&y->array, ',');
        buf_add(&y->array, y->text.data + y->batch[i].from, y->batch[i].n);
    }
    buf_char(&y->array, ']');
    query_value values[] = {{"events", y->array.data}};
    if (!fetch_named(y->db, y->c, "migrate_sync_apply", values, 1, &r, y->s, e))
        return false;
    tally(y, r, from);
    rowset_free(r);
    return true;
}

static bool write_counts(sync *y, err *e)
{
    const migrate_sync_counts *n = &y->counts;
    number documents = number_of(n->events), applied = number_of(n->applied),
           stale = number_of(n->stale + n->repeats), repeats = number_of(n->repeats),
           to_read = number_of(n->to_read), errors = number_of(n->errors);
    query_value values[] = {{"load", y->id.text},   {"documents", documents.text}, {"applied", applied.text},
                            {"stale", stale.text},  {"repeats", repeats.text},     {"to_read", to_read.text},
                            {"errors", errors.text}};
    return run_named(y->db, y->c, "migrate_sync_counts", values, 7, NULL, y->s, e);
}

static bool keep_position(sync *y, err *e)
{
    events_position p;
    if (!events_at(y->source, &p))
        return true;
    number at = number_of(p.at), line = number_of(p.line);
    query_value values[] = {
        {"source", events_source(y->source)}, {"position", at.text}, {"line", line.text}, {"mark", p.mark}};
    return run_named(y->db, y->c, "migrate_sync_keep", values, 4, NULL, y->s, e);
}

static bool write_damages(sync *y, err *e)
{
    damages rest = {.all = y->damages.all + y->written, .n = y->damages.n - y->written};
    y->counts.errors += (int64_t)rest.n;
    return rest.n == 0 || damages_write(&rest, y->db, y->c, y->id.text, y->s, e);
}

/* One transaction: events [from, to), the errors so far, and, when it is the batch's last, how far the file is done. */
static bool transaction(sync *y, size_t from, size_t to, bool last, err *e)
{
    migrate_sync_counts before = y->counts;
    size_t damages_before = y->damages.n;
    bool ok = y->db->begin(y->db, false, y->s, e);
    if (ok && !(apply(y, from, to, e) && write_damages(y, e) && write_counts(y, e) &&
                (!last || keep_position(y, e)))) {
        y->db->rollback(y->db, NULL, NULL);
        ok = false;
    }
    ok = ok && y->db->commit(y->db, y->s, e);
    if (ok) {
        y->written = y->damages.n;
        return true;
    }
    y->counts = before;
    while (y->damages.n > damages_before) { /* told by the events, which will be asked again */
        damage *x = &y->damages.all[--y->damages.n];
        free(x->file), free(x->place), free(x->code), free(x->sentence), free(x->raw);
    }
    return false;
}

/* Whether the failure can lie in what the events hold. */
static bool of_the_data(const err *e)
{
    return e->kind == ERR_FAILED || e->kind == ERR_INPUT || e->kind == ERR_REFUSED;
}

static bool halves(sync *y, size_t from, size_t to, err *e)
{
    err why = *e;
    if (!of_the_data(e) ||
        !transaction(y, from, from, false, e)) /* without events it fails too: not their fault */
        return false;
    if (to - from == 1) {
        y->counts.events++;
        keep_refused(y, &y->batch[from], "refused", why.text);
        return true;
    }
    size_t middle = from + (to - from) / 2;
    return (transaction(y, from, middle, false, e) || halves(y, from, middle, e)) &&
           (transaction(y, middle, to, false, e) || halves(y, middle, to, e));
}

static bool apply_batch(sync *y, err *e)
{
    if (transaction(y, 0, y->n, true, e))
        return true;
    return y->n > 0 && halves(y, 0, y->n, e) && transaction(y, y->n, y->n, true, e);
}

/* ---- the run ---- */

/* A server that restarts is waited for; the batch comes once more, which the rules do not mind. */
static bool try_again(sync *y, const err *e)
{
    bool passing =
        e->kind == ERR_CONNECT || e->kind == ERR_UNKNOWN || e->kind == ERR_CONFLICT || e->kind == ERR_TIMEOUT;
    if (!y->options.patient || !passing || stop_now(y->s, NULL))
        return false;
    struct pollfd on = {.fd = y->s ? y->s->fd : -1, .events = POLLIN};
    poll(&on, 1, PAUSE_MS);
    return !stop_now(y->s, NULL);
}

/* Once an hour, since a sync that follows may run for months. */
static bool forget_old(sync *y, err *e)
{
    int64_t now = time_mono_ms();
    if (y->forgot_ms && now - y->forgot_ms < FORGET_MS)
        return true;
    y->forgot_ms = now;
    return run_named(y->db, y->c, "migrate_sync_forget", NULL, 0, NULL, y->s, e);
}

static bool flush(sync *y, migrate_progress progress, err *e)
{
    if (y->n == 0 && y->damages.n == 0)
        return true;
    while (!apply_batch(y, e))
        if (!try_again(y, e))
            return false;
    clear_batch(y);
    if (progress.told)
        progress.told(progress.ctx, y->counts.events, 0, "events");
    return forget_old(y, e) || try_again(y, e);
}

/* Until the batch is full, the source has no more for now, or it ends. */
static events_got read_batch(sync *y, err *e)
{
    legacy_damage bad;
    while (y->n < y->options.batch && y->text.len < BATCH_BYTES && y->damages.n < y->options.batch) {
        events_got got = events_next(y->source, &y->ev, &bad, y->s, e);
        if (got == EVENTS_GOT)
            gather(y);
        else if (got == EVENTS_DAMAGE)
            damages_keep(&y->damages, &bad);
        else
            return got;
    }
    return EVENTS_GOT;
}

static bool run(sync *y, migrate_progress progress, err *e)
{
    for (;;) {
        events_got got = read_batch(y, e);
        if (got == EVENTS_FAILED) /* asked to stop: what was gathered comes again the next time */
            return false;
        if (!flush(y, progress, e))
            return false;
        if (got == EVENTS_END)
            return true;
        if (got == EVENTS_WAIT && !events_wait(y->source, y->s, e))
            return false;
    }
}

static bool resume(sync *y, err *e)
{
    query_value values[] = {{"source", events_source(y->source)}};
    rowset *r = NULL;
    if (y->options.from_start)
        return true;
    if (!fetch_named(y->db, y->c, "migrate_sync_from", values, 1, &r, y->s, e))
        return false;
    if (r->nrows == 1) {
        events_position p = {.at = cell_number(r, 0, 0), .line = cell_number(r, 0, 1)};
        snprintf(p.mark, sizeof p.mark, "%s", rowset_cell(r, 0, 2)->text);
        events_resume(y->source, &p);
    }
    rowset_free(r);
    return true;
}

static bool begin(sync *y, err *e)
{
    query_value values[] = {{"source", events_source(y->source)}};
    rowset *r = NULL;
    if (!resume(y, e) || !forget_old(y, e) ||
        !fetch_named(y->db, y->c, "migrate_load_begin", values, 1, &r, y->s, e))
        return false;
    y->counts.load_id = cell_number(r, 0, 0);
    y->id = number_of(y->counts.load_id);
    rowset_free(r);
    return true;
}

/* The last word, also when told to stop: on a short deadline of its own. */
static void end(sync *y, const char *state)
{
    stop brief;
    number documents = number_of(y->counts.events), applied = number_of(y->counts.applied),
           stale = number_of(y->counts.stale + y->counts.repeats), errors = number_of(y->counts.errors);
    query_value values[] = {{"load", y->id.text},  {"documents", documents.text}, {"applied", applied.text},
                            {"stale", stale.text}, {"errors", errors.text},       {"state", state}};
    if (!stop_init(&brief, 5000, NULL))
        return;
    run_named(y->db, y->c, "migrate_load_end", values, 6, NULL, &brief, NULL);
    stop_done(&brief);
}

bool migrate_sync(events *source, store *db, const catalog *c, const migrate_sync_options *options,
                  migrate_progress progress, migrate_sync_counts *ret, stop *s, err *e)
{
    sync y = {.source = source, .db = db, .c = c, .s = s};
    err local = {0};
    e = e ? e : &local;
    if (options)
        y.options = *options;
    if (y.options.batch == 0 || y.options.batch > BATCH)
        y.options.batch = BATCH;
    event_init(&y.ev);
    buf_init(&y.text);
    buf_init(&y.array);
    bool ok = begin(&y, e) && run(&y, progress, e);
    if (y.counts.load_id)
        end(&y, ok ? "done" : e->kind == ERR_CANCELLED ? "cancelled" : "failed");
    clear_batch(&y);
    damages_done(&y.damages);
    event_done(&y.ev);
    buf_done(&y.text);
    buf_done(&y.array);
    free(y.batch);
    if (ret)
        *ret = y.counts;
    return ok;
}
