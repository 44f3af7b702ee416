/* The limits of a tour as a form: Enter on the first line plans, Enter on a field changes it. What is typed is read at
 * once; what cannot be is said below and nothing is lost. */
#include "base/mem.h"
#include "ui/console.h"
#include "ui/routing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct limits {
    place *place;
    size_t cursor; /* 0 = plan, else field cursor - 1 */
    bool typing;
    err wrong;
    plan_request before;
} limits;

void limits_open(console *u, place *p)
{
    limits *l = MEM_NEW(limits);
    l->place = p;
    l->before = ((routing *)p->state)->b->request;
    console_popup(u, &popup_limits, l);
}

static builder *builder_of(console *u)
{
    limits *l = u->popup_state;
    return ((routing *)l->place->state)->b;
}

static void close_limits(console *u)
{
    free(u->popup_state);
}

static void draw_limits(console *u, canvas *c, area body)
{
    limits *l = u->popup_state;
    builder *b = builder_of(u);
    int height = BUILD_FIELDS + 7 < body.height ? BUILD_FIELDS + 7 : body.height;
    int width = body.width < 78 ? body.width : 78;
    area in = canvas_box(
        c, (area){body.y + (body.height - height) / 2, body.x + (body.width - width) / 2, height, width},
        STYLE_RULE, "Plan a tour");
    int y = in.y;
    canvas_text(c, y, in.x + 1, in.width, STYLE_ACCENT, "Plan it: Enter");
    if (l->cursor == 0)
        canvas_add_style(c, (area){y, in.x, 1, in.width}, STYLE_SELECTED);
    y++;
    int last = in.y + in.height;
    for (size_t i = 0; i < BUILD_FIELDS && y < last - 2; i++, y++) {
        buf text;
        buf_init(&text);
        if (l->typing && l->cursor == i + 1 && u->prompt)
            buf_str(&text, prompt_text(u->prompt));
        else
            builder_field(b, (build_field)i, &text);
        canvas_fit(c, y, in.x + 1, 20, STYLE_DIM, TEXT_LEFT, build_field_names[i]);
        canvas_text(c, y, in.x + 22, in.width - 23, STYLE_TEXT, text.data);
        if (l->cursor == i + 1)
            canvas_add_style(c, (area){y, in.x, 1, in.width}, STYLE_SELECTED);
        buf_done(&text);
    }
    canvas_fill(c, (area){last - 2, in.x, 2, in.width}, STYLE_PANEL, " ");
    if (l->wrong.kind != ERR_NONE)
        canvas_wrap(c, last - 2, in.x + 1, in.width - 2, 2, STYLE_BAD, l->wrong.text);
    else
        canvas_wrap(c, last - 2, in.x + 1, in.width - 2, 2, STYLE_DIM,
                    l->cursor
                        ? build_field_help[l->cursor - 1]
                        : "Up and Down choose, Enter changes a field, p plans, Esc leaves it as it was");
}

static void plan_now(console *u)
{
    builder *b = builder_of(u);
    console_close_popup(u);
    builder_search(b, 2);
}

static void ask_field(console *u, const char *initial)
{
    limits *l = u->popup_state;
    char label[64];
    snprintf(label, sizeof label, "%s: ", build_field_names[l->cursor - 1]);
    l->typing = true;
    console_ask(u, ASKING_LIMIT, label, initial);
}

static void edit(console *u)
{
    limits *l = u->popup_state;
    buf text;
    buf_init(&text);
    builder_field(builder_of(u), (build_field)(l->cursor - 1), &text);
    ask_field(u, strcmp(text.data, "-") == 0 ? "" : text.data);
    buf_done(&text);
}

void limits_answered(console *u, bool entered, const char *text)
{
    limits *l = u->popup_state;
    l->typing = false;
    l->wrong.kind = ERR_NONE;
    if (!entered)
        return;
    if (builder_set(builder_of(u), (build_field)(l->cursor - 1), text, &l->wrong))
        l->cursor = l->cursor < BUILD_FIELDS ? l->cursor + 1 : 0;
    else
        ask_field(u, text); /* to be mended where it was typed; Esc leaves the field as it was */
}

static void key_limits(console *u, int key)
{
    limits *l = u->popup_state;
    l->wrong.kind = ERR_NONE;
    switch (keys_action(key)) {
    case ACT_UP:
    case ACT_PREVIOUS:
        l->cursor = l->cursor ? l->cursor - 1 : BUILD_FIELDS;
        return;
    case ACT_DOWN:
    case ACT_NEXT:
        l->cursor = l->cursor < BUILD_FIELDS ? l->cursor + 1 : 0;
        return;
    case ACT_FIRST:
        l->cursor = 0;
        return;
    case ACT_LAST:
        l->cursor = BUILD_FIELDS;
        return;
    case ACT_ESCAPE:
        builder_of(u)->request = l->before;
        console_close_popup(u);
        return;
    case ACT_ENTER:
        if (l->cursor == 0)
            plan_now(u);
        else
            edit(u);
        return;
    default:
        if (key == 'p')
            plan_now(u);
    }
}

const popup popup_limits = {draw_limits, key_limits, close_limits, NULL};
