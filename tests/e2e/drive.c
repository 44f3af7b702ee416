#include "e2e/drive.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_MS = 90000 };

struct driven {
    pid_t pid;
    int out, messages; /* memory files */
    char *line;        /* for a failure's message */
};

static char program[4096], folder[64];
static char **kept;
static size_t nkept, capkept, nlasting; /* the first nlasting stay until the end */

static bool in_tests; /* Check knows no assertions outside a test */

static void hold(bool it, const char *what, const char *about)
{
    if (it)
        return;
    if (in_tests)
        ck_abort_msg("%s: %s", what, about);
    fprintf(stderr, "e2e: %s: %s\n", what, about);
    exit(EXIT_FAILURE);
}

char *drive_keep(char *p)
{
    MEM_ROOM(kept, nkept, capkept);
    kept[nkept++] = p;
    return p;
}

void drive_forget(void)
{
    while (nkept > nlasting)
        free(kept[--nkept]);
}

const char *drive_program(void)
{
    return program;
}

const char *drive_folder(void)
{
    return folder;
}

char *drive_path(const char *tail)
{
    return drive_keep(mem_printf("%s/state/showx/%s", folder, tail));
}

/* ---- the environment: a short list of its own, and nothing of PG* ---- */

static void env_set(char **env, size_t *n, const char *entry)
{
    size_t name = strcspn(entry, "=");
    for (size_t i = 0; i < *n; i++)
        if (strncmp(env[i], entry, name) == 0 && env[i][name] == '=') {
            env[i] = env[--*n];
            break;
        }
    if (entry[name])
        env[(*n)++] = drive_keep(mem_str(entry));
}

char **drive_environment(const char *const *changes)
{
    static const char *const passed[] = {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                                         "LSAN_OPTIONS"};
    char **env = (char **)drive_keep((char *)MEM_ARRAY(char *, 64));
    size_t n = 0;
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        if (getenv(passed[i]))
            env[n++] = drive_keep(mem_printf("%s=%s", passed[i], getenv(passed[i])));
    env[n++] = drive_keep(mem_printf("HOME=%s/home", folder));
    env[n++] = drive_keep(mem_printf("XDG_STATE_HOME=%s/state", folder));
    env[n++] = drive_keep(mem_printf("XDG_CONFIG_HOME=%s/config", folder));
    env_set(env, &n, "LANG=C.UTF-8");
    env_set(env, &n, "TERM=xterm");
    env_set(env, &n, "TZ=UTC");
    for (size_t i = 0; changes && changes[i]; i++)
        env_set(env, &n, changes[i]);
    env[n] = NULL;
    return env;
}

/* ---- running ---- */

static int memory_file(const char *text)
{
    int fd = memfd_create("e2e", MFD_CLOEXEC);
    hold(fd >= 0, "a memory file", strerror(errno));
    if (text) {
        hold(write(fd, text, strlen(text)) == (ssize_t)strlen(text), "a memory file", strerror(errno));
        lseek(fd, 0, SEEK_SET);
    }
    return fd;
}

static char *spoken(const char *const words[])
{
    buf line;
    buf_init(&line);
    buf_str(&line, "showx");
    for (size_t i = 0; words[i]; i++)
        buf_printf(&line, " %s", words[i]);
    return drive_keep(buf_take(&line));
}

