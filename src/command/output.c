/* Output: one writer for headless printing and the console's export. Streams: the memory of one row, but for
 * plain tables, which look at the first rows to settle their widths. */
#include "command/private.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETTLE_ROWS = 200, WIDEST = 60, FLUSH_AT = 64 * 1024 };

typedef struct out_column {
    char *name;
    store_type type;
    const view_column *view; /* NULL: not described by the view */
    size_t width;
    bool inner;   /* for searching only: in no output */
    bool shown;   /* in the plain table */
    int currency; /* index of the currency column, -1 */
} out_column;

struct output {
    command_env *env;
    const view *view;
    out_format format;
    out_column *columns;
    size_t n;
    buf line, safe; /* safe: one CSV cell as a terminal may have it */
    bool to_terminal;
    char **held; /* plain: the cells of the first rows, n a row, owned */
    size_t nheld, capheld;
    bool settled;
    int64_t rows;
};

output *output_new(command_env *env, const view *v)
{
    output *o = MEM_NEW(output);
    o->env = env;
    o->view = v;
    o->format = env->format == OUT_AUTO ? OUT_PLAIN : env->format;
    buf_init(&o->line);
    buf_init(&o->safe);
    o->to_terminal = isatty(fileno(env->out)) == 1;
    return o;
}

static const view_column *view_column_of(const view *v, const char *name)
{
    for (size_t i = 0; v && i < v->ncolumns; i++)
        if (strcmp(v->columns[i].name, name) == 0)
            return &v->columns[i];
    return NULL;
}

static bool flush_line(output *o, bool force, err *e)
{
    if (!force && o->line.len < FLUSH_AT)
        return true;
    size_t wrote = fwrite(o->line.data, 1, o->line.len, o->env->out);
    bool ok = wrote == o->line.len;
    buf_clear(&o->line);
    return ok || err_errno(e, "writing the output after %lld rows", (long long)o->rows);
}

/* ---- CSV ---- */

static void csv_cell(output *o, const char *s, size_t n)
{
    bool formula = !o->env->raw_csv && n && strchr("=+-@\t\r", s[0]);
    /* A plain negative number is no formula. */
    if (formula && s[0] == '-' && strspn(s + 1, "0123456789.") == n - 1)
        formula = false;
    bool quote = formula;
    for (size_t i = 0; i < n && !quote; i++)
        quote = s[i] == '"' || s[i] == ',' || s[i] == '\n' || s[i] == '\r';
    if (!quote && !(n && (s[0] == ' ' || s[n - 1] == ' '))) {
        buf_add(&o->line, s, n);
        return;
    }
    buf_char(&o->line, '"');
    if (formula)
        buf_char(&o->line, '\'');
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"')
            buf_char(&o->line, '"');
        buf_char(&o->line, s[i]);
    }
    buf_char(&o->line, '"');
}

/* ---- masking: enough to tell two people apart, not enough to write to them ---- */

static void mask(buf *out, const char *s, size_t n)
{
    const char *at = memchr(s, '@', n);
    uint32_t cp;
    size_t first = n ? text_decode(s, n, &cp) : 0;
    buf_add(out, s, first);
    buf_str(out, "•••"); /* as on the screen */
    if (at)
        buf_add(out, at, n - (size_t)(at - s));
}

static const char *masked(output *o, const out_column *c, const store_cell *cell, buf *scratch,
                          size_t *ret_len)
{
    *ret_len = cell->len;
    if (!cell->text || !c->view || !c->view->sensitive || o->env->reveal)
        return cell->text;
    buf_clear(scratch);
    mask(scratch, cell->text, cell->len);
    *ret_len = scratch->len;
    return scratch->data;
}

/* ---- rows ---- */

static void json_row(output *o, const store_cell *cells, buf *scratch)
{
    json_out j;
    json_init(&j, &o->line);
    json_open(&j, '{');
    for (size_t i = 0; i < o->n; i++) {
        size_t len;
        const char *s = masked(o, &o->columns[i], &cells[i], scratch, &len);
        if (o->columns[i].inner)
            continue;
        json_key(&j, o->columns[i].name);
        if (!s)
            json_none(&j);
        else if (s == cells[i].text && (o->columns[i].type == STORE_INT || o->columns[i].type == STORE_BOOL ||
                                        o->columns[i].type == STORE_JSON))
            json_raw(&j, s);
        else if (s == cells[i].text && o->columns[i].type == STORE_REAL &&
                 strspn(s, "-+.0123456789eE") == len)
            json_raw(&j, s);
        else
            json_strn(&j, s, len);
    }
    json_close(&j, '}');
    buf_char(&o->line, '\n');
}

