/* catalog: which questions can be asked (queries/NAME.sql) and which screens exist (views/NAME.view), read from the
 * files built into the program. It knows no database and no screen: it reads, checks and hands out.
 *
 * Everything returned is borrowed from the catalog and lives as long as it. A broken file is one sentence
 * "views/artists.view:12: ..." and does not hide the others. */
#ifndef SHOWX_CATALOG_CATALOG_H
#define SHOWX_CATALOG_CATALOG_H

#include "base/buf.h"
#include "base/err.h"
#include "base/value.h"
#include <stdbool.h>
#include <stddef.h>

/* ---- queries ----
 * -- artists: artists by name, with followers and the next show
 * -- :search fold = ''       part of the name, any case, accents ignored
 * select ...
 * -- sqlite                  a line by itself: from here on the SQLite text, where the dialects truly differ
 * select ...
 * Parameter types: text, fold (text, folded by text_fold before it is bound), int, real, bool, time, date, json. Without
 * `= default` a parameter is required; `= null` is a null default. A line `-- offline: no REASON` says it cannot run on SQLite.
 * A parameter named `now` (time) or `today` (date) that is not given is the moment of binding. `{{other}}` in the text stands
 * for the query `other` in brackets, and brings its parameters along. Other comment lines of the head
 * are prose. `-- sort: word text indexed` gives a search tier an order of its own. Parameters carry their type as a cast, and
 * `(:x is null or ...)` costs nothing as long as the statement is planned with its values (the unnamed statement). */
typedef struct query_param {
    const char *name;
    store_type type;
    bool fold, required;
    const char *fallback; /* NULL = null */
    const char *help;
} query_param;

typedef struct query {
    const char *name; /* "artists" */
    const char *file; /* "queries/artists.sql" */
    const char *summary;
    const char *offline_not; /* NULL, or why it cannot run on SQLite */
    const query_param *params;
    size_t nparams;
    const char *body[2]; /* by store_dialect, parameters still as :name; NULL when it cannot run there */
    const char *sort;    /* a tier's own keyset order: this column, then the view's key; NULL = the view's */
    store_type sort_type;
    bool sort_indexed, sort_descending;
} query;

/* ---- views ---- */
typedef enum {
    VIEW_LIST,   /* a table, keyset paged */
    VIEW_DETAIL, /* one row as labelled fields, with related lists below as sections */
    /* Figures per area with a way in: the row's column `view` names the screen that Enter opens, its column `with`
     * the values to narrow it by ("status=hold&until=2026-11-24", with_split() takes it apart). */
    VIEW_HOME,
    VIEW_TREE, /* a document as a tree with types */
    /* A list of cities for everybody else (commands, pages, exports); in the console as you type, with a map: its key is city_id. */
    VIEW_PLACES,
    VIEW_ROUTING, /* a tour being built; for commands one row: the kept plan */
} view_kind;

typedef enum {
    COL_TEXT,
    COL_COUNT,
    COL_MONEY,
    COL_DATE,
    COL_TIME,
    COL_DURATION,
    COL_PERCENT,
    COL_BADGE,
    COL_BAR,
    COL_SPARK,
    COL_AGO,
    COL_YESNO,
    COL_JSON
} column_type;

typedef struct view_column {
    const char *name; /* of the query's result */
    const char *title;
    column_type type;
    const char *currency; /* COL_MONEY: the column that names the currency, or NULL */
    int width_min, width_max;
    int keep; /* 1 = dropped last on a narrow terminal; 9 = first; 0 = never shown in the table (detail only) */
    bool sensitive;  /* personal data: masked until revealed */
    bool sortable;   /* default yes */
    bool indexed;    /* not null and index backed as (column, key): keyset by row comparison */
    bool descending; /* its natural direction: newest first, largest first */
    const char *help;
    int line; /* in the view file */
} view_column;

typedef struct view_bind { /* `with = artist_id, search: name`: target parameter from this row's column */
    const char *param, *column;
} view_bind;

typedef struct view_go { /* [go NAME] drill-down */
    const char *name, *title, *key, *view;
    const view_bind *binds;
    size_t nbinds;
    int line;
} view_go;

typedef enum { DANGER_SAFE, DANGER_CONFIRM, DANGER_SEVERE } view_danger;

typedef struct view_do { /* [do NAME] an action that writes */
    const char *name, *title, *key, *query;
    view_danger danger;
    const char *roles;         /* space separated, NULL = all */
    const char *const *inputs; /* parameters asked of the person, in order */
    size_t ninputs;
    const char *undo;
    const view_bind *binds;
    size_t nbinds;
    int line;
} view_do;

