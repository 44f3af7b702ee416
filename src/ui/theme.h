/* theme: what styles look like on this terminal. Colours are the terminal's own 16; without colour (NO_COLOR,
 * vt100) bold, dim, underline and reverse carry the same meaning, and every state has its word anyway. */
#ifndef SHOWX_UI_THEME_H
#define SHOWX_UI_THEME_H

#include <stdbool.h>

void theme_start(bool no_color); /* after the terminal was opened */
/* Attributes and colour pair of a style with its flags. */
void theme_look(int style, unsigned long *ret_attributes, short *ret_pair);
/* The style for a badge's word: "confirmed" is good, "cancelled" is bad. */
int theme_badge(const char *word);

#endif
