/* drive: runs the built program as a person or a script does, and keeps what it said.
 *
 * The program is $SHOWX (build/showx). It gets an environment of its own, with HOME and the XDG folders in a
 * temporary folder, so that no demo, history or setting of the person who runs the tests is touched. What is
 * handed out is borrowed: drive_forget(), which every test's teardown calls, frees it. */
#ifndef SHOWX_E2E_DRIVE_H
#define SHOWX_E2E_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct outcome {
    int code;             /* the exit code, -1 when a signal ended it */
    int signal;           /* that signal */
    char *out, *messages; /* stdout, stderr; terminated */
    size_t nout, nmessages;
} outcome;

typedef struct drive_how {
    const char *input;      /* its stdin; NULL is /dev/null */
    const char *const *env; /* NULL-terminated: "NAME=value" sets, "NAME" takes away */
    int out;                /* its stdout goes to this file; 0: into the outcome */
} drive_how;

typedef struct driven driven; /* one that runs */

/* words: NULL-terminated, without the program's name. how may be NULL. One that does not end within a minute
 * and a half is killed and fails the test. */
const outcome *drive(const drive_how *how, const char *const words[]);
driven *drive_start(const drive_how *how, const char *const words[]);
const outcome *drive_finish(driven *d);
void drive_signal(driven *d, int signal);

#define showx(...) drive(NULL, (const char *const[]){__VA_ARGS__, NULL})
#define showx_how(how, ...) drive((how), (const char *const[]){__VA_ARGS__, NULL})
#define showx_start(how, ...) drive_start((how), (const char *const[]){__VA_ARGS__, NULL})

/* The program's path, and the environment it gets (freed by drive_forget). For a terminal's own spawn. */
const char *drive_program(void);
char **drive_environment(const char *const *changes);
const char *drive_folder(void);     /* all that the run leaves behind is in here */
char *drive_path(const char *tail); /* $XDG_STATE_HOME/showx/TAIL */
char *drive_keep(char *p);          /* freed by drive_forget; returns p */
void drive_forget(void);

/* Makes the folder, and starts a keeper that, when this process ends however it ends, takes the demo down and
 * the folder away. Before any test. */
void drive_begin(void);

/* What `showx demo start` from nothing and its first status said; made once for all tests. */
extern const outcome *drive_first_start;

/* ---- the server behind it, by libpq ---- */

const char *demo_where(void); /* conninfo out of `demo status --json` */
char *sql_as(const char *where,
             const char *statement); /* rows by '\n', cells by '|'; fails the test on an error */
char *sql(const char *statement);    /* on the demo */
int64_t sql_count(const char *statement);
const char *new_database(const char *name); /* on the demo's server, empty; its conninfo */

#endif
