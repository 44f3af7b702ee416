/* `?`: every key here and what it does, from the same table that dispatches them; the view's own keys first;
 * why a disabled one is disabled; and clashes, where a view's file has them. */
#include "base/mem.h"
#include "ui/console.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct help_line {
    char *key, *text, *why;
    bool heading;
} help_line;

typedef struct help {
    help_line *lines;
    size_t n, cap, top;
    int height;
} help;

static void add(help *h, const char *key, const char *text, const char *why, bool heading)
{
    MEM_ROOM(h->lines, h->n, h->cap);
    h->lines[h->n++] = (help_line){mem_str(key), mem_str(text), mem_str(why), heading};
}

static void add_clash(void *ctx, const char *sentence)
{
    add(ctx, "!", sentence, NULL, false);
}

static void add_view(console *u, help *h, const view *v)
{
    if (v->ngos + v->ndos + v->nacts == 0)
        return;
    add(h, "", v->title, NULL, true);
    for (size_t i = 0; i < v->ndos; i++)
        add(h, v->dos[i].key, v->dos[i].title ? v->dos[i].title : v->dos[i].name,
            form_allowed(u, v->dos + i) ? NULL : "not with your role", false);
    for (size_t i = 0; i < v->nacts; i++)
        add(h, v->acts[i].key, v->acts[i].help ? v->acts[i].help : v->acts[i].title, NULL, false);
    for (size_t i = 0; i < v->ngos; i++)
        if (v->gos[i].key)
            add(h, v->gos[i].key, v->gos[i].title ? v->gos[i].title : v->gos[i].name, NULL, false);
    keys_clashes(v, add_clash, h);
}

static bool taken(const view *v, const key_row *r)
{
    for (size_t i = 0; v && !r->keys[1] && i < v->ngos; i++)
        if (r->keys[0] != K_ENTER && keys_named(v->gos[i].key) == r->keys[0])
            return true;
    for (size_t i = 0; v && !r->keys[1] && i < v->ndos; i++)
        if (keys_named(v->dos[i].key) == r->keys[0])
            return true;
    return false;
}

static void add_table(help *h, const key_state *state)
{
    const char *group = "";
    for (size_t i = 0; i < key_count; i++) {
        const key_row *r = key_rows + i;
        if (strcmp(group, r->group) != 0)
            add(h, "", r->group, NULL, true);
        group = r->group;
        buf keys;
        buf_init(&keys);
        for (size_t k = 0; k < 3 && r->keys[k]; k++) {
            if (k)
                buf_char(&keys, ' ');
            keys_name(r->keys[k], &keys);
        }
        const char *why = r->why_not ? r->why_not(state) : NULL;
        if (!why && taken(state->view, r))
            why = "this screen has its own use for the key";
        add(h, keys.data, r->help, why, false);
        buf_done(&keys);
    }
}

void help_open(console *u)
{
    help *h = MEM_NEW(help);
    key_state state;
    place *p = console_here(u);
    console_key_state(u, &state);
    if (p && place_inner(p) != p)
        add_view(u, h, place_inner(p)->view);
    if (p)
        add_view(u, h, p->view);
    add_table(h, &state);
    console_popup(u, &popup_help, h);
}

static void close_help(console *u)
{
    help *h = u->popup_state;
    for (size_t i = 0; i < h->n; i++) {
        free(h->lines[i].key);
        free(h->lines[i].text);
        free(h->lines[i].why);
    }
    free(h->lines);
    free(h);
}

static void draw_help(console *u, canvas *c, area body)
{
    help *h = u->popup_state;
    int width = body.width > 84 ? 84 : body.width;
    place *p = console_here(u);
    area box = {body.y, body.x + (body.width - width) / 2, body.height, width};
    if ((size_t)box.height > h->n + 2)
        box.height = (int)h->n + 2;
    char title[128];
    snprintf(title, sizeof title, "Keys on %.90s", p ? p->view->title : "this screen");
    area in = canvas_box(c, box, STYLE_RULE, title);
    h->height = in.height;
    for (int i = 0; i < in.height && h->top + (size_t)i < h->n; i++) {
        const help_line *l = h->lines + h->top + (size_t)i;
        if (l->heading) {
            canvas_text(c, in.y + i, in.x, in.width, STYLE_ACCENT, l->text);
            continue;
        }
        canvas_text(c, in.y + i, in.x + 2, 12, l->why ? STYLE_DIM : STYLE_TITLE, l->key);
        int used =
            canvas_text(c, in.y + i, in.x + 15, in.width - 15, l->why ? STYLE_DIM : STYLE_TEXT, l->text);
        if (l->why && in.width > 17 + used) {
            char why[200];
            snprintf(why, sizeof why, "(%s)", l->why);
            canvas_text(c, in.y + i, in.x + 16 + used, in.width - 16 - used, STYLE_WARN, why);
        }
    }
    if (h->top + (size_t)in.height < h->n)
        canvas_text(c, box.y + box.height - 1, box.x + box.width - 18, 16, STYLE_DIM, " PgDn for more ");
}

static void key_help(console *u, int key)
{
    help *h = u->popup_state;
    size_t most = h->n > (size_t)h->height ? h->n - (size_t)h->height : 0;
    size_t page = (size_t)(h->height > 1 ? h->height - 1 : 1);
    switch (keys_action(key)) {
    case ACT_UP:
        h->top -= h->top > 0;
        return;
    case ACT_DOWN:
        h->top += h->top < most;
        return;
    case ACT_PAGE_UP:
        h->top -= page < h->top ? page : h->top;
        return;
    case ACT_PAGE_DOWN:
        h->top = h->top + page < most ? h->top + page : most;
        return;
    case ACT_NONE:
        return;
    default:
        console_close_popup(u);
    }
}

const popup popup_help = {draw_help, key_help, close_help, NULL};
