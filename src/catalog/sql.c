/* sql: just enough of a tokenizer to find :name and {{name}} in a statement, and nothing else.
 *
 * Everything in which a colon means something else is looked past whole: '...' with '' doubled, E'...' with
 * backslashes, "..." identifiers, line comments, nested block comments, $tag$...$tag$, and the cast `::`.
 * What would make the text mean more than one statement, or take a parameter by position, is refused here, so
 * that nothing else must look. */
#include "catalog/private.h"
#include <string.h>

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

static bool name_byte(char c)
{
    return name_start(c) || (c >= '0' && c <= '9');
}

/* What may be inside an identifier or a number as Postgres reads them. */
static bool word_byte(char c)
{
    return name_byte(c) || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

bool sql_is_name(const char *s, size_t n)
{
    if (n == 0 || n > 63 || !name_start(*s))
        return false;
    for (size_t i = 1; i < n; i++)
        if (!name_byte(s[i]))
            return false;
    return true;
}

int sql_line(const sql_reader *r, const char *at)
{
    int line = 0;
    for (const char *p = r->start; p < at && p < r->end; p++)
        line += *p == '\n';
    return line;
}

/* Each skip begins at the opening mark and returns the place behind the closing one, or NULL when there is
 * none. */
static const char *skip_quoted(const char *p, const char *end, char quote, bool backslash)
{
    for (p++; p < end; p++) {
        if (backslash && *p == '\\' && p + 1 < end)
            p++;
        else if (*p == quote && p + 1 < end && p[1] == quote)
            p++;
        else if (*p == quote)
            return p + 1;
    }
    return NULL;
}

static const char *skip_block(const char *p, const char *end)
{
    int depth = 0;
    while (p + 1 < end) {
        if (p[0] == '/' && p[1] == '*') {
            depth++;
            p += 2;
        } else if (p[0] == '*' && p[1] == '/') {
            p += 2;
            if (--depth == 0)
                return p;
        } else {
            p++;
        }
    }
    return NULL;
}

/* At a '$' that begins no word: behind the closing $tag$, p itself when this is no dollar quote, NULL when it
 * never closes. */
static const char *skip_dollar(const char *p, const char *end)
{
    const char *tag_end = p + 1;
    while (tag_end < end && word_byte(*tag_end) && !(tag_end == p + 1 && *tag_end >= '0' && *tag_end <= '9'))
        tag_end++;
    if (tag_end >= end || *tag_end != '$')
        return p;
    size_t tag = (size_t)(tag_end - p) + 1;
    const char *close = memmem(tag_end + 1, (size_t)(end - tag_end - 1), p, tag);
    return close ? close + tag : NULL;
}

static sql_piece broken(sql_reader *r, const char *at, const char *what)
{
    r->at = at;
    return (sql_piece){SQL_BROKEN, what, strlen(what)};
}

/* At something that is skipped whole: behind it; p itself when it is nothing such; NULL (and *ret_what) when
 * it never closes. */
static const char *skip_whole(const sql_reader *r, const char *p, const char **ret_what)
{
    const char *end = r->end;
    char next = p + 1 < end ? p[1] : '\0';
    if (*p == '\'') {
        bool escaped =
            p > r->start && (p[-1] == 'E' || p[-1] == 'e') && (p - 1 == r->start || !word_byte(p[-2]));
        *ret_what = "a string that never ends";
        return skip_quoted(p, end, '\'', escaped);
    }
    if (*p == '"') {
        *ret_what = "a quoted name that never ends";
        return skip_quoted(p, end, '"', false);
    }
    if (*p == '-' && next == '-') {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        return line ? line : end;
    }
    if (*p == '/' && next == '*') {
        *ret_what = "a comment that never ends";
        return skip_block(p, end);
    }
    if (*p == '$' && (p == r->start || !word_byte(p[-1]))) {
        *ret_what = "a dollar quote that never ends";
        return skip_dollar(p, end);
    }
    return *p == ':' && next == ':' ? p + 2 : p;
}

static sql_piece named(sql_reader *r, const char *name, sql_kind kind)
{
    const char *p = name;
    while (p < r->end && name_byte(*p))
        p++;
    size_t n = (size_t)(p - name);
    if (!sql_is_name(name, n))
        return broken(r, name, "a name that is empty or longer than 63 letters");
    if (kind == SQL_INCLUDE) {
        if (r->end - p < 2 || p[0] != '}' || p[1] != '}')
            return broken(r, name, "'{{' without a name and '}}'");
        p += 2;
    }
    r->at = p;
    return (sql_piece){kind, name, n};
}

sql_piece sql_next(sql_reader *r)
{
    const char *begin = r->at, *p = begin;
    while (p < r->end) {
        const char *what = "what never ends", *behind = skip_whole(r, p, &what);
        if (!behind)
            return broken(r, p, what);
        if (behind > p) {
            p = behind;
            continue;
        }
        char next = p + 1 < r->end ? p[1] : '\0';
        bool param = *p == ':' && name_start(next) && (p == r->start || p[-1] != ':');
        bool include = *p == '{' && next == '{';
        if ((param || include) && p > begin)
            break;
        if (param)
            return named(r, p + 1, SQL_PARAM);
        if (include)
            return named(r, p + 2, SQL_INCLUDE);
        if (*p == ';')
            return broken(r, p, "a ';': a query file holds one statement");
        if (*p == '?' || (*p == '$' && (p == r->start || !word_byte(p[-1])))) {
            if (p > begin)
                break;
            r->at = p + 1;
            return (sql_piece){SQL_PLACE, p, 1};
        }
        if (*p == '\0')
            return broken(r, p, "a NUL byte");
        p++;
    }
    r->at = p;
    return (sql_piece){p > begin ? SQL_TEXT : SQL_END, begin, (size_t)(p - begin)};
}