typedef struct
    view_act { /* [act NAME] something that this kind of screen can do by itself (its panel knows the name) */
    const char *name, *title, *key;
    const char *help; /* a sentence for `?`; NULL = the title says it */
    int line;
} view_act;

/* A related list inside a detail: [section concerts] view = concerts with = artist_id rows = 5 */
typedef struct view_section {
    const char *name, *title, *view;
    const view_bind *binds;
    size_t nbinds;
    int rows;
    int line;
} view_section;

typedef struct view {
    const char *name; /* "artists": also the command */
    const char *file;
    const char *title, *summary;
    view_kind kind;
    const query *query;
    /* The tiers, best first: each a list query with :search; or NULL: not searchable. */
    const query *const *search;
    const char *const *search_said; /* per tier what the frame says: "by e-mail", "by word", "by likeness" */
    size_t nsearch;
    const query *count;     /* optional: exact count on demand, same parameters */
    const query *estimate;  /* optional: cheap estimate */
    const char *const *key; /* columns of the identity */
    size_t nkey;
    const char *sort;   /* default order's column; then the key */
    const char *narrow; /* optional parameters that other views may bind: any of the query's params */
    double refresh_s;   /* 0 = not by itself */
    bool offline;
    const char *empty; /* what to do when there is nothing */
    const char *menu;  /* NULL, or where it stands in the home and palette: "1 Artists" */
    const view_column *columns;
    size_t ncolumns;
    const view_go *gos;
    size_t ngos;
    const view_do *dos;
    size_t ndos;
    const view_act *acts;
    size_t nacts;
    const view_section *sections;
    size_t nsections;
} view;

bool view_is_list(const view *v); /* rows that are paged, sorted and searched: VIEW_LIST, VIEW_PLACES */

typedef struct catalog catalog;

/* Reads the built-in files. Broken ones are told to `told` (one sentence each) and left out; returns NULL only when nothing can be read. */
catalog *catalog_new(void (*told)(void *ctx, const char *sentence), void *ctx);
catalog *catalog_empty(void);
void catalog_free(catalog *c);
/* For tests: one file from memory. */
bool catalog_add(catalog *c, const char *path, const char *text, size_t n, err *e);
/* Once all files are added: resolves names (view -> query, go -> view). Tells each failure as "file:line: sentence". Returns their number. */
size_t catalog_link(catalog *c, void (*told)(void *ctx, const char *sentence), void *ctx);

const query *catalog_query(const catalog *c, const char *name);
const view *catalog_view(const catalog *c, const char *name);
size_t catalog_views(const catalog *c, const view *const **ret); /* by menu, then name */
size_t catalog_queries(const catalog *c, const query *const **ret);

/* ---- statements ---- */
typedef struct query_value { /* by name; text NULL = null */
    const char *name, *text;
} query_value;

/* A statement ready for store->run: owns its memory; statement_free frees it. */
typedef struct statement {
    char *sql;
    store_param *params;
    size_t nparams;
    char *name;
    char **owned;
    size_t nowned;
} statement;
void statement_done(statement *s);

/* query + values -> statement. Unknown value names, missing required parameters and values that are not of the type are
 * ERR_USAGE sentences naming query and parameter. */
bool query_bind(const query *q, store_dialect dialect, const query_value *values, size_t n, statement *ret,
                err *e);

/* One page of a list in keyset order, wrapped by queries/_page.sql: sort by column (NULL = the view's), then the key.
 * from: the sort and key values of the row to start behind (NULL = from the beginning), in the order sort, key...; nulls sort last.
 * backward = true gives the rows before `from`, in reverse order. tier: -1 for view->query, else view->search[tier]. */
typedef struct page_request {
    const view *view;
    int tier;
    const char *sort; /* column name or NULL */
    bool descending;  /* only with a sort: NULL goes in its natural direction */
    bool backward;
    const char *const *from; /* nkey + 1 values, or NULL */
    size_t limit;            /* rows wanted; the statement asks for one more to know whether there is more */
    const query_value *values; /* search, narrowing parameters */
    size_t nvalues;
    bool whole; /* rows for a file or a script: a query with :whole gives what a screen does without */
} page_request;
bool page_bind(const page_request *p, store_dialect dialect, statement *ret, err *e);

/* The column that page_bind orders by when asked for `sort` (NULL = the tier's or the view's own): the first value of `from`
 * comes from this column of the result. sort NULL always goes in its natural direction: `descending` is then not looked at.
 * ret_descending (may be NULL): the natural direction of that column. */
const char *page_sort(const view *v, int tier, const char *sort, bool *ret_descending);

/* "status=hold&until=2026-11-24" -> values, in place. Returns how many (at most `most`). */
size_t with_split(char *with, query_value *ret, size_t most);

const char *column_type_word(column_type t);

#endif
