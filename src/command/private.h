/* private: what the files of command/ share among themselves. */
#ifndef SHOWX_COMMAND_PRIVATE_H
#define SHOWX_COMMAND_PRIVATE_H

#include "command/command.h"
#include "migrate/migrate.h"

struct commands {
    const catalog *catalog;
    command **rows; /* sorted by name */
    size_t n, cap;
    void **owned; /* what view commands allocated */
    size_t nowned, capowned;
};

void *commands_own(commands *cs, void *p);
void commands_add(commands *cs, const command *row); /* copies the row */
void view_commands_add(commands *cs);                /* view.c, action.c: from the catalog */
void action_commands_add(commands *cs);
int view_command_run(const view *v, command_env *env, const query_value *values, size_t n, err *e);
int print_error(command_env *env, const err *e); /* one line to messages; returns the exit code */
const char *value_of(const query_value *values, size_t n, const char *name); /* NULL when not given */

/* What store->run wants of a bound statement; borrows from it. */
static inline store_request request_of(const statement *st)
{
    return (store_request){.name = st->name, .sql = st->sql, .params = st->params, .nparams = st->nparams};
}

/* How far long work is: progress_told fits demo_progress and migrate_progress. lines: also where stderr is no terminal. */
typedef struct progress_line {
    command_env *env;
    bool tty, lines, open;
    char what[32];
    int64_t began_ms, said_ms, base, last;
} progress_line;
progress_line progress_begin(command_env *env, bool lines);
void progress_told(void *ctx, int64_t done, int64_t total, const char *what);
void progress_end(progress_line *p);

/* Fills an empty city table from the carried gazetteer; *ret_places 0 when it was filled already. */
bool gazetteer_load(store *s, const catalog *c, int64_t *ret_places, stop *stop, err *e);

/* Projects what is new, changed or stale (migrate_project_by), by two connections where a second is to be had. model NULL: all. */
bool command_project(command_env *env, const char *model, migrate_progress progress, int64_t *ret_documents,
                     err *e);

/* The located errors of one load, the first few, on stderr; `load_errors` has them all. */
bool say_load_errors(command_env *env, int64_t load_id, err *e);

typedef struct demand_refreshed {
    int64_t artists, cells, estimates, shows; /* counted anew, changed, written; that a fit was made on */
    bool fitted;
} demand_refreshed;
/* Counts anew what was marked as changed and writes what is foreseen. all: fits again and writes everything. */
bool demand_refresh(command_env *env, bool all, demand_refreshed *ret, err *e);
/* The same at the end of other work: says what went wrong and goes on; silent where rights lack. */
void demand_freshen(command_env *env);

/* Who is asking what: the program's `commands` while a command runs (for help, man, shell). */
const commands *command_registry(void);

extern const command command_check, command_city, command_import_cities, command_help, command_man,
    command_version, command_shell, command_demo_start, command_demo_stop, command_demo_reset,
    command_demo_status, command_demo, command_demand_refresh, command_demand_evaluate, command_schema_up,
    command_schema_status, command_sync, command_migrate_reread, command_migrate_load, command_migrate_read,
    command_migrate_status, command_migrate_project, command_migrate_models, command_tour_optw,
    command_tour_plan, command_tour_show, command_tour_compare, command_tour_export, command_tour_why,
    command_tour_alternatives, command_tour_hold, command_tour_share;

#endif
