#include "e2e/term.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

enum { PATIENCE_MS = 15000, MOST_ROWS = 256, MOST_COLUMNS = 512, CELL = 24 };

typedef struct cell {
    char text[CELL]; /* a grapheme; "" beside a wide one */
} cell;

struct term {
    int master, line; /* the line is held open too, so that its modes can be read when nobody else has it */
    pid_t pid;
    bool ended;
    int status;
    struct termios before;
    buf bytes;
    size_t eaten; /* of bytes, by the screen */
    int rows, columns, row, column, top, bottom;
    int kept_row, kept_column;
    bool other_screen, hidden_cursor, paste, mouse, keypad;
    cell *cells; /* MOST_ROWS x MOST_COLUMNS */
};

/* ---- the screen ---- */

static cell *at(term *t, int row, int column)
{
    return &t->cells[row * MOST_COLUMNS + column];
}

static void blank(term *t, int row, int from, int to)
{
    for (int i = from; i < to; i++)
        strcpy(at(t, row, i)->text, " ");
}

static void scroll(term *t, int top, int bottom, int by)
{
    for (; by > 0; by--) {
        memmove(at(t, top, 0), at(t, top + 1, 0), (size_t)(bottom - top) * MOST_COLUMNS * sizeof(cell));
        blank(t, bottom, 0, MOST_COLUMNS);
    }
    for (; by < 0; by++) {
        memmove(at(t, top + 1, 0), at(t, top, 0), (size_t)(bottom - top) * MOST_COLUMNS * sizeof(cell));
        blank(t, top, 0, MOST_COLUMNS);
    }
}

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

static void go(term *t, int row, int column)
{
    t->row = clamp(row, 0, t->rows - 1);
    t->column = clamp(column, 0, t->columns - 1);
}

static void line_feed(term *t)
{
    if (t->row == t->bottom)
        scroll(t, t->top, t->bottom, 1);
    else
        go(t, t->row + 1, t->column);
}

static void put(term *t, const char *s, size_t n)
{
    int width = (int)text_width(s, n);
    if (width == 0) { /* a mark: it goes to the one before */
        char *to = at(t, t->row, clamp(t->column - 1, 0, t->columns - 1))->text;
        if (strlen(to) + n < CELL)
            strncat(to, s, n);
        return;
    }
    if (t->column + width > t->columns) {
        t->column = 0;
        line_feed(t);
    }
    text_copy(at(t, t->row, t->column)->text, n + 1 < CELL ? n + 1 : CELL, s);
    if (width == 2)
        at(t, t->row, t->column + 1)->text[0] = '\0';
    t->column += width; /* may stand behind the last one, as xterm's does */
}

static void erase_display(term *t, int how)
{
    for (int i = 0; i < t->rows; i++)
        if (how == 2 || (how == 0 && i > t->row) || (how == 1 && i < t->row))
            blank(t, i, 0, MOST_COLUMNS);
}

static void erase_line(term *t, int how)
{
    blank(t, t->row, how == 0 ? t->column : 0, how == 1 ? t->column + 1 : MOST_COLUMNS);
}

static void shift(term *t, int by)
{
    cell *here = at(t, t->row, t->column);
    int room = t->columns - t->column, n = clamp(abs(by), 0, room);
    if (by > 0) {
        memmove(here + n, here, (size_t)(room - n) * sizeof *here);
        blank(t, t->row, t->column, t->column + n);
    } else {
        memmove(here, here + n, (size_t)(room - n) * sizeof *here);
        blank(t, t->row, t->columns - n, t->columns);
    }
}

static void set_mode(term *t, int mode, bool on)
{
    if (mode == 1049 || mode == 47 || mode == 1047)
        t->other_screen = on;
    else if (mode == 25)
        t->hidden_cursor = !on;
    else if (mode == 2004)
        t->paste = on;
    else if (mode == 1000 || mode == 1002 || mode == 1003)
        t->mouse = on;
    else if (mode == 1)
        t->keypad = on;
}

static void repeat(term *t, int n)
{
    char last[CELL];
    text_copy(last, sizeof last, at(t, t->row, clamp(t->column - 1, 0, t->columns - 1))->text);
    for (int i = 0; i < n; i++)
        put(t, last, strlen(last));
}

