/* The only file of ui/ that sees readline. readline is one machine with global state, so there is one open
 * prompt, `now`; its callbacks have no context pointer and find it there.
 *
 * Bytes come in through `fifo`, which readline's getc empties: it is never given half of a character, since
 * it would then wait for the rest, and waiting is what this program does not do. A paste goes in by
 * rl_insert_text, with its newlines as spaces, so that it never runs a line. */
#include "ui/prompt.h"
#include "base/mem.h"
#include "base/path.h"
#include <errno.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

enum { ESC_MS = 25, HISTORY_MOST = 500, SHOWN_MOST = 8, PASTE_MOST = 4096 };

struct prompt {
    prompt_spec spec;
    char *label, *kind;
    prompt_state state;
    char *text; /* the line, once it is done */
    unsigned char fifo[128];
    size_t nfifo;
    bool pasting;
    buf paste;
    char **words; /* completions shown */
    size_t nwords;
};

static prompt *now;

/* ---- readline's callbacks ---- */

static int next_byte(FILE *f)
{
    (void)f;
    if (!now || !now->nfifo)
        return EOF;
    int c = now->fifo[0];
    memmove(now->fifo, now->fifo + 1, --now->nfifo);
    return c;
}

static int byte_waits(void)
{
    return now && now->nfifo > 0;
}

static void redisplay(void)
{
    /* The canvas is drawn by the loop. */
}

static void on_line(char *line)
{
    rl_callback_handler_remove();
    if (!now) {
        free(line);
        return;
    }
    now->state = line ? PROMPT_DONE : PROMPT_CANCELLED;
    free(now->text);
    now->text = line ? line : mem_str("");
}

static void drop_words(prompt *p)
{
    for (size_t i = 0; i < p->nwords; i++)
        free(p->words[i]);
    free(p->words);
    p->words = NULL;
    p->nwords = 0;
}

/* readline wants its list as [common prefix, word, word, ...]; it frees it. */
static char **complete(const char *text, int start, int end)
{
    (void)text;
    (void)start;
    rl_attempted_completion_over = 1;
    drop_words(now);
    if (!now->spec.complete)
        return NULL;
    now->nwords = now->spec.complete(now->spec.ctx, rl_line_buffer, (size_t)end, &now->words);
    if (now->nwords == 0)
        return NULL;
    char **list = MEM_ARRAY(char *, now->nwords + 2);
    size_t common = strlen(now->words[0]);
    for (size_t i = 0; i < now->nwords; i++) {
        size_t k = 0;
        while (k < common && now->words[i][k] == now->words[0][k])
            k++;
        common = k;
        list[i + 1] = mem_str(now->words[i]);
    }
    list[0] = mem_strn(now->words[0], common);
    if (now->nwords == 1) {
        free(list[1]);
        list[1] = NULL;
        drop_words(now);
    }
    return list;
}

static void shown_elsewhere(char **matches, int n, int longest)
{
    (void)matches;
    (void)n;
    (void)longest;
}

static void set_up(void)
{
    static bool once;
    if (once)
        return;
    once = true;
    rl_readline_name = "showx";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_getc_function = next_byte;
    rl_input_available_hook = byte_waits;
    rl_redisplay_function = redisplay;
    rl_attempted_completion_function = complete;
    rl_completion_display_matches_hook = shown_elsewhere;
    rl_completer_word_break_characters = " ";
    rl_completion_query_items = 0;
    rl_outstream = fopen("/dev/null", "w"); /* it would write the prompt's newline and bell into our screen */
    rl_initialize();
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_variable_bind("enable-bracketed-paste", "off"); /* ours is on: see paste() */
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("keyseq-timeout", "0");
    using_history();
}

/* ---- history, one file a kind ---- */

static char *history_file(const prompt *p)
{
    char *tail = mem_printf("history.%s", p->kind), *file = path_state(tail);
    free(tail);
    return file;
}

static void load_history(prompt *p)
{
    clear_history();
    if (!p->kind)
        return;
    char *file = history_file(p);
    (void)read_history(file);
    stifle_history(HISTORY_MOST);
    free(file);
}

