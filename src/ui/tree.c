/* The panel of VIEW_TREE: one document as a tree with types, foldable. The document is the first column of
 * type json; the other columns stand above as one line of facts. */
#include "base/mem.h"
#include "legacy/document.h"
#include "ui/format.h"
#include "ui/place.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct node {
    char *key, *value;
    const char *type; /* one of document_walk's static words, copied with the key */
    size_t count;
    unsigned depth;
    bool folded;
} node;

typedef struct tree {
    node *nodes;
    size_t n, cap;
    size_t *shown; /* nodes not inside a folded one */
    size_t nshown, capshown;
    size_t cursor, top;
    int height, facts;
    err error;
} tree;

static void open_tree(place *p)
{
    p->state = MEM_NEW(tree);
}

static void drop_nodes(tree *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->nodes[i].key);
    t->n = 0;
}

static void close_tree(place *p)
{
    tree *t = p->state;
    drop_nodes(t);
    free(t->nodes);
    free(t->shown);
    free(t);
}

static void pump_tree(place *p, data *d)
{
    place_pump_rows(p, d, 1);
}

/* Key, type and value in one piece of memory: a document of a megabyte has very many nodes. */
static bool visit(void *ctx, const document_node *n)
{
    tree *t = ctx;
    size_t k = strlen(n->key) + 1, w = strlen(n->type) + 1, v = strlen(n->value) + 1;
    char *text = mem_new(k + w + v, 1);
    memcpy(text, n->key, k);
    memcpy(text + k, n->type, w);
    memcpy(text + k + w, n->value, v);
    MEM_ROOM(t->nodes, t->n, t->cap);
    t->nodes[t->n++] = (node){text, text + k + w, text + k, n->count, n->depth, false};
    return true;
}

static void show(tree *t)
{
    t->nshown = 0;
    unsigned hidden = 0; /* nodes deeper than this are inside a folded one; 0 = none */
    bool hiding = false;
    for (size_t i = 0; i < t->n; i++) {
        if (hiding && t->nodes[i].depth > hidden)
            continue;
        hiding = t->nodes[i].folded;
        hidden = t->nodes[i].depth;
        MEM_ROOM(t->shown, t->nshown, t->capshown);
        t->shown[t->nshown++] = i;
    }
    if (t->cursor >= t->nshown)
        t->cursor = t->nshown ? t->nshown - 1 : 0;
}

static const store_cell *document_of(const place *p)
{
    for (size_t i = 0; i < p->view->ncolumns; i++) {
        int c = p->view->columns[i].type == COL_JSON ? rowset_column(p->rows, p->view->columns[i].name) : -1;
        if (c >= 0)
            return rowset_cell(p->rows, 0, (size_t)c);
    }
    return NULL;
}

static bool take_tree(place *p, answer *a)
{
    tree *t = p->state;
    if (!place_take_rows(p, a))
        return false;
    if (!a->ok || !p->rows || p->rows->nrows == 0)
        return true;
    const store_cell *c = document_of(p);
    size_t folded = 0;
    bool *was = MEM_ARRAY(bool, t->n + 1);
    for (size_t i = 0; i < t->n; i++, folded++)
        was[i] = t->nodes[i].folded;
    drop_nodes(t);
    t->error = (err){0};
    if (c && c->text)
        document_walk(c->text, c->len, visit, t, &t->error);
    for (size_t i = 0; i < t->n && t->n == folded; i++)
        t->nodes[i].folded = was[i];
    free(was);
    show(t);
    return true;
}

/* ---- drawing ---- */

static int style_of(const char *type)
{
    static const struct {
        const char *type;
        int style;
    } styles[] = {{"string", STYLE_TEXT},   {"integer", STYLE_ACCENT}, {"double", STYLE_ACCENT},
                  {"boolean", STYLE_WARN},  {"null", STYLE_DIM},       {"timestamp", STYLE_GOOD},
                  {"reference", STYLE_INFO}};
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
        if (strcmp(styles[i].type, type) == 0)
            return styles[i].style;
    return STYLE_TEXT;
}

static bool is_branch(const node *n)
{
    return strcmp(n->type, "map") == 0 || strcmp(n->type, "array") == 0;
}

static void draw_node(canvas *c, area a, const node *n)
{
    int indent = (int)(n->depth > 20 ? 20 : n->depth) * 2, x = a.x + 2 + indent;
    int type_width = a.width >= 60 ? 11 : 0, right = a.x + a.width - type_width - 1;
    if (is_branch(n) && n->count)
        canvas_text(c, a.y, x, 1, STYLE_DIM, canvas_glyph(c, n->folded ? GLYPH_CLOSED : GLYPH_OPEN));
    x += 2;
    x += canvas_text(c, a.y, x, right - x, STYLE_TITLE, n->key) + 2;
    if (is_branch(n)) {
        char count[48];
        bool map = n->type[0] == 'm';
        snprintf(count, sizeof count, "%zu %s", n->count,
                 map ? (n->count == 1 ? "field" : "fields") : (n->count == 1 ? "item" : "items"));
        canvas_text(c, a.y, x, right - x, STYLE_DIM, count);
    } else {
        canvas_text(c, a.y, x, right - x, style_of(n->type),
                    *n->value                   ? n->value
                    : strcmp(n->type, "string") ? ""
                                                : "\"\"");
    }
    if (type_width)
        canvas_fit(c, a.y, right + 1, type_width - 1, STYLE_DIM, TEXT_LEFT, n->type);
}

