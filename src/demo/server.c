#include "demo/server.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/time.h"
#include "demo/run.h"
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ROOTS_DATA "/var/lib/showx-demo"

/* Where everything stands. */
typedef struct seat {
    char *home;
    char data[512], socket[128];
    char user[64];
    uid_t uid;
    gid_t gid;
} seat;

/* ---- the seat ---- */

static bool find_user(seat *s, err *e)
{
    static const char *const names[] = {"postgres", "nobody"};
    s->uid = geteuid();
    s->gid = getegid();
    const struct passwd *p = getpwuid(s->uid);
    for (size_t i = 0; s->uid == 0 && i < sizeof names / sizeof *names; i++) {
        p = getpwnam(names[i]);
        if (p && p->pw_uid != 0) {
            s->uid = p->pw_uid;
            s->gid = p->pw_gid;
        }
    }
    if (s->uid == 0)
        return err_set(e, ERR_FAILED,
                       "Postgres does not run as root, and there is neither a user postgres nor nobody");
    snprintf(s->user, sizeof s->user, "%s", p ? p->pw_name : "");
    return true;
}

/* A number of its own for each home, so that two homes of one user do not share what stands elsewhere. */
static unsigned long home_number(const char *home)
{
    unsigned long h = 5381;
    for (; *home; home++)
        h = (h * 33 + (unsigned char)*home) & 0xffffffff;
    return h;
}

static bool fits(seat *s, err *e)
{
    size_t socket = strlen(s->socket) + strlen("/.s.PGSQL.5432");
    if (socket < sizeof((struct sockaddr_un *)0)->sun_path)
        return true;
    return err_set(e, ERR_FAILED, "%s is too long a path for a socket", s->socket);
}

/* Chosen once: in the home where that can be reached and is short enough. */
static bool choose_seat(seat *s, err *e)
{
    if (!find_user(s, e))
        return false;
    unsigned long number = home_number(s->home);
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (s->uid != geteuid()) { /* root's home is 0700: the server's user would not get in */
        snprintf(s->data, sizeof s->data, ROOTS_DATA "/%08lx/data", number);
        snprintf(s->socket, sizeof s->socket, ROOTS_DATA "/%08lx/socket", number);
        return fits(s, e);
    }
    if ((size_t)snprintf(s->data, sizeof s->data, "%s/data", s->home) >= sizeof s->data)
        return err_set(e, ERR_FAILED, "%s is too long a path", s->home);
    if (snprintf(s->socket, sizeof s->socket, "%s/socket", s->home) < (int)sizeof s->socket && fits(s, NULL))
        return true;
    if (runtime && *runtime == '/' &&
        snprintf(s->socket, sizeof s->socket, "%s/showx-%08lx", runtime, number) < (int)sizeof s->socket &&
        fits(s, NULL))
        return true;
    snprintf(s->socket, sizeof s->socket, "/tmp/showx-%lu-%08lx", (unsigned long)s->uid, number);
    return fits(s, e);
}

/* The next line of the seat's file into out; false when it is missing or too long. */
static bool take_line(char **at, char *out, size_t size)
{
    char *end = strchr(*at, '\n');
    if (!end || (size_t)(end - *at) >= size || end == *at)
        return false;
    memcpy(out, *at, (size_t)(end - *at));
    out[end - *at] = '\0';
    *at = end + 1;
    return true;
}

/* Reads where it stands; false where nothing was ever chosen. */
static bool read_seat(seat *s)
{
    char *file = path_join(s->home, "place");
    buf b;
    buf_init(&b);
    bool ok = path_read(file, 4096, &b, NULL);
    char *at = b.data;
    ok = ok && take_line(&at, s->data, sizeof s->data) && take_line(&at, s->socket, sizeof s->socket) &&
         take_line(&at, s->user, sizeof s->user);
    const struct passwd *p = ok ? getpwnam(s->user) : NULL;
    s->uid = p ? p->pw_uid : geteuid();
    s->gid = p ? p->pw_gid : getegid();
    buf_done(&b);
    free(file);
    return ok;
}

static bool keep_seat(const seat *s, err *e)
{
    char *file = path_join(s->home, "place");
    char *text = mem_printf("%s\n%s\n%s\n", s->data, s->socket, s->user[0] ? s->user : "-");
    bool ok = path_write_atomic(file, text, strlen(text), 0600, e);
    free(text);
    free(file);
    return ok;
}

