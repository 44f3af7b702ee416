/* Three processes: the test, the watcher (its own session, holds the reading end of a pipe), the server. The
 * test ends or is killed: the pipe closes: the watcher stops the server and removes the folder. The watcher
 * is killed: the kernel signals the server (PR_SET_PDEATHSIG). */
#include "support/pg.h"
#include "base/buf.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], conninfo[160];
static pid_t owner, watcher;
static int leash = -1; /* the writing end of the pipe to the watcher */

static void give_up(const char *what, const char *detail)
{
    fprintf(stderr, "the tests' Postgres: %s: %s\n", what, detail);
    exit(EXIT_FAILURE);
}

/* ---- finding the server's programs ---- */

static bool program_in(const char *bin, char ret_bin[256])
{
    char path[512];
    snprintf(path, sizeof path, "%s/initdb", bin);
    if (access(path, X_OK) != 0)
        return false;
    snprintf(path, sizeof path, "%s/postgres", bin);
    if (access(path, X_OK) != 0)
        return false;
    snprintf(ret_bin, 256, "%s", bin);
    return true;
}

static bool find_on_path(char ret_bin[256])
{
    const char *path = getenv("PATH");
    char *copy = mem_str(path ? path : ""), *save = NULL;
    bool found = false;
    for (char *p = strtok_r(copy, ":", &save); p && !found; p = strtok_r(NULL, ":", &save))
        found = program_in(p, ret_bin);
    free(copy);
    return found;
}

static bool find_by_pg_config(char ret_bin[256])
{
    char bin[256] = "";
    FILE *out = popen("pg_config --bindir 2>/dev/null", "r");
    if (!out)
        return false;
    bool read = fgets(bin, sizeof bin, out) != NULL;
    pclose(out);
    bin[strcspn(bin, "\n")] = '\0';
    return read && program_in(bin, ret_bin);
}

static bool find_debian(char ret_bin[256])
{
    glob_t g;
    bool found = false;
    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &g) == 0)
        for (size_t i = g.gl_pathc; i-- > 0 && !found;) /* the newest last */
            found = program_in(g.gl_pathv[i], ret_bin);
    globfree(&g);
    return found;
}

/* ---- the watcher and the server ---- */

static const struct passwd *somebody_ordinary(void)
{
    static const char *const names[] = {"postgres", "nobody"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct passwd *p = getpwnam(names[i]);
        if (p && p->pw_uid != 0)
            return p;
    }
    return NULL;
}

static pid_t spawn(const char *bin, const char *program, char *argv[])
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", bin, program);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    argv[0] = path; /* Postgres' programs find each other beside themselves, and themselves by this */
    execv(path, argv);
    perror(path);
    _exit(127);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    remove(path);
    return 0;
}

static void make_cluster(const char *bin)
{
    char data[80];
    snprintf(data, sizeof data, "%s/data", folder);
    char *argv[] = {"initdb",
                    "-D",
                    data,
                    "-U",
                    "boot",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                    "--no-instructions",
                    "--wal-segsize=1",
                    NULL};
    int status = 0;
    pid_t pid = spawn(bin, "initdb", argv);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        _exit(1);
}

static pid_t start_server(const char *bin)
{
    char data[80];
    snprintf(data, sizeof data, "%s/data", folder);
    char *argv[] = {"postgres",
                    "-D",
                    data,
                    "-k",
                    folder,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "fsync=off",
                    "-c",
                    "full_page_writes=off",
                    "-c",
                    "shared_buffers=32MB",
                    "-c",
                    "max_wal_size=256MB",
                    "-c",
                    "autovacuum_naptime=10min",
                    "-c",
                    "max_connections=60",
                    "-c",
                    "log_min_messages=fatal",
                    NULL};
    return spawn(bin, "postgres", argv);
}

/* Never returns. Everything it prints goes to `log` in the folder; it holds no other file of the test. */
static _Noreturn void watch(int pipe_end, const char *bin)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    char log[80];
    snprintf(log, sizeof log, "%s/log", folder);
    int null = open("/dev/null", O_RDONLY), out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(pipe_end, 3);
    dup2(null, 0);
    dup2(out, 1);
    dup2(out, 2);
    close_range(4, ~0U, 0);
    fcntl(3, F_SETFD, FD_CLOEXEC);
    make_cluster(bin);
    pid_t server = start_server(bin);
    char byte;
    while (read(3, &byte, 1) < 0 && errno == EINTR)
        ;
    kill(server, SIGQUIT);
    waitpid(server, NULL, 0);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

static void stop_server(void)
{
    if (getpid() != owner)
        return; /* a test's fork ends; the server stays for the others */
    if (write(leash, "q", 1) == 1)
        waitpid(watcher, NULL, 0);
    close(leash);
}

static void become_ordinary(void)
{
    if (geteuid() != 0)
        return;
    const struct passwd *p = somebody_ordinary();
    if (!p || chown(folder, p->pw_uid, p->pw_gid) != 0 || setgroups(0, NULL) != 0 || setgid(p->pw_gid) != 0 ||
        setuid(p->pw_uid) != 0 || chdir("/") != 0)
        _exit(1);
}