static void control(term *t, char final, char mark, const int *p, int n)
{
    int first = n && p[0] > 0 ? p[0] : 1, plain = n ? p[0] : 0;
    switch (final) {
    case 'H':
    case 'f':
        go(t, first - 1, n > 1 && p[1] > 0 ? p[1] - 1 : 0);
        break;
    case 'A':
        go(t, t->row - first, t->column);
        break;
    case 'B':
        go(t, t->row + first, t->column);
        break;
    case 'C':
        go(t, t->row, t->column + first);
        break;
    case 'D':
        go(t, t->row, t->column - first);
        break;
    case 'G':
        go(t, t->row, first - 1);
        break;
    case 'd':
        go(t, first - 1, t->column);
        break;
    case 'Z':
        go(t, t->row, (clamp(t->column, 1, t->columns) - 1) / 8 * 8);
        break;
    case 'J':
        erase_display(t, plain);
        if (plain != 2)
            erase_line(t, plain);
        break;
    case 'K':
        erase_line(t, plain);
        break;
    case 'X':
        blank(t, t->row, t->column, clamp(t->column + first, 0, t->columns));
        break;
    case 'P':
        shift(t, -first);
        break;
    case '@':
        shift(t, first);
        break;
    case 'L':
        scroll(t, t->row, t->bottom, -first);
        break;
    case 'M':
        scroll(t, t->row, t->bottom, first);
        break;
    case 'S':
        scroll(t, t->top, t->bottom, first);
        break;
    case 'T':
        scroll(t, t->top, t->bottom, -first);
        break;
    case 'b':
        repeat(t, first);
        break;
    case 'r':
        t->top = first - 1;
        t->bottom = n > 1 && p[1] > 0 ? clamp(p[1], 1, t->rows) - 1 : t->rows - 1;
        go(t, 0, 0);
        break;
    case 'h':
    case 'l':
        for (int i = 0; i < n && mark == '?'; i++)
            set_mode(t, p[i], final == 'h');
        break;
    default:
        break; /* colours, reports */
    }
}

/* One sequence behind ESC at s; the bytes it took, 0 when it is not all there yet. */
static size_t escape(term *t, const char *s, size_t n)
{
    if (n == 0)
        return 0;
    if (*s == '[') {
        int p[16] = {0}, np = 0;
        char mark = 0;
        for (size_t i = 1; i < n; i++) {
            char c = s[i];
            if (c >= '0' && c <= '9') {
                np = np ? np : 1;
                p[np - 1] = p[np - 1] * 10 + (c - '0');
            } else if (c == ';' && np < 16) {
                np = np ? np + 1 : 2;
            } else if (c >= '<' && c <= '?') {
                mark = c;
            } else if (c >= '@') {
                control(t, c, mark, p, np);
                return i + 1;
            }
        }
        return 0;
    }
    if (*s == ']') {
        const char *bell = memchr(s, '\a', n), *end = memmem(s, n, "\033\\", 2);
        if (!bell && !end)
            return 0;
        return bell && (!end || bell < end) ? (size_t)(bell - s) + 1 : (size_t)(end - s) + 2;
    }
    if (*s == '(' || *s == ')' || *s == '#')
        return n > 1 ? 2 : 0;
    if (*s == '7') {
        t->kept_row = t->row;
        t->kept_column = t->column;
    } else if (*s == '8') {
        go(t, t->kept_row, t->kept_column);
    } else if (*s == 'M') {
        if (t->row == t->top)
            scroll(t, t->top, t->bottom, -1);
        else
            go(t, t->row - 1, t->column);
    }
    return 1;
}

/* One character or sequence at s; the bytes it took, 0 when it is not all there yet. */
static size_t eat(term *t, const char *s, size_t n)
{
    unsigned char c = (unsigned char)*s;
    if (c == 0x1B) {
        size_t took = escape(t, s + 1, n - 1);
        return took ? took + 1 : 0;
    }
    if (c == '\r')
        t->column = 0;
    else if (c == '\n')
        line_feed(t);
    else if (c == '\b')
        go(t, t->row, t->column - 1);
    else if (c == '\t')
        go(t, t->row, (t->column / 8 + 1) * 8);
    if (c < 0x20)
        return 1;
    size_t need = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (n < need)
        return 0;
    put(t, s, need);
    return need;
}

/* ---- the line ---- */

/* Takes what comes within wait_ms; false when nothing came. */
static bool pump(term *t, int wait_ms)
{
    char some[16384];
    struct pollfd fd = {.fd = t->master, .events = POLLIN};
    if (t->master < 0 || poll(&fd, 1, wait_ms) <= 0 || !(fd.revents & POLLIN))
        return false;
    ssize_t n = read(t->master, some, sizeof some);
    if (n <= 0)
        return false;
    buf_add(&t->bytes, some, (size_t)n);
    while (t->eaten < t->bytes.len) {
        size_t took = eat(t, t->bytes.data + t->eaten, t->bytes.len - t->eaten);
        if (!took)
            break;
        t->eaten += took;
    }
    return true;
}

static void set_size(term *t, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    t->rows = clamp(rows, 1, MOST_ROWS);
    t->columns = clamp(columns, 1, MOST_COLUMNS);
    t->top = 0;
    t->bottom = t->rows - 1;
    go(t, t->row, t->column);
    ioctl(t->master, TIOCSWINSZ, &size);
}