static void seat_done(seat *s)
{
    free(s->home);
}

/* ---- is it running ---- */

/* postmaster.pid: its first line is the process, its fifth the socket folder. A stale one names a process
 * that is gone, or one that is somebody else; so the kernel is asked for the process and for its working
 * folder, which is the data folder. */
static pid_t running_pid(const seat *s)
{
    char *file = path_join(s->data, "postmaster.pid");
    char link[64], folder[512], real[4096];
    buf b;
    buf_init(&b);
    pid_t pid = 0;
    if (path_read(file, 4096, &b, NULL))
        pid = (pid_t)strtol(b.data, NULL, 10);
    buf_done(&b);
    free(file);
    if (pid <= 0 || (kill(pid, 0) < 0 && errno != EPERM))
        return 0;
    snprintf(link, sizeof link, "/proc/%ld/cwd", (long)pid);
    ssize_t n = readlink(link, folder, sizeof folder - 1);
    if (n < 0) /* no right to look, or no /proc: the signal must do. A zombie has a number but no folder. */
        return errno == EACCES || access("/proc/self", F_OK) != 0 ? pid : 0;
    folder[n] = '\0';
    const char *data = realpath(s->data, real) ? real : s->data;
    return strcmp(folder, data) == 0 ? pid : 0;
}

static bool there(const char *dir, const char *name)
{
    char *file = path_join(dir, name);
    bool yes = access(file, F_OK) == 0;
    free(file);
    return yes;
}

static void look(const seat *s, demo_status *ret)
{
    snprintf(ret->data, sizeof ret->data, "%s", s->data);
    snprintf(ret->socket, sizeof ret->socket, "%s", s->socket);
    snprintf(ret->user, sizeof ret->user, "%s", s->user);
    char *file = path_join(s->data, "PG_VERSION");
    buf b;
    buf_init(&b);
    ret->made = path_read(file, 64, &b, NULL);
    snprintf(ret->version, sizeof ret->version, "%.*s", (int)strcspn(b.data, "\n"), b.data);
    buf_done(&b);
    free(file);
    ret->pid = ret->made ? running_pid(s) : 0;
    ret->running = ret->pid != 0 && there(s->socket, ".s.PGSQL.5432");
}

void demo_server_status(demo_status *ret)
{
    seat s = {.home = path_state("demo")};
    *ret = (demo_status){0};
    if (read_seat(&s))
        look(&s, ret);
    seat_done(&s);
}

bool demo_conninfo(char **ret, err *e)
{
    demo_status now;
    demo_server_status(&now);
    if (!now.running)
        return err_set(e, ERR_MISSING, "the demo's server does not run: `showx demo start` starts it");
    *ret = mem_printf("host='%s' port=5432 dbname=" DEMO_DATABASE " user=" DEMO_USER, now.socket);
    return true;
}

/* ---- making and starting ---- */

static int take_lock(const seat *s, err *e)
{
    char *file = path_join(s->home, "lock");
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX) < 0) {
        err_errno(e, "%s", file);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    free(file);
    return fd;
}

/* A folder of the server's user alone. One that belongs to somebody else is not taken: /tmp is everybody's.
 */
static bool own_folder(const seat *s, const char *dir, err *e)
{
    struct stat st;
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return err_errno(e, "%s", dir);
    if (lstat(dir, &st) < 0)
        return err_errno(e, "%s", dir);
    if (!S_ISDIR(st.st_mode) || (st.st_uid != s->uid && st.st_uid != geteuid()))
        return err_set(e, ERR_REFUSED, "%s belongs to somebody else", dir);
    if (st.st_uid != s->uid && lchown(dir, s->uid, s->gid) < 0)
        return err_errno(e, "%s", dir);
    return chmod(dir, 0700) == 0 || err_errno(e, "%s", dir);
}

static bool make_folders(const seat *s, err *e)
{
    if (s->uid != geteuid()) { /* root: the parents must let the server's user pass */
        char *parent = mem_strn(s->data, strlen(s->data) - strlen("/data"));
        bool ok = path_make_dirs(parent, 0755, e) &&
                  (chmod(ROOTS_DATA, 0755) == 0 || err_errno(e, "%s", ROOTS_DATA)) &&
                  (chmod(parent, 0755) == 0 || err_errno(e, "%s", parent));
        free(parent);
        if (!ok)
            return false;
    }
    return own_folder(s, s->data, e) && own_folder(s, s->socket, e);
}

