/* The panel of VIEW_ROUTING: a tour being built. What it knows and does is the builder's; here are the keys, the questions they ask
 * at the prompt, and what happens with the answers. The acts are named by the view's file; the table at the end knows them. */
#include "ui/routing.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "ui/console.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_routing(place *p)
{
    routing *r = MEM_NEW(routing);
    const char *plan = values_get(&p->values, "plan_id"), *version = values_get(&p->values, "plan_version");
    r->b = builder_new(p->catalog, p->tag);
    p->state = r;
    p->want = false;
    if (plan)
        builder_open(r->b, plan, version ? atoll(version) : 0);
    else if (values_get(&p->values, "artist_id"))
        builder_for_artist(r->b, values_get(&p->values, "artist_id"));
}

static void close_routing(place *p)
{
    routing *r = p->state;
    builder_free(r->b);
    map_free(r->map);
    free(r->held);
    free(r);
}

/* The frame's word for how old the data is goes by what the plan was made from. */
static void note_age(place *p, const builder *b)
{
    const plan_doc *d = builder_shown(b);
    if (d && d->read_us) {
        int64_t ago = (time_now_us() - d->read_us) / 1000;
        p->loaded_ms = ui_clock_ms() - (ago > 0 ? ago : 0);
    } else if (!p->loaded_ms && b->has_request) {
        p->loaded_ms = ui_clock_ms();
    }
}

static void pump_routing(place *p, data *d)
{
    routing *r = p->state;
    if (p->cancelled) { /* Esc: the best plan so far is kept */
        builder_cancel(r->b, d);
        p->cancelled = false;
    }
    builder_pump(r->b, d);
    if (builder_look(r->b))
        note_age(p, r->b);
    p->serial = r->b->step != STEP_NONE || r->b->next;
    if (!p->serial)
        p->asked_ms = 0;
    else if (!p->asked_ms)
        p->asked_ms = ui_clock_ms();
}

static bool take_routing(place *p, answer *a)
{
    routing *r = p->state;
    bool mine = builder_take(r->b, a);
    if (!mine)
        return false;
    p->error = a->error;
    if (a->ok || a->error.kind != ERR_CONNECT)
        p->error.kind = ERR_NONE;
    note_age(p, r->b);
    if (r->b->name[0]) {
        free(p->crumb);
        p->crumb = mem_str(r->b->name);
    }
    return true;
}

/* Lines of at most `width` columns, broken at spaces. Takes text. */
static char *broken(char *text, size_t width)
{
    size_t column = 0, n = strlen(text);
    char *space = NULL;
    for (size_t at = 0; at < n;) {
        int w;
        size_t len = text_grapheme(text + at, n - at, &w);
        column = text[at] == '\n' ? 0 : column + (size_t)w;
        if (text[at] == '\n')
            space = NULL;
        else if (text[at] == ' ')
            space = text + at;
        if (column > width && space) {
            *space = '\n';
            column = text_width(space + 1, (size_t)(text + at + len - space - 1));
            space = NULL;
        }
        at += len;
    }
    return text;
}

static bool wants_routing(place *p, console *u)
{
    routing *r = p->state;
    if (r->b->answer) {
        char *text = r->b->answer;
        r->b->answer = NULL;
        pager_open(u, r->b->answer_title, broken(text, (size_t)u->canvas.width - 6));
        return true;
    }
    if (r->b->form_wanted) {
        r->b->form_wanted = false;
        limits_open(u, p);
        return true;
    }
    return false;
}

bool routing_can_undo(const place *p)
{
    const routing *r = p->state;
    return r->b->nundo > 0 || r->b->other > 0;
}

static bool act_routing(place *p, action act)
{
    routing *r = p->state;
    const plan_doc *d = builder_shown(r->b);
    size_t n = d ? d->n : 0, page = (size_t)(r->height > 1 ? r->height - 1 : 1);
    switch (act) {
    case ACT_UP:
        r->cursor -= r->cursor > 0;
        return true;
    case ACT_DOWN:
        r->cursor += r->cursor + 1 < n;
        return true;
    case ACT_PAGE_UP:
        r->cursor -= page < r->cursor ? page : r->cursor;
        return true;
    case ACT_PAGE_DOWN:
        r->cursor = r->cursor + page < n ? r->cursor + page : n ? n - 1 : 0;
        return true;
    case ACT_FIRST:
        r->cursor = 0;
        return true;
    case ACT_LAST:
        r->cursor = n ? n - 1 : 0;
        return true;
    case ACT_UNDO:
        if (!builder_undo(r->b))
            return false;
        p->said = "That is undone; a kept plan stays as it was kept until S keeps this one";
        return true;
    default:
        return false;
    }
}

