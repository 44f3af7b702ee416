/* view: reads one view file. The INI lines are libinih's to take apart; each (section, name, value) then
 * finds its row in a table of settings below, which says into which member it goes and how it is read. A file
 * with one wrong line is refused whole, by that line: half a screen would only puzzle. */
#include "base/mem.h"
#include "base/text.h"
#include "catalog/private.h"
#include <ctype.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MOST = 64, FILE_MOST = 64 * 1024 };

typedef struct reading {
    catalog *c;
    draft *d;
    const char *at, *end; /* what libinih has not read yet */
    int line;             /* the line it reads */
    int too_long;         /* the first line that does not fit, or 0 */
    char section[64];     /* as last met */
    bool failed;
    buf seen; /* "section\nname\n" of each setting met, to find doubles */
    err *e;
} reading;

static bool wrong(reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(reading *r, const char *format, ...)
{
    buf said;
    buf_init(&said);
    va_list args;
    va_start(args, format);
    buf_vprintf(&said, format, args);
    va_end(args);
    if (!r->failed)
        err_set(r->e, ERR_INPUT, "%s:%d: %s", r->d->v.file, r->line, said.data);
    r->failed = true;
    buf_done(&said);
    return false;
}

/* ---- how values are read ---- */

typedef bool setter(reading *r, void *member, const char *value);

static bool set_text(reading *r, void *member, const char *value)
{
    *(const char **)member = catalog_str(r->c, value, strlen(value));
    return true;
}

static bool set_name(reading *r, void *member, const char *value)
{
    if (!sql_is_name(value, strlen(value)))
        return wrong(r, "'%.40s' is no name: small letters, digits and _", value);
    return set_text(r, member, value);
}

static bool set_bool(reading *r, void *member, const char *value)
{
    bool yes = strcmp(value, "yes") == 0;
    if (!yes && strcmp(value, "no") != 0)
        return wrong(r, "'%.40s' is neither yes nor no", value);
    *(bool *)member = yes;
    return true;
}

static bool set_int(reading *r, void *member, const char *value)
{
    char *end;
    long v = strtol(value, &end, 10);
    if (*end || end == value || v < 0 || v > 1000)
        return wrong(r, "'%.40s' is not a number from 0 to 1000", value);
    *(int *)member = (int)v;
    return true;
}

static bool set_keep(reading *r, void *member, const char *value)
{
    if (value[0] < '0' || value[0] > '9' || value[1])
        return wrong(r,
                     "keep is 0 (never in the table), or 1 (dropped last) to 9 (dropped first), not '%.40s'",
                     value);
    *(int *)member = value[0] - '0';
    return true;
}

/* "16-32" or "10": into width_min and, behind it, width_max. */
static bool set_width(reading *r, void *member, const char *value)
{
    int low = 0, high = 0, used = 0;
    int *width = member;
    int got = sscanf(value, "%4d-%4d%n", &low, &high, &used);
    if (got == 1 && sscanf(value, "%4d%n", &low, &used) == 1)
        high = low;
    if (got < 1 || value[used] || low < 1 || high < low || high > 400)
        return wrong(r, "width is columns, `10` or `16-32`, not '%.40s'", value);
    width[0] = low;
    width[1] = high;
    return true;
}

/* "5s", "2m", "500ms", "0" */
static bool set_seconds(reading *r, void *member, const char *value)
{
    char *unit;
    double v = strtod(value, &unit);
    double scale = strcmp(unit, "s") == 0 || (v == 0 && !*unit) ? 1
                   : strcmp(unit, "m") == 0                     ? 60
                   : strcmp(unit, "ms") == 0                    ? 0.001
                                                                : 0;
    if (unit == value || scale == 0 || !(v >= 0) || v > 86400)
        return wrong(r, "'%.40s' is no span such as 5s, 2m or 0", value);
    *(double *)member = v * scale;
    return true;
}

static bool set_word(reading *r, int *member, const char *value, const char *const *words, const char *what)
{
    size_t n = 0;
    for (; words[n]; n++)
        if (strcmp(words[n], value) == 0) {
            *member = (int)n;
            return true;
        }
    const char *near = text_nearest(value, words, n);
    return wrong(r, "'%.40s' is no %s%s%s%s", value, what, near ? "; did you mean '" : "", near ? near : "",
                 near ? "'?" : "");
}

bool view_is_list(const view *v)
{
    return v->kind == VIEW_LIST || v->kind == VIEW_PLACES;
}

static bool set_kind(reading *r, void *member, const char *value)
{
    static const char *const words[] = {"list", "detail", "home", "tree", "places", "routing", NULL};
    int i = 0;
    if (!set_word(r, &i, value, words, "kind of view (list, detail, home, tree, places, routing)"))
        return false;
    *(view_kind *)member = (view_kind)i;
    return true;
}

static bool set_type(reading *r, void *member, const char *value)
{
    const char *words[COL_JSON + 2] = {0};
    for (int i = 0; i <= COL_JSON; i++)
        words[i] = column_type_word((column_type)i);
    int i = 0;
    if (!set_word(r, &i, value, words, "column type"))
        return false;
    *(column_type *)member = (column_type)i;
    return true;
}

static bool set_danger(reading *r, void *member, const char *value)
{
    static const char *const words[] = {"safe", "confirm", "severe", NULL};
    int i = 0;
    if (!set_word(r, &i, value, words, "level of danger (safe, confirm, severe)"))
        return false;
    *(view_danger *)member = (view_danger)i;
    return true;
}

typedef struct names { /* laid over `const char *const *x; size_t nx;` */
    const char *const *items;
    size_t n;
} names;

static bool set_names(reading *r, void *member, const char *value)
{
    char *copy = catalog_str(r->c, value, strlen(value)), *rest = copy, *w;
    const char **items = catalog_keep(r->c, MEM_ARRAY(const char *, PARTS_MOST));
    size_t n = 0;
    while ((w = strsep(&rest, " ,\t"))) {
        if (!*w)
            continue;
        if (!sql_is_name(w, strlen(w)) || n == PARTS_MOST)
            return wrong(r, "'%.40s' is no name: small letters, digits and _", w);
        items[n++] = w;
    }
    if (n == 0)
        return wrong(r, "names are missing here");
    *(names *)member = (names){items, n};
    return true;
}

typedef struct binds { /* laid over `const view_bind *binds; size_t nbinds;` */
    const view_bind *items;
    size_t n;
} binds;

static char *trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    for (char *end = s + strlen(s); end > s && isspace((unsigned char)end[-1]);)
        *--end = '\0';
    return s;
}

