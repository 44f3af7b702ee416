/* What a command printed, to be read at leisure. */
#include "base/mem.h"
#include "ui/console.h"
#include <stdlib.h>
#include <string.h>

typedef struct pager {
    char *title, *text;
    char **lines;
    size_t n, cap, top, left; /* left: columns off the screen */
    int height;
} pager;

void pager_open(console *u, const char *title, char *text)
{
    pager *g = MEM_NEW(pager);
    g->title = mem_str(title);
    g->text = text;
    for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
        MEM_ROOM(g->lines, g->n, g->cap);
        g->lines[g->n++] = line;
    }
    console_popup(u, &popup_pager, g);
}

static void close_pager(console *u)
{
    pager *g = u->popup_state;
    free(g->lines);
    free(g->text);
    free(g->title);
    free(g);
}

/* The line from `columns` columns on. */
static const char *behind(const char *s, size_t columns)
{
    size_t at = 0, n = strlen(s);
    for (int w; at < n && columns > 0; columns -= (size_t)w < columns ? (size_t)w : columns)
        at += text_grapheme(s + at, n - at, &w);
    return s + at;
}

static void draw_pager(console *u, canvas *c, area body)
{
    pager *g = u->popup_state;
    area box = body;
    if ((size_t)box.height > g->n + 2)
        box.height = (int)g->n + 2;
    area in = canvas_box(c, box, STYLE_RULE, g->title);
    g->height = in.height;
    for (int i = 0; i < in.height && g->top + (size_t)i < g->n; i++)
        canvas_text(c, in.y + i, in.x, in.width, STYLE_TEXT, behind(g->lines[g->top + (size_t)i], g->left));
}

static void key_pager(console *u, int key)
{
    pager *g = u->popup_state;
    size_t most = g->n > (size_t)g->height ? g->n - (size_t)g->height : 0;
    size_t page = (size_t)(g->height > 1 ? g->height - 1 : 1);
    switch (keys_action(key)) {
    case ACT_UP:
        g->top -= g->top > 0;
        return;
    case ACT_DOWN:
        g->top += g->top < most;
        return;
    case ACT_PAGE_UP:
        g->top -= page < g->top ? page : g->top;
        return;
    case ACT_PAGE_DOWN:
    case ACT_MARK:
        g->top = g->top + page < most ? g->top + page : most;
        return;
    case ACT_LEFT:
        g->left -= g->left < 20 ? g->left : 20;
        return;
    case ACT_RIGHT:
        g->left += g->left < 1000 ? 20 : 0;
        return;
    case ACT_FIRST:
        g->top = 0;
        return;
    case ACT_LAST:
        g->top = most;
        return;
    case ACT_NONE:
        return;
    default:
        console_close_popup(u);
    }
}

const popup popup_pager = {draw_pager, key_pager, close_pager, NULL};