static void keep_history(prompt *p)
{
    HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
    if (!p->kind || !*p->text || (last && strcmp(last->line, p->text) == 0))
        return;
    add_history(p->text);
    char *file = history_file(p), *dir = path_state("");
    if (path_make_dirs(dir, 0700, NULL)) {
        mode_t old = umask(0077);
        (void)write_history(file);
        umask(old);
    }
    free(dir);
    free(file);
}

/* ---- life ---- */

prompt *prompt_open(const prompt_spec *spec, int columns)
{
    prompt *p = MEM_NEW(prompt);
    p->spec = *spec;
    p->label = mem_str(spec->label);
    p->kind = mem_str(spec->kind);
    buf_init(&p->paste);
    set_up();
    now = p;
    load_history(p);
    rl_set_screen_size(24, columns > 1 ? columns : 1);
    rl_callback_handler_install("", on_line);
    if (spec->initial && *spec->initial)
        rl_insert_text(spec->initial);
    return p;
}

static void end_line(prompt *p)
{
    if (p->state != PROMPT_OPEN)
        return;
    p->state = PROMPT_CANCELLED;
    free(p->text);
    p->text = mem_str(rl_line_buffer);
    rl_callback_sigcleanup();
    rl_free_line_state();
    rl_replace_line("", 1);
    rl_callback_handler_remove();
}

void prompt_free(prompt *p)
{
    if (!p)
        return;
    end_line(p);
    now = NULL;
    drop_words(p);
    buf_done(&p->paste);
    free(p->text);
    free(p->label);
    free(p->kind);
    free(p);
}

const char *prompt_text(const prompt *p)
{
    return p->state == PROMPT_OPEN ? rl_line_buffer : p->text;
}

void prompt_resize(prompt *p, int lines, int columns)
{
    (void)p;
    rl_set_screen_size(lines > 1 ? lines : 1, columns > 1 ? columns : 1);
}

/* ---- what is typed ---- */

static void paste_byte(prompt *p, char c)
{
    static const char end[] = "\033[201~";
    size_t n = sizeof end - 1;
    buf_char(&p->paste, c);
    if (p->paste.len < n || strcmp(p->paste.data + p->paste.len - n, end) != 0)
        return;
    p->paste.data[p->paste.len - n] = 0;
    for (char *s = p->paste.data; *s; s++)
        if ((unsigned char)*s < ' ')
            *s = ' ';
    if (p->paste.len - n > PASTE_MOST)
        p->paste.data[PASTE_MOST] = 0;
    rl_insert_text(p->paste.data);
    buf_clear(&p->paste);
    p->pasting = false;
}

static bool half_character(const prompt *p)
{
    mbstate_t st = {0};
    wchar_t wc;
    return p->nfifo && p->fifo[0] >= 0x80 && mbrtowc(&wc, (const char *)p->fifo, p->nfifo, &st) == (size_t)-2;
}

static void drain(prompt *p)
{
    while (p->nfifo && p->state == PROMPT_OPEN)
        rl_callback_read_char();
    p->nfifo = 0;
    if (p->state == PROMPT_DONE)
        keep_history(p);
}

/* One whole escape sequence at s, or the lone Esc. Returns its length. */
static size_t take_escape(prompt *p, const char *s, size_t n)
{
    static const char begin[] = "\033[200~";
    if (n == 1) {
        end_line(p);
        return 1;
    }
    if (n >= 6 && memcmp(s, begin, 6) == 0) {
        p->pasting = true;
        return 6;
    }
    if (p->spec.fields && n >= 3 && (s[1] == '[' || s[1] == 'O') && strchr("ABZ", s[2])) {
        end_line(p);
        p->state = s[2] == 'B' ? PROMPT_NEXT : PROMPT_PREVIOUS;
        return 3;
    }
    size_t k = 2;
    if (s[1] == '[' || s[1] == 'O')
        while (k < n && k < sizeof p->fifo - 1 && !(s[k] >= 0x40 && s[k] <= 0x7e))
            k++;
    if (k < n && (s[1] == '[' || s[1] == 'O'))
        k++;
    memcpy(p->fifo, s, k);
    p->nfifo = k;
    drain(p);
    return k;
}