/* "artist_id, search: name": the target's parameter, from this row's column of the same or of another name */
static bool set_binds(reading *r, void *member, const char *value)
{
    char *copy = catalog_str(r->c, value, strlen(value)), *rest = copy, *part;
    view_bind *items = catalog_keep(r->c, MEM_ARRAY(view_bind, PARTS_MOST));
    size_t n = 0;
    while ((part = strsep(&rest, ","))) {
        char *column = strchr(part, ':');
        if (column)
            *column++ = '\0';
        char *param = trim(part);
        column = column ? trim(column) : param;
        if (!sql_is_name(param, strlen(param)) || !sql_is_name(column, strlen(column)) || n == PARTS_MOST)
            return wrong(r, "`with` is a list like `artist_id, concert: concert_id`");
        items[n++] = (view_bind){param, column};
    }
    *(binds *)member = (binds){items, n};
    return true;
}

/* ---- which settings there are ---- */

typedef struct setting {
    const char *name;
    size_t at;
    setter *set;
    size_t line_at; /* where its line is kept, or 0 */
} setting;

#define OF(type, member) offsetof(type, member)

static const setting top_settings[] = {
    {"title", OF(draft, v.title), set_text, 0},
    {"summary", OF(draft, v.summary), set_text, 0},
    {"kind", OF(draft, v.kind), set_kind, 0},
    {"query", OF(draft, query), set_name, OF(draft, query_line)},
    {"search", OF(draft, search), set_text, OF(draft, search_line)},
    {"count", OF(draft, count), set_name, OF(draft, count_line)},
    {"estimate", OF(draft, estimate), set_name, OF(draft, estimate_line)},
    {"key", OF(draft, v.key), set_names, OF(draft, key_line)},
    {"sort", OF(draft, v.sort), set_name, OF(draft, sort_line)},
    {"narrow", OF(draft, v.narrow), set_text, 0},
    {"refresh", OF(draft, v.refresh_s), set_seconds, 0},
    {"offline", OF(draft, v.offline), set_bool, 0},
    {"empty", OF(draft, v.empty), set_text, 0},
    {"menu", OF(draft, v.menu), set_text, 0},
};