static int draw_facts(place *p, canvas *c, area a)
{
    formatted f;
    buf_init(&f.text);
    int y = a.y, x = a.x + 2;
    for (size_t i = 0; i < p->view->ncolumns && y < a.y + a.height / 2; i++) {
        const view_column *vc = p->view->columns + i;
        if (vc->type == COL_JSON || vc->keep == 0)
            continue;
        format_options o = {.ascii = c->ascii, .reveal = p->reveal};
        format_cell(vc, p->rows, 0, &o, &f);
        int need = (int)(text_width(vc->title, strlen(vc->title)) + text_width(f.text.data, f.text.len)) + 4;
        if (!f.text.len)
            continue;
        if (x > a.x + 2 && x + need > a.x + a.width) {
            x = a.x + 2;
            y++;
        }
        x += canvas_text(c, y, x, a.width - (x - a.x), STYLE_DIM, vc->title) + 1;
        x += canvas_text(c, y, x, a.width - (x - a.x) - 1, f.style, f.text.data) + 3;
    }
    buf_done(&f.text);
    return y - a.y + 1;
}

static void draw_tree(place *p, canvas *c, area a, bool focused)
{
    tree *t = p->state;
    if (!p->rows || p->rows->nrows == 0) {
        const char *said = p->error.kind != ERR_NONE ? p->error.text : p->rows ? p->view->empty : "";
        canvas_wrap(c, a.y + 1, a.x + 2, a.width - 4, a.height - 2, p->error.kind ? STYLE_BAD : STYLE_DIM,
                    said ? said : "");
        return;
    }
    t->facts = draw_facts(p, c, a) + 1;
    area body = {a.y + t->facts, a.x, a.height - t->facts, a.width};
    if (t->error.kind != ERR_NONE)
        canvas_wrap(c, body.y++, body.x + 2, body.width - 4, 2, STYLE_BAD, t->error.text);
    t->height = body.height > 0 ? body.height : 1;
    if (t->top > t->cursor)
        t->top = t->cursor;
    if (t->cursor >= t->top + (size_t)t->height)
        t->top = t->cursor - (size_t)t->height + 1;
    for (int i = 0; i < t->height && t->top + (size_t)i < t->nshown; i++) {
        area line = {body.y + i, body.x, 1, body.width};
        draw_node(c, line, t->nodes + t->shown[t->top + (size_t)i]);
        if (focused && t->top + (size_t)i == t->cursor)
            canvas_add_style(c, line, STYLE_SELECTED);
    }
}

/* ---- acting ---- */

static void move(tree *t, long lines)
{
    long at = (long)t->cursor + lines, last = t->nshown ? (long)t->nshown - 1 : 0;
    t->cursor = (size_t)(at < 0 ? 0 : at > last ? last : at);
}

static void fold(tree *t, bool folded)
{
    if (t->cursor >= t->nshown)
        return;
    node *n = t->nodes + t->shown[t->cursor];
    if (is_branch(n) && n->folded != folded) {
        n->folded = folded;
        show(t);
        return;
    }
    if (!folded)
        return;
    unsigned depth = n->depth; /* to the branch that it is in */
    while (t->cursor > 0 && t->nodes[t->shown[t->cursor]].depth >= depth)
        t->cursor--;
}

static void fold_all(tree *t)
{
    bool any = false;
    for (size_t i = 0; i < t->n; i++)
        any = any || (is_branch(t->nodes + i) && t->nodes[i].folded);
    for (size_t i = 0; i < t->n; i++)
        t->nodes[i].folded = !any && is_branch(t->nodes + i);
    show(t);
}

static bool act_tree(place *p, action act)
{
    tree *t = p->state;
    switch (act) {
    case ACT_UP:
        move(t, -1);
        return true;
    case ACT_DOWN:
        move(t, 1);
        return true;
    case ACT_PAGE_UP:
        move(t, -t->height);
        return true;
    case ACT_PAGE_DOWN:
        move(t, t->height);
        return true;
    case ACT_FIRST:
        t->cursor = 0;
        return true;
    case ACT_LAST:
        move(t, (long)t->nshown);
        return true;
    case ACT_LEFT:
        fold(t, true);
        return true;
    case ACT_RIGHT:
        fold(t, false);
        return true;
    case ACT_ENTER:
        fold(t, t->cursor < t->nshown && !t->nodes[t->shown[t->cursor]].folded);
        return true;
    case ACT_FOLD:
        fold_all(t);
        return true;
    default:
        return false;
    }
}

static void click_tree(place *p, int y, int x)
{
    tree *t = p->state;
    (void)x;
    size_t at = t->top + (size_t)(y - t->facts);
    if (y >= t->facts && at < t->nshown)
        t->cursor = at;
}

static bool row_tree(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    *ret_view = p->view;
    *ret_rows = p->rows;
    *ret_row = 0;
    return p->rows && p->rows->nrows > 0;
}

const panel panel_tree = {.kind = VIEW_TREE,
                          .open = open_tree,
                          .close = close_tree,
                          .pump = pump_tree,
                          .take = take_tree,
                          .draw = draw_tree,
                          .act = act_tree,
                          .click = click_tree,
                          .row = row_tree};