/* Settings for a demo: quick to load and small. */
static bool write_settings(const seat *s, err *e)
{
    static const char settings[] =
        "\n# showx demo: unix socket only; made for speed of loading, not for keeping data\n"
        "listen_addresses = ''\n"
        "unix_socket_permissions = 0700\n"
        "fsync = off\n"
        "synchronous_commit = off\n"
        "full_page_writes = off\n"
        "wal_level = minimal\n"
        "max_wal_senders = 0\n"
        "max_wal_size = 8GB\n"
        "wal_buffers = 64MB\n"
        "checkpoint_timeout = 30min\n"
        "shared_buffers = 512MB\n"
        "work_mem = 64MB\n"
        "jit = off\n"
        "maintenance_work_mem = 256MB\n"
        "max_connections = 50\n"
        "timezone = 'UTC'\n";
    char *file = path_join(s->data, "postgresql.conf");
    int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && write(fd, settings, sizeof settings - 1) == (ssize_t)sizeof settings - 1;
    if (!ok)
        err_errno(e, "%s", file);
    if (fd >= 0)
        close(fd);
    free(file);
    return ok;
}

static bool make_cluster(const seat *s, err *e)
{
    if (there(s->data, "showx-made"))
        return true;
    /* One that was cut short has no mark and goes. */
    if (!run_remove(s->data, e) || !own_folder(s, s->data, e))
        return false;
    const char *const argv[] = {"initdb",
                                "-D",
                                s->data,
                                "-U",
                                DEMO_USER,
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--lc-collate=C",
                                "--lc-ctype=C.UTF-8",
                                "--no-sync",
                                NULL};
    if (!run_program(argv, s->uid, s->gid, e) || !write_settings(s, e))
        return err_wrap(e, "the demo's server could not be made in %s", s->data);
    char *mark = path_join(s->data, "showx-made");
    bool ok = path_write_atomic(mark, "", 0, 0600, e);
    free(mark);
    return ok;
}

/* The last line that says FATAL, with what it says; else the last of all. */
static void last_complaint(char *log, char *line, size_t size)
{
    char *fatal = NULL;
    for (char *p = log; (p = strstr(p, "FATAL:")); p++)
        fatal = p;
    if (fatal)
        fatal[strcspn(fatal, "\n")] = '\0';
    run_last_line(fatal ? fatal : log, line, size);
}

/* What the server itself said last, if it said anything: that is why it did not come up. */
static bool server_failed(const seat *s, err *e)
{
    char *file = path_join(s->data, "showx.log");
    char line[400] = "nothing";
    buf b;
    buf_init(&b);
    if (path_read(file, 16u << 20, &b, NULL))
        last_complaint(b.data, line, sizeof line);
    buf_done(&b);
    err_set(e, ERR_FAILED, "the demo's server does not start; its last word in %s: %s", file, line);
    free(file);
    return false;
}

/* postmaster.pid's eighth line says how far the server is. */
static bool is_ready(const seat *s)
{
    char *file = path_join(s->data, "postmaster.pid");
    buf b;
    buf_init(&b);
    bool yes = path_read(file, 4096, &b, NULL);
    const char *line = b.data;
    for (int i = 1; yes && i < 8; i++) {
        line = strchr(line, '\n');
        yes = line && *++line;
    }
    yes = yes && strncmp(line, "ready", 5) == 0;
    buf_done(&b);
    free(file);
    return yes;
}

/* Postgres takes over a pid file whose process is gone. One whose number somebody else has by now, or that nobody has buried yet,
 * would keep it from starting. */
static void leave_file(const seat *s, const char *folder, const char *name)
{
    char *file = path_join(folder, name);
    buf b;
    buf_init(&b);
    pid_t pid = path_read(file, 4096, &b, NULL) ? (pid_t)strtol(b.data, NULL, 10) : 0;
    if (pid > 0 && (kill(pid, 0) == 0 || errno == EPERM) && !running_pid(s))
        unlink(file);
    buf_done(&b);
    free(file);
}

static void leave_stranger(const seat *s)
{
    leave_file(s, s->socket, ".s.PGSQL.5432.lock"); /* before the pid file, which running_pid() goes by */
    leave_file(s, s->data, "postmaster.pid");
}

