/* place: one screen on the stack: a view with the values it was narrowed by, its filter, sort, cursor and
 * what was read. Going back finds it as it was. A detail's sections are places too, inside it.
 *
 * A panel is what a place of one kind of view does; each is one file ending in its const table. */
#ifndef SHOWX_UI_PLACE_H
#define SHOWX_UI_PLACE_H

#include "catalog/catalog.h"
#include "ui/canvas.h"
#include "ui/data.h"
#include "ui/keys.h"
#include "ui/list.h"
#include "ui/values.h"

typedef struct place place;
struct console;

typedef struct panel {
    view_kind kind;
    void (*open)(place *p); /* makes p->state; may be NULL */
    void (*close)(place *p);
    void (*pump)(place *p, data *d);   /* asks for what is wanted */
    bool (*take)(place *p, answer *a); /* false when the answer is not (or no longer) wanted */
    void (*draw)(place *p, canvas *c, area a, bool focused);
    bool (*act)(place *p, action act);     /* true when it was its own: moving, folding, sorting */
    void (*click)(place *p, int y, int x); /* relative to the area last drawn */
    /* The row that go and do keys act on, and the view whose keys they are. */
    bool (*row)(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row);
    /* The rows shown do not yet answer what was asked; NULL: as place_behind has it. */
    bool (*behind)(const place *p);
    void (*reveal)(place *p); /* passes p->reveal on to what is inside; may be NULL */
    /* An [act NAME] of the view, by its key; false when the panel knows no such act. May be NULL. */
    bool (*does)(place *p, struct console *u, const char *name);
    /* The prompt that one of its acts opened (ASKING_PANEL) was closed. */
    void (*asked)(place *p, struct console *u, bool entered, const char *text);
    /* After an answer: opens what it led to (a text to read, a form); true when it did. May be NULL. */
    bool (*wants)(place *p, struct console *u);
} panel;

struct place {
    const view *view;
    const catalog *catalog;
    const panel *panel;
    values values;
    char *crumb;      /* the entity's name behind the view's title, or NULL */
    char *search;     /* "" = no filter */
    int tier;         /* that answered the filter; -1 = none yet */
    const char *sort; /* NULL = the view's own order */
    bool descending;
    list list;
    size_t column; /* the column cursor, of view->columns */
    bool reveal;
    uint64_t revealing; /* serial of the audit's answer that is waited for, 0 = none */
    rowset *rows;       /* of everything but lists */
    uintptr_t tag;
    uint64_t serial; /* of the question under way, 0 = none; not for lists */
    bool want;       /* to be read (again); not for lists */
    bool refreshing;
    int64_t asked_ms, loaded_ms, tried_ms; /* ui clock; 0 = never */
    err error;                             /* of the last reading; kind ERR_NONE = it went well */
    int64_t count, estimate;               /* -1 = unknown */
    bool want_count, want_estimate, cancelled;
    const char *said; /* something to tell once: the cursor's row is gone */
    void *state;
};

extern const panel panel_list, panel_detail, panel_home, panel_tree, panel_routing, panel_places;

bool place_is_table(const place *p);                     /* rows in a list: sorted, marked, exported */
bool place_has_column(const place *p, const char *name); /* of the view; NULL: no */
place *place_new(const catalog *c, const view *v, const query_value *values, size_t n);
void place_free(place *p);
void place_pump(place *p, data *d);
bool place_take(place *p, answer *a); /* true when it was for this place (or one inside it) */
void place_draw(place *p, canvas *c, area a);
bool place_act(place *p, action act);
bool place_row(place *p, const view **ret_view, const rowset **ret_rows, size_t *ret_row);
void place_filter(place *p, const char *search);
void place_refresh(place *p); /* reads again, the cursor's row stays where it is */
void place_reload(place *p);  /* another question: from the start */
/* Shows or masks personal data, here and in all sections; only reveal.c may show it. */
void place_reveal(place *p, bool on);
void place_cancel(place *p, data *d);
bool place_waiting(const place *p); /* for something the person looks at */
/* A key that means a row has to wait: the rows there are none, or those of the question before. */
bool place_behind(const place *p);
bool place_searchable(const place *p);
/* For the panels that read whole results: asks p's view's query when wanted. */
void place_pump_rows(place *p, data *d, size_t most);
bool place_take_rows(place *p, answer *a);
/* The place that a key acts on: the focused section of a detail, else p itself. */
place *place_inner(place *p);
/* "1 of ~10M, filter ... on all rows" for the bottom line. */
void place_counts(place *p, buf *out);
int64_t ui_clock_ms(void); /* stands still when SHOWX_NOW is set */
/* Of the home's menu: what the cursor is on there, and what a key opens; NULL = none. */
const view *home_menu(const place *p);
const view *home_menu_named(const place *p, int key);
/* The text that names a row: its first shown text column. */
void row_title(const view *v, const rowset *rows, size_t row, buf *out);

#endif
