/* The frame: who, where and how true, on every screen. The top line says the path and the source, the bottom
 * line the rows and the keys; on production both have their own colour, and the word. */
#include "base/mem.h"
#include "base/time.h"
#include "ui/console.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPINNER_AFTER_MS = 300 };

static const char *truth(console *u, char out[64], int *ret_style)
{
    place *p = console_here(u);
    int lost = data_lost(u->data);
    *ret_style = STYLE_GOOD;
    if (lost) {
        *ret_style = STYLE_BAD;
        char span[16];
        if (p && p->loaded_ms) {
            time_span((ui_clock_ms() - p->loaded_ms) * 1000, span);
            snprintf(out, 64, "stale %s  reconnecting (%d)", span, lost);
        } else {
            snprintf(out, 64, "reconnecting (%d)", lost);
        }
    } else if (!p || !p->loaded_ms) {
        *ret_style = STYLE_DIM;
        snprintf(out, 64, "connecting");
        if (data_identity(u->data)->label[0])
            snprintf(out, 64, "reading");
    } else {
        char span[16];
        int64_t age = ui_clock_ms() - p->loaded_ms;
        time_span(age < 0 ? 0 : age * 1000, span);
        snprintf(out, 64, "live %s", span);
    }
    return out;
}

typedef struct word {
    char text[96];
    int style;
} word;

/* The right side of the top line, most important last: what does not fit falls off on the left. */
static size_t right_words(console *u, word w[8])
{
    const store_identity *id = data_identity(u->data);
    size_t n = 0;
    if (id->role[0])
        w[n++] = (word){"", STYLE_DIM};
    if (id->role[0])
        snprintf(w[n - 1].text, sizeof w->text, "%.90s", id->role);
    if (id->label[0])
        snprintf(w[n++].text, sizeof w->text, "%s",
                 id->read_only || u->env->options.read_only ? "read only" : "read-write");
    if (n)
        w[n - 1].style = STYLE_DIM;
    if (id->label[0] && !id->local && !id->verified) {
        w[n] = (word){"", STYLE_WARN};
        snprintf(w[n++].text, sizeof w->text, "%s", id->encrypted ? "server not verified" : "not encrypted");
    }
    if (u->pin.label) {
        w[n] = (word){"", STYLE_WARN};
        snprintf(w[n++].text, sizeof w->text, "%s %.80s", canvas_glyph(&u->canvas, GLYPH_PIN), u->pin.label);
    }
    if (id->label[0]) {
        w[n] = (word){"", id->production ? STYLE_PRODUCTION : STYLE_TITLE};
        if (id->production)
            snprintf(w[n++].text, sizeof w->text, " PRODUCTION %.64s ", id->label);
        else
            snprintf(w[n++].text, sizeof w->text, "%.90s", id->label);
    }
    char t[64];
    int st;
    truth(u, t, &st);
    w[n].style = st;
    snprintf(w[n++].text, sizeof w->text, "%s", t);
    return n;
}

static int width_of(const char *s)
{
    return (int)text_width(s, strlen(s));
}

static int draw_right(console *u, int y, int rule)
{
    canvas *c = &u->canvas;
    word w[8];
    size_t n = right_words(u, w);
    int x = c->width - 2;
    int room = c->width * 3 / 5;
    canvas_text(c, y, x, 1, rule, " ");
    for (size_t i = n; i-- > 0;) {
        int width = width_of(w[i].text);
        if (c->width - (x - width) > room && i + 1 < n && c->width - x > 4)
            break;
        x -= width;
        canvas_text(c, y, x, c->width - x, w[i].style, w[i].text);
        x -= 1;
        canvas_text(c, y, x, 1, rule, " ");
        if (i > 0)
            canvas_text(c, y, --x, 1, rule, " ");
    }
    return x;
}

static void crumb_text(const place *p, buf *out)
{
    buf_clear(out);
    buf_str(out, p->crumb && *p->crumb ? p->crumb : p->view->title);
}

/* The path; where it is too long the places in the middle go first, the last one stays. */
static void draw_crumbs(console *u, int y, int x, int most)
{
    canvas *c = &u->canvas;
    buf b;
    buf_init(&b);
    size_t first = 0;
    u->crumbs = 0;
    for (; first + 1 < u->depth; first++) {
        int need = 0;
        for (size_t i = first; i < u->depth; i++) {
            crumb_text(u->stack[i], &b);
            need += width_of(b.data) + 3;
        }
        if (x + need <= most)
            break;
    }
    memset(u->crumb_x, -1, sizeof u->crumb_x);
    for (size_t i = first; i < u->depth; i++) {
        bool last = i + 1 == u->depth;
        crumb_text(u->stack[i], &b);
        if (i > first || first > 0) {
            x += canvas_text(c, y, x, most - x, STYLE_DIM, i == first ? ".." : canvas_glyph(c, GLYPH_CRUMB));
            x += canvas_text(c, y, x, most - x, STYLE_TEXT, " ");
        }
        if (i < 32)
            u->crumb_x[i] = x;
        x += canvas_text(c, y, x, most - x, last ? STYLE_TITLE : STYLE_TEXT, b.data);
        canvas_text(c, y, x, 1, STYLE_TEXT, " ");
        x++;
    }
    u->crumbs = u->depth < 32 ? u->depth : 32;
    buf_done(&b);
}