static void csv_row(output *o, const store_cell *cells, buf *scratch)
{
    for (size_t i = 0; i < o->n; i++) {
        size_t len;
        const char *s = masked(o, &o->columns[i], &cells[i], scratch, &len);
        if (o->columns[i].inner)
            continue;
        if (i)
            buf_char(&o->line, ',');
        if (!s)
            continue;
        if (o->to_terminal) { /* in a file the data is as it is; here it would be run */
            buf_clear(&o->safe);
            text_cell(&o->safe, s, len, false);
            s = o->safe.data;
            len = o->safe.len;
        }
        csv_cell(o, s, len);
    }
    buf_str(&o->line, "\r\n");
}

/* A cell as people read it, sanitised. */
static char *plain_cell(output *o, size_t i, const store_cell *cells, buf *scratch)
{
    const out_column *c = &o->columns[i];
    size_t len;
    const char *s = masked(o, c, &cells[i], scratch, &len);
    buf out;
    buf_init(&out);
    if (s && c->view && c->view->type == COL_MONEY) {
        const char *currency = c->currency >= 0 ? cells[c->currency].text : NULL;
        char money[48];
        money_format(strtoll(s, NULL, 10), currency ? currency : "USD", true, money);
        buf_str(&out, money);
    } else if (s && c->type == STORE_BOOL) {
        buf_str(&out, s[0] == 't' ? "yes" : "no");
    } else if (s && c->type == STORE_TIME && len >= 16) {
        buf_add(&out, s, 10);
        buf_char(&out, ' ');
        buf_add(&out, s + 11, 5);
    } else if (s) {
        text_cell(&out, s, len, false);
    }
    return buf_take(&out);
}

static bool right_aligned(const out_column *c)
{
    if (c->view && (c->view->type == COL_MONEY || c->view->type == COL_COUNT || c->view->type == COL_PERCENT))
        return true;
    return !c->view && (c->type == STORE_INT || c->type == STORE_REAL);
}

static void plain_row(output *o, char *const *cells)
{
    bool first = true;
    size_t last = o->n;
    while (last > 0 && !o->columns[last - 1].shown)
        last--;
    for (size_t i = 0; i < last; i++) {
        const out_column *c = &o->columns[i];
        if (!c->shown)
            continue;
        if (!first)
            buf_str(&o->line, "  ");
        first = false;
        if (i + 1 == last && !right_aligned(c))
            buf_str(&o->line, cells[i]);
        else
            text_fit(&o->line, cells[i], strlen(cells[i]), c->width,
                     right_aligned(c) ? TEXT_RIGHT : TEXT_LEFT, false);
    }
    while (o->line.len && o->line.data[o->line.len - 1] == ' ')
        o->line.data[--o->line.len] = 0;
    buf_char(&o->line, '\n');
}

/* The widths are settled by the rows held: print the heading and them. */
static void settle(output *o)
{
    if (o->settled)
        return;
    o->settled = true;
    char **heads = MEM_ARRAY(char *, o->n + 1);
    for (size_t i = 0; i < o->n; i++) {
        out_column *c = &o->columns[i];
        const char *title = c->view && c->view->title ? c->view->title : c->name;
        heads[i] = mem_str(title);
        c->width = text_width(title, strlen(title));
        for (size_t r = 0; r < o->nheld; r++) {
            const char *s = o->held[r * o->n + i];
            size_t w = text_width(s, strlen(s));
            if (w > c->width)
                c->width = w > WIDEST ? WIDEST : w;
        }
    }
    plain_row(o, heads);
    for (size_t r = 0; r < o->nheld; r++) {
        plain_row(o, o->held + r * o->n);
        for (size_t i = 0; i < o->n; i++)
            free(o->held[r * o->n + i]);
    }
    for (size_t i = 0; i < o->n; i++)
        free(heads[i]);
    free(heads);
    free(o->held);
    o->held = NULL;
    o->nheld = 0;
}

