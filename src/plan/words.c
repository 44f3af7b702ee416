/* Dates, hours and lists as sentences have them; and JSON read with the place of what is wrong. */
#include "plan/private.h"

#include "base/text.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

static const char *const MONTHS[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

void word_date(int32_t day, char out[32])
{
    int y, m, d;
    time_civil(day, &y, &m, &d);
    snprintf(out, 32, "%d %s %d", d, MONTHS[m - 1], y);
}

void word_day(int32_t day, char out[32])
{
    int y, m, d;
    time_civil(day, &y, &m, &d);
    snprintf(out, 32, "%d %s", d, MONTHS[m - 1]);
}

const char *word_weekday(int32_t day)
{
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    return DAYS[((day % 7) + 11) % 7]; /* 1970-01-01 was a Thursday */
}

void word_hours(int32_t minutes, char out[16])
{
    int32_t tenths = (minutes * 10 + 30) / 60;
    snprintf(out, 16, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
}

void word_list(buf *out, size_t i, size_t n)
{
    if (i)
        buf_str(out, i + 1 == n ? " and " : ", ");
}

/* ---- reading JSON ---- */

bool read_bad(json_reader *r, const char *key, const char *wants)
{
    if (r->ok)
        err_set(r->e, ERR_INPUT, "the %s's field '%s' %s", r->what, key, wants);
    r->ok = false;
    return false;
}

json_t *read_root(const char *text, json_reader *r)
{
    json_error_t where;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    r->ok = json_is_object(root);
    if (r->ok)
        return root;
    if (root)
        err_set(r->e, ERR_INPUT, "the %s is no JSON object", r->what);
    else
        err_set(r->e, ERR_INPUT, "the %s is no JSON: line %d, column %d: %s", r->what, where.line,
                where.column, where.text);
    json_decref(root);
    return NULL;
}

int64_t read_int(json_reader *r, const json_t *o, const char *key, int64_t least, int64_t most)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_integer(v))
        return read_bad(r, key, "is no whole number");
    int64_t n = json_integer_value(v);
    return n >= least && n <= most ? n : read_bad(r, key, "is out of its range");
}

double read_real(json_reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_number(v))
        return (double)read_bad(r, key, "is no number");
    return json_number_value(v);
}

bool read_bool(json_reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : read_bad(r, key, "is neither true nor false");
}

const char *read_text(json_reader *r, const json_t *o, const char *key, bool may_be_null)
{
    const json_t *v = json_object_get(o, key);
    if (json_is_string(v))
        return json_string_value(v);
    if (!may_be_null || !json_is_null(v))
        read_bad(r, key, "is no text");
    return may_be_null ? NULL : "";
}

void read_fixed(json_reader *r, const json_t *o, const char *key, char *out, size_t size)
{
    const char *text = read_text(r, o, key, false);
    if (strlen(text) >= size)
        read_bad(r, key, "is too long");
    text_copy(out, size, text);
}

int32_t read_day(json_reader *r, const json_t *o, const char *key, bool may_be_null)
{
    const char *text = read_text(r, o, key, may_be_null);
    int32_t day = DAY_NONE;
    if (text && *text && !time_parse_date(text, &day, NULL))
        read_bad(r, key, "is no date such as 2027-03-14");
    if (text && !*text)
        read_bad(r, key, "is no date such as 2027-03-14");
    return day;
}

const json_t *read_array(json_reader *r, const json_t *o, const char *key, size_t most)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_array(v) || json_array_size(v) > most)
        read_bad(r, key, json_is_array(v) ? "is too long" : "is no list");
    return v;
}

const json_t *read_object(json_reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    if (!json_is_object(v))
        read_bad(r, key, "is no object");
    return v;
}

void json_day(json_out *j, int32_t day)
{
    char text[16];
    if (day == DAY_NONE) {
        json_none(j);
        return;
    }
    time_format_date(day, text);
    json_str(j, text);
}