static const setting column_settings[] = {
    {"title", OF(view_column, title), set_text, 0},
    {"type", OF(view_column, type), set_type, 0},
    {"currency", OF(view_column, currency), set_name, 0},
    {"width", OF(view_column, width_min), set_width, 0},
    {"keep", OF(view_column, keep), set_keep, 0},
    {"sensitive", OF(view_column, sensitive), set_bool, 0},
    {"sortable", OF(view_column, sortable), set_bool, 0},
    {"indexed", OF(view_column, indexed), set_bool, 0},
    {"descending", OF(view_column, descending), set_bool, 0},
    {"help", OF(view_column, help), set_text, 0},
};

static const setting go_settings[] = {
    {"title", OF(view_go, title), set_text, 0},
    {"key", OF(view_go, key), set_text, 0},
    {"view", OF(view_go, view), set_name, 0},
    {"with", OF(view_go, binds), set_binds, 0},
};

static const setting do_settings[] = {
    {"title", OF(view_do, title), set_text, 0}, {"key", OF(view_do, key), set_text, 0},
    {"query", OF(view_do, query), set_name, 0}, {"danger", OF(view_do, danger), set_danger, 0},
    {"roles", OF(view_do, roles), set_text, 0}, {"input", OF(view_do, inputs), set_names, 0},
    {"undo", OF(view_do, undo), set_name, 0},   {"with", OF(view_do, binds), set_binds, 0},
};

static const setting act_settings[] = {
    {"title", OF(view_act, title), set_text, 0},
    {"key", OF(view_act, key), set_text, 0},
    {"help", OF(view_act, help), set_text, 0},
};

static const setting section_settings[] = {
    {"title", OF(view_section, title), set_text, 0},
    {"view", OF(view_section, view), set_name, 0},
    {"with", OF(view_section, binds), set_binds, 0},
    {"rows", OF(view_section, rows), set_int, 0},
};

static bool set(reading *r, const setting *settings, size_t n, void *into, const char *name,
                const char *value)
{
    const char *known[32];
    for (size_t i = 0; i < n; i++) {
        known[i] = settings[i].name;
        if (strcmp(settings[i].name, name) != 0)
            continue;
        if (settings[i].line_at)
            *(int *)((char *)into + settings[i].line_at) = r->line;
        return settings[i].set(r, (char *)into + settings[i].at, value);
    }
    const char *near = text_nearest(name, known, n);
    return wrong(r, "'%.40s' is no setting here%s%s%s", name, near ? "; did you mean '" : "",
                 near ? near : "", near ? "'?" : "");
}

/* ---- sections ---- */

static const char *titled(catalog *c, const char *name)
{
    char *title = catalog_str(c, name, strlen(name));
    for (char *p = title; *p; p++)
        if (*p == '_')
            *p = ' ';
    title[0] = (char)toupper((unsigned char)title[0]);
    return title;
}

static bool begin_section(reading *r, const char *kind, const char *name)
{
    draft *d = r->d;
    const char *own = catalog_str(r->c, name, strlen(name)), *title = titled(r->c, name);
    if (strcmp(kind, "column") == 0) {
        MEM_ROOM(d->columns, d->v.ncolumns, d->columns_cap);
        d->columns[d->v.ncolumns++] =
            (view_column){.name = own, .title = title, .keep = 5, .sortable = true, .line = r->line};
    } else if (strcmp(kind, "go") == 0) {
        MEM_ROOM(d->gos, d->v.ngos, d->gos_cap);
        d->gos[d->v.ngos++] = (view_go){.name = own, .title = title, .line = r->line};
    } else if (strcmp(kind, "do") == 0) {
        MEM_ROOM(d->dos, d->v.ndos, d->dos_cap);
        d->dos[d->v.ndos++] =
            (view_do){.name = own, .title = title, .danger = DANGER_CONFIRM, .line = r->line};
    } else if (strcmp(kind, "act") == 0) {
        MEM_ROOM(d->acts, d->v.nacts, d->acts_cap);
        d->acts[d->v.nacts++] = (view_act){.name = own, .title = title, .line = r->line};
    } else if (strcmp(kind, "section") == 0) {
        MEM_ROOM(d->sections, d->v.nsections, d->sections_cap);
        d->sections[d->v.nsections++] =
            (view_section){.name = own, .title = title, .rows = 5, .line = r->line};
    } else {
        return wrong(r, "[%.40s] is none of [column NAME], [go NAME], [do NAME], [act NAME], [section NAME]",
                     r->section);
    }
    return true;
}

