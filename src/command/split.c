/* Typed lines: splitting into words, and completing the word under the cursor. */
#include "command/private.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct words {
    char **items;
    size_t n, cap;
} words;

static void words_add(words *w, char *word)
{
    MEM_ROOM(w->items, w->n, w->cap);
    w->items[w->n++] = word;
}

void commands_split_free(char **argv, int argc)
{
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    free(argv);
}

/* One word, from *p on; quotes as in a shell. False when a quote stays open. */
static bool take_word(const char **p, buf *word)
{
    char quote = 0;
    for (; **p; ++*p) {
        char c = **p;
        if (quote && c == quote)
            quote = 0;
        else if (!quote && (c == '\'' || c == '"'))
            quote = c;
        else if (c == '\\' && quote != '\'' && (*p)[1])
            buf_char(word, *++*p);
        else if (!quote && isspace((unsigned char)c))
            break;
        else
            buf_char(word, c);
    }
    return quote == 0;
}

bool commands_split(const char *line, char ***ret_argv, int *ret_argc, err *e)
{
    words w = {0};
    for (const char *p = line;;) {
        while (isspace((unsigned char)*p))
            p++;
        if (!*p)
            break;
        buf word;
        buf_init(&word);
        bool closed = take_word(&p, &word);
        words_add(&w, buf_take(&word));
        if (!closed) {
            commands_split_free(w.items, (int)w.n);
            return err_set(e, ERR_USAGE, "a quote is not closed");
        }
    }
    words_add(&w, NULL);
    *ret_argv = w.items;
    *ret_argc = (int)w.n - 1;
    return true;
}

/* ---- completion ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void offer(words *w, const char *candidate, const char *start)
{
    if (strncmp(candidate, start, strlen(start)) == 0)
        words_add(w, mem_str(candidate));
}

static void offer_args(words *w, const command *c, const char *start)
{
    const command_arg *globals;
    size_t n = command_globals(&globals);
    for (size_t i = 0; i < c->nargs; i++)
        if (c->args[i].name[0] == '-')
            offer(w, c->args[i].name, start);
    for (size_t i = 0; i < n && start[0] == '-'; i++)
        offer(w, globals[i].name, start);
}

/* The next word of every command that begins with the words typed so far. */
static void offer_commands(words *w, const commands *cs, char *const *typed, int n, const char *start)
{
    for (size_t i = 0; i < cs->n; i++) {
        const char *rest = cs->rows[i]->name;
        bool fits = true;
        for (int k = 0; k < n && fits; k++) {
            size_t len = strcspn(rest, " ");
            fits = strlen(typed[k]) == len && strncmp(typed[k], rest, len) == 0 && rest[len] == ' ';
            rest += len + (rest[len] == ' ');
        }
        if (!fits)
            continue;
        char *word = mem_strn(rest, strcspn(rest, " "));
        offer(w, word, start);
        free(word);
    }
}

static void offer_values(words *w, const commands *cs, const char *source, const char *start)
{
    if (strcmp(source, "view") == 0) {
        const view *const *views;
        size_t n = catalog_views(cs->catalog, &views);
        for (size_t i = 0; i < n; i++)
            offer(w, views[i]->name, start);
    } else if (strcmp(source, "command") == 0) {
        for (size_t i = 0; i < cs->n; i++)
            offer(w, cs->rows[i]->name, start);
    } else if (strncmp(source, "columns:", 8) == 0) {
        const view *v = catalog_view(cs->catalog, source + 8);
        for (size_t i = 0; v && i < v->ncolumns; i++)
            if (v->columns[i].sortable)
                offer(w, v->columns[i].name, start);
    }
}

/* What completes the value behind the option (or at the position) that stands before the cursor. */
static const char *completes(const command *c, const char *before)
{
    for (size_t i = 0; before && i < c->nargs; i++)
        if (strcmp(c->args[i].name, before) == 0 && c->args[i].kind != ARG_FLAG)
            return c->args[i].completes ? c->args[i].completes : "";
    for (size_t i = 0; i < c->nargs; i++)
        if (c->args[i].name[0] != '-' && c->args[i].completes)
            return c->args[i].completes;
    return NULL;
}

static void unique(words *w)
{
    if (w->n == 0)
        return;
    qsort(w->items, w->n, sizeof *w->items, by_text);
    size_t kept = 1;
    for (size_t i = 1; i < w->n; i++) {
        if (strcmp(w->items[i], w->items[kept - 1]) == 0)
            free(w->items[i]);
        else
            w->items[kept++] = w->items[i];
    }
    w->n = kept;
}

size_t commands_complete(const commands *cs, const char *line, size_t at, char ***ret)
{
    words w = {0};
    char **argv = NULL;
    int argc = 0, used = 0;
    char *head = mem_strn(line, at);
    char *start = at && !isspace((unsigned char)head[at - 1]) ? strrchr(head, ' ') : NULL;
    start = start ? start + 1 : at && !isspace((unsigned char)head[at - 1]) ? head : head + at;
    char *word = mem_str(start);
    *start = 0;
    if (commands_split(head, &argv, &argc, NULL)) {
        const command *c = argc ? commands_find(cs, argc, argv, &used, NULL) : NULL;
        offer_commands(&w, cs, argv, argc, word);
        if (c) {
            const char *source = completes(c, argc > used ? argv[argc - 1] : NULL);
            if (source && word[0] != '-')
                offer_values(&w, cs, source, word);
            if (!source || word[0] == '-' || !*word)
                offer_args(&w, c, word);
        }
        commands_split_free(argv, argc);
    }
    free(head);
    free(word);
    unique(&w);
    *ret = w.items;
    return w.n;
}
