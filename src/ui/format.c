#include "ui/format.h"
#include "base/money.h"
#include "base/time.h"
#include "ui/theme.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool format_right(column_type t)
{
    return t == COL_COUNT || t == COL_MONEY || t == COL_PERCENT || t == COL_DURATION || t == COL_AGO;
}

void format_grouped(int64_t n, buf *out)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n);
    if (n < 0)
        buf_char(out, '-');
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_char(out, ',');
        buf_char(out, digits[i]);
    }
}

void format_short(int64_t n, buf *out)
{
    static const struct {
        int64_t from;
        const char *unit;
    } units[] = {{1000000000, "G"}, {1000000, "M"}, {10000, "k"}};
    for (size_t i = 0; i < 3; i++)
        if (n >= units[i].from) {
            double v = (double)n / (i == 2 ? 1000.0 : (double)units[i].from);
            buf_printf(out, v < 10 ? "%.1f%s" : "%.0f%s", v < 10 ? floor(v * 10) / 10 : floor(v),
                       units[i].unit);
            return;
        }
    format_grouped(n, out);
}

void format_masked(const char *s, size_t n, bool ascii, buf *out)
{
    uint32_t cp;
    const char *at = memchr(s, '@', n);
    buf_add(out, s, n ? text_decode(s, n, &cp) : 0);
    buf_str(out, ascii ? "***" : "•••");
    if (at)
        buf_add(out, at, n - (size_t)(at - s));
}

static void add_money(const view_column *c, const rowset *rows, size_t row, const char *s, buf *out)
{
    int k = c->currency ? rowset_column(rows, c->currency) : -1;
    const store_cell *currency = k >= 0 ? rowset_cell(rows, row, (size_t)k) : NULL;
    char money[48];
    money_format(strtoll(s, NULL, 10), currency && currency->text ? currency->text : "USD", true, money);
    buf_str(out, money);
}

static void add_ago(const char *s, buf *out)
{
    int64_t us;
    char span[16];
    if (!time_parse(s, &us, NULL)) {
        buf_str(out, s);
        return;
    }
    int64_t ago = time_now_us() - us, days = (ago < 0 ? -ago : ago) / 86400000000;
    time_span(ago < 0 ? -ago : ago, span);
    if (days >= 730) /* nobody counts two years in days */
        snprintf(span, sizeof span, "%d y", (int)(days / 365));
    else if (days >= 90)
        snprintf(span, sizeof span, "%d mo", (int)(days / 30));
    buf_printf(out, ago < 0 ? "in %s" : "%s", span);
}

static void add_instant(const char *s, size_t n, buf *out)
{
    if (n < 16) {
        buf_add(out, s, n);
        return;
    }
    buf_add(out, s, 10);
    buf_char(out, ' ');
    buf_add(out, s + 11, 5);
}

/* A part of a whole, 0 to 1. */
static void add_bar(const char *s, const format_options *o, buf *out)
{
    double part = strtod(s, NULL);
    int width = o->columns > 0 ? o->columns : 10;
    if (!(part >= 0))
        part = 0;
    int full = (int)lround((part > 1 ? 1 : part) * width);
    for (int i = 0; i < width; i++)
        buf_str(out, o->ascii ? (i < full ? "#" : ".") : (i < full ? "█" : "░"));
}

/* Numbers between commas, as one step of eight each. */
static void add_spark(const char *s, const format_options *o, buf *out)
{
    static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char plain[] = "_.-:=+*#";
    double most = 0;
    for (const char *p = s; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        most = fmax(most, strtod(p, NULL));
    for (const char *p = s; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
        double v = strtod(p, NULL);
        size_t step = most > 0 && v > 0 ? (size_t)(v / most * 7 + 0.5) : 0;
        if (o->ascii)
            buf_char(out, plain[step]);
        else
            buf_str(out, steps[step]);
    }
}

static void add_duration(const char *s, buf *out)
{
    char span[16];
    double seconds = strtod(s, NULL);
    if (fabs(seconds) < 1 && seconds != 0) {
        buf_printf(out, "%.0f ms", seconds * 1000);
        return;
    }
    time_span((int64_t)(seconds * 1e6), span);
    buf_str(out, span);
}

static void add_badge(const char *s, size_t n, formatted *ret)
{
    for (size_t i = 0; i < n; i++)
        buf_char(&ret->text, s[i] == '_' ? ' ' : s[i]);
    ret->style = theme_badge(ret->text.data);
}

void format_cell(const view_column *c, const rowset *rows, size_t row, const format_options *o,
                 formatted *ret)
{
    buf_clear(&ret->text);
    ret->style = STYLE_TEXT;
    ret->align = format_right(c->type) ? TEXT_RIGHT : TEXT_LEFT;
    int k = rowset_column(rows, c->name);
    const store_cell *cell = k < 0 ? NULL : rowset_cell(rows, row, (size_t)k);
    if (!cell || !cell->text)
        return;
    const char *s = cell->text;
    if (c->sensitive && !o->reveal) {
        format_masked(s, cell->len, o->ascii, &ret->text);
        ret->style = STYLE_DIM;
        return;
    }
    switch (c->type) {
    case COL_MONEY:
        add_money(c, rows, row, s, &ret->text);
        break;
    case COL_COUNT:
        if (strspn(s, "-0123456789") == cell->len)
            format_grouped(strtoll(s, NULL, 10), &ret->text);
        else
            buf_add(&ret->text, s, cell->len);
        if (strcmp(s, "0") == 0)
            ret->style = STYLE_DIM;
        break;
    case COL_TIME:
        add_instant(s, cell->len, &ret->text);
        break;
    case COL_AGO:
        add_ago(s, &ret->text);
        ret->style = STYLE_DIM;
        break;
    case COL_DURATION:
        add_duration(s, &ret->text);
        break;
    case COL_PERCENT:
        buf_printf(&ret->text, "%.4g%%", strtod(s, NULL));
        break;
    case COL_BAR:
        add_bar(s, o, &ret->text);
        ret->style = STYLE_BAR;
        break;
    case COL_SPARK:
        add_spark(s, o, &ret->text);
        ret->style = STYLE_BAR;
        break;
    case COL_BADGE:
        add_badge(s, cell->len, ret);
        break;
    case COL_YESNO:
        buf_str(&ret->text, s[0] == 't' ? "yes" : "no");
        ret->style = s[0] == 't' ? STYLE_TEXT : STYLE_DIM;
        break;
    default:
        buf_add(&ret->text, s, cell->len);
    }
}
