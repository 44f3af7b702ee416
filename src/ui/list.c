/* The window is a deque of pages; the cursor is an index into the held rows, so every change of the front
 * shifts cursor, top and `before` together (shift_front). Refresh fetches from an anchor row above the
 * screen, keeps what lies before the anchor, replaces all behind it, and then looks for the cursor's key. */
#include "ui/list.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

void list_init(list *l, const list_reader *reader, size_t page_rows, size_t max_rows)
{
    *l = (list){
        .reader = *reader, .page_rows = page_rows, .max_rows = max_rows, .height = 1, .want_first = true};
    buf_init(&l->scratch);
}

static void drop_pages(list *l)
{
    for (size_t i = 0; i < l->npages; i++)
        l->reader.free(l->reader.ctx, l->pages[i].rows);
    l->npages = 0;
    l->held = 0;
}

void list_unmark_all(list *l)
{
    for (size_t i = 0; i < l->nmarks; i++)
        free(l->marks[i]);
    l->nmarks = 0;
}

void list_done(list *l)
{
    drop_pages(l);
    list_unmark_all(l);
    free(l->pages);
    free(l->marks);
    buf_done(&l->scratch);
}

static void expect_nothing(list *l)
{
    memset(l->expected, 0, sizeof l->expected);
    l->owed = 0;
}

void list_reset(list *l)
{
    drop_pages(l);
    expect_nothing(l);
    l->at_start = l->at_end = l->loaded = l->gone = false;
    l->want_refresh = l->want_last = false;
    l->want_first = true;
    l->cursor = l->top = 0;
    l->before = 0;
}

/* ---- reading ---- */

static const list_page *page_of(const list *l, size_t i, size_t *ret_within)
{
    for (size_t p = 0; p < l->npages; p++) {
        if (i < l->pages[p].n) {
            *ret_within = i;
            return &l->pages[p];
        }
        i -= l->pages[p].n;
    }
    return NULL;
}

const void *list_row(const list *l, size_t i, size_t *ret_row)
{
    size_t within;
    const list_page *p = page_of(l, i, &within);
    if (!p)
        return NULL;
    *ret_row = p->reversed ? p->first + p->n - 1 - within : p->first + within;
    return p->rows;
}

const char *list_key(list *l, size_t i)
{
    size_t row;
    const void *rows = list_row(l, i, &row);
    buf_clear(&l->scratch);
    if (rows)
        l->reader.key(l->reader.ctx, rows, row, &l->scratch);
    return l->scratch.data;
}

int64_t list_number(const list *l, size_t i)
{
    return l->before < 0 || i >= l->held ? 0 : l->before + (int64_t)i + 1;
}

/* ---- where the cursor stands ---- */

/* Keeps the cursor on the rows and the window around the cursor. */
static void settle(list *l)
{
    if (l->cursor >= l->held)
        l->cursor = l->held ? l->held - 1 : 0;
    size_t most = l->held > l->height ? l->held - l->height : 0;
    if (l->top > l->cursor)
        l->top = l->cursor;
    if (l->cursor >= l->top + l->height)
        l->top = l->cursor - l->height + 1;
    if (l->top > most)
        l->top = most;
}

void list_height(list *l, size_t lines)
{
    l->height = lines ? lines : 1;
    settle(l);
}

/* What goes past the held rows is owed until their page comes, in either direction, and adds up: no key is lost. */
static long owe(const list *l, size_t over, size_t before)
{
    size_t most = 8 * l->height, sum = over + before;
    return (long)(sum < most ? sum : most);
}

void list_move(list *l, long lines)
{
    size_t step = lines < 0 ? (size_t)-lines : (size_t)lines;
    long owed = l->owed;
    l->owed = 0;
    if (lines < 0 && step > l->cursor) {
        if (!l->at_start)
            l->owed = -owe(l, step - l->cursor, owed < 0 ? (size_t)-owed : 0);
        l->cursor = 0;
    } else if (lines < 0) {
        l->cursor -= step;
    } else if (l->held && l->cursor + step > l->held - 1) {
        if (!l->at_end)
            l->owed = owe(l, l->cursor + step - (l->held - 1), owed > 0 ? (size_t)owed : 0);
        l->cursor = l->held - 1;
    } else {
        l->cursor += step;
    }
    settle(l);
}

void list_scroll(list *l, long lines)
{
    size_t step = lines < 0 ? (size_t)-lines : (size_t)lines;
    size_t most = l->held > l->height ? l->held - l->height : 0;
    if (lines < 0)
        l->top -= step < l->top ? step : l->top;
    else
        l->top = l->top + step < most ? l->top + step : most;
    if (l->cursor < l->top)
        l->cursor = l->top;
    if (l->cursor >= l->top + l->height)
        l->cursor = l->top + l->height - 1;
    settle(l);
}

