/* The few statements that the store itself runs. They live in queries/ like all others and are written the
 * same way (catalog/catalog.h), but the catalog knows no store and the store no catalog, so the little that
 * is needed of the form is read here: `-- :name` lines, `-- sqlite`, and :name in the text. */
#include "base/mem.h"
#include "catalog/embedded.h"
#include "store/private.h"
#include <ctype.h>
#include <string.h>

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t name_length(const char *s)
{
    size_t n = 0;
    while (name_byte(s[n]))
        n++;
    return n;
}

/* The part of the file for the dialect: what stands before the line `-- sqlite` or behind it. */
static void cut_part(const char *text, store_dialect dialect, const char **from, const char **end)
{
    const char *mark = strstr(text, "\n-- sqlite\n");
    *from = text;
    *end = text + strlen(text);
    if (mark && dialect == STORE_SQLITE)
        *from = mark + strlen("\n-- sqlite\n");
    else if (mark)
        *end = mark + 1;
}

static const named_value *find_value(const named_value *values, size_t n, const char *name, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(values[i].name, name, len) == 0 && values[i].name[len] == '\0')
            return &values[i];
    return NULL;
}

/* Positions follow the order of the values given, so that a name may be used twice. */
static bool add_place(named *q, store_dialect dialect, const char *file, const named_value *values, size_t n,
                      const char *name, size_t len, err *e)
{
    const named_value *v = find_value(values, n, name, len);
    if (!v)
        return err_set(e, ERR_USAGE, "%s: no value for :%.*s", file, (int)len, name);
    buf_printf(&q->sql, "%c%d", dialect == STORE_SQLITE ? '?' : '$', (int)(v - values) + 1);
    return true;
}

static bool write_sql(named *q, store_dialect dialect, const char *file, const char *s, const char *end,
                      const named_value *values, size_t n, err *e)
{
    while (s < end) {
        if (s[0] == '-' && s[1] == '-') {
            while (s < end && *s != '\n')
                s++;
        } else if (*s == '\'') {
            const char *close = strchr(s + 1, '\'');
            size_t len = close ? (size_t)(close - s) + 1 : (size_t)(end - s);
            buf_add(&q->sql, s, len);
            s += len;
        } else if (s[0] == ':' && s[1] == ':') {
            buf_str(&q->sql, "::");
            s += 2;
        } else if (*s == ':' && name_byte(s[1])) {
            size_t len = name_length(s + 1);
            if (!add_place(q, dialect, file, values, n, s + 1, len, e))
                return false;
            s += 1 + len;
        } else {
            buf_char(&q->sql, *s++);
        }
    }
    return true;
}

bool named_init(named *q, store_dialect dialect, const char *file, const named_value *values, size_t n,
                err *e)
{
    *q = (named){0};
    buf_init(&q->sql);
    const embedded_file *f = embedded_find(file);
    if (!f)
        return err_set(e, ERR_MISSING, "%s: this program does not carry it", file);
    const char *from, *end;
    cut_part(f->text, dialect, &from, &end);
    if (!write_sql(q, dialect, file, from, end, values, n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        q->params[i] = (store_param){STORE_TEXT, values[i].text};
    q->request = (store_request){.name = file, .sql = q->sql.data, .params = q->params, .nparams = n};
    return true;
}

void named_done(named *q)
{
    buf_done(&q->sql);
}

bool named_run(store *s, const char *file, const named_value *values, size_t n, const store_sink *sink,
               stop *st, err *e)
{
    named q;
    bool ok = named_init(&q, s->dialect, file, values, n, e) && s->run(s, &q.request, sink, NULL, st, e);
    named_done(&q);
    return ok;
}

bool named_fetch(store *s, const char *file, const named_value *values, size_t n, rowset **ret, stop *st,
                 err *e)
{
    named q;
    bool ok =
        named_init(&q, s->dialect, file, values, n, e) && store_fetch(s, &q.request, SIZE_MAX, ret, st, e);
    named_done(&q);
    return ok;
}

bool store_in_transaction(err *e)
{
    return err_set(e, ERR_USAGE, "a transaction is open already");
}

bool store_no_transaction(err *e)
{
    return err_set(e, ERR_USAGE, "there is no transaction to commit");
}

bool store_spoilt(const char *name, err *e)
{
    return err_set(e, ERR_FAILED,
                   "%s: a statement before it failed, so the transaction can only be rolled back", name);
}