static void click_routing(place *p, int y, int x)
{
    routing *r = p->state;
    const plan_doc *d = builder_shown(r->b);
    int line = y + 1 - r->list_y; /* the frame's top line is not ours */
    if (d && x >= r->list_x && x < r->list_x + r->list_width && line >= 0 && line < r->height &&
        r->top + (size_t)line < d->n)
        r->cursor = r->top + (size_t)line;
}

static bool row_routing(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row)
{
    *ret_view = p->view;
    *ret_rows = NULL;
    *ret_row = 0;
    return false;
}

/* ---- acts ---- */

static const plan_stop *stop_here(const routing *r)
{
    const plan_doc *d = builder_shown(r->b);
    return d && r->cursor < d->n ? d->stops + r->cursor : NULL;
}

static void do_artist(routing *r, console *u)
{
    r->asking = "artist";
    console_ask(u, ASKING_PANEL, "Artist: ", NULL);
}

static void do_limits(routing *r, console *u)
{
    if (r->b->has_request)
        limits_open(u, console_here(u));
    else
        do_artist(r, u);
}

static void do_plan(routing *r, console *u)
{
    (void)u;
    builder_search(r->b, 5);
}

static void do_why(routing *r, console *u)
{
    if (stop_here(r))
        builder_why(r->b, r->cursor);
    else
        console_notice(u, STYLE_WARN, "There is no stop under the cursor");
}

static void do_why_not(routing *r, console *u)
{
    r->asking = "why_not";
    console_ask(u, ASKING_PANEL, "Why not which city: ", NULL);
}

static void do_pin(routing *r, console *u)
{
    const plan_stop *s = stop_here(r);
    if (!s || !builder_pin(r->b, r->cursor))
        return;
    bool on = builder_pinned(r->b, r->cursor);
    console_notice(u, STYLE_GOOD, on ? "%s stays on that day, whatever else changes" : "%s may move again",
                   s->city);
    r->b->dirty = true;
}

static void do_add(routing *r, console *u)
{
    r->asking = "add";
    console_ask(u, ASKING_PANEL, "Must play (CITY or CITY@YYYY-MM-DD): ", NULL);
}

static void do_avoid(routing *r, console *u)
{
    const plan_stop *s = stop_here(r);
    if (!s || !builder_avoid(r->b, s->city_id))
        return;
    console_notice(u, STYLE_GOOD, "Without %s; u takes that back", s->city);
    builder_plan(r->b, .3);
}

static void do_others(routing *r, console *u)
{
    (void)u;
    if (r->b->nothers == 0)
        builder_find_others(r->b);
    else
        builder_show_other(r->b, (r->b->other + 1) % (r->b->nothers + 1));
}

static void do_take(routing *r, console *u)
{
    if (r->b->other == 0) {
        console_notice(u, STYLE_DIM, "This is your plan already; a looks for others");
        return;
    }
    builder_take_other(r->b);
    console_notice(u, STYLE_GOOD, "This is your plan now; u goes back");
}

static void do_compare(routing *r, console *u)
{
    builder *b = r->b;
    const plan_doc *one = b->other && b->has_doc ? &b->doc : b->has_beside ? &b->beside : NULL;
    const plan_doc *two = builder_shown(b);
    if (!one || !two) {
        console_notice(u, STYLE_WARN,
                       "There is nothing to compare with yet: change something, or a for others");
        return;
    }
    buf text;
    buf_init(&text);
    plan_compare(one, two, u->canvas.width - 4, &text, NULL);
    pager_open(u, b->other ? "Your plan and the alternative" : "The plan before and this one",
               buf_take(&text));
}

static void do_save(routing *r, console *u)
{
    if (!builder_shown(r->b))
        return;
    r->asking = "save";
    console_ask(u, ASKING_PANEL,
                "Keep this plan as: ", *r->b->name ? r->b->name : builder_shown(r->b)->artist);
}