void list_leaf(list *l, int pages)
{
    long lines = (long)pages * (long)l->height;
    size_t offset = l->cursor - l->top;
    list_move(l, lines);
    /* The cursor keeps its line on the screen, as a page that is turned does. */
    l->top = l->cursor > offset ? l->cursor - offset : 0;
    settle(l);
}

void list_home(list *l)
{
    if (!l->at_start)
        l->want_first = true;
    l->cursor = l->top = 0;
    l->owed = 0;
}

void list_end(list *l)
{
    if (!l->at_end)
        l->want_last = true;
    l->cursor = l->held ? l->held - 1 : 0;
    l->owed = 0;
    settle(l);
}

void list_select(list *l, size_t i)
{
    l->cursor = i;
    l->owed = 0;
    settle(l);
}

/* ---- what to fetch ---- */

static bool wish(list *l, list_wish *ret, wish_kind kind, bool backward, bool from, size_t row, size_t limit)
{
    *ret = (list_wish){.kind = kind, .backward = backward, .limit = limit, .serial = ++l->serial};
    if (from)
        ret->from_rows = list_row(l, row, &ret->from_row);
    l->expected[kind] = l->serial;
    return true;
}

static bool wish_refresh(list *l, list_wish *ret)
{
    l->want_refresh = false;
    if (!l->held)
        return wish(l, ret, WISH_FIRST, false, false, 0, l->page_rows);
    size_t above = l->top > l->height ? l->top - l->height : 0;
    if (above == 0 && l->at_start) {
        l->anchor = 0;
        size_t shown = l->top + 2 * l->height;
        return wish(l, ret, WISH_REFRESH, false, false, 0, shown > l->page_rows ? shown : l->page_rows);
    }
    l->anchor = above + 1; /* the row before the anchor is where the page starts behind */
    size_t shown = l->top + 2 * l->height - above;
    return wish(l, ret, WISH_REFRESH, false, true, above, shown > l->page_rows ? shown : l->page_rows);
}

bool list_wish_next(list *l, list_wish *ret)
{
    if (l->want_first || l->want_last) {
        bool first = l->want_first;
        l->want_first = l->want_last = l->want_refresh = false;
        expect_nothing(l);
        return wish(l, ret, first ? WISH_FIRST : WISH_LAST, !first, false, 0, l->page_rows);
    }
    if (!l->loaded || l->expected[WISH_FIRST] || l->expected[WISH_LAST] || l->expected[WISH_REFRESH])
        return false;
    if (l->want_refresh)
        return wish_refresh(l, ret);
    if (!l->held)
        return false;
    size_t below = l->held - l->top > l->height ? l->held - l->top - l->height : 0;
    if (!l->at_end && !l->expected[WISH_AFTER] && below < l->page_rows)
        return wish(l, ret, WISH_AFTER, false, true, l->held - 1, l->page_rows);
    if (!l->at_start && !l->expected[WISH_BEFORE] && l->top < l->page_rows)
        return wish(l, ret, WISH_BEFORE, true, true, 0, l->page_rows);
    return false;
}

void list_refresh(list *l)
{
    if (l->loaded)
        l->want_refresh = true;
    else
        l->want_first = true;
}

bool list_waiting(const list *l)
{
    return l->want_first || l->want_last || l->expected[WISH_FIRST] || l->expected[WISH_LAST] || l->owed != 0;
}

void list_failed(list *l, wish_kind kind, uint64_t serial)
{
    if (l->expected[kind] == serial)
        l->expected[kind] = 0;
}

bool list_said_gone(list *l)
{
    bool gone = l->gone;
    l->gone = false;
    return gone;
}

/* ---- taking pages in ---- */

static void push_page(list *l, bool front, void *rows, size_t n, bool reversed)
{
    MEM_ROOM(l->pages, l->npages, l->cap);
    if (front)
        memmove(l->pages + 1, l->pages, l->npages * sizeof *l->pages);
    l->pages[front ? 0 : l->npages] = (list_page){rows, 0, n, reversed};
    l->npages++;
    l->held += n;
}

static void drop_page(list *l, bool front)
{
    list_page *p = front ? l->pages : l->pages + l->npages - 1;
    size_t n = p->n;
    l->reader.free(l->reader.ctx, p->rows);
    l->npages--;
    if (front)
        memmove(l->pages, l->pages + 1, l->npages * sizeof *l->pages);
    l->held -= n;
    if (front) {
        l->cursor -= n;
        l->top -= n;
        l->before = l->before < 0 ? -1 : l->before + (int64_t)n;
        l->at_start = false;
        l->expected[WISH_BEFORE] = 0; /* it would go before rows that are no longer there */
    } else {
        l->at_end = false;
        l->expected[WISH_AFTER] = 0;
    }
}