static _Noreturn void become(term *t, char **env, const char *const words[])
{
    char *argv[20] = {"showx"};
    for (size_t i = 0; words[i] && i < 18; i++)
        argv[i + 1] = (char *)words[i];
    for (int sig = 1; sig < 32; sig++)
        signal(sig, SIG_DFL);
    login_tty(t->line);
    execve(drive_program(), argv, env);
    _exit(126);
}

term *term_open(int rows, int columns, const char *const *changes, const char *const words[])
{
    term *t = MEM_NEW(term);
    char **env = drive_environment(changes);
    buf_init(&t->bytes);
    t->cells = MEM_ARRAY(cell, MOST_ROWS * MOST_COLUMNS);
    ck_assert_int_eq(openpty(&t->master, &t->line, NULL, NULL, NULL), 0);
    fcntl(t->master, F_SETFD, FD_CLOEXEC);
    set_size(t, rows, columns);
    for (int i = 0; i < MOST_ROWS; i++)
        blank(t, i, 0, MOST_COLUMNS);
    tcgetattr(t->line, &t->before);
    fflush(NULL);
    t->pid = fork();
    ck_assert_int_ge(t->pid, 0);
    if (t->pid == 0)
        become(t, env, words);
    fcntl(t->line, F_SETFD, FD_CLOEXEC);
    return t;
}

void term_type(term *t, const char *keys)
{
    size_t n = strlen(keys);
    ck_assert_int_eq(write(t->master, keys, n), (ssize_t)n);
}

void term_resize(term *t, int rows, int columns)
{
    set_size(t, rows, columns);
}

void term_signal(term *t, int signal)
{
    kill(t->pid, signal);
}

void term_hang_up(term *t)
{
    close(t->line);
    close(t->master);
    t->line = t->master = -1;
}

bool term_lives(term *t)
{
    if (!t->ended)
        t->ended = waitpid(t->pid, &t->status, WNOHANG) == t->pid;
    return !t->ended;
}

const char *term_screen(term *t)
{
    buf text;
    buf_init(&text);
    for (int i = 0; i < t->rows; i++) {
        for (int k = 0; k < t->columns; k++)
            buf_str(&text, at(t, i, k)->text);
        while (text.len && text.data[text.len - 1] == ' ')
            text.data[--text.len] = '\0';
        if (text.len && text.data[text.len - 1] != '\n') /* empty rows tell nothing */
            buf_char(&text, '\n');
    }
    return drive_keep(buf_take(&text));
}

static bool comes_to(term *t, const char *text, bool shown)
{
    for (int64_t until = time_mono_ms() + PATIENCE_MS; time_mono_ms() < until;) {
        if ((strstr(term_screen(t), text) != NULL) == shown)
            return true;
        if (!pump(t, 50) && !term_lives(t) && !pump(t, 0))
            return (strstr(term_screen(t), text) != NULL) == shown;
    }
    return false;
}

bool term_shows(term *t, const char *text)
{
    return comes_to(t, text, true);
}

bool term_loses(term *t, const char *text)
{
    return comes_to(t, text, false);
}

void term_settle(term *t)
{
    int64_t until = time_mono_ms() + PATIENCE_MS;
    while (pump(t, 150) && time_mono_ms() < until)
        ;
}

int term_end(term *t)
{
    int64_t until = time_mono_ms() + PATIENCE_MS;
    while (term_lives(t) && time_mono_ms() < until) {
        if (!pump(t, 5))
            usleep(1000);
    }
    while (pump(t, 0))
        ;
    ck_assert_msg(t->ended, "the console does not end; it shows\n%s", term_screen(t));
    return WIFEXITED(t->status) ? WEXITSTATUS(t->status) : -WTERMSIG(t->status);
}

bool term_restored(const term *t)
{
    struct termios now;
    return tcgetattr(t->line, &now) == 0 && now.c_iflag == t->before.c_iflag &&
           now.c_oflag == t->before.c_oflag && now.c_lflag == t->before.c_lflag &&
           now.c_cflag == t->before.c_cflag && memcmp(now.c_cc, t->before.c_cc, sizeof now.c_cc) == 0 &&
           !t->other_screen && !t->hidden_cursor && !t->paste && !t->mouse && !t->keypad;
}

const char *term_bytes(const term *t, size_t *ret_n)
{
    *ret_n = t->bytes.len;
    return t->bytes.data;
}

void term_close(term *t)
{
    if (term_lives(t)) {
        kill(t->pid, SIGKILL);
        waitpid(t->pid, NULL, 0);
    }
    if (t->master >= 0)
        close(t->master);
    if (t->line >= 0)
        close(t->line);
    buf_done(&t->bytes);
    free(t->cells);
    free(t);
}