static bool enter(reading *r, const char *section)
{
    if (strcmp(section, r->section) == 0)
        return true;
    snprintf(r->section, sizeof r->section, "%s", section);
    char kind[64];
    snprintf(kind, sizeof kind, "%s", section);
    char *name = strchr(kind, ' ');
    if (name)
        *name++ = '\0';
    if (!name || !sql_is_name(trim(name), strlen(trim(name))))
        return wrong(r, "[%.40s] is none of [column NAME], [go NAME], [do NAME], [act NAME], [section NAME]",
                     section);
    if (r->d->v.ncolumns + r->d->v.ngos + r->d->v.ndos + r->d->v.nacts + r->d->v.nsections >= 4 * PARTS_MOST)
        return wrong(r, "a view has at most %d parts", 4 * PARTS_MOST);
    return begin_section(r, kind, trim(name));
}

static bool seen_before(reading *r, const char *section, const char *name)
{
    char *mark = mem_printf("\n%s\t%s\n", section, name);
    bool seen = strstr(r->seen.data, mark) != NULL;
    buf_str(&r->seen, mark);
    free(mark);
    return seen;
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int on_setting(void *user, const char *section, const char *name, const char *value)
{
    reading *r = user;
    draft *d = r->d;
    if (r->failed)
        return 1;
    if (!text_valid(section, strlen(section)) || !text_valid(name, strlen(name)))
        return (int)wrong(r, "a name is not valid UTF-8");
    if (seen_before(r, section, name))
        return (int)wrong(r, "'%.40s' is set twice", name);
    if (!*value)
        return (int)wrong(r, "'%.40s' has no value", name);
    if (!*section)
        return (int)set(r, top_settings, COUNT(top_settings), d, name, value);
    if (!enter(r, section))
        return 0;
    switch (*section) {
    case 'c':
        return (int)set(r, column_settings, COUNT(column_settings), &d->columns[d->v.ncolumns - 1], name,
                        value);
    case 'g':
        return (int)set(r, go_settings, COUNT(go_settings), &d->gos[d->v.ngos - 1], name, value);
    case 'd':
        return (int)set(r, do_settings, COUNT(do_settings), &d->dos[d->v.ndos - 1], name, value);
    case 'a':
        return (int)set(r, act_settings, COUNT(act_settings), &d->acts[d->v.nacts - 1], name, value);
    default:
        return (int)set(r, section_settings, COUNT(section_settings), &d->sections[d->v.nsections - 1], name,
                        value);
    }
}

/* libinih tells of a section only by its first setting, and cuts a long name: so its line is looked at here
 * too. */
static void see_section(reading *r, const char *line)
{
    enum { INIH_SECTION_MOST = 49 };
    const char *close = *line == '[' ? strchr(line, ']') : NULL;
    if (!close || r->failed)
        return;
    size_t n = (size_t)(close - line) - 1;
    char name[INIH_SECTION_MOST + 1];
    if (n > INIH_SECTION_MOST) {
        wrong(r, "the name in [] is longer than %d letters", (int)INIH_SECTION_MOST);
        return;
    }
    memcpy(name, line + 1, n);
    name[n] = '\0';
    if (text_valid(name, n))
        enter(r, name);
}

/* libinih's fgets over memory; counts the lines, and remembers one that libinih would have cut. */
static char *give_line(char *line, int size, void *stream)
{
    reading *r = stream;
    if (r->at >= r->end || size < 2)
        return NULL;
    const char *nl = memchr(r->at, '\n', (size_t)(r->end - r->at));
    size_t n = nl ? (size_t)(nl + 1 - r->at) : (size_t)(r->end - r->at);
    r->line++;
    size_t fits = n < (size_t)size ? n : (size_t)size - 1;
    if (fits < n && !r->too_long)
        r->too_long = r->line;
    memcpy(line, r->at, fits);
    line[fits] = '\0';
    r->at += n;
    see_section(r, line);
    return line;
}

/* ---- the whole ---- */

static void default_width(view_column *c)
{
    static const int widths[][2] = {
        [COL_TEXT] = {8, 32},  [COL_COUNT] = {6, 11},    [COL_MONEY] = {10, 16}, [COL_DATE] = {10, 10},
        [COL_TIME] = {16, 20}, [COL_DURATION] = {6, 10}, [COL_PERCENT] = {5, 7}, [COL_BADGE] = {8, 15},
        [COL_BAR] = {6, 20},   [COL_SPARK] = {8, 24},    [COL_AGO] = {6, 8},     [COL_YESNO] = {3, 5},
        [COL_JSON] = {12, 60},
    };
    if (c->width_min)
        return;
    c->width_min = widths[c->type][0];
    c->width_max = widths[c->type][1];
}

static bool complete(reading *r)
{
    draft *d = r->d;
    view *v = &d->v;
    r->line = 1;
    if (!v->title || !d->query)
        return wrong(r, "a view needs a title and a query");
    if (v->ncolumns == 0)
        return wrong(r, "a view needs at least one [column NAME]");
    if (!v->summary)
        v->summary = v->title;
    if (!v->empty)
        v->empty = "Nothing here.";
    for (size_t i = 0; i < v->ncolumns; i++)
        default_width(&d->columns[i]);
    for (size_t i = 0; i < v->ngos; i++)
        if (r->line = d->gos[i].line, !d->gos[i].view || !d->gos[i].key)
            return wrong(r, "[go %s] needs a key and a view", d->gos[i].name);
    for (size_t i = 0; i < v->ndos; i++)
        if (r->line = d->dos[i].line, !d->dos[i].query || !d->dos[i].key)
            return wrong(r, "[do %s] needs a key and a query", d->dos[i].name);
    for (size_t i = 0; i < v->nacts; i++)
        if (r->line = d->acts[i].line, !d->acts[i].key)
            return wrong(r, "[act %s] needs a key", d->acts[i].name);
    for (size_t i = 0; i < v->nsections; i++)
        if (r->line = d->sections[i].line, !d->sections[i].view)
            return wrong(r, "[section %s] needs a view", d->sections[i].name);
    return true;
}

static bool read_lines(reading *r, const char *text, size_t n)
{
    if (n > FILE_MOST)
        return wrong(r, "is longer than a view file should be (64 KiB)");
    r->at = text;
    r->end = text + n;
    int bad = ini_parse_stream(give_line, r, on_setting, r);
    if (r->too_long && (!r->failed)) {
        r->line = r->too_long;
        return wrong(r, "the line is too long");
    }
    if (bad > 0 && !r->failed) {
        r->line = bad;
        return wrong(r, "neither `name = value` nor [section]");
    }
    return !r->failed && complete(r);
}

void draft_free(draft *d)
{
    if (!d)
        return;
    free(d->columns);
    free(d->gos);
    free(d->dos);
    free(d->acts);
    free(d->sections);
    free(d);
}

draft *view_read(catalog *c, const char *path, const char *text, size_t n, err *e)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t len = strlen(base) - strlen(".view");
    if (!sql_is_name(base, len)) {
        err_set(e, ERR_INPUT, "%s: a view's name is small letters, digits and _", path);
        return NULL;
    }
    draft *d = MEM_NEW(draft);
    d->v.name = catalog_str(c, base, len);
    d->v.file = catalog_str(c, path, strlen(path));
    reading r = {.c = c, .d = d, .e = e};
    buf_init(&r.seen);
    bool ok = read_lines(&r, text, n);
    buf_done(&r.seen);
    if (ok)
        return d;
    draft_free(d);
    return NULL;
}