prompt_state prompt_type(prompt *p, const char *bytes, size_t n, size_t *ret_used)
{
    size_t i = 0;
    drop_words(p);
    while (i < n && p->state == PROMPT_OPEN) {
        char c = bytes[i];
        if (p->pasting) {
            paste_byte(p, c);
            i++;
        } else if (c == '\t' && p->spec.fields) {
            end_line(p);
            p->state = PROMPT_NEXT;
            i++;
        } else if (c == 27) {
            i += take_escape(p, bytes + i, n - i);
        } else if (c == 3 || c == 7) { /* ^C, and ^G outside of a search */
            if (c == 7 && RL_ISSTATE(RL_STATE_ISEARCH)) {
                p->fifo[p->nfifo++] = (unsigned char)c;
                drain(p);
            } else {
                end_line(p);
            }
            i++;
        } else {
            p->fifo[p->nfifo++] = (unsigned char)c;
            i++;
            if (!half_character(p) || p->nfifo >= 4)
                drain(p);
        }
    }
    *ret_used = i;
    return p->state;
}

prompt_state prompt_feed(prompt *p, screen *s)
{
    char bytes[1024];
    int n = screen_bytes(s, bytes, (int)sizeof bytes);
    /* A lone Esc, or the beginning of a sequence whose rest is on its way. */
    if (n > 0 && bytes[n - 1] == 27 && !p->pasting && screen_more_within(s, ESC_MS))
        n += screen_bytes(s, bytes + n, (int)sizeof bytes - n);
    size_t got = n > 0 ? (size_t)n : 0, used;
    prompt_state st = prompt_type(p, bytes, got, &used);
    screen_put_back(s, bytes + used, got - used);
    return st;
}

/* ---- drawing ---- */

static void draw_words(prompt *p, canvas *c, int y)
{
    int widest = 0, rows;
    for (size_t i = 0; i < p->nwords; i++) {
        int w = (int)text_width(p->words[i], strlen(p->words[i]));
        widest = w > widest ? w : widest;
    }
    int columns = (c->width - 2) / (widest + 2);
    if (p->nwords == 0 || y < 3)
        return;
    columns = columns < 1 ? 1 : columns;
    rows = ((int)p->nwords + columns - 1) / columns;
    int shown = rows < SHOWN_MOST ? rows : SHOWN_MOST;
    shown = shown < y - 1 ? shown : y - 1;
    canvas_fill(c, (area){y - shown - 1, 0, 1, c->width}, STYLE_RULE, canvas_glyph(c, GLYPH_RULE));
    canvas_fill(c, (area){y - shown, 0, shown, c->width}, STYLE_PANEL, " ");
    for (int i = 0; i < (int)p->nwords && i / columns < shown; i++)
        canvas_text(c, y - shown + i / columns, 2 + i % columns * (widest + 2), widest, STYLE_ACCENT,
                    p->words[i]);
    if (rows > shown)
        canvas_text(c, y - shown - 1, c->width - 12, 10, STYLE_DIM, " and more ");
}

void prompt_draw(prompt *p, canvas *c, int y)
{
    if (y < 0)
        return;
    bool searching = RL_ISSTATE(RL_STATE_ISEARCH) != 0;
    const char *label = searching && rl_display_prompt ? rl_display_prompt : p->label;
    canvas_fill(c, (area){y, 0, 1, c->width}, STYLE_TEXT, " ");
    int x = canvas_text(c, y, 0, c->width, STYLE_ACCENT, label), width = c->width - x - 1;
    if (width < 1)
        return;
    /* The part of the line around the cursor. */
    buf before;
    buf_init(&before);
    text_cell(&before, rl_line_buffer, (size_t)rl_point, c->ascii);
    int at = (int)text_width(before.data, before.len);
    size_t skip = 0;
    while (at >= width && skip < (size_t)rl_point) {
        int w;
        skip += text_grapheme(rl_line_buffer + skip, (size_t)rl_end - skip, &w);
        at -= w;
    }
    canvas_textn(c, y, x, width, STYLE_TITLE, rl_line_buffer + skip, (size_t)rl_end - skip);
    c->cursor_y = y;
    c->cursor_x = x + at;
    buf_done(&before);
    draw_words(p, c, y);
}