static bool kept(routing *r, console *u, const char *what)
{
    if (!*r->b->plan_id || r->b->dirty) {
        console_notice(u, STYLE_WARN, "Keep the plan first (S): %s what is kept", what);
        return false;
    }
    return true;
}

static void do_anew(routing *r, console *u)
{
    if (!r->b->dirty) {
        console_notice(u, STYLE_DIM, "There is nothing that is not kept");
        return;
    }
    builder_anew(r->b);
    console_notice(u, STYLE_DIM, "What was not kept is thrown away");
}

static void do_share(routing *r, console *u)
{
    if (!kept(r, u, "others see"))
        return;
    r->asking = "share";
    console_ask(u, ASKING_PANEL, "Share with (login): ", NULL);
}

static void do_hold(routing *r, console *u)
{
    if (!kept(r, u, "holds are placed for"))
        return;
    r->asking = "hold";
    console_ask(u, ASKING_PANEL, "Place holds for all stops until (YYYY-MM-DD, or - for no end): ", NULL);
}

static void do_file(routing *r, console *u)
{
    if (!builder_shown(r->b))
        return;
    r->asking = "file";
    console_ask(u, ASKING_PANEL, "Write to (.ics calendar, .csv, .txt sheet, .json): ", "tour.ics");
}

static void do_map(routing *r, console *u)
{
    (void)u;
    r->look = (map_look)((r->look + 1) % MAP_LOOKS);
}

static void do_warnings(routing *r, console *u)
{
    const plan_doc *d = builder_shown(r->b);
    buf text;
    if (!d || !d->nconflicts) {
        console_notice(u, STYLE_GOOD, "Nothing stands in this plan's way");
        return;
    }
    buf_init(&text);
    for (size_t i = 0; i < d->nconflicts; i++)
        buf_printf(&text, "%s%s", i ? "\n" : "", d->conflicts[i]);
    pager_open(u, "To look at", buf_take(&text));
}

static void do_open(routing *r, console *u)
{
    const plan_stop *s = stop_here(r);
    const view *v = s ? catalog_view(u->catalog, "city") : NULL;
    if (v)
        console_open_view(u, v, &(query_value){"city_id", s->city_id}, 1, s->city);
}

static void do_venue(routing *r, console *u)
{
    const plan_stop *s = stop_here(r);
    const view *v = s && *s->venue_id ? catalog_view(u->catalog, "venue") : NULL;
    if (v)
        console_open_view(u, v, &(query_value){"venue_id", s->venue_id}, 1, s->venue);
    else
        console_notice(u, STYLE_WARN, "There is no venue here yet");
}

/* ---- answers at the prompt ---- */

static void ask_reason(routing *r, console *u, const char *text, const char *then)
{
    free(r->held);
    r->held = mem_str(text);
    r->asking = then;
    console_ask(u, ASKING_PANEL, "Reason, for the audit: ", NULL);
}

static void answer_why_not(routing *r, console *u, const char *text)
{
    char id[32], label[160];
    err e = {0};
    if (builder_city(r->b, text, id, label, &e))
        builder_why_not(r->b, id);
    else
        console_notice(u, STYLE_BAD, "%s", e.text);
}

static void answer_add(routing *r, console *u, const char *text)
{
    err e = {0};
    plan_request *q = &r->b->request;
    if (!builder_places(r->b) || q->npins == PLAN_PINS_MOST) {
        console_notice(u, STYLE_BAD, "there are %d pins already", (int)q->npins);
        return;
    }
    if (!plan_parse_pin(builder_places(r->b), text, q->pins + q->npins, &e)) {
        console_notice(u, STYLE_BAD, "%s", e.text);
        return;
    }
    q->npins++;
    builder_plan(r->b, .3);
}

static bool ends(const char *s, const char *with)
{
    size_t n = strlen(s), k = strlen(with);
    return n > k && strcmp(s + n - k, with) == 0;
}

