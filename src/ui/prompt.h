/* prompt: one line typed at the bottom, by GNU readline's callback interface: the program goes on behind it.
 * History is kept per kind of prompt; completions go to a panel of ours. At most one prompt is open, since
 * readline has one line. */
#ifndef SHOWX_UI_PROMPT_H
#define SHOWX_UI_PROMPT_H

#include "ui/canvas.h"
#include "ui/screen.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct prompt prompt;

typedef struct prompt_spec {
    const char *kind;    /* names the history file; NULL = no history */
    const char *label;   /* ": ", "Filter: " */
    const char *initial; /* text to begin with, or NULL */
    /* Full words for the word under `at`; the caller frees each and the list. NULL = no completion. */
    size_t (*complete)(void *ctx, const char *line, size_t at, char ***ret);
    bool fields; /* one of several: Up, Down, Tab and Shift-Tab go to the others */
    void *ctx;
} prompt_spec;

typedef enum { PROMPT_OPEN, PROMPT_DONE, PROMPT_CANCELLED, PROMPT_NEXT, PROMPT_PREVIOUS } prompt_state;

prompt *prompt_open(const prompt_spec *spec, int columns);
void prompt_free(prompt *p); /* NULL is fine */
/* Takes what was typed. Text stays readable by prompt_text until prompt_free. */
prompt_state prompt_feed(prompt *p, screen *s);
const char *prompt_text(const prompt *p);
void prompt_resize(prompt *p, int lines, int columns);
/* Draws the line at y, and the completions above it. */
void prompt_draw(prompt *p, canvas *c, int y);

/* Bytes as if typed. *ret_used: how many were the prompt's; those behind its end are for what lies below. */
prompt_state prompt_type(prompt *p, const char *bytes, size_t n, size_t *ret_used);

#endif
