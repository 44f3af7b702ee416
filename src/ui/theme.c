#include "ui/theme.h"
#include "ui/canvas.h"
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>

typedef struct look {
    short colour; /* -1 = the terminal's own */
    attr_t with_colour, without;
} look;

/* The table is the theme. */
static const look looks[STYLES] = {
    [STYLE_TEXT] = {-1, A_NORMAL, A_NORMAL},
    [STYLE_DIM] = {8, A_NORMAL, A_DIM},
    [STYLE_TITLE] = {-1, A_BOLD, A_BOLD},
    [STYLE_ACCENT] = {COLOR_CYAN, A_NORMAL, A_BOLD},
    [STYLE_GOOD] = {COLOR_GREEN, A_NORMAL, A_NORMAL},
    [STYLE_WARN] = {COLOR_YELLOW, A_NORMAL, A_BOLD},
    [STYLE_BAD] = {COLOR_RED, A_BOLD, A_BOLD},
    [STYLE_INFO] = {COLOR_BLUE, A_BOLD, A_NORMAL},
    [STYLE_RULE] = {8, A_NORMAL, A_DIM},
    [STYLE_BRAND] = {COLOR_CYAN, A_BOLD, A_BOLD},
    [STYLE_PRODUCTION] = {COLOR_RED, A_BOLD | A_REVERSE, A_BOLD | A_REVERSE},
    [STYLE_BAR] = {COLOR_CYAN, A_NORMAL, A_NORMAL},
    [STYLE_PANEL] = {-1, A_NORMAL, A_NORMAL},
};

static bool colour;

static short usable(short wanted)
{
    /* An 8-colour terminal has no grey: its dim is A_DIM. */
    return wanted >= COLORS ? -1 : wanted;
}

void theme_start(bool no_color)
{
    colour = !no_color && has_colors() && start_color() == OK;
    if (!colour)
        return;
    bool own = use_default_colors() == OK;
    for (int i = 0; i < STYLES; i++) {
        short fg = usable(looks[i].colour);
        init_pair((short)(1 + i), own || fg >= 0 ? fg : COLOR_WHITE, own ? -1 : COLOR_BLACK);
        short on = fg < 0 || fg == 8 || fg == COLOR_BLUE ? COLOR_WHITE : fg;
        init_pair((short)(1 + STYLES + i), COLORS >= 16 && on == COLOR_WHITE ? 15 : on, COLOR_BLUE);
    }
}

void theme_look(int st, unsigned long *ret_attributes, short *ret_pair)
{
    int base = st & 0x3F;
    bool selected = (st & STYLE_SELECTED) != 0;
    attr_t a = colour ? looks[base].with_colour : looks[base].without;
    if (colour && looks[base].colour >= COLORS)
        a |= A_DIM;
    if (st & STYLE_UNDER)
        a |= A_UNDERLINE;
    if (selected && !colour)
        a = (a & ~(attr_t)A_DIM) | A_REVERSE;
    *ret_attributes = a;
    *ret_pair = colour ? (short)(1 + base + (selected ? STYLES : 0)) : 0;
}

int theme_badge(const char *word)
{
    static const struct {
        const char *word;
        int style;
    } badges[] = {
        {"confirmed", STYLE_GOOD}, {"advanced", STYLE_GOOD},   {"played", STYLE_GOOD},
        {"settled", STYLE_DIM},    {"paid", STYLE_GOOD},       {"on sale", STYLE_GOOD},
        {"on_sale", STYLE_GOOD},   {"active", STYLE_GOOD},     {"published", STYLE_GOOD},
        {"announced", STYLE_GOOD}, {"valid", STYLE_GOOD},      {"projected", STYLE_GOOD},
        {"yes", STYLE_GOOD},       {"ok", STYLE_GOOD},         {"hold", STYLE_WARN},
        {"offer", STYLE_WARN},     {"pending", STYLE_WARN},    {"warning", STYLE_WARN},
        {"postponed", STYLE_WARN}, {"challenged", STYLE_WARN}, {"partly refunded", STYLE_WARN},
        {"sold out", STYLE_INFO},  {"sold_out", STYLE_INFO},   {"info", STYLE_INFO},
        {"refunded", STYLE_WARN},  {"draft", STYLE_DIM},       {"released", STYLE_DIM},
        {"closed", STYLE_DIM},     {"past", STYLE_DIM},        {"cancelled", STYLE_BAD},
        {"canceled", STYLE_BAD},   {"declined", STYLE_BAD},    {"failed", STYLE_BAD},
        {"error", STYLE_BAD},      {"quarantined", STYLE_BAD}, {"quarantine", STYLE_BAD},
        {"void", STYLE_BAD},       {"chargeback", STYLE_BAD},  {"blocked", STYLE_BAD},
    };
    for (size_t i = 0; i < sizeof badges / sizeof *badges; i++)
        if (strcmp(badges[i].word, word) == 0)
            return badges[i].style;
    return STYLE_TEXT;
}
