/* What the store's suites share. */
#ifndef SHOWX_TESTS_STORE_SUITES_H
#define SHOWX_TESTS_STORE_SUITES_H

#include "store/store.h"
#include "support/support.h"
#include <stdatomic.h>

Suite *canon_suite(void);
Suite *contract_suite(void);
Suite *server_suite(void);
Suite *connect_suite(void);
Suite *write_suite(void);
Suite *schema_suite(void);
Suite *snapshot_suite(void);

/* A store of the dialect with nothing in it; the Postgres one is the database of that name. */
store *fresh_store(store_dialect dialect, const char *name);
store *open_at(const char *conninfo);
store *open_file(const char *file, bool read_only);

/* Statements with @1 for the first parameter, in either dialect. Fail the test when they fail. */
void must_run(store *s, const char *sql);
rowset *must_fetch(store *s, const char *sql, const store_param *params, size_t n);
/* The first cell, "(null)" for null; good until the next call. */
const char *must_ask(store *s, const char *sql);
/* The statement fails with that kind and a sentence with this part in it. */
void must_fail(store *s, const char *sql, err_kind kind, const char *part);

/* Asks a stop from another thread, after some milliseconds. */
typedef struct asker {
    stop *stop;
    int after_ms;
    unsigned long thread;
} asker;
void asker_start(asker *a, stop *stop, int after_ms);
void asker_join(asker *a);

#define must(call)                                                                                           \
    do {                                                                                                     \
        err e_ = {0}, *E = &e_;                                                                              \
        ck_assert_msg((call), "%s", e_.text);                                                                \
    } while (0)

/* ---- proxy.c: a wire between the store and the server that can be cut ---- */
typedef struct proxy proxy;
typedef enum {
    PROXY_PASS,
    PROXY_SILENT,     /* takes everything, answers nothing */
    PROXY_POOLER,     /* tells another process id than the server's, as poolers do */
    PROXY_EAT_ANSWER, /* lets COMMIT through, then cuts instead of handing its answer on */
    PROXY_EAT_COMMIT, /* cuts before COMMIT, and the server does not notice */
} proxy_mode;
/* tcp: listens on 127.0.0.1 and a free port, else on a socket in a folder. */
proxy *proxy_start(bool tcp, proxy_mode mode);
void proxy_set(proxy *p, proxy_mode mode);
void proxy_cut(proxy *p);             /* all connections */
void proxy_refuse(proxy *p, bool on); /* new ones are closed at once */
int proxy_cuts(proxy *p);             /* how often COMMIT met EAT_ANSWER or EAT_COMMIT */
const char *proxy_folder(proxy *p);   /* host= of the socket */
int proxy_port(proxy *p);
void proxy_stop(proxy *p);
/* conninfo through it to that database. */
const char *proxy_conninfo(proxy *p, const char *database, const char *more);

#endif
