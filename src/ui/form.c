/* An action's inputs, asked one after the other at the prompt while the form shows old and new; then, by the
 * action's danger, a question; then the write, as a job. On a conflict both versions stand side by side and
 * what was typed is still there: it can be saved over theirs, edited again, or given up, by the person and by
 * nobody else. */
#include "base/mem.h"
#include "ui/console.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { STAGE_ASK, STAGE_CONFIRM, STAGE_SAVING, STAGE_CONFLICT } stage;

typedef struct field {
    const char *name, *help;
    char *was, *now, *theirs;
} field;

typedef struct form {
    const view_do *what;
    const query *query;
    const view *of;
    values bound;  /* from the row */
    char *subject; /* "Luna Park" */
    field *fields; /* the inputs, then the reason */
    size_t n, at;
    stage stage;
    uintptr_t tag;
    char said[768]; /* what went wrong */
    char who[160];  /* who was quicker */
    char *their_version;
    char *key;         /* what would be changed: the query and the row */
    bool saved, again; /* again: it began with a draft */
} form;

/* Given up with Esc is not thrown away: opened again on the same row, the form begins with it. The last one only. */
typedef struct draft {
    char *key;
    char **texts;
    size_t n;
} draft;

void form_forget_draft(console *u)
{
    draft *d = u->draft;
    for (size_t i = 0; d && i < d->n; i++)
        free(d->texts[i]);
    if (d) {
        free(d->texts);
        free(d->key);
    }
    free(d);
    u->draft = NULL;
}

static void keep_draft(console *u, const form *f)
{
    draft *d = MEM_NEW(draft);
    form_forget_draft(u);
    *d = (draft){mem_str(f->key), MEM_ARRAY(char *, f->n), f->n};
    for (size_t i = 0; i < f->n; i++)
        d->texts[i] = mem_str(f->fields[i].now);
    u->draft = d;
}

static void take_draft(console *u, form *f)
{
    const draft *d = u->draft;
    if (!d || d->n != f->n || strcmp(d->key, f->key) != 0)
        return;
    f->again = true;
    for (size_t i = 0; i < f->n; i++) {
        free(f->fields[i].now);
        f->fields[i].now = mem_str(d->texts[i]);
    }
}

static char *key_of(const form *f)
{
    buf b;
    buf_init(&b);
    buf_str(&b, f->what->query);
    for (size_t i = 0; i < f->bound.n; i++)
        if (strcmp(f->bound.items[i].name, "version") != 0)
            buf_printf(&b, "\x1f%s", f->bound.items[i].text ? f->bound.items[i].text : "");
    return buf_take(&b);
}

static void ask_field(console *u)
{
    form *f = u->popup_state;
    char label[96];
    snprintf(label, sizeof label, "%.80s: ", f->fields[f->at].help);
    f->stage = STAGE_ASK;
    console_ask(u, ASKING_FIELD, label, f->fields[f->at].now);
}

static const char *help_of(const query *q, const char *param)
{
    for (size_t i = 0; i < q->nparams; i++)
        if (strcmp(q->params[i].name, param) == 0 && q->params[i].help && *q->params[i].help)
            return q->params[i].name;
    return param;
}

bool form_allowed(console *u, const view_do *what)
{
    const char *role = data_identity(u->data)->role;
    if (!what->roles || !*role || strcmp(role, "owner") == 0)
        return true;
    size_t n = strlen(role);
    for (const char *at = what->roles; (at = strstr(at, role)); at += n)
        if ((at == what->roles || at[-1] == ' ') && (at[n] == 0 || at[n] == ' '))
            return true;
    return false;
}

static const char *cell_text(const rowset *rows, size_t row, const char *column)
{
    int c = rowset_column(rows, column);
    const char *s = c < 0 ? NULL : rowset_cell(rows, row, (size_t)c)->text;
    return s ? s : "";
}

void form_open(console *u, const view_do *what, const rowset *rows, size_t row, const view *of)
{
    static uintptr_t last_tag = UINTPTR_MAX / 2;
    const query *q = catalog_query(u->catalog, what->query);
    if (!q) {
        console_notice(u, STYLE_BAD, "there is no query '%s'", what->query);
        return;
    }
    if (!form_allowed(u, what)) {
        console_notice(u, STYLE_WARN, "Not with the role %s: %s is for %s", data_identity(u->data)->role,
                       what->title ? what->title : what->name, what->roles);
        return;
    }
    form *f = MEM_NEW(form);
    *f = (form){.what = what, .query = q, .of = of, .n = what->ninputs + 1, .tag = ++last_tag};
    values_bind(&f->bound, what->binds, what->nbinds, rows, row);
    f->fields = MEM_ARRAY(field, f->n);
    for (size_t i = 0; i < what->ninputs; i++) {
        const char *was = cell_text(rows, row, what->inputs[i]);
        f->fields[i] =
            (field){what->inputs[i], help_of(q, what->inputs[i]), mem_str(was), mem_str(was), NULL};
    }
    f->fields[f->n - 1] = (field){NULL, "reason", mem_str(""), mem_str(""), NULL};
    buf title;
    buf_init(&title);
    row_title(of, rows, row, &title);
    if (!title.len && of->nkey) /* no name: the key tells which */
        buf_str(&title, cell_text(rows, row, of->key[0]));
    f->subject = buf_take(&title);
    f->key = key_of(f);
    take_draft(u, f);
    console_popup(u, &popup_form, f);
    ask_field(u);
}

