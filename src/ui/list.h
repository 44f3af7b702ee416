/* list: the window of rows that a table shows, out of a set that may be endless. No curses, no database.
 *
 * Rows come in keyset pages. The list says which page it wants next (list_wish), somebody fetches it, and
 * list_take puts it in; pages far from the cursor are dropped, so that any table size takes the memory of
 * some pages. A row is its key: a refresh finds the cursor's row again by key and leaves it on the same line
 * of the screen; when it is gone, the list says so. Marks are keys too and outlive the pages they were set
 * on.
 *
 * Every wish carries a serial. An answer whose serial is no longer expected (the list was reset, or that side
 * of the window changed meanwhile) is freed, never shown. */
#ifndef SHOWX_UI_LIST_H
#define SHOWX_UI_LIST_H

#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the list reads pages without knowing what they are. */
typedef struct list_reader {
    void (*key)(void *ctx, const void *rows, size_t row, buf *out); /* appends the row's identity */
    void (*free)(void *ctx, void *rows);
    void *ctx;
} list_reader;

typedef enum { WISH_FIRST, WISH_LAST, WISH_AFTER, WISH_BEFORE, WISH_REFRESH, WISH_KINDS } wish_kind;

typedef struct list_wish {
    wish_kind kind;
    bool backward;         /* rows before `from`, nearest first */
    const void *from_rows; /* NULL = from the set's beginning (backward: its end) */
    size_t from_row;
    size_t limit;
    uint64_t serial;
} list_wish;

typedef struct list_page {
    void *rows;
    size_t first, n; /* the part of rows that is still shown */
    bool reversed;   /* fetched backward: stored last first */
} list_page;

typedef struct list {
    list_reader reader;
    size_t page_rows, max_rows;
    list_page *pages;
    size_t npages, cap;
    size_t held;           /* rows in pages */
    bool at_start, at_end; /* nothing before the first, nothing after the last held row */
    bool loaded;           /* something was taken since the last reset */
    size_t cursor, top;    /* of the held rows */
    size_t height;         /* lines on the screen */
    int64_t before;        /* rows known to lie before the first held one; -1 = unknown */
    long owed;             /* lines the cursor still has to go when the next page comes; negative = up */
    bool gone;             /* the last refresh did not find the cursor's row; list_said_gone() clears it */
    bool want_refresh, want_first, want_last;
    uint64_t serial, expected[WISH_KINDS];
    size_t anchor; /* of the refresh under way: rows before it stay */
    char **marks;  /* sorted keys */
    size_t nmarks, marks_cap;
    buf scratch;
} list;

void list_init(list *l, const list_reader *reader, size_t page_rows, size_t max_rows);
void list_done(list *l);
/* Another question: all rows go and the first page is wanted. Marks stay; the cursor is on the first row. */
void list_reset(list *l);
void list_height(list *l, size_t lines);

/* What to fetch next; false when nothing is wanted or it is on its way. */
bool list_wish_next(list *l, list_wish *ret);
/* Takes the rows over. more: the set goes on beyond them. False when the answer is old (rows were freed). */
bool list_take(list *l, wish_kind kind, uint64_t serial, void *rows, size_t n, bool more);
void list_failed(list *l, wish_kind kind, uint64_t serial); /* may be wished again */
bool list_waiting(const list *l); /* an answer that the screen needs is on its way */
void list_refresh(list *l);       /* fetch again what is on the screen */
bool list_said_gone(list *l);
/* Keeps only the pages on the screen: for lists that lie below others. */
void list_shrink(list *l);

/* Row i of the held ones. */
const void *list_row(const list *l, size_t i, size_t *ret_row);
const char *list_key(list *l, size_t i); /* borrowed until the next call */
/* 1-based number of held row i in the whole set, 0 when unknown. */
int64_t list_number(const list *l, size_t i);

void list_move(list *l, long lines);
void list_scroll(list *l, long lines); /* moves the window, the cursor only as far as it must */
void list_leaf(list *l, int pages);    /* whole screens */
void list_home(list *l);
void list_end(list *l);
void list_select(list *l, size_t i);

void list_mark(list *l); /* toggles the cursor's row */
bool list_marked(list *l, size_t i);
void list_unmark_all(list *l);

#endif
