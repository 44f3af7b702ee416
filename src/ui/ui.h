/* ui: the console. One thread draws and never waits; everything slow is a job (data.c) whose answer comes
 * back through the loop (loop.c). What is drawn goes to a canvas (canvas.c) first, which is where text from
 * data is made safe, and from there to the terminal (screen.c), so that all screens are tested without one.
 *
 * A screen is a `place`: a view with its values, filter, sort and cursor. Going somewhere pushes one, going
 * back pops it, and it is as it was. What a place does depends on its view's kind: one `panel` a kind, each
 * its own file (listing.c, detail.c, home.c, tree.c) ending in its const table. */
#ifndef SHOWX_UI_UI_H
#define SHOWX_UI_UI_H

#include "catalog/catalog.h"
#include "command/command.h"

/* Runs the console from `start` (NULL = home, or the first view) until the person leaves. Returns an exit
 * code: 0, or 1 with a sentence on stderr where there is no usable terminal. env is borrowed and copied for
 * the workers; env->store is not touched. The terminal is as it was on every way out. */
int ui_run(command_env *env, const commands *cs, const view *start, const query_value *values, size_t n);

#endif