static void answer_file(routing *r, console *u, const char *path)
{
    static const struct {
        const char *end;
        void (*write)(const plan_doc *d, buf *out);
    } kinds[] = {{".ics", plan_ical}, {".csv", plan_csv}, {".txt", plan_sheet}, {".json", plan_doc_json}};
    const plan_doc *d = builder_shown(r->b);
    for (size_t i = 0; d && i < sizeof kinds / sizeof *kinds; i++)
        if (ends(path, kinds[i].end)) {
            buf text;
            err e = {0};
            buf_init(&text);
            kinds[i].write(d, &text);
            if (path_write_atomic(path, text.data, text.len, 0644, &e))
                console_notice(u, STYLE_GOOD, "Wrote %s", path);
            else
                console_notice(u, STYLE_BAD, "%s", e.text);
            buf_done(&text);
            return;
        }
    console_notice(u, STYLE_BAD, "A plan is written as .ics, .csv, .txt or .json, not as '%.60s'", path);
}

static void answer_hold(routing *r, console *u, const char *text)
{
    err e = {0};
    int32_t day = 0;
    if (strcmp(text, "-") != 0 && *text && !time_parse_date(text, &day, &e))
        console_notice(u, STYLE_BAD, "%s", e.text);
    else
        ask_reason(r, u, text, "hold_reason");
}

static void place_holds(routing *r, const char *reason)
{
    int32_t day = 0;
    bool ends_some_day = r->held && time_parse_date(r->held, &day, NULL);
    builder_hold(r->b, reason, ends_some_day ? (day + 1) * INT64_C(86400000000) : 0);
}

static void asked_routing(place *p, console *u, bool entered, const char *text)
{
    routing *r = p->state;
    const char *what = r->asking ? r->asking : "";
    r->asking = NULL;
    while (*text == ' ')
        text++;
    bool reason = strstr(what, "_reason") != NULL;
    if (!entered || (!*text && strcmp(what, "hold") != 0)) {
        if (entered && reason)
            console_notice(u, STYLE_WARN, "Without a reason nothing is written");
        return;
    }
    if (strcmp(what, "artist") == 0)
        builder_find_artist(r->b, text);
    else if (strcmp(what, "why_not") == 0)
        answer_why_not(r, u, text);
    else if (strcmp(what, "add") == 0)
        answer_add(r, u, text);
    else if (strcmp(what, "file") == 0)
        answer_file(r, u, text);
    else if (strcmp(what, "save") == 0)
        ask_reason(r, u, text, "save_reason");
    else if (strcmp(what, "share") == 0)
        ask_reason(r, u, text, "share_reason");
    else if (strcmp(what, "hold") == 0)
        answer_hold(r, u, text);
    else if (strcmp(what, "save_reason") == 0)
        builder_save(r->b, r->held, text);
    else if (strcmp(what, "share_reason") == 0)
        builder_share(r->b, r->held, text);
    else if (strcmp(what, "hold_reason") == 0)
        place_holds(r, text);
}

static const struct {
    const char *name;
    bool needs_plan;
    void (*run)(routing *r, console *u);
} acts[] = {
    {"artist", false, do_artist}, {"limits", false, do_limits},    {"plan", true, do_plan},
    {"why", true, do_why},        {"why_not", true, do_why_not},   {"pin", true, do_pin},
    {"add", true, do_add},        {"avoid", true, do_avoid},       {"others", true, do_others},
    {"take", true, do_take},      {"compare", true, do_compare},   {"save", true, do_save},
    {"share", true, do_share},    {"hold", true, do_hold},         {"file", true, do_file},
    {"map", true, do_map},        {"warnings", true, do_warnings}, {"open", true, do_open},
    {"venue", true, do_venue},    {"anew", true, do_anew},
};

static bool does_routing(place *p, console *u, const char *name)
{
    routing *r = p->state;
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i].name, name) == 0) {
            if (acts[i].needs_plan && !builder_shown(r->b))
                console_notice(u, STYLE_WARN, "There is no plan yet");
            else
                acts[i].run(r, u);
            return true;
        }
    return false;
}

const panel panel_routing = {.kind = VIEW_ROUTING,
                             .open = open_routing,
                             .close = close_routing,
                             .pump = pump_routing,
                             .take = take_routing,
                             .draw = routing_draw,
                             .act = act_routing,
                             .click = click_routing,
                             .row = row_routing,
                             .does = does_routing,
                             .asked = asked_routing,
                             .wants = wants_routing};