static bool changed(const form *f)
{
    for (size_t i = 0; i + 1 < f->n; i++)
        if (strcmp(f->fields[i].was, f->fields[i].now) != 0)
            return true;
    return f->n == 1;
}

static void close_form(console *u)
{
    form *f = u->popup_state;
    data_cancel(u->data, f->tag);
    if (changed(f) && !f->saved)
        keep_draft(u, f);
    else if (u->draft && strcmp(u->draft->key, f->key) == 0)
        form_forget_draft(u);
    for (size_t i = 0; i < f->n; i++) {
        free(f->fields[i].was);
        free(f->fields[i].now);
        free(f->fields[i].theirs);
    }
    free(f->fields);
    values_done(&f->bound);
    free(f->subject);
    free(f->their_version);
    free(f->key);
    free(f);
}

static void save(console *u)
{
    form *f = u->popup_state;
    values v = {0};
    values_copy(&v, f->bound.items, f->bound.n);
    for (size_t i = 0; i + 1 < f->n; i++)
        values_set(&v, f->fields[i].name, f->fields[i].now);
    values_keep(&v, f->query);
    f->stage = STAGE_SAVING;
    f->said[0] = 0;
    data_ask(u->data, &(question){.kind = ASK_WRITE,
                                  .tag = f->tag,
                                  .view = f->of,
                                  .query = f->query,
                                  .values = v.items,
                                  .nvalues = v.n,
                                  .reason = f->fields[f->n - 1].now});
    values_done(&v);
}

static void set_now(form *f, const char *text)
{
    free(f->fields[f->at].now);
    f->fields[f->at].now = mem_str(text);
}

void form_field_move(console *u, bool next, const char *text)
{
    form *f = u->popup_state;
    set_now(f, text);
    if (next ? f->at + 1 < f->n : f->at > 0)
        f->at = next ? f->at + 1 : f->at - 1;
    ask_field(u);
}

void form_field_done(console *u, bool entered, const char *text)
{
    form *f = u->popup_state;
    set_now(f, text);
    if (!entered) {
        if (!changed(f)) {
            console_close_popup(u);
            return;
        }
        f->stage = STAGE_CONFIRM; /* what was typed is not thrown away by one Esc */
        return;
    }
    f->at++;
    if (f->at < f->n) {
        ask_field(u);
        return;
    }
    if (!changed(f)) {
        console_close_popup(u);
        console_notice(u, STYLE_DIM, "Nothing was changed");
        return;
    }
    f->at = f->n - 1;
    if (!*f->fields[f->n - 1].now) {
        f->stage = STAGE_CONFIRM;
        snprintf(f->said, sizeof f->said, "A change needs a reason: it goes into the audit");
        return;
    }
    if (f->what->danger == DANGER_SAFE)
        save(u);
    else
        f->stage = STAGE_CONFIRM;
}

static char *json_text(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    if (json_is_integer(v))
        return mem_printf("%lld", (long long)json_integer_value(v));
    return json_is_string(v) ? mem_str(json_string_value(v)) : NULL;
}

/* The schema's DETAIL of a conflict is the row as it is now: version, updated_by, updated_at, and the inputs.
 */
static void take_conflict(form *f, const char *detail)
{
    json_t *o = json_loads(detail, 0, NULL);
    f->stage = STAGE_CONFLICT;
    if (!o)
        return;
    free(f->their_version);
    f->their_version = json_text(o, "version");
    for (size_t i = 0; i + 1 < f->n; i++) {
        free(f->fields[i].theirs);
        f->fields[i].theirs = json_text(o, f->fields[i].name);
    }
    char *who = json_text(o, "updated_by"), *when = json_text(o, "updated_at");
    if (when && strlen(when) >= 16) { /* to the minute, as everywhere */
        when[10] = ' ';
        when[16] = 0;
    }
    snprintf(f->who, sizeof f->who, "%.60s, %.40s", who ? who : "somebody", when ? when : "just now");
    free(who);
    free(when);
    json_decref(o);
}

static bool take_form(console *u, answer *a)
{
    form *f = u->popup_state;
    if (a->kind != ASK_WRITE || a->tag != f->tag)
        return false;
    if (a->ok) {
        char title[96];
        snprintf(title, sizeof title, "%s", f->what->title ? f->what->title : f->what->name);
        f->saved = true;
        console_close_popup(u);
        console_notice(u, STYLE_GOOD, "Saved: %s", title);
        for (size_t i = 0; i < u->depth; i++)
            place_refresh(u->stack[i]);
        return true;
    }
    snprintf(f->said, sizeof f->said, "%s", a->error.text);
    f->stage = STAGE_CONFIRM;
    if (a->error.kind == ERR_CONFLICT)
        take_conflict(f, a->detail);
    return true;
}

