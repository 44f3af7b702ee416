#include "demo/run.h"
#include "base/buf.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- where the programs are ---- */

static bool in_folder(const char *dir, size_t n, const char *name, char out[512])
{
    int len = snprintf(out, 512, "%.*s/%s", (int)n, dir, name);
    return n && len > 0 && len < 512 && access(out, X_OK) == 0;
}

static bool in_path(const char *name, char out[512])
{
    const char *at = getenv("PATH");
    while (at && *at) {
        size_t n = strcspn(at, ":");
        if (in_folder(at, n, name, out))
            return true;
        at += n + (at[n] == ':');
    }
    return false;
}

static bool in_newest(const char *name, char out[512])
{
    DIR *d = opendir("/usr/lib/postgresql");
    long best = 0;
    char try[512], folder[300];
    for (const struct dirent *f; d && (f = readdir(d));) {
        long version = strtol(f->d_name, NULL, 10);
        snprintf(folder, sizeof folder, "/usr/lib/postgresql/%s/bin", f->d_name);
        if (version > best && in_folder(folder, strlen(folder), name, try)) {
            best = version;
            memcpy(out, try, sizeof try);
        }
    }
    if (d)
        closedir(d);
    return best > 0;
}

static void become(uid_t uid, gid_t gid)
{
    if (uid == geteuid())
        return;
    if (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0)
        _exit(126);
}

/* Postgres' programs look for each other beside themselves, and for themselves by argv[0]: so that must be the whole path. In the
 * child only: it replaces itself, so nothing is freed. */
static void exec_whole(const char *file, const char *const argv[])
{
    size_t n = 0;
    while (argv[n])
        n++;
    char **whole = MEM_ARRAY(char *, n + 1);
    memcpy(whole, argv, n * sizeof *whole);
    if (n > 0)
        whole[0] = mem_str(file);
    execv(file, whole);
}

/* Starts file with its output on a pipe; returns what it said and its wait status. */
static bool run_file(const char *file, const char *const argv[], uid_t uid, gid_t gid, buf *said,
                     int *ret_status, err *e)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_errno(e, "pipe");
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        become(uid, gid);
        umask(077);
        if (chdir("/") == 0)
            exec_whole(file, argv);
        _exit(127);
    }
    close(ends[1]);
    char room[4096];
    for (ssize_t n; child > 0 && ((n = read(ends[0], room, sizeof room)) > 0 || (n < 0 && errno == EINTR));)
        if (n > 0 && said->len < (1u << 20))
            buf_add(said, room, (size_t)n);
    close(ends[0]);
    if (child < 0)
        return err_errno(e, "%s", file);
    while (waitpid(child, ret_status, 0) < 0)
        if (errno != EINTR)
            return err_errno(e, "%s", file);
    return true;
}

static bool beside_pg_config(const char *name, char out[512])
{
    const char *const argv[] = {"pg_config", "--bindir", NULL};
    char file[512];
    int status = 0;
    buf said;
    buf_init(&said);
    bool ok = in_path("pg_config", file) &&
              run_file(file, argv, geteuid(), getegid(), &said, &status, NULL) && status == 0;
    ok = ok && in_folder(said.data, strcspn(said.data, "\n"), name, out);
    buf_done(&said);
    return ok;
}

void run_last_line(const char *text, char *out, size_t size)
{
    out[0] = '\0';
    while (*text) {
        size_t n = strcspn(text, "\n");
        if (strspn(text, " \t\r") < n)
            snprintf(out, size, "%.*s", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

static bool find_program(const char *name, char out[512], err *e)
{
    if (in_path(name, out) || beside_pg_config(name, out) || in_newest(name, out))
        return true;
    return err_set(e, ERR_MISSING, "%s is not to be found: is PostgreSQL's server installed?", name);
}

bool run_program(const char *const argv[], uid_t uid, gid_t gid, err *e)
{
    char file[512], line[400];
    int status = 0;
    buf said;
    if (!find_program(argv[0], file, e))
        return false;
    buf_init(&said);
    bool ok = run_file(file, argv, uid, gid, &said, &status, e);
    if (ok && status != 0) {
        run_last_line(said.data, line, sizeof line);
        ok = line[0] ? err_set(e, ERR_FAILED, "%s", line) : err_set(e, ERR_FAILED, "%s failed", file);
    }
    buf_done(&said);
    return ok;
}

/* The grandchild: a session of its own, so that neither a closed terminal nor Ctrl-C reaches the server. */
static void be_server(const char *file, const char *const argv[], uid_t uid, gid_t gid, const char *log)
{
    become(uid, gid);
    umask(077);
    int null = open("/dev/null", O_RDONLY), out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    if (out < 0 || chdir("/") < 0)
        _exit(126);
    dup2(null, 0);
    dup2(out, 1);
    dup2(out, 2);
    sigset_t all;
    sigemptyset(&all); /* the console's threads block signals; a server must hear them */
    sigprocmask(SIG_SETMASK, &all, NULL);
    exec_whole(file, argv);
    _exit(127);
}

pid_t run_server(const char *const argv[], uid_t uid, gid_t gid, const char *log, err *e)
{
    char file[512];
    int ends[2];
    pid_t server = 0;
    if (!find_program(argv[0], file, e))
        return 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_errno(e, "pipe"), 0;
    pid_t child = fork();
    if (child == 0) { /* in between, so that the server is nobody's zombie when it ends */
        setsid();
        server = fork();
        if (server == 0)
            be_server(file, argv, uid, gid, log);
        _exit(write(ends[1], &server, sizeof server) == (ssize_t)sizeof server ? 0 : 1);
    }
    close(ends[1]);
    if (child < 0 || read(ends[0], &server, sizeof server) != (ssize_t)sizeof server || server < 0)
        server = 0;
    close(ends[0]);
    if (child > 0)
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
    if (!server)
        err_set(e, ERR_FAILED, "%s could not be started", file);
    return server;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

bool run_remove(const char *dir, err *e)
{
    if (nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT)
        return true;
    return err_errno(e, "%s", dir);
}
