#include "base/mem.h"
#include "base/time.h"
#include "legacy/wire.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOKEN_MOST = 16384 };

extern char **environ;

static bool start(const char *command, const int out[2], const int complaint[2], pid_t *ret, err *e)
{
    char *const argv[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)(uintptr_t)command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, complaint[1], 2); /* a screen may be up: nothing goes to it */
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int why = posix_spawn(ret, "/bin/sh", &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return why == 0 || err_set(e, ERR_FAILED, "the token command cannot be run: %s", strerror(why));
}

/* Reads what is there; false at its end. More than a token can be is read past. */
static bool drain(int fd, buf *to)
{
    char some[1024];
    ssize_t n = read(fd, some, sizeof some);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    if (n > 0 && to->len < TOKEN_MOST)
        buf_add(to, some, (size_t)n);
    return n > 0;
}

static bool listen_to(int out, int complaint, int64_t until, buf *said, buf *complained, stop *s, err *e)
{
    struct pollfd fds[] = {{.fd = out, .events = POLLIN},
                           {.fd = complaint, .events = POLLIN},
                           {.fd = s ? s->fd : -1, .events = POLLIN}};
    while (fds[0].fd >= 0) {
        int64_t left = until - time_mono_ms();
        if (stop_now(s, e))
            return false;
        if (left <= 0)
            return err_set(e, ERR_TIMEOUT, "the token command does not come to an end");
        poll(fds, 3, stop_poll_ms(s, left < 1000 ? (int)left : 1000));
        if (fds[1].revents && !drain(fds[1].fd, complained))
            fds[1].fd = -1;
        if (fds[0].revents && !drain(fds[0].fd, said))
            fds[0].fd = -1;
    }
    return true;
}

/* Waits for its end, and sees to it when its time is over. */
static bool reap(pid_t child, int64_t until, int *ret_status, stop *s, err *e)
{
    while (time_mono_ms() < until && !stop_now(s, NULL)) {
        pid_t got = waitpid(child, ret_status, WNOHANG);
        if (got == child || (got < 0 && errno != EINTR))
            return true;
        poll(NULL, 0, 5);
    }
    kill(-child, SIGKILL);
    while (waitpid(child, ret_status, 0) < 0 && errno == EINTR)
        ;
    return until == 0 || stop_now(s, e)
               ? false
               : err_set(e, ERR_TIMEOUT, "the token command does not come to an end");
}

static bool token_of(const buf *said, const buf *complained, int status, buf *ret, err *e)
{
    size_t n = strcspn(said->data, "\r\n");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, ERR_REFUSED, "the token command failed%s%.*s", complained->len ? ": " : "",
                       (int)strcspn(complained->data, "\r\n"), complained->data);
    for (size_t i = 0; i < n; i++)
        if (said->data[i] <= ' ' || said->data[i] > '~')
            n = 0; /* it would become part of a header */
    if (n == 0)
        return err_set(e, ERR_REFUSED, "the token command printed no token");
    buf_add(ret, said->data, n);
    return true;
}

bool token_run(const char *command, int most_ms, buf *ret, stop *s, err *e)
{
    int out[2], complaint[2], status = 0;
    int64_t until = time_mono_ms() + most_ms;
    pid_t child = 0;
    buf said, complained;
    if (pipe2(out, O_CLOEXEC) != 0)
        return err_errno(e, "the token command cannot be run");
    if (pipe2(complaint, O_CLOEXEC) != 0) {
        err_errno(e, "the token command cannot be run");
        close(out[0]), close(out[1]);
        return false;
    }
    buf_init(&said);
    buf_init(&complained);
    bool ok = start(command, out, complaint, &child, e);
    close(out[1]), close(complaint[1]);
    if (ok) {
        ok = listen_to(out[0], complaint[0], until, &said, &complained, s, e);
        ok = reap(child, ok ? until : 0, &status, s, e) && ok;
        while (poll(&(struct pollfd){.fd = complaint[0], .events = POLLIN}, 1, 0) > 0 &&
               drain(complaint[0], &complained))
            ;
        ok = ok && token_of(&said, &complained, status, ret, e);
    }
    close(out[0]), close(complaint[0]);
    explicit_bzero(said.data, said.len);
    buf_done(&said);
    buf_done(&complained);
    return ok;
}
