/* screen: the terminal. Opened once; whatever way the program ends (return, exit, signal, crash, out of
 * memory) the terminal is put back as it was. A canvas goes in, keys come out. With theme.c the only file
 * that sees ncurses. */
#ifndef SHOWX_UI_SCREEN_H
#define SHOWX_UI_SCREEN_H

#include "base/err.h"
#include "ui/canvas.h"
#include <stdbool.h>

typedef struct screen screen;

typedef struct screen_mouse {
    int y, x;
    int wheel; /* -1 up, 1 down, 0 = a click */
    bool twice;
} screen_mouse;

enum { K_MOUSE = 0x300000, K_GONE };

bool screen_open(screen **ret, err *e);
void screen_close(screen *s); /* NULL is fine */
/* What the terminal measures now, clamped to what can be drawn; true when it changed. */
bool screen_measure(screen *s, int *ret_height, int *ret_width);
bool screen_ascii(const screen *s); /* the locale is not UTF-8, or the terminal cannot draw lines */
void screen_draw(screen *s, canvas *c);
void screen_forget(screen *s); /* draws everything next time */
/* The next key (keys.h), K_MOUSE with *ret_mouse, K_GONE when the terminal went away; false when none waits.
 */
bool screen_key(screen *s, int *ret_key, screen_mouse *ret_mouse);
/* For the prompt: bytes as they come, escape sequences whole and undecoded. Returns how many (0 = none). */
void screen_raw(screen *s, bool on);
int screen_bytes(screen *s, char *out, int most);
/* For those of them that were not the prompt's: screen_key gives them next, the first hundred or so. */
void screen_put_back(screen *s, const char *bytes, size_t n);
bool screen_more_within(screen *s, int ms);
void screen_suspend(screen *s);                          /* stops the program; returns when it goes on */
void screen_copy(screen *s, const char *text, size_t n); /* to the clipboard by OSC 52 */
void screen_bell(void);

#endif