/* Drops whole pages from the side away from the screen, never one within `keep` lines of it. */
static void bound(list *l, size_t most, size_t keep)
{
    while (l->npages > 1 && l->held > most) {
        const list_page *first = l->pages, *last = l->pages + l->npages - 1;
        size_t above = l->top, below = l->held > l->top + l->height ? l->held - l->top - l->height : 0;
        bool front = above > below;
        size_t n = front ? first->n : last->n;
        if ((front ? above : below) < n + keep)
            break;
        drop_page(l, front);
    }
}

void list_shrink(list *l)
{
    expect_nothing(l);
    bound(l, 0, 0);
}

static void cut_behind(list *l, size_t keep)
{
    while (l->npages && l->held - l->pages[l->npages - 1].n >= keep) {
        list_page *p = l->pages + --l->npages;
        l->held -= p->n;
        l->reader.free(l->reader.ctx, p->rows);
        if (l->held == keep)
            return;
    }
    if (l->held > keep) {
        list_page *p = l->pages + l->npages - 1;
        size_t over = l->held - keep;
        if (p->reversed)
            p->first += over;
        p->n -= over;
        l->held = keep;
    }
}

static bool find_key(list *l, const char *key, size_t from, size_t *ret)
{
    for (size_t i = from; i < l->held; i++)
        if (strcmp(list_key(l, i), key) == 0) {
            *ret = i;
            return true;
        }
    return false;
}

static void take_refresh(list *l, void *rows, size_t n, bool more)
{
    char *key = mem_str(list_key(l, l->cursor));
    size_t line = l->cursor - l->top, was = l->cursor, found;
    cut_behind(l, l->anchor);
    l->expected[WISH_AFTER] = 0;
    push_page(l, false, rows, n, false);
    l->at_end = !more;
    if (find_key(l, key, 0, &found)) {
        l->cursor = found;
    } else {
        l->gone = true;
        l->cursor = was;
    }
    l->top = l->cursor > line ? l->cursor - line : 0;
    free(key);
}

static void take_whole(list *l, wish_kind kind, void *rows, size_t n, bool more)
{
    drop_pages(l);
    expect_nothing(l);
    push_page(l, false, rows, n, kind == WISH_LAST);
    l->at_start = kind == WISH_FIRST || !more;
    l->at_end = kind == WISH_LAST || !more;
    l->before = l->at_start ? 0 : -1;
    l->cursor = l->top = 0;
    if (kind == WISH_LAST) {
        l->cursor = n ? n - 1 : 0;
        l->top = l->held > l->height ? l->held - l->height : 0;
    }
}

static void take_before(list *l, void *rows, size_t n, bool more)
{
    push_page(l, true, rows, n, true);
    l->cursor += n;
    l->top += n;
    l->at_start = !more;
    l->before = l->at_start ? 0 : l->before < 0 ? -1 : l->before - (int64_t)n;
    if (!l->at_start && l->before <= 0)
        l->before = -1; /* rows came in above meanwhile: the number is no longer known */
}

bool list_take(list *l, wish_kind kind, uint64_t serial, void *rows, size_t n, bool more)
{
    if (l->expected[kind] != serial || serial == 0) {
        l->reader.free(l->reader.ctx, rows);
        return false;
    }
    l->expected[kind] = 0;
    long owed = l->owed;
    if (kind == WISH_REFRESH) {
        take_refresh(l, rows, n, more);
    } else if (kind == WISH_AFTER) {
        push_page(l, false, rows, n, false);
        l->at_end = !more;
        l->owed = 0;
        if (owed > 0)
            list_move(l, owed);
    } else if (kind == WISH_BEFORE) {
        take_before(l, rows, n, more);
        l->owed = 0;
        if (owed < 0)
            list_move(l, owed);
    } else {
        take_whole(l, kind, rows, n, more);
    }
    l->loaded = true;
    settle(l);
    bound(l, l->max_rows, l->page_rows);
    return true;
}

/* ---- marks ---- */

static bool mark_at(const list *l, const char *key, size_t *ret)
{
    size_t low = 0, high = l->nmarks;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int d = strcmp(l->marks[mid], key);
        if (d == 0) {
            *ret = mid;
            return true;
        }
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *ret = low;
    return false;
}

void list_mark(list *l)
{
    if (!l->held)
        return;
    const char *key = list_key(l, l->cursor);
    size_t at;
    if (mark_at(l, key, &at)) {
        free(l->marks[at]);
        l->nmarks--;
        memmove(l->marks + at, l->marks + at + 1, (l->nmarks - at) * sizeof *l->marks);
        return;
    }
    MEM_ROOM(l->marks, l->nmarks, l->marks_cap);
    memmove(l->marks + at + 1, l->marks + at, (l->nmarks - at) * sizeof *l->marks);
    l->marks[at] = mem_str(key);
    l->nmarks++;
}

bool list_marked(list *l, size_t i)
{
    size_t at;
    return l->nmarks > 0 && mark_at(l, list_key(l, i), &at);
}
