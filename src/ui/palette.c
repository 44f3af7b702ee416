/* `o`: go to any screen by some letters of its name. The list narrows to what has
 * them in order; Up and Down choose, Enter goes. Screens that need to know of what (a detail needs its row)
 * are not offered. */
#include "base/mem.h"
#include "ui/console.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct palette {
    const view **found;
    size_t n, cursor, top;
    char typed[64];
    size_t ntyped;
} palette;

static bool opens_by_itself(const view *v)
{
    for (size_t i = 0; i < v->query->nparams; i++)
        if (v->query->params[i].required && strcmp(v->query->params[i].name, "now") != 0 &&
            strcmp(v->query->params[i].name, "today") != 0)
            return false;
    return view_is_list(v) || v->kind == VIEW_HOME;
}

static bool letters_in_order(const char *letters, const char *text)
{
    for (; *letters; letters++) {
        while (*text && tolower((unsigned char)*text) != tolower((unsigned char)*letters))
            text++;
        if (!*text++)
            return false;
    }
    return true;
}

static void find(console *u)
{
    palette *l = u->popup_state;
    const view *const *all;
    size_t n = catalog_views(u->catalog, &all);
    l->found = mem_grow(l->found, n + 1, sizeof *l->found);
    l->n = 0;
    /* Those that begin with what was typed come first. */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            bool begins = strncasecmp(all[i]->title, l->typed, l->ntyped) == 0;
            if (opens_by_itself(all[i]) && letters_in_order(l->typed, all[i]->title) && begins == (pass == 0))
                l->found[l->n++] = all[i];
        }
    l->cursor = l->top = 0;
}

void palette_open(console *u)
{
    console_popup(u, &popup_palette, MEM_NEW(palette));
    find(u);
}

static void close_palette(console *u)
{
    palette *l = u->popup_state;
    free(l->found);
    free(l);
}

static void draw_palette(console *u, canvas *c, area body)
{
    palette *l = u->popup_state;
    int width = body.width > 72 ? 72 : body.width, height = body.height > 20 ? 20 : body.height;
    area in = canvas_box(
        c, (area){body.y + (body.height - height) / 3, body.x + (body.width - width) / 2, height, width},
        STYLE_RULE, "Go to");
    canvas_text(c, in.y, in.x, 2, STYLE_ACCENT, canvas_glyph(c, GLYPH_CRUMB));
    int used = canvas_text(c, in.y, in.x + 2, in.width - 3, STYLE_TITLE, l->typed);
    c->cursor_y = in.y;
    c->cursor_x = in.x + 2 + used;
    size_t lines = in.height > 2 ? (size_t)(in.height - 2) : 1;
    if (l->cursor < l->top)
        l->top = l->cursor;
    if (l->cursor >= l->top + lines)
        l->top = l->cursor - lines + 1;
    if (l->n == 0)
        canvas_text(c, in.y + 2, in.x + 2, in.width - 2, STYLE_DIM,
                    "No screen is called that; Backspace takes letters away");
    for (size_t i = 0; i < lines && l->top + i < l->n; i++) {
        const view *v = l->found[l->top + i];
        area line = {in.y + 2 + (int)i, in.x, 1, in.width};
        canvas_text(c, line.y, line.x + 2, 18, STYLE_TITLE, v->title);
        canvas_text(c, line.y, line.x + 21, in.width - 22, STYLE_DIM, v->summary);
        if (l->top + i == l->cursor)
            canvas_add_style(c, line, STYLE_SELECTED);
    }
}

static void key_palette(console *u, int key)
{
    palette *l = u->popup_state;
    if (key == K_UP && l->cursor > 0) {
        l->cursor--;
    } else if (key == K_DOWN && l->cursor + 1 < l->n) {
        l->cursor++;
    } else if (key == K_ENTER && l->n) {
        const view *v = l->found[l->cursor];
        console_close_popup(u);
        console_open_view(u, v, NULL, 0, NULL);
    } else if (key == K_ESC || key == ('c' & 31) || key == ('p' & 31)) {
        console_close_popup(u);
    } else if (key == K_BACKSPACE) {
        if (l->ntyped)
            l->typed[--l->ntyped] = 0;
        find(u);
    } else if (key >= ' ' && key < 127 && l->ntyped + 1 < sizeof l->typed) {
        l->typed[l->ntyped++] = (char)key;
        l->typed[l->ntyped] = 0;
        find(u);
    }
}

const popup popup_palette = {draw_palette, key_palette, close_palette, NULL};