static bool start_cluster(const seat *s, err *e)
{
    char *log = path_join(s->data, "showx.log");
    const char *const argv[] = {"postgres", "-D", s->data, "-k", s->socket, "-p", "5432", NULL};
    unlink(log);
    leave_stranger(s);
    pid_t pid = run_server(argv, s->uid, s->gid, log, e);
    free(log);
    if (!pid)
        return false;
    for (int64_t end = time_mono_ms() + 60000; time_mono_ms() < end; usleep(10000)) {
        if (kill(pid, 0) < 0 && errno == ESRCH)
            return server_failed(s, e);
        if (running_pid(s) == pid && is_ready(s))
            return true;
    }
    return err_set(e, ERR_TIMEOUT, "the demo's server (process %ld) does not get ready", (long)pid);
}

/* The processes of a server that was killed hold its shared memory until they notice: a moment, and it starts. */
static bool start_patiently(const seat *s, err *e)
{
    err why = {0};
    for (int64_t end = time_mono_ms() + 5000;; usleep(200000)) {
        if (start_cluster(s, &why))
            return true;
        if ((!strstr(why.text, "shared memory") && !strstr(why.text, "lock file")) || time_mono_ms() > end)
            return err_set(e, why.kind, "%s", why.text);
    }
}

static bool make_database(const seat *s, err *e)
{
    if (there(s->data, "showx-database"))
        return true;
    err first = {0};
    const char *const argv[] = {"createdb", "-h", s->socket,   "-p",          "5432", "-U",
                                DEMO_USER,  "-T", "template0", DEMO_DATABASE, NULL};
    if (!run_program(argv, s->uid, s->gid, &first) && !strstr(first.text, "already exists"))
        return err_set(e, first.kind, "%s", first.text);
    char *mark = path_join(s->data, "showx-database");
    bool ok = path_write_atomic(mark, "", 0, 0600, e);
    free(mark);
    return ok;
}

static bool start_locked(seat *s, err *e)
{
    demo_status now = {0};
    if (!read_seat(s)) {
        if (!choose_seat(s, e) || !keep_seat(s, e))
            return false;
    }
    look(s, &now);
    if (now.running && there(s->data, "showx-database"))
        return true;
    if (!make_folders(s, e) || !make_cluster(s, e))
        return false;
    return (now.running || start_patiently(s, e)) && make_database(s, e);
}

static bool stop_locked(seat *s, err *e)
{
    demo_status now = {0};
    if (!read_seat(s))
        return true;
    look(s, &now);
    if (!now.pid)
        return true;
    if (kill(now.pid, SIGINT) < 0 && errno != ESRCH) /* fast: sessions are cut off, then it ends in order */
        return err_errno(e, "the demo's server (process %ld)", (long)now.pid);
    for (int64_t end = time_mono_ms() + 30000; time_mono_ms() < end; usleep(20000))
        if (!running_pid(s))
            return true;
    return err_set(e, ERR_TIMEOUT, "the demo's server (process %ld) does not stop", (long)now.pid);
}

static bool reset_locked(seat *s, err *e)
{
    if (!stop_locked(s, e))
        return false;
    if (!read_seat(s))
        return true;
    char *place = path_join(s->home, "place");
    bool ok = run_remove(s->data, e) && run_remove(s->socket, e);
    if (ok) {
        unlink(place);
        if (s->uid != geteuid()) { /* root's folder for this home, empty now */
            s->data[strlen(s->data) - strlen("/data")] = '\0';
            rmdir(s->data);
        }
    }
    free(place);
    return ok;
}

static bool locked(bool (*what)(seat *s, err *e), err *e)
{
    seat s = {.home = path_state("demo")};
    bool ok = path_make_dirs(s.home, 0700, e);
    int fd = ok ? take_lock(&s, e) : -1;
    ok = fd >= 0 && what(&s, e);
    if (fd >= 0)
        close(fd);
    seat_done(&s);
    return ok;
}

bool demo_server_start(err *e)
{
    demo_status now;
    demo_server_status(&now);
    if (now.running && there(now.data, "showx-database"))
        return true;
    return locked(start_locked, e);
}

bool demo_server_stop(err *e)
{
    return locked(stop_locked, e);
}

bool demo_server_reset(err *e)
{
    return locked(reset_locked, e);
}
