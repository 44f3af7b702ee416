/* keys: one table of what each key does. `?`, the bottom line, the dispatch and the check for clashes read
 * the same rows. A key is a number: a code point, or KEY_SPECIAL + something. A view's own keys (go, do) come
 * from its file by name ("c", "Enter", "^P"). */
#ifndef SHOWX_UI_KEYS_H
#define SHOWX_UI_KEYS_H

#include "base/buf.h"
#include "catalog/catalog.h"
#include <stdbool.h>

enum {
    KEY_SPECIAL_ = 0x200000,
    K_UP,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_PGUP,
    K_PGDN,
    K_HOME,
    K_END,
    K_ENTER,
    K_ESC,
    K_TAB,
    K_BACKTAB,
    K_BACKSPACE,
    K_DELETE,
    K_SUSPEND,
    K_NONE,
    K_ALT_ = 0x400000, /* + the key pressed with Alt */
};

typedef enum {
    ACT_NONE,
    ACT_UP,
    ACT_DOWN,
    ACT_LEFT,
    ACT_RIGHT,
    ACT_PAGE_UP,
    ACT_PAGE_DOWN,
    ACT_FIRST,
    ACT_LAST,
    ACT_ENTER,
    ACT_BACK,
    ACT_ESCAPE,
    ACT_NEXT,
    ACT_PREVIOUS,
    ACT_FILTER,
    ACT_COMMAND,
    ACT_PALETTE,
    ACT_SORT,
    ACT_MARK,
    ACT_COUNT,
    ACT_REVEAL,
    ACT_COPY,
    ACT_EXPORT,
    ACT_PIN,
    ACT_FOLD,
    ACT_REFRESH,
    ACT_UNDO,
    ACT_HELP,
    ACT_HOME,
    ACT_REDRAW,
    ACT_SUSPEND,
    ACT_QUIT,
    ACTIONS,
} action;

/* What holds now, to say why an action is not possible here. */
typedef struct key_state {
    const view *view;
    bool table; /* rows that can be sorted, marked, exported */
    bool searchable, sortable_column, has_rows, has_entity, has_sensitive, tree, can_undo, can_go_back,
        connected;
} key_state;

typedef struct key_row {
    action action;
    const char *word; /* as in a keys file: "filter" */
    int keys[3];
    const char *help;
    const char *brief; /* on the bottom line, NULL = not there */
    const char *group;
    const char *(*why_not)(const key_state *s); /* NULL = always possible; else NULL or the reason */
} key_row;

extern const key_row key_rows[];
extern const size_t key_count;

action keys_action(int key); /* ACT_NONE when it is bound to nothing */
const char *keys_why_not(action a, const key_state *s);
/* "Enter", "^P", "c", "PgDn" -> key; K_NONE when it is no key's name. */
int keys_named(const char *name);
void keys_name(int key, buf *out);
/* A view's go, do and act keys that clash with each other or with keys that no view may take, one sentence each.
 * Returns their number. */
size_t keys_clashes(const view *v, void (*told)(void *ctx, const char *sentence), void *ctx);
/* A view may not take this one: a key of the console means the same on every screen. Enter is each screen's own. */
bool keys_reserved(int key);

#endif
