/* console: what the running program holds, for the files that make it up: loop.c (events), frame.c (top and
 * bottom line), actions.c (what keys do), and the popups (help.c, palette.c, form.c, pager.c). Private to
 * ui/. */
#ifndef SHOWX_UI_CONSOLE_H
#define SHOWX_UI_CONSOLE_H

#include "command/command.h"
#include "ui/canvas.h"
#include "ui/data.h"
#include "ui/keys.h"
#include "ui/place.h"
#include "ui/prompt.h"
#include "ui/screen.h"

typedef struct console console;

/* Something over the screen that takes the keys. One const table a popup. */
typedef struct popup {
    void (*draw)(console *u, canvas *c, area body);
    void (*key)(console *u, int key);
    void (*close)(console *u);
    bool (*take)(console *u, answer *a); /* may be NULL */
} popup;

extern const popup popup_help, popup_palette, popup_form, popup_pager, popup_limits;

typedef enum {
    ASKING_NONE,
    ASKING_COMMAND,
    ASKING_FILTER,
    ASKING_EXPORT,
    ASKING_FIELD,
    ASKING_PANEL,
    ASKING_LIMIT
} asking;

/* An entity that every screen which can narrows to. */
typedef struct pin {
    char *param, *value, *label; /* NULL = none */
} pin;

enum { AHEAD_MOST = 16 };

struct console {
    command_env *env;
    const commands *cs;
    const catalog *catalog;
    data *data;
    screen *screen;
    canvas canvas;
    place **stack;
    size_t depth, cap;
    const popup *popup;
    void *popup_state;
    prompt *prompt;
    asking asking;
    char *filter_before; /* Esc in the filter prompt brings it back */
    char notice[512];
    int notice_style;
    pin pin;
    struct draft *draft; /* what was typed into a form and not saved; form.c's */
    uintptr_t tag;       /* of commands and exports */
    bool busy;           /* one of them runs */
    const char *busy_with;
    int64_t busy_since_ms;
    int crumb_x[32]; /* where each place's crumb begins, for the mouse */
    size_t crumbs;
    int ahead[AHEAD_MOST]; /* keys that wait for the rows they mean; ahead.c's */
    size_t nahead;
    const place *ahead_of; /* the place they were typed at */
    bool dirty, quit;
    int code;
};

/* loop.c */
place *console_here(const console *u);
void console_open_view(console *u, const view *v, const query_value *values, size_t n, const char *crumb);
void console_back(console *u);
void console_notice(console *u, int style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void console_popup(console *u, const popup *p, void *state);
void console_close_popup(console *u);
void console_ask(console *u, asking what, const char *label, const char *initial);
void console_close_prompt(console *u);

/* frame.c */
void frame_draw(console *u);

/* actions.c */
void console_key(console *u, int key);
void console_mouse(console *u, const screen_mouse *m);
void console_answered(console *u, answer *a);
void console_prompt_typed(console *u);
void console_prompt_done(console *u, bool entered);
void console_key_state(console *u, key_state *ret);

/* ahead.c */
bool ahead_takes(console *u, int key); /* true when it is kept until the rows are there, or dropped others */
bool ahead_plays(console *u);          /* those kept, once the rows are there; true when it did */

/* reveal.c */
bool reveal_possible(const console *u); /* something on this screen is masked unless looked at */
void reveal_toggle(console *u);
bool reveal_take(console *u, const answer *a); /* true when it was an answer about looking */

/* popups */
void help_open(console *u);
void palette_open(console *u);
void pager_open(console *u, const char *title, char *text); /* takes text */
void form_open(console *u, const view_do *what, const rowset *rows, size_t row, const view *of);
bool form_allowed(console *u, const view_do *what);               /* by the role, where it is known */
void form_field_done(console *u, bool entered, const char *text); /* the prompt for a field was closed */
void form_field_move(console *u, bool next, const char *text);
void form_forget_draft(console *u);

#endif
