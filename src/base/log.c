/* Several programs may write one log. Each line is one write() to a file opened O_APPEND, so lines do not
 * mix; a turn-over renames the file under a lock on it, and the others notice by its inode. */
#include "base/log.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "base/time.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef LOG_TURN_BYTES
#define LOG_TURN_BYTES (4 << 20)
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char *path;
    int fd;
    log_level least;
} at = {.fd = -1};

static const char *const words[] = {"debug", "info", "warn", "error"};

static int open_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        (void)fchmod(fd, 0600); /* a file from before, or a strange umask */
    return fd;
}

static void close_file(void)
{
    if (at.fd >= 0)
        close(at.fd);
    at.fd = -1;
    free(at.path);
    at.path = NULL;
}

void log_open(const char *path, log_level least)
{
    const char *set = getenv("SHOWX_LOG");
    for (size_t i = 0; set && i < sizeof words / sizeof *words; i++)
        if (strcmp(set, words[i]) == 0)
            least = (log_level)i;
    pthread_mutex_lock(&lock);
    close_file();
    at.least = least;
    if (path) {
        const char *slash = strrchr(path, '/');
        if (slash && slash != path) {
            char *dir = mem_strn(path, (size_t)(slash - path));
            path_make_dirs(dir, 0700, NULL);
            free(dir);
        }
        at.path = mem_str(path);
        at.fd = open_file(path);
    }
    pthread_mutex_unlock(&lock);
}

void log_close(void)
{
    log_open(NULL, LOG_ERROR);
}

/* Before a line goes to a file that is full: the file becomes PATH.1, unless another program did that
 * already. */
static void turn_over(size_t more)
{
    struct stat mine, there;
    if (fstat(at.fd, &mine) != 0)
        return;
    bool ours = stat(at.path, &there) == 0 && there.st_ino == mine.st_ino && there.st_dev == mine.st_dev;
    if (ours && (size_t)mine.st_size + more <= LOG_TURN_BYTES)
        return;
    if (ours && flock(at.fd, LOCK_EX) == 0 && stat(at.path, &there) == 0 && there.st_ino == mine.st_ino) {
        char *old = mem_printf("%s.1", at.path);
        (void)rename(at.path, old);
        free(old);
    }
    close(at.fd); /* and with it the lock */
    at.fd = open_file(at.path);
}

static void write_line(const buf *line)
{
    turn_over(line->len);
    ssize_t ignored = at.fd >= 0 ? write(at.fd, line->data, line->len) : 0;
    (void)ignored; /* a full disk must not stop the work that is being logged */
}

void log_write(log_level level, const char *format, ...)
{
    int kept = errno; /* callers log between a failure and reading errno */
    pthread_mutex_lock(&lock);
    bool wanted = at.fd >= 0 && level >= at.least;
    pthread_mutex_unlock(&lock);
    if (!wanted) {
        errno = kept;
        return;
    }
    buf message, line;
    char now[32];
    buf_init(&message);
    buf_init(&line);
    va_list args;
    va_start(args, format);
    buf_vprintf(&message, format, args);
    va_end(args);
    time_format(time_now_us(), now);
    buf_printf(&line, "%s %-5s %d ", now, words[level], (int)getpid());
    text_cell(&line, message.data, message.len, false);
    buf_char(&line, '\n');
    pthread_mutex_lock(&lock);
    if (at.fd >= 0)
        write_line(&line);
    pthread_mutex_unlock(&lock);
    buf_done(&message);
    buf_done(&line);
    errno = kept;
}