static void draw_top(console *u, int rule)
{
    canvas *c = &u->canvas;
    canvas_fill(c, (area){0, 0, 1, c->width}, rule, canvas_glyph(c, GLYPH_RULE));
    int right = draw_right(u, 0, rule);
    int x = 1;
    canvas_text(c, 0, x, 1, STYLE_TEXT, " ");
    x += 1 + canvas_text(c, 0, x + 1, right - x, STYLE_BRAND, "showx");
    canvas_text(c, 0, x, 2, STYLE_TEXT, "  ");
    draw_crumbs(u, 0, x + 2, right);
}

/* ---- bottom ---- */

static bool is_key_for(const place *p, const char *key)
{
    return p && key && *key && strcmp(key, "Enter") != 0;
}

static void add_key(buf *out, const char *key, const char *what)
{
    if (out->len)
        buf_str(out, "  ");
    buf_printf(out, "%s %s", key, what);
}

/* The view's own keys, then the console's. */
static void add_keys(console *u, int width, buf *out)
{
    place *p = console_here(u);
    key_state state;
    console_key_state(u, &state);
    buf own;
    buf_init(&own);
    const view *v = p ? place_inner(p)->view : NULL;
    for (size_t i = 0; v && i < v->ndos; i++)
        if (is_key_for(p, v->dos[i].key))
            add_key(&own, v->dos[i].key, v->dos[i].title ? v->dos[i].title : v->dos[i].name);
    for (size_t i = 0; v && i < v->nacts && width_of(own.data) < width / 2 - 20; i++)
        if (is_key_for(p, v->acts[i].key))
            add_key(&own, v->acts[i].key, v->acts[i].title);
    for (size_t i = 0; v && i < v->ngos && width_of(own.data) < width / 2 - 20; i++)
        if (is_key_for(p, v->gos[i].key))
            add_key(&own, v->gos[i].key, v->gos[i].title ? v->gos[i].title : v->gos[i].name);
    buf common;
    buf_init(&common);
    static const action shown[] = {ACT_FILTER, ACT_COMMAND, ACT_PALETTE, ACT_HELP};
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
        for (size_t i = 0; i < key_count; i++)
            if (key_rows[i].action == shown[k] && key_rows[i].brief && !keys_why_not(shown[k], &state)) {
                if (common.len)
                    buf_str(&common, "  ");
                buf_str(&common, key_rows[i].brief);
            }
    if (own.len && width_of(own.data) + width_of(common.data) + 2 <= width)
        buf_printf(out, "%s  ", own.data);
    if (width_of(common.data) <= width)
        buf_str(out, common.data);
    else if (width >= 6)
        buf_str(out, "? help");
    buf_done(&own);
    buf_done(&common);
}

static void add_busy(console *u, buf *out)
{
    place *p = console_here(u);
    int64_t now = time_mono_ms(), since = 0, done, total;
    const char *what = "reading";
    if (u->busy) {
        since = u->busy_since_ms;
        what = u->busy_with;
    } else if (p && place_waiting(p) && p->asked_ms && !data_lost(u->data)) {
        since = now - (ui_clock_ms() - p->asked_ms);
    }
    if (!since || now - since < SPINNER_AFTER_MS)
        return;
    buf_printf(out, "%s %s, %.1f s", canvas_spinner(&u->canvas, (long)(now / 100)), what,
               (double)(now - since) / 1000);
    if (u->busy && data_progress(u->data, u->tag, &done, &total) && done > 0) {
        double rate = (double)done * 1000 / (double)(now - since + 1);
        buf_printf(out, ", %lld rows, %.0f a second", (long long)done, rate);
        if (total > done && rate > 0)
            buf_printf(out, ", %.0f s left", (double)(total - done) / rate);
    }
    buf_str(out, ", Esc cancels");
}

/* A sentence too long for the bottom line takes the lines above it. */
static bool draw_long(console *u, int rule, int st, const char *s)
{
    canvas *c = &u->canvas;
    int room = c->width - 4, w = width_of(s), lines = 2 + w / (room > 8 ? room - 8 : 1);
    if (w <= room || c->height < 8)
        return false;
    lines = lines < c->height / 2 ? lines : c->height / 2;
    int y = c->height - 1 - lines;
    canvas_fill(c, (area){y, 0, 1, c->width}, rule, canvas_glyph(c, GLYPH_RULE));
    canvas_fill(c, (area){y + 1, 0, lines - 1, c->width}, STYLE_TEXT, " ");
    canvas_wrap(c, y + 1, 2, room, lines - 1, st, s);
    return true;
}

