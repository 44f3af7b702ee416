#include "ui/keys.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

#define CTRL(c) ((c)&31)

static const char *needs_search(const key_state *s)
{
    return s->searchable ? NULL : "this screen has no filter";
}
static const char *needs_sort(const key_state *s)
{
    return !s->table            ? "only tables sort"
           : s->sortable_column ? NULL
                                : "this column does not sort; move with left and right";
}
static const char *needs_table(const key_state *s)
{
    return s->table ? NULL : "only in tables";
}
static const char *needs_row(const key_state *s)
{
    return s->has_rows ? NULL : "there is no row under the cursor";
}
static const char *needs_entity(const key_state *s)
{
    return s->has_entity ? NULL : "nothing here can be pinned: go to a fan, an artist, a venue or a tour";
}
static const char *needs_sensitive(const key_state *s)
{
    return s->has_sensitive ? NULL : "this screen hides nothing";
}
static const char *needs_undo(const key_state *s)
{
    return s->can_undo ? NULL : "there is nothing to undo";
}
static const char *needs_tree(const key_state *s)
{
    return s->tree ? NULL : "only trees fold";
}
static const char *needs_way_back(const key_state *s)
{
    return s->can_go_back ? NULL : "this is where you came in";
}

/* In the order in which `?` shows them. */
const key_row key_rows[] = {
    {ACT_UP, "up", {K_UP, 'k'}, "up", NULL, "Move", NULL},
    {ACT_DOWN, "down", {K_DOWN, 'j'}, "down", NULL, "Move", NULL},
    {ACT_LEFT, "left", {K_LEFT}, "column to the left, fold", NULL, "Move", NULL},
    {ACT_RIGHT, "right", {K_RIGHT}, "column to the right, unfold", NULL, "Move", NULL},
    {ACT_PAGE_UP, "page-up", {K_PGUP, CTRL('b')}, "a screen up", NULL, "Move", NULL},
    {ACT_PAGE_DOWN, "page-down", {K_PGDN, CTRL('f')}, "a screen down", NULL, "Move", NULL},
    {ACT_FIRST, "first", {K_HOME, 'g'}, "to the first row", NULL, "Move", NULL},
    {ACT_LAST, "last", {K_END, 'G'}, "to the last row", NULL, "Move", NULL},
    {ACT_NEXT, "next", {K_TAB}, "next section", NULL, "Move", NULL},
    {ACT_PREVIOUS, "previous", {K_BACKTAB}, "section before", NULL, "Move", NULL},
    {ACT_ENTER, "open", {K_ENTER}, "open what the cursor is on", NULL, "Go", NULL},
    {ACT_BACK, "back", {K_BACKSPACE}, "back, as it was", NULL, "Go", needs_way_back},
    {ACT_ESCAPE,
     "escape",
     {K_ESC, CTRL('c')},
     "cancel the query, clear the filter, go back",
     NULL,
     "Go",
     NULL},
    {ACT_PALETTE, "palette", {'o', CTRL('p')}, "go to any screen", "o go", "Go", NULL},
    {ACT_HOME, "home", {'H'}, "home", NULL, "Go", NULL},
    {ACT_COMMAND, "command", {':'}, "type a command", ": command", "Go", NULL},
    {ACT_FILTER, "filter", {'/'}, "filter as you type, over all rows", "/ filter", "Rows", needs_search},
    {ACT_SORT,
     "sort",
     {'s'},
     "sort by the column under the cursor; again: the other way",
     "s sort",
     "Rows",
     needs_sort},
    {ACT_MARK, "mark", {' '}, "mark the row", NULL, "Rows", needs_table},
    {ACT_COUNT, "count", {'#'}, "count all rows exactly", NULL, "Rows", needs_table},
    {ACT_REVEAL,
     "reveal",
     {'v'},
     "show or hide personal data; each look goes into the audit",
     NULL,
     "Rows",
     needs_sensitive},
    {ACT_COPY, "copy", {'y'}, "copy the value under the cursor", NULL, "Rows", needs_row},
    {ACT_EXPORT,
     "export",
     {'e'},
     "export all rows as CSV or JSON, masked unless shown",
     NULL,
     "Rows",
     needs_table},
    {ACT_PIN, "pin", {'f'}, "pin this: other screens narrow to it; again: unpin", NULL, "Rows", needs_entity},
    {ACT_FOLD, "fold", {'z'}, "fold or unfold all", NULL, "Rows", needs_tree},
    {ACT_REFRESH, "refresh", {'r'}, "read again now", NULL, "Rows", NULL},
    {ACT_UNDO, "undo", {'u'}, "undo the last change, while that is possible", NULL, "Rows", needs_undo},
    {ACT_HELP, "help", {'?'}, "this help", "? help", "Console", NULL},
    {ACT_REDRAW, "redraw", {CTRL('l')}, "draw the screen again", NULL, "Console", NULL},
    {ACT_SUSPEND, "suspend", {CTRL('z')}, "suspend; fg comes back", NULL, "Console", NULL},
    {ACT_QUIT, "quit", {'q'}, "quit", "q quit", "Console", NULL},
};
const size_t key_count = sizeof key_rows / sizeof *key_rows;

