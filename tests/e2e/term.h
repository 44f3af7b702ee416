/* term: a program in a terminal. A pseudo-terminal, and on our side as much of an xterm as ncurses uses, so
 * that a test can say what a person would see. */
#ifndef SHOWX_E2E_TERM_H
#define SHOWX_E2E_TERM_H

#include "e2e/drive.h"

typedef struct term term;

/* Opens the terminal and runs showx in it. changes as in drive_how.env (TERM is xterm otherwise). */
term *term_open(int rows, int columns, const char *const *changes, const char *const words[]);
void term_type(term *t, const char *keys);
void term_resize(term *t, int rows, int columns);
void term_signal(term *t, int signal);
void term_hang_up(term *t); /* the window is closed */

/* Looks until the screen shows text (or shows it no more); false when it did not come to that in 15 s. */
bool term_shows(term *t, const char *text);
bool term_loses(term *t, const char *text);
void term_settle(term *t); /* until nothing has come for 150 ms */
bool term_lives(term *t);

/* Waits for the program's end; its exit code, or -signal. Fails the test after 15 s. */
int term_end(term *t);
/* The line's modes are as they were, the other screen is left, the cursor is there, reports are off. */
bool term_restored(const term *t);

const char *
term_screen(term *t); /* what is seen, rows by '\n' without the empty ones; kept until drive_forget */
const char *term_bytes(const term *t, size_t *ret_n); /* all that ever came */
void term_close(term *t);

#endif