driven *drive_start(const drive_how *how, const char *const words[])
{
    static const drive_how usual;
    how = how ? how : &usual;
    driven *d = (driven *)drive_keep((char *)MEM_NEW(driven));
    char **env = drive_environment(how->env);
    char *argv[40] = {"showx"};
    for (size_t i = 0; words[i] && i < 38; i++)
        argv[i + 1] = (char *)words[i];
    int in = how->input ? memory_file(how->input) : open("/dev/null", O_RDONLY | O_CLOEXEC);
    *d = (driven){.out = memory_file(NULL), .messages = memory_file(NULL), .line = spoken(words)};
    fflush(NULL);
    d->pid = fork();
    hold(d->pid >= 0, "fork", strerror(errno));
    if (d->pid == 0) {
        static const int usually[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
        for (size_t i = 0; i < sizeof usually / sizeof *usually; i++)
            signal(usually[i], SIG_DFL);
        dup2(in, 0);
        dup2(how->out ? how->out : d->out, 1);
        dup2(d->messages, 2);
        execve(program, argv, env);
        _exit(126);
    }
    close(in);
    return d;
}

void drive_signal(driven *d, int signal)
{
    kill(d->pid, signal);
}

static char *take(int fd, size_t *ret_n)
{
    struct stat st;
    fstat(fd, &st);
    char *text = drive_keep(mem_new((size_t)st.st_size + 1, 1));
    ssize_t n = pread(fd, text, (size_t)st.st_size, 0);
    *ret_n = n > 0 ? (size_t)n : 0;
    close(fd);
    return text;
}

const outcome *drive_finish(driven *d)
{
    int status = 0;
    int64_t until = time_mono_ms() + LONGEST_MS;
    while (waitpid(d->pid, &status, WNOHANG) == 0) {
        if (time_mono_ms() > until) {
            kill(d->pid, SIGKILL);
            waitpid(d->pid, &status, 0);
            hold(false, d->line, "does not end");
        }
        usleep(1000);
    }
    outcome *o = (outcome *)drive_keep((char *)MEM_NEW(outcome));
    o->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    o->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    o->out = take(d->out, &o->nout);
    o->messages = take(d->messages, &o->nmessages);
    hold(o->code != 126, program, "cannot be run");
    return o;
}

const outcome *drive(const drive_how *how, const char *const words[])
{
    return drive_finish(drive_start(how, words));
}

/* ---- the beginning, and the keeper ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    remove(path);
    return 0;
}

/* In a session of its own: a Ctrl-C that ends the tests does not reach it. */
static _Noreturn void keep_watch(int leash)
{
    char byte;
    setsid();
    for (int sig = 1; sig < 16; sig++)
        if (sig != SIGCHLD && sig != SIGKILL)
            signal(sig, SIG_IGN);
    while (read(leash, &byte, 1) < 0 && errno == EINTR)
        ;
    showx("demo", "reset");
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

static int leash = -1;
static pid_t keeper, owner;

static void let_go(void)
{
    if (getpid() != owner)
        return;
    close(leash);
    waitpid(keeper, NULL, 0);
    nlasting = 0;
    drive_forget();
    free(kept);
}

const outcome *drive_first_start;

void drive_begin(void)
{
    static const char *const folders[] = {"home", "state", "config"};
    const char *named = getenv("SHOWX");
    int ends[2];
    snprintf(folder, sizeof folder, "/tmp/showx-e2e-XXXXXX");
    if (!realpath(named && *named ? named : "build/showx", program) || access(program, X_OK) != 0 ||
        !mkdtemp(folder) || pipe2(ends, O_CLOEXEC) != 0) {
        fprintf(stderr, "e2e: %s: %s (SHOWX names the program)\n", named ? named : "build/showx",
                strerror(errno));
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *dir = path_join(folder, folders[i]);
        mkdir(dir, 0700);
        free(dir);
    }
    fflush(NULL);
    keeper = fork();
    if (keeper == 0) {
        close(ends[1]);
        keep_watch(ends[0]);
    }
    close(ends[0]);
    leash = ends[1];
    owner = getpid();
    atexit(let_go);
    drive_first_start = showx("demo", "start", "--scale", "0.1");
    nlasting = nkept;
    in_tests = true;
}

/* ---- the server ---- */

const char *demo_where(void)
{
    const outcome *o = showx("demo", "status", "--json");
    json_t *status = json_loads(o->out, 0, NULL);
    const char *where = json_string_value(json_object_get(status, "conninfo"));
    ck_assert_msg(where != NULL, "demo status --json names no conninfo: %s%s", o->out, o->messages);
    char *copy = drive_keep(mem_str(where));
    json_decref(status);
    return copy;
}

static void no_notice(void *ctx, const PGresult *r)
{
    (void)ctx, (void)r;
}

char *sql_as(const char *where, const char *statement)
{
    PGconn *c = PQconnectdb(where);
    ck_assert_msg(PQstatus(c) == CONNECTION_OK, "%s", PQerrorMessage(c));
    PQsetNoticeReceiver(c, no_notice, NULL);
    PGresult *r = PQexec(c, statement);
    ExecStatusType s = PQresultStatus(r);
    ck_assert_msg(s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK, "%s: %s", statement, PQerrorMessage(c));
    buf text;
    buf_init(&text);
    for (int i = 0; i < PQntuples(r); i++)
        for (int k = 0; k < PQnfields(r); k++)
            buf_printf(&text, "%s%s", k ? "|" : i ? "\n" : "", PQgetvalue(r, i, k));
    PQclear(r);
    PQfinish(c);
    return drive_keep(buf_take(&text));
}

char *sql(const char *statement)
{
    return sql_as(demo_where(), statement);
}

int64_t sql_count(const char *statement)
{
    return strtoll(sql(statement), NULL, 10);
}

const char *new_database(const char *name)
{
    const char *where = demo_where();
    char *statement = drive_keep(mem_printf("create database %s template template0", name));
    sql_as(where, statement);
    return drive_keep(mem_printf("%s dbname=%s", where, name));
}