static void plain_take(output *o, const store_cell *cells, buf *scratch)
{
    char **row = MEM_ARRAY(char *, o->n + 1);
    for (size_t i = 0; i < o->n; i++)
        row[i] = plain_cell(o, i, cells, scratch);
    if (!o->settled && o->nheld < SETTLE_ROWS) {
        if ((o->nheld + 1) * o->n > o->capheld) {
            o->capheld = o->capheld ? o->capheld * 2 : 16 * (o->n + 1);
            o->held = mem_grow(o->held, o->capheld, sizeof *o->held);
        }
        memcpy(o->held + o->nheld++ * o->n, row, o->n * sizeof *row);
    } else {
        settle(o);
        plain_row(o, row);
        for (size_t i = 0; i < o->n; i++)
            free(row[i]);
    }
    free(row);
}

/* A detail's row as "label  value" lines. */
static void detail_take(output *o, const store_cell *cells, buf *scratch)
{
    size_t widest = 0;
    for (size_t i = 0; i < o->n; i++) {
        const out_column *c = &o->columns[i];
        const char *title = c->view && c->view->title ? c->view->title : c->name;
        size_t w = text_width(title, strlen(title));
        widest = w > widest ? w : widest;
    }
    for (size_t i = 0; i < o->n; i++) {
        const out_column *c = &o->columns[i];
        const char *title = c->view && c->view->title ? c->view->title : c->name;
        char *cell = plain_cell(o, i, cells, scratch);
        text_fit(&o->line, title, strlen(title), widest, TEXT_LEFT, false);
        buf_printf(&o->line, "  %s\n", cell);
        free(cell);
    }
}

static bool take_head(void *ctx, const store_column *columns, size_t n, err *e)
{
    output *o = ctx;
    o->columns = MEM_ARRAY(out_column, n + 1);
    o->n = n;
    for (size_t i = 0; i < n; i++) {
        const view_column *vc = view_column_of(o->view, columns[i].name);
        o->columns[i] = (out_column){.name = mem_str(columns[i].name),
                                     .type = columns[i].type,
                                     .view = vc,
                                     .inner = o->view && !vc && strcmp(columns[i].name, "search_key") == 0,
                                     .shown = !o->view || (vc && vc->keep > 0),
                                     .currency = -1};
        for (size_t k = 0; vc && vc->currency && k < n; k++)
            if (strcmp(columns[k].name, vc->currency) == 0)
                o->columns[i].currency = (int)k;
    }
    if (o->format == OUT_CSV) {
        for (size_t i = 0; i < n; i++) {
            if (o->columns[i].inner)
                continue;
            if (i)
                buf_char(&o->line, ',');
            csv_cell(o, columns[i].name, strlen(columns[i].name));
        }
        buf_str(&o->line, "\r\n");
    }
    return flush_line(o, false, e);
}

static bool take_row(void *ctx, const store_cell *cells, size_t n, err *e)
{
    output *o = ctx;
    (void)n;
    buf scratch;
    buf_init(&scratch);
    if (o->format == OUT_JSON)
        json_row(o, cells, &scratch);
    else if (o->format == OUT_CSV)
        csv_row(o, cells, &scratch);
    else if (o->view && (o->view->kind == VIEW_DETAIL))
        detail_take(o, cells, &scratch);
    else
        plain_take(o, cells, &scratch);
    buf_done(&scratch);
    o->rows++;
    return flush_line(o, false, e);
}

store_sink output_sink(output *o)
{
    return (store_sink){take_head, take_row, o};
}

bool output_end(output *o, err *e)
{
    if (o->format == OUT_PLAIN && o->columns && !(o->view && o->view->kind == VIEW_DETAIL)) {
        settle(o);
        if (!o->rows && o->view && o->view->empty)
            fprintf(o->env->messages, "%s\n", o->view->empty);
    }
    if (!flush_line(o, true, e))
        return false;
    if (fflush(o->env->out) != 0)
        return err_errno(e, "writing the output");
    return true;
}

int64_t output_rows(const output *o)
{
    return o->rows;
}

void output_free(output *o)
{
    if (!o)
        return;
    for (size_t r = 0; r < o->nheld * o->n; r++)
        free(o->held[r]);
    for (size_t i = 0; i < o->n; i++)
        free(o->columns[i].name);
    free(o->held);
    free(o->columns);
    buf_done(&o->line);
    buf_done(&o->safe);
    free(o);
}
