/* Putting the terminal back must work in a signal handler after a crash, where ncurses cannot be called. So
 * what undoes our modes is written down as bytes when the screen opens (undo_bytes), and tcsetattr and write
 * do the rest: both may be called from a handler. That is why this file has static state: a handler has no
 * other way to it. */
#include "ui/screen.h"
#include "base/mem.h"
#include "ui/keys.h"
#include "ui/theme.h"
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <term.h>
#undef columns /* term.h takes these words */
#undef lines
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { MOST_LINES = 400, MOST_COLUMNS = 1000, ESC_MS = 25, PUT_BACK_MOST = 96 /* ncurses keeps 137 */ };

struct screen {
    SCREEN *terminal;
    bool ascii, sync, raw;
    int height, width;
};

static struct termios before;
static char undo_bytes[256];
static size_t undo_length;
static volatile sig_atomic_t is_open;

/* ---- putting it back ---- */

static void put_back(void)
{
    if (!is_open)
        return;
    is_open = 0;
    ssize_t ignored = write(STDOUT_FILENO, undo_bytes, undo_length);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

static void on_crash(int sig)
{
    put_back();
    signal(sig, SIG_DFL);
    raise(sig);
}

static void add_undo(const char *s)
{
    if (!s || s == (char *)-1)
        return;
    size_t n = strlen(s);
    if (undo_length + n < sizeof undo_bytes) {
        memcpy(undo_bytes + undo_length, s, n); /* NOLINT(bugprone-not-null-terminated-result): for write() */
        undo_length += n;
    }
}

static void arm(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
    static bool once;
    undo_length = 0;
    add_undo("\033[?2026l\033[?2004l\033[?1006l\033[?1000l\033[0m");
    add_undo(tigetstr("cnorm"));
    add_undo(tigetstr("rmkx"));
    add_undo(tigetstr("rmcup"));
    is_open = 1;
    if (once)
        return;
    once = true;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        struct sigaction now;
        /* A sanitizer's own handler tells more: it stays, and exits through atexit. */
        if (sigaction(crashes[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
            struct sigaction act = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
            sigaction(crashes[i], &act, NULL);
        }
    }
    atexit(put_back);
    mem_on_exhausted(put_back);
}

/* ---- life ---- */

static bool offers_sync(void)
{
    static const char *const names[] = {"xterm",   "tmux",    "foot",    "alacritty",
                                        "wezterm", "contour", "ghostty", "iterm"};
    const char *term = getenv("TERM");
    for (size_t i = 0; term && i < sizeof names / sizeof *names; i++)
        if (strncmp(term, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void ask_terminal(const char *s)
{
    ssize_t ignored = write(STDOUT_FILENO, s, strlen(s));
    (void)ignored;
}

static void set_modes(screen *s)
{
    raw();
    noecho();
    nonl();
    curs_set(0);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    typeahead(-1);
    mouseinterval(0);
    mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    if (offers_sync() && !s->sync)
        ask_terminal("\033[?2026$p"); /* the answer comes as a key sequence: see answered() */
}

bool screen_open(screen **ret, err *e)
{
    const char *term = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(
            e, ERR_FAILED,
            "the console needs a terminal; every screen is also a command: try 'showx artists --plain'");
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return err_errno(e, "the terminal");
    screen *s = MEM_NEW(screen);
    /* newterm, not initscr: that one ends the program when TERM is wrong. */
    s->terminal = newterm(NULL, stdout, stdin);
    if (!s->terminal) {
        free(s);
        return err_set(
            e, ERR_FAILED,
            "the terminal '%s' (TERM) is not known here; try TERM=xterm, or a command with --plain",
            term ? term : "");
    }
    set_term(s->terminal);
    set_escdelay(ESC_MS);
    s->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    const char *no_color = getenv("NO_COLOR");
    theme_start(no_color && *no_color);
    arm();
    set_modes(s);
    *ret = s;
    return true;
}

void screen_close(screen *s)
{
    if (!s)
        return;
    if (is_open) {
        endwin();
        put_back();
    }
    delscreen(s->terminal);
    free(s);
}

bool screen_ascii(const screen *s)
{
    return s->ascii;
}

bool screen_measure(screen *s, int *ret_height, int *ret_width)
{
    struct winsize w;
    int height = 24, width = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row && w.ws_col) {
        height = w.ws_row;
        width = w.ws_col;
    }
    height = height < MOST_LINES ? height : MOST_LINES;
    width = width < MOST_COLUMNS ? width : MOST_COLUMNS;
    bool changed = height != s->height || width != s->width;
    if (changed)
        resizeterm(height, width);
    s->height = *ret_height = height;
    s->width = *ret_width = width;
    return changed;
}

/* ---- drawing ---- */

/* A grapheme goes out only as wide as both we and ncurses' idea of it agree; an emoji sequence that ncurses
 * would count as several characters is shown by its first. */
static void draw_cell(const canvas_cell *cell)
{
    wchar_t wide[CELL_BYTES + 1];
    mbstate_t st = {0};
    const char *p = cell->text;
    /* cppcheck-suppress legacyUninitvar ; it is what mbsrtowcs writes to */
    size_t n = mbsrtowcs(wide, &p, CELL_BYTES, &st);
    if (n == (size_t)-1 || n == 0) {
        addch(n == 0 ? ' ' : '?');
        return;
    }
    wide[n] = 0;
    int first = wcwidth(wide[0]);
    if (wcswidth(wide, n) == cell->columns)
        addnwstr(wide, (int)n);
    else if (first == cell->columns)
        addnwstr(wide, 1);
    else
        addstr(cell->columns == 2 ? "? " : "?");
}

static void draw_row(const canvas *c, int y)
{
    int last = -1;
    for (int x = 0; x < c->width; x++) {
        const canvas_cell *cell = c->cells + (size_t)y * (size_t)c->width + (size_t)x;
        if (cell->columns == 0)
            continue;
        if (cell->style != last) {
            unsigned long a;
            short pair;
            theme_look(cell->style, &a, &pair);
            attr_set((attr_t)a, pair, NULL);
            last = cell->style;
        }
        move(y, x);
        if (cell->text[0] == 0)
            addch(' ');
        else
            draw_cell(cell);
    }
}

void screen_draw(screen *s, canvas *c)
{
    erase();
    for (int y = 0; y < c->height && y < LINES; y++)
        draw_row(c, y);
    attr_set(A_NORMAL, 0, NULL);
    bool cursor = c->cursor_y >= 0 && c->cursor_y < LINES && c->cursor_x < COLS;
    curs_set(cursor);
    move(cursor ? c->cursor_y : LINES - 1, cursor ? c->cursor_x : 0);
    if (s->sync)
        ask_terminal("\033[?2026h");
    refresh();
    if (s->sync)
        ask_terminal("\033[?2026l");
}

void screen_forget(screen *s)
{
    (void)s;
    clearok(stdscr, TRUE);
}

/* ---- keys ---- */

static int special(int c)
{
    static const struct {
        int curses, key;
    } keys[] = {
        {KEY_UP, K_UP},       {KEY_DOWN, K_DOWN},  {KEY_LEFT, K_LEFT}, {KEY_RIGHT, K_RIGHT},
        {KEY_PPAGE, K_PGUP},  {KEY_NPAGE, K_PGDN}, {KEY_HOME, K_HOME}, {KEY_END, K_END},
        {KEY_ENTER, K_ENTER}, {'\r', K_ENTER},     {'\n', K_ENTER},    {KEY_BACKSPACE, K_BACKSPACE},
        {127, K_BACKSPACE},   {8, K_BACKSPACE},    {'\t', K_TAB},      {KEY_BTAB, K_BACKTAB},
        {KEY_DC, K_DELETE},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == c)
            return keys[i].key;
    return c < 256 ? c : K_NONE;
}

/* What the terminal says to ?2026$p: 1 and 2 mean that it knows. */
static void answered(screen *s, const char *seq)
{
    if (strcmp(seq, "[?2026;1$y") == 0 || strcmp(seq, "[?2026;2$y") == 0)
        s->sync = true;
}

static int escape(screen *s)
{
    char seq[32];
    size_t n = 0;
    int c = getch();
    if (c == ERR)
        return K_ESC;
    if (c != '[' && c != 'O') { /* no key here goes with Alt: Esc, and then the key, in quick hands */
        ungetch(c);
        return K_ESC;
    }
    seq[n++] = (char)c;
    while (n + 1 < sizeof seq && (c = getch()) != ERR && c < 256) {
        seq[n++] = (char)c;
        if (c >= 0x40 && c <= 0x7e)
            break;
    }
    seq[n] = 0;
    answered(s, seq);
    return K_NONE;
}

static int mouse(screen_mouse *ret)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return K_NONE;
    *ret = (screen_mouse){.y = event.y, .x = event.x};
    if (event.bstate & BUTTON4_PRESSED)
        ret->wheel = -1;
    else if (event.bstate & BUTTON5_PRESSED)
        ret->wheel = 1;
    return K_MOUSE;
}

static int whole_character(int first)
{
    char bytes[4] = {(char)first};
    size_t n = 1, need = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    int c;
    while (n < need && (c = getch()) != ERR && c < 256)
        bytes[n++] = (char)c;
    uint32_t cp;
    text_decode(bytes, n, &cp);
    return (int)cp;
}

bool screen_key(screen *s, int *ret_key, screen_mouse *ret_mouse)
{
    int c = getch();
    if (c == ERR)
        return false;
    if (c == KEY_RESIZE)
        *ret_key = K_NONE;
    else if (c == KEY_MOUSE)
        *ret_key = mouse(ret_mouse);
    else if (c == 27)
        *ret_key = escape(s);
    else if (c >= 0xC0 && c < 0x100 && !s->ascii)
        *ret_key = whole_character(c);
    else
        *ret_key = special(c);
    return true;
}

void screen_raw(screen *s, bool on)
{
    if (!s)
        return; /* a console without a terminal, in tests */
    s->raw = on;
    keypad(stdscr, !on);
    /* Bracketed paste only while something can be pasted into: elsewhere a paste is keys. */
    ask_terminal(on ? "\033[?2004h" : "\033[?2004l");
}

int screen_bytes(screen *s, char *out, int most)
{
    int n = 0, c;
    (void)s;
    while (n < most && (c = getch()) != ERR)
        if (c < 256)
            out[n++] = (char)c;
    return n;
}

void screen_put_back(screen *s, const char *bytes, size_t n)
{
    (void)s;
    n = n < PUT_BACK_MOST ? n : PUT_BACK_MOST;
    while (n > 0 && ungetch((unsigned char)bytes[n - 1]) != ERR)
        n--;
}

bool screen_more_within(screen *s, int ms)
{
    struct pollfd p = {STDIN_FILENO, POLLIN, 0};
    (void)s;
    return poll(&p, 1, ms) > 0;
}

void screen_suspend(screen *s)
{
    endwin();
    put_back();
    raise(SIGSTOP); /* not SIGTSTP: that one is blocked, and read as a message */
    is_open = 1;
    set_modes(s);
    keypad(stdscr, !s->raw);
    screen_forget(s);
    refresh();
}

void screen_copy(screen *s, const char *text, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buf b;
    (void)s;
    buf_init(&b);
    buf_str(&b, "\033]52;c;");
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)(unsigned char)text[i] << 16;
        if (i + 1 < n)
            v |= (unsigned)(unsigned char)text[i + 1] << 8;
        if (i + 2 < n)
            v |= (unsigned char)text[i + 2];
        buf_char(&b, digits[v >> 18 & 63]);
        buf_char(&b, digits[v >> 12 & 63]);
        buf_char(&b, i + 1 < n ? digits[v >> 6 & 63] : '=');
        buf_char(&b, i + 2 < n ? digits[v & 63] : '=');
    }
    buf_str(&b, "\a");
    ask_terminal(b.data);
    buf_done(&b);
}

void screen_bell(void)
{
    beep();
}