static void draw_bottom(console *u, int rule)
{
    canvas *c = &u->canvas;
    place *p = console_here(u);
    int y = c->height - 1, used = 0;
    canvas_fill(c, (area){y, 0, 1, c->width}, rule, canvas_glyph(c, GLYPH_RULE));
    buf left, keys;
    buf_init(&left);
    buf_init(&keys);
    int st = STYLE_TEXT;
    add_busy(u, &left);
    if (left.len) {
        st = STYLE_WARN;
    } else if (u->notice[0]) {
        buf_str(&left, u->notice);
        st = u->notice_style;
    } else if (p && data_lost(u->data) && p->loaded_ms) {
        int64_t wait = data_retry_ms(u->data) - time_mono_ms();
        buf_printf(&left, "The server does not answer; tried again in %d s, r tries now",
                   wait > 0 ? (int)((wait + 999) / 1000) : 0);
        st = STYLE_BAD;
    } else if (p && p->error.kind != ERR_NONE && p->loaded_ms) {
        buf_str(&left, p->error.text);
        st = STYLE_BAD;
    } else if (p && place_is_table(p)) {
        place_counts(p, &left);
        if (p->cancelled)
            buf_str(&left, left.len ? ", cancelled: r reads again" : "cancelled: r reads again");
    }
    if (left.len && (u->notice[0] || st == STYLE_BAD) && draw_long(u, rule, st, left.data))
        buf_clear(&left);
    if (left.len) {
        canvas_text(c, y, 1, 1, STYLE_TEXT, " ");
        used = 2 + canvas_text(c, y, 2, c->width - 4, st, left.data);
        canvas_text(c, y, used++, 1, STYLE_TEXT, " ");
    }
    add_keys(u, c->width - used - 6, &keys);
    int w = width_of(keys.data);
    if (w && used + w + 5 <= c->width) {
        canvas_text(c, y, c->width - w - 3, 1, STYLE_TEXT, " ");
        canvas_text(c, y, c->width - w - 2, w, STYLE_DIM, keys.data);
        canvas_text(c, y, c->width - 2, 1, STYLE_TEXT, " ");
    }
    buf_done(&left);
    buf_done(&keys);
}

/* ---- no connection, and nothing read yet ---- */

static void draw_no_connection(console *u, area a)
{
    static const char *const ways[][2] = {
        {"showx demo start", "makes a demo with its own private server"},
        {"showx -d NAME", "connects as psql does: a database, a URI, or service=NAME"},
        {"PGHOST, PGDATABASE, ~/.pg_service.conf, ~/.pgpass", "are honoured"},
    };
    canvas *c = &u->canvas;
    place *p = console_here(u);
    int y = a.y + 1, x = a.x + 2, width = a.width - 4;
    canvas_text(c, y, x, width, STYLE_TITLE, "There is no connection");
    y += 2;
    y += canvas_wrap(c, y, x, width, 5, STYLE_BAD, p->error.text) + 1;
    for (size_t i = 0; i < sizeof ways / sizeof *ways && y + 1 < a.y + a.height; i++) {
        y += canvas_wrap(c, y, x, width, 2, STYLE_ACCENT, ways[i][0]);
        y += canvas_wrap(c, y, x + 2, width - 2, 2, STYLE_TEXT, ways[i][1]);
    }
    if (y + 1 >= a.y + a.height)
        return;
    char again[160];
    int64_t left = data_retry_ms(u->data) - time_mono_ms();
    snprintf(again, sizeof again, "It is tried again in %d s; r tries now, : types a command, q quits.",
             left > 0 ? (int)((left + 999) / 1000) : 0);
    canvas_wrap(c, y + 1, x, width, 2, STYLE_DIM, again);
}

static void draw_body(console *u, area a)
{
    place *p = console_here(u);
    if (!p || a.height <= 0)
        return;
    if (data_lost(u->data) && !p->loaded_ms && p->error.kind == ERR_CONNECT)
        draw_no_connection(u, a);
    else
        place_draw(p, &u->canvas, a);
    canvas_clip(&u->canvas, (area){0});
}

void frame_draw(console *u)
{
    canvas *c = &u->canvas;
    canvas_clear(c);
    int rule = data_identity(u->data)->production ? STYLE_BAD : STYLE_RULE;
    if (c->height < 3 || c->width < 12) { /* too small for a frame */
        draw_body(u, (area){0, 0, c->height, c->width});
        if (u->prompt)
            prompt_draw(u->prompt, c, c->height - 1);
        return;
    }
    area body = {1, 0, c->height - 2, c->width};
    draw_body(u, body);
    draw_top(u, rule);
    draw_bottom(u, rule);
    if (u->popup)
        u->popup->draw(u, c, body);
    if (u->prompt)
        prompt_draw(u->prompt, c, c->height - 1);
}