/* ---- drawing ---- */

static int draw_value(canvas *c, int y, area in, const char *label, int st, const char *text)
{
    canvas_text(c, y, in.x + 2, 9, STYLE_DIM, label);
    if (!*text)
        text = "(nothing)";
    return canvas_wrap(c, y, in.x + 12, in.width - 12, 4, st, text);
}

static int draw_field(const form *f, canvas *c, int y, area in, const field *at, bool current)
{
    bool edited = strcmp(at->was, at->now) != 0;
    canvas_text(c, y, in.x, in.width, current ? STYLE_ACCENT : STYLE_TITLE, at->help);
    y++;
    if (at->name)
        y += draw_value(c, y, in, "was", STYLE_DIM, at->was);
    if (f->stage == STAGE_CONFLICT && at->name)
        y += draw_value(c, y, in, "theirs", STYLE_WARN, at->theirs ? at->theirs : "");
    if (edited || !at->name)
        y += draw_value(c, y, in, f->stage == STAGE_CONFLICT ? "yours" : "new", STYLE_GOOD, at->now);
    return y;
}

static void draw_form(console *u, canvas *c, area body)
{
    static const char *const hints[] = {
        [STAGE_ASK] = "Enter goes on   Up and Down between fields   Esc stops",
        [STAGE_CONFIRM] = "Enter saves   e edits   Esc gives up",
        [STAGE_SAVING] = "saving ...",
        [STAGE_CONFLICT] = "m saves yours over theirs   e edits yours   Esc keeps theirs",
    };
    form *f = u->popup_state;
    int width = body.width > 76 ? 76 : body.width,
        height = 6 + (int)f->n * (f->stage == STAGE_CONFLICT ? 5 : 4);
    height = height < body.height ? height : body.height;
    char title[160];
    snprintf(title, sizeof title, "%.60s: %.80s", f->what->title ? f->what->title : f->what->name,
             f->subject);
    area in = canvas_box(
        c, (area){body.y + (body.height - height) / 3, body.x + (body.width - width) / 2, height, width},
        STYLE_RULE, title);
    int y = in.y, last = in.y + in.height - 1;
    if (u->prompt) /* what is typed shows at once */
        set_now(f, prompt_text(u->prompt));
    canvas_clip(c, (area){in.y, in.x, in.height, in.width});
    if (f->stage == STAGE_CONFLICT) {
        char said[300];
        snprintf(said, sizeof said, "Somebody was quicker: %s. Nothing was overwritten.", f->who);
        y += canvas_wrap(c, y, in.x, in.width, 2, STYLE_BAD, said);
    } else if (f->again && !f->said[0]) {
        y += canvas_wrap(c, y, in.x, in.width, 1, STYLE_DIM, "What you typed last time is here again.");
    } else if (f->said[0]) {
        y += canvas_wrap(c, y, in.x, in.width, 3, STYLE_BAD, f->said);
    }
    for (size_t i = 0; i < f->n && y < last; i++)
        y = draw_field(f, c, y, in, f->fields + i, f->stage == STAGE_ASK && i == f->at);
    canvas_fill(c, (area){last, in.x, 1, in.width}, STYLE_PANEL, " ");
    canvas_text(c, last, in.x, in.width, STYLE_DIM, hints[f->stage]);
    canvas_clip(c, (area){0});
}

static void edit_again(console *u)
{
    form *f = u->popup_state;
    f->at = *f->fields[f->n - 1].now || f->n == 1 ? 0 : f->n - 1;
    ask_field(u);
}

static void key_form(console *u, int key)
{
    form *f = u->popup_state;
    if (f->stage == STAGE_SAVING)
        return; /* a write that is under way ends by itself: saved, refused, or unknown and then looked up */
    if (key == K_ESC || key == ('c' & 31)) {
        bool conflict = f->stage == STAGE_CONFLICT, kept = changed(f);
        console_close_popup(u);
        console_notice(u, STYLE_DIM,
                       !kept      ? "Nothing was changed"
                       : conflict ? "Theirs stays; what you typed is there when you open this again"
                                  : "Nothing was saved; what you typed is there when you open this again");
        if (conflict)
            place_refresh(console_here(u));
    } else if (key == 'e') {
        edit_again(u);
    } else if (key == K_ENTER && f->stage == STAGE_CONFIRM) {
        if (*f->fields[f->n - 1].now)
            save(u);
        else
            edit_again(u);
    } else if (key == 'm' && f->stage == STAGE_CONFLICT && f->their_version) {
        values_set(&f->bound, "version", f->their_version);
        save(u);
    }
}

const popup popup_form = {draw_form, key_form, close_form, take_form};
