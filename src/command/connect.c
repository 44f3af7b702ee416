/* Connecting: as named by options or PG* variables; with nothing named, a running demo; else libpq's
 * defaults. */
#include "command/private.h"

#include "base/mem.h"
#include "demo/server.h"

#include <stdlib.h>

static bool names_server(const store_options *o)
{
    static const char *const VARIABLES[] = {"PGHOST",     "PGHOSTADDR", "PGPORT",
                                            "PGDATABASE", "PGSERVICE",  "PGUSER"};
    if (o->conninfo || o->host || o->port || o->user)
        return true;
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++) {
        const char *value = getenv(VARIABLES[i]);
        if (value && *value)
            return true;
    }
    return false;
}

bool command_store(command_env *env, err *e)
{
    if (env->store)
        return true;
    bool named = names_server(&env->options) && !env->demo;
    if (!named && !env->demo_conninfo)
        (void)demo_conninfo(&env->demo_conninfo,
                            NULL); /* not running: libpq's defaults, and their own sentence */
    if (!named)
        env->options.conninfo = env->demo_conninfo;
    if (!named && env->demo_conninfo)
        env->options.label = "demo";
    named |= env->demo_conninfo != NULL;
    store *s = NULL;
    if (!store_open_postgres(&env->options, &s, e))
        return false;
    if (s->connect(s, env->stop, e)) {
        env->store = s;
        return true;
    }
    store_close(s);
    if (!named && e->kind == ERR_CONNECT)
        err_wrap(e, "no connection was named and no demo is running");
    return false;
}

/* With a second connection where one is to be had: what comes for the first time is then shared between the two. */
bool command_project(command_env *env, const char *model, migrate_progress progress, int64_t *ret_documents,
                     err *e)
{
    store *stores[2] = {env->store, NULL};
    size_t n = 1;
    if (store_open_postgres(&env->options, &stores[1], NULL) &&
        stores[1]->connect(stores[1], env->stop, NULL))
        n = 2;
    bool ok = migrate_project_by(stores, n, env->catalog, model, progress, ret_documents, env->stop, e);
    store_close(stores[1]);
    return ok;
}
