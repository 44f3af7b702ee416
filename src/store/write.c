/* Writes by people: one transaction with a reason, a key for the audit, and an end that is always known.
 *
 * The transaction holds a lock named by its key until it ends. When the answer to COMMIT is lost, a new
 * connection first waits for that lock, since the server may still be committing, or may not have noticed yet
 * that nobody is there; after a moment it ends the session that holds it. Only then does the look for the key
 * tell the truth: there, so saved; not there, so it never will be. */
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "store/private.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { LOOK_UP_MS = 10000, LET_END_MS = 1000, LOOK_EVERY_MS = 50 };

/* A UUID of version 7 (RFC 9562): keys of one time stand together in the index. */
void store_new_key(char key[37])
{
    unsigned char b[16];
    uint64_t ms = (uint64_t)(time_now_us() / 1000);
    if (getrandom(b, sizeof b, 0) != sizeof b)
        abort(); /* never for 16 bytes once the system is up */
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)(ms >> (40 - 8 * i));
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x70);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(key, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* ---- after a lost answer ---- */

static bool ask_bool(store *s, const char *file, const char *key, bool *ret, stop *st, err *e)
{
    const named_value values[] = {{"key", key}};
    rowset *r;
    if (!named_fetch(s, file, values, 1, &r, st, e))
        return false;
    const store_cell *cell = r->nrows ? rowset_cell(r, 0, 0) : NULL;
    *ret = cell && cell->text && strcmp(cell->text, "true") == 0;
    rowset_free(r);
    return true;
}

static void nap(stop *st)
{
    struct pollfd fd = {.fd = st ? st->fd : -1, .events = POLLIN};
    poll(&fd, 1, stop_poll_ms(st, LOOK_EVERY_MS));
}

static bool wait_for_end(store *s, const char *key, stop *st, err *e)
{
    const named_value values[] = {{"key", key}};
    int64_t patience = time_mono_ms() + LET_END_MS;
    for (;;) {
        bool ended;
        if (!ask_bool(s, "queries/store_operation_ended.sql", key, &ended, st, e))
            return false;
        if (ended)
            return true;
        if (time_mono_ms() >= patience) {
            log_warn("the session of the write %s still runs without us: ending it", key);
            if (!named_run(s, "queries/store_operation_end.sql", values, 1, NULL, st, e))
                return false;
            patience = time_mono_ms() + LET_END_MS;
        }
        nap(st);
    }
}

static bool look_up_once(store *s, const char *key, bool *ret_saved, stop *st, err *e)
{
    return wait_for_end(s, key, st, e) &&
           ask_bool(s, "queries/store_operation_known.sql", key, ret_saved, st, e);
}

/* The deadline was for the write; finding out what became of it gets its own, for as long as nobody cancels.
 */
static bool look_up(store *s, const char *key, bool *ret_saved, stop *st)
{
    int64_t until = time_mono_ms() + LOOK_UP_MS, before = 0;
    if (st)
        before = atomic_exchange(&st->deadline_ms, until);
    bool known = false;
    while (!known && time_mono_ms() < until && !stop_now(st, NULL)) {
        err e = {0};
        known = look_up_once(s, key, ret_saved, st, &e);
        if (!known) {
            log_warn("looking up the write %s: %s", key, e.text);
            if (e.kind != ERR_CONNECT)
                break;
        }
    }
    if (st)
        atomic_store(&st->deadline_ms, before);
    return known;
}

/* Says what became of the write whose commit was not answered. */
static bool resolve(store *s, const char *key, stop *st, err *e)
{
    bool saved = false;
    if (!look_up(s, key, &saved, st))
        return err_set(e, ERR_UNKNOWN,
                       "the connection was lost while saving, and the server cannot be asked whether it was "
                       "saved; its key is %s",
                       key);
    log_info("the write %s was %s", key, saved ? "saved" : "not saved");
    return saved ? true
                 : err_set(e, ERR_CONNECT,
                           "the connection was lost before it was saved; nothing was changed, try again");
}

/* ---- writing ---- */

static bool begin_operation(store *s, const store_write *w, stop *st, err *e)
{
    const named_value why[] = {{"reason", w->reason ? w->reason : ""}, {"key", w->key}};
    const named_value what[] = {{"key", w->key}, {"what", w->nrequests ? w->requests[0].name : ""}};
    return s->dialect != STORE_POSTGRES || /* a snapshot keeps no audit */
           (named_run(s, "queries/store_operation_begin.sql", why, 2, NULL, st, e) &&
            named_run(s, "queries/store_operation_record.sql", what, 2, NULL, st, e));
}

static bool run_all(store *s, const store_write *w, rowset **ret_last, stop *st, err *e)
{
    for (size_t i = 0; i < w->nrequests; i++) {
        bool last = i + 1 == w->nrequests && ret_last;
        if (last ? !store_fetch(s, &w->requests[i], SIZE_MAX, ret_last, st, e)
                 : !s->run(s, &w->requests[i], NULL, NULL, st, e))
            return false;
    }
    return true;
}

/* What the schema said of the failure outlives the rollback, which is a statement of its own. */
static void roll_back(store *s, stop *st)
{
    char detail[sizeof s->detail];
    memcpy(detail, s->detail, sizeof detail);
    s->rollback(s, st, NULL);
    memcpy(s->detail, detail, sizeof detail);
}

bool store_do(store *s, const store_write *write, rowset **ret_last, stop *st, err *e)
{
    rowset *last = NULL;
    err why = {0};
    if (!s->begin(s, false, st, e))
        return false;
    bool ok = begin_operation(s, write, st, &why) && run_all(s, write, ret_last ? &last : NULL, st, &why);
    if (ok)
        ok = s->commit(s, st, &why);
    else
        roll_back(s, st);
    if (!ok && why.kind == ERR_UNKNOWN && s->dialect == STORE_POSTGRES)
        ok = resolve(s, write->key, st, &why);
    if (!ok) {
        rowset_free(last);
        if (e)
            *e = why;
        return false;
    }
    if (ret_last)
        *ret_last = last;
    return true;
}

void store_close(store *s)
{
    if (s)
        s->close(s);
}
