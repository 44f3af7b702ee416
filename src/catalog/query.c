/* query: reads one query file. The head is the comment lines it begins with; the body is all that follows,
 * cut at a line `-- sqlite` where the dialects differ. */
#include "base/mem.h"
#include "base/text.h"
#include "catalog/private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 8, BODY_MOST = 256 * 1024 };

typedef struct reading {
    catalog *c;
    query *q;
    query_param *params;
    size_t nparams, params_cap;
    int line;
    err *e;
} reading;

static bool wrong(reading *r, const char *format, const char *what)
{
    err_set(r->e, ERR_INPUT, format, what);
    return err_wrap(r->e, "%s:%d", r->q->file, r->line);
}

typedef struct span {
    const char *s;
    size_t n;
} span;

static bool span_is(span a, const char *word)
{
    return strlen(word) == a.n && memcmp(a.s, word, a.n) == 0;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static span trim(span a)
{
    while (a.n && blank(*a.s))
        a.s++, a.n--;
    while (a.n && blank(a.s[a.n - 1]))
        a.n--;
    return a;
}

static span word(span *rest)
{
    *rest = trim(*rest);
    span w = {rest->s, 0};
    while (w.n < rest->n && !blank(w.s[w.n]))
        w.n++;
    rest->s += w.n;
    rest->n -= w.n;
    return w;
}

static bool type_of(span w, store_type *ret, bool *ret_fold)
{
    static const struct {
        const char *word;
        store_type type;
    } types[] = {{"text", STORE_TEXT}, {"fold", STORE_TEXT}, {"int", STORE_INT},   {"real", STORE_REAL},
                 {"bool", STORE_BOOL}, {"time", STORE_TIME}, {"date", STORE_DATE}, {"json", STORE_JSON}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (span_is(w, types[i].word)) {
            *ret = types[i].type;
            *ret_fold = i == 1;
            return true;
        }
    return false;
}

/* `= 'it''s'`, `= null`, `= 12`: takes it off rest. *ret NULL for null. */
static bool read_default(reading *r, span *rest, const query_param *p, const char **ret)
{
    *rest = trim(*rest);
    if (rest->n && *rest->s == '\'') {
        const char *close = memchr(rest->s + 1, '\'', rest->n - 1);
        if (!close)
            return wrong(r, "the default of :%s never ends", p->name);
        *ret = catalog_str(r->c, rest->s + 1, (size_t)(close - rest->s - 1));
        rest->n -= (size_t)(close + 1 - rest->s);
        rest->s = close + 1;
        return true;
    }
    span w = word(rest);
    if (w.n == 0)
        return wrong(r, ":%s has a '=' without a default", p->name);
    *ret = span_is(w, "null") ? NULL : catalog_str(r->c, w.s, w.n);
    err why = {0};
    if (!value_check(p->type, *ret, NULL, &why)) {
        err_set(r->e, ERR_INPUT, "the default of :%s %s", p->name, why.text);
        return err_wrap(r->e, "%s:%d", r->q->file, r->line);
    }
    return true;
}

/* ":search fold = ''       part of the name" */
static bool read_param(reading *r, span rest)
{
    rest.s++, rest.n--;
    span name = word(&rest), type = word(&rest);
    query_param p = {.required = true};
    if (!sql_is_name(name.s, name.n))
        return wrong(r, "a parameter's name is small letters, digits and _%s", "");
    p.name = catalog_str(r->c, name.s, name.n);
    for (size_t i = 0; i < r->nparams; i++)
        if (strcmp(r->params[i].name, p.name) == 0)
            return wrong(r, "the parameter :%s is declared twice", p.name);
    if (!type_of(type, &p.type, &p.fold))
        return wrong(r, "the type of :%s is none of text, fold, int, real, bool, time, date, json", p.name);
    rest = trim(rest);
    if (rest.n && *rest.s == '=') {
        rest.s++, rest.n--;
        p.required = false;
        if (!read_default(r, &rest, &p, &p.fallback))
            return false;
    }
    if ((p.type == STORE_TIME && strcmp(p.name, "now") == 0) ||
        (p.type == STORE_DATE && strcmp(p.name, "today") == 0))
        p.required = false;
    rest = trim(rest);
    p.help = catalog_str(r->c, rest.s, rest.n);
    MEM_ROOM(r->params, r->nparams, r->params_cap);
    r->params[r->nparams++] = p;
    return true;
}

/* "offline: no REASON" */
static bool read_offline(reading *r, span rest)
{
    if (!span_is(word(&rest), "no"))
        return wrong(r, "`offline:` is followed by `no` and the reason%s", "");
    rest = trim(rest);
    if (rest.n == 0)
        return wrong(r, "`offline: no` needs a reason%s", "");
    r->q->offline_not = catalog_str(r->c, rest.s, rest.n);
    return true;
}

/* "sort: word text indexed" */
static bool read_sort(reading *r, span rest)
{
    span name = word(&rest);
    bool fold = false;
    if (!sql_is_name(name.s, name.n) || !type_of(word(&rest), &r->q->sort_type, &fold) || fold)
        return wrong(r, "`sort:` is a column, its type, and `indexed` or `descending`%s", "");
    r->q->sort = catalog_str(r->c, name.s, name.n);
    for (span w; (w = word(&rest)).n;) {
        if (span_is(w, "indexed"))
            r->q->sort_indexed = true;
        else if (span_is(w, "descending"))
            r->q->sort_descending = true;
        else
            return wrong(r, "`sort:` is a column, its type, and `indexed` or `descending`%s", "");
    }
    return true;
}

static bool read_name(reading *r, span line)
{
    const char *colon = memchr(line.s, ':', line.n);
    span name = trim((span){line.s, colon ? (size_t)(colon - line.s) : 0});
    span rest = trim((span){colon ? colon + 1 : line.s, colon ? line.n - (size_t)(colon + 1 - line.s) : 0});
    if (!span_is(name, r->q->name) || rest.n == 0)
        return wrong(r, "the first line is not `-- %s: what it answers`", r->q->name);
    r->q->summary = catalog_str(r->c, rest.s, rest.n);
    return true;
}

static bool begins(span a, const char *word)
{
    return a.n >= strlen(word) && memcmp(a.s, word, strlen(word)) == 0;
}

/* One line of the head, without its dashes. */
static bool read_head_line(reading *r, span line)
{
    if (!r->q->summary)
        return read_name(r, trim(line));
    bool prose = begins(line, "  ");
    line = trim(line);
    if (line.n == 0 || prose)
        return true;
    if (*line.s == ':')
        return read_param(r, line);
    if (begins(line, "offline:"))
        return read_offline(r, (span){line.s + 8, line.n - 8});
    if (begins(line, "sort:"))
        return read_sort(r, (span){line.s + 5, line.n - 5});
    span first = word(&line); /* anything else is prose, unless it looks like a setting */
    bool setting = first.n > 1 && first.s[first.n - 1] == ':' && sql_is_name(first.s, first.n - 1);
    return !setting || wrong(r, "a head line is `:parameter type`, `offline: no`, `sort:` or prose%s", "");
}

static span next_line(const char *at, const char *end)
{
    const char *nl = memchr(at, '\n', (size_t)(end - at));
    return (span){at, (size_t)((nl ? nl : end) - at)};
}

/* Where the line `-- sqlite` begins, or end. */
static const char *find_section(const char *at, const char *end, int *ret_line, const char **ret_behind)
{
    for (int line = 0; at < end; line++) {
        span l = next_line(at, end), t = trim(l);
        const char *behind = l.s + l.n < end ? l.s + l.n + 1 : end;
        if (span_is(t, "-- sqlite")) {
            *ret_line = line;
            *ret_behind = behind;
            return at;
        }
        at = behind;
    }
    return end;
}

/* Marks each declared parameter that the body uses; refuses one that is not declared. */
static bool read_body(reading *r, const char *text, size_t n, int line, bool *used)
{
    sql_reader s = {text, text + n, text};
    bool anything = false;
    for (sql_piece p; (p = sql_next(&s)).kind != SQL_END;) {
        r->line = line + sql_line(&s, p.kind == SQL_BROKEN ? s.at : p.text);
        if (p.kind == SQL_BROKEN)
            return wrong(r, "the statement holds %s", p.text);
        anything = true;
        if (p.kind == SQL_PLACE && r->q->nparams > 0) /* the INSERT of a bulk load has places only */
            return wrong(r, "the statement holds a parameter by position: parameters are written :name%s",
                         "");
        if (p.kind != SQL_PARAM)
            continue;
        const query_param *found = query_param_find(r->q, p.text, p.len);
        if (!found) {
            char name[64];
            memcpy(name, p.text, p.len);
            name[p.len] = '\0';
            return wrong(r, "the parameter :%s is not declared in the head", name);
        }
        used[found - r->q->params] = true;
    }
    r->line = line;
    return anything || wrong(r, "there is no statement%s", "");
}

static span trim_body(const char *s, const char *end)
{
    span b = {s, (size_t)(end - s)};
    while (b.n && (blank(b.s[b.n - 1]) || b.s[b.n - 1] == '\n'))
        b.n--;
    return b;
}

static bool read_bodies(reading *r, const char *at, const char *end)
{
    int line = r->line, section_line = 0;
    const char *behind = end;
    const char *section = find_section(at, end, &section_line, &behind);
    span postgres = trim_body(at, section), sqlite = section < end ? trim_body(behind, end) : postgres;
    const query *q = r->q;
    bool *used = MEM_ARRAY(bool, q->nparams + 1);
    bool ok = read_body(r, postgres.s, postgres.n, line, used) &&
              (section == end || read_body(r, sqlite.s, sqlite.n, line + section_line + 1, used));
    for (size_t i = 0; ok && i < q->nparams; i++) {
        r->line = 1;
        ok = used[i] || wrong(r, "the parameter :%s is declared but never used", q->params[i].name);
    }
    free(used);
    if (!ok)
        return false;
    r->q->body[STORE_POSTGRES] = catalog_str(r->c, postgres.s, postgres.n);
    r->q->body[STORE_SQLITE] = r->q->offline_not ? NULL : catalog_str(r->c, sqlite.s, sqlite.n);
    return true;
}

static bool read_all(reading *r, const char *text, size_t n)
{
    const char *at = text, *end = text + n;
    if (n > BODY_MOST)
        return wrong(r, "is longer than a query file should be (256 KiB)%s", "");
    for (; at < end; r->line++) {
        span line = next_line(at, end);
        if (line.n < 2 || line.s[0] != '-' || line.s[1] != '-' || span_is(trim(line), "-- sqlite"))
            break;
        span rest = {line.s + 2, line.n - 2};
        if (rest.n && *rest.s == ' ')
            rest.s++, rest.n--;
        if (!read_head_line(r, rest))
            return false;
        at = line.s + line.n < end ? line.s + line.n + 1 : end;
    }
    if (!r->q->summary)
        return wrong(r, "the first line is not `-- %s: what it answers`", r->q->name);
    r->q->params = catalog_keep(r->c, r->params);
    r->q->nparams = r->nparams;
    r->params = NULL;
    return read_bodies(r, at, end);
}

query *query_read(catalog *c, const char *path, const char *text, size_t n, err *e)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t len = strlen(base) - strlen(".sql");
    if (!sql_is_name(base, len)) {
        err_set(e, ERR_INPUT, "%s: a query's name is small letters, digits and _", path);
        return NULL;
    }
    query *q = MEM_NEW(query);
    q->file = catalog_str(c, path, strlen(path));
    q->name = catalog_str(c, base, len);
    reading r = {.c = c, .q = q, .line = 1, .e = e};
    if (read_all(&r, text, n))
        return q;
    free(r.params);
    free(q);
    return NULL;
}

/* ---- {{includes}} ---- */

typedef struct expanding {
    catalog *c;
    query *q;
    store_dialect dialect;
    query_param *params; /* q's own, then those that includes bring */
    size_t nparams, params_cap;
    buf out;
    char why[256];
} expanding;

static void inherit(expanding *x, const query *from)
{
    for (size_t i = 0; i < from->nparams; i++) {
        size_t j = 0;
        while (j < x->nparams && strcmp(x->params[j].name, from->params[i].name) != 0)
            j++;
        if (j < x->nparams)
            continue;
        MEM_ROOM(x->params, x->nparams, x->params_cap);
        x->params[x->nparams++] = from->params[i];
    }
}

static bool expand_text(expanding *x, const char *text, int depth);

static bool expand_include(expanding *x, sql_piece p, int depth)
{
    char name[64];
    memcpy(name, p.text, p.len);
    name[p.len] = '\0';
    const query *other = catalog_query_mine(x->c, name);
    if (!other || depth >= DEPTH_MOST) {
        snprintf(x->why, sizeof x->why, other ? "{{%s}} stands for itself" : "there is no query for {{%s}}",
                 name);
        return false;
    }
    if (!other->body[x->dialect]) {
        snprintf(x->why, sizeof x->why, "{{%s}} cannot run on SQLite: say `-- offline: no REASON` here too",
                 name);
        return false;
    }
    inherit(x, other);
    buf_str(&x->out, "(\n");
    bool ok = expand_text(x, other->body[x->dialect], depth + 1);
    buf_str(&x->out, "\n)");
    return ok;
}

static bool expand_text(expanding *x, const char *text, int depth)
{
    sql_reader s = {text, text + strlen(text), text};
    for (sql_piece p; (p = sql_next(&s)).kind != SQL_END;) {
        if (p.kind == SQL_INCLUDE && !expand_include(x, p, depth))
            return false;
        if (p.kind == SQL_PARAM)
            buf_char(&x->out, ':');
        if (p.kind != SQL_INCLUDE)
            buf_add(&x->out, p.text, p.len);
        if (x->out.len > BODY_MOST) {
            snprintf(x->why, sizeof x->why, "with its includes it is longer than 256 KiB");
            return false;
        }
    }
    return true;
}

/* Replaces the includes of q by their text. The included bodies may still hold includes of their own: order
 * does not matter. */
bool query_expand(catalog *c, query *q, teller *t)
{
    expanding x = {.c = c, .q = q};
    bool ok = true;
    buf_init(&x.out);
    inherit(&x, q);
    for (int d = 0; ok && d < 2; d++) {
        x.dialect = (store_dialect)d;
        if (!q->body[d] || !strstr(q->body[d], "{{"))
            continue;
        buf_clear(&x.out);
        ok = expand_text(&x, q->body[d], 0);
        if (ok)
            q->body[d] = catalog_keep(c, buf_take(&x.out));
    }
    buf_done(&x.out);
    if (ok && x.nparams > q->nparams) {
        q->params = catalog_keep(c, x.params);
        q->nparams = x.nparams;
        return true;
    }
    free(x.params);
    if (!ok)
        tell(t, q->file, 0, "%s", x.why);
    return ok;
}