static const struct {
    int key;
    const char *name;
} names[] = {
    {K_UP, "Up"},         {K_DOWN, "Down"}, {K_LEFT, "Left"},
    {K_RIGHT, "Right"},   {K_PGUP, "PgUp"}, {K_PGDN, "PgDn"},
    {K_HOME, "Home"},     {K_END, "End"},   {K_ENTER, "Enter"},
    {K_ESC, "Esc"},       {K_TAB, "Tab"},   {K_BACKTAB, "S-Tab"},
    {K_DELETE, "Delete"}, {' ', "Space"},   {K_BACKSPACE, "Backspace"},
};

action keys_action(int key)
{
    for (size_t i = 0; i < key_count; i++)
        for (size_t k = 0; k < 3; k++)
            if (key != 0 && key_rows[i].keys[k] == key)
                return key_rows[i].action;
    return ACT_NONE;
}

const char *keys_why_not(action a, const key_state *s)
{
    for (size_t i = 0; i < key_count; i++)
        if (key_rows[i].action == a)
            return key_rows[i].why_not ? key_rows[i].why_not(s) : NULL;
    return NULL;
}

int keys_named(const char *name)
{
    if (!name || !*name)
        return K_NONE;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].key;
    if (name[0] == '^' && name[1] && !name[2])
        return CTRL(name[1]);
    uint32_t cp;
    size_t n = strlen(name);
    return text_decode(name, n, &cp) == n && cp > ' ' ? (int)cp : K_NONE;
}

void keys_name(int key, buf *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key) {
            buf_str(out, names[i].name);
            return;
        }
    if (key < ' ') {
        buf_char(out, '^');
        buf_char(out, (char)(key + '@'));
        return;
    }
    char c[4];
    buf_add(out, c, text_encode((uint32_t)key, c));
}

bool keys_reserved(int key)
{
    return key != K_ENTER && keys_action(key) != ACT_NONE;
}

typedef struct taken {
    int key, line;
    const char *what;
} taken;

typedef struct clash_check {
    const view *view;
    taken seen[64];
    size_t nseen, found;
    void (*told)(void *ctx, const char *sentence);
    void *ctx;
} clash_check;

static void clash(clash_check *c, int line, const char *key, const char *what, const char *why)
{
    char s[400];
    snprintf(s, sizeof s, "%s:%d: key %s of %s %s", c->view->file, line, key, what, why);
    c->found++;
    c->told(c->ctx, s);
}

static void check_key(clash_check *c, const char *key, const char *what, int line)
{
    int k = keys_named(key);
    if (!key)
        return;
    if (k == K_NONE) {
        clash(c, line, key, what, "is no key: write one character, ^P, Enter, Space, PgDn ...");
        return;
    }
    if (keys_reserved(k)) {
        clash(c, line, key, what, "belongs to the console: no screen may take it");
        return;
    }
    for (size_t i = 0; i < c->nseen; i++)
        if (c->seen[i].key == k) {
            char why[160];
            snprintf(why, sizeof why, "is taken already by %s in line %d", c->seen[i].what, c->seen[i].line);
            clash(c, line, key, what, why);
            return;
        }
    if (c->nseen < sizeof c->seen / sizeof *c->seen)
        c->seen[c->nseen++] = (taken){k, line, what};
}

size_t keys_clashes(const view *v, void (*told)(void *ctx, const char *sentence), void *ctx)
{
    clash_check c = {.view = v, .told = told, .ctx = ctx};
    for (size_t i = 0; i < v->ngos; i++)
        check_key(&c, v->gos[i].key, v->gos[i].name, v->gos[i].line);
    for (size_t i = 0; i < v->ndos; i++)
        check_key(&c, v->dos[i].key, v->dos[i].name, v->dos[i].line);
    for (size_t i = 0; i < v->nacts; i++)
        check_key(&c, v->acts[i].key, v->acts[i].name, v->acts[i].line);
    return c.found;
}