static void print_log(void)
{
    char path[80], line[512];
    snprintf(path, sizeof path, "%s/log", folder);
    FILE *log = fopen(path, "r");
    while (log && fgets(line, sizeof line, log))
        fputs(line, stderr);
    if (log)
        fclose(log);
}

static void wait_until_up(void)
{
    for (int i = 0; i < 1200; i++) {
        if (PQping(conninfo) == PQPING_OK)
            return;
        if (waitpid(watcher, NULL, WNOHANG) == watcher)
            break;
        poll(NULL, 0, 50);
    }
    print_log();
    give_up(folder, "it did not come up (its own words above)");
}

const char *support_pg(void)
{
    if (conninfo[0])
        return conninfo;
    char bin[256];
    int ends[2];
    if (!find_on_path(bin) && !find_debian(bin) && !find_by_pg_config(bin))
        give_up("initdb", "not on PATH, in /usr/lib/postgresql or where pg_config says");
    snprintf(folder, sizeof folder, "/tmp/showx-pg-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0755) != 0 || pipe2(ends, O_CLOEXEC) != 0)
        give_up(folder, strerror(errno));
    snprintf(conninfo, sizeof conninfo, "host=%s port=5432 user=boot dbname=postgres", folder);
    owner = getpid();
    fflush(NULL);
    watcher = fork();
    if (watcher < 0)
        give_up("fork", strerror(errno));
    if (watcher == 0) {
        setsid();
        become_ordinary();
        watch(ends[0], bin);
    }
    close(ends[0]);
    leash = ends[1];
    atexit(stop_server);
    wait_until_up();
    return conninfo;
}

/* ---- databases ---- */

static void no_notice(void *ctx, const PGresult *r)
{
    (void)ctx, (void)r;
}

static PGconn *connect_to(const char *where)
{
    PGconn *c = PQconnectdb(where);
    if (PQstatus(c) != CONNECTION_OK)
        give_up("connecting", PQerrorMessage(c));
    PQsetNoticeReceiver(c, no_notice, NULL);
    return c;
}

static void must(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
        give_up(sql, PQerrorMessage(c));
    PQclear(r);
}

/* name is a test's own word; it still goes through the quoting. */
static char *make_database(const char *name, const char *template)
{
    PGconn *c = connect_to(support_pg());
    PGresult *r = PQexec(c, "select from pg_roles where rolname = 'shop'");
    if (PQntuples(r) == 0)
        must(c, "create role shop login createrole");
    PQclear(r);
    char *id = PQescapeIdentifier(c, name, strlen(name));
    char *sql = mem_printf("drop database if exists %s with (force)", id);
    must(c, sql);
    free(sql);
    sql = mem_printf("create database %s owner shop template %s encoding 'UTF8'", id, template);
    must(c, sql);
    free(sql);
    PQfreemem(id);
    PQfinish(c);
    return mem_printf("host=%s port=5432 user=shop dbname=%s", folder, name);
}

char *support_pg_database(const char *name)
{
    return make_database(name, "template0");
}

static bool read_whole(const char *path, buf *ret_text, err *e)
{
    char bytes[8192];
    size_t n;
    FILE *f = fopen(path, "r");
    if (!f)
        return err_errno(e, "%s", path);
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_add(ret_text, bytes, n);
    bool ok = !ferror(f);
    fclose(f);
    return ok ? true : err_set(e, ERR_FAILED, "%s: cannot be read", path);
}

static bool apply_file(PGconn *c, const char *path, err *e)
{
    buf text;
    buf_init(&text);
    bool ok = read_whole(path, &text, e);
    if (ok) {
        PGresult *r = PQexec(c, text.data); /* several statements in one message are one transaction */
        ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
        if (!ok)
            err_set(e, ERR_FAILED, "%s: %s", path, PQerrorMessage(c));
        PQclear(r);
    }
    buf_done(&text);
    return ok;
}

bool support_pg_schema(const char *where, err *e)
{
    const char *root = getenv("SHOWX_ROOT");
    char *pattern = mem_printf("%s/migrations/schema/[0-9]*.sql", root ? root : ".");
    glob_t g;
    int found = glob(pattern, 0, NULL, &g); /* sorted */
    free(pattern);
    if (found != 0)
        return err_set(e, ERR_MISSING,
                       "migrations/schema: no files; run the tests from the project's folder");
    PGconn *c = connect_to(where);
    bool ok = true;
    for (size_t i = 0; i < g.gl_pathc && ok; i++)
        ok = apply_file(c, g.gl_pathv[i], e);
    PQfinish(c);
    globfree(&g);
    return ok;
}

/* Tests run one after the other in forks of one process, so the copy is made by whoever comes first and found
 * again by its name. */
char *support_pg_ready(const char *name)
{
    PGconn *c = connect_to(support_pg());
    PGresult *r = PQexec(c, "select from pg_database where datname = 'schema_ready'");
    bool made = PQntuples(r) > 0;
    PQclear(r);
    if (!made) {
        err e = {0};
        char *half = make_database("schema_half", "template0");
        if (!support_pg_schema(half, &e))
            give_up("schema", e.text);
        must(c, "alter database schema_half rename to schema_ready");
        free(half);
    }
    PQfinish(c);
    return make_database(name, "schema_ready");
}
