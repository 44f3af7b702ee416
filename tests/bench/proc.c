#include "bench/bench.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void pause_ms(double ms)
{
    struct timespec t = {(time_t)(ms / 1e3), (long)((ms - (double)(time_t)(ms / 1e3) * 1e3) * 1e6)};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The smallest value that at least p of them do not exceed. */
double percentile(double *values, size_t n, double p)
{
    if (n == 0)
        return -1;
    qsort(values, n, sizeof *values, by_size);
    size_t at = (size_t)(p * (double)n);
    return values[at < n ? at : n - 1];
}

double median(double *values, size_t n)
{
    return percentile(values, n, 0.5);
}

static bool read_file(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);
    if (fd >= 0)
        close(fd);
    out[n > 0 ? n : 0] = '\0';
    return n > 0;
}

long proc_kb(pid_t pid, const char *name)
{
    char path[64], text[4096], line[64];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    snprintf(line, sizeof line, "\n%s:", name);
    const char *at = read_file(path, text, sizeof text) ? strstr(text, line) : NULL;
    return at ? strtol(at + strlen(line), NULL, 10) : -1;
}

long proc_ticks(pid_t pid)
{
    char path[64], text[1024];
    long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    const char *at = read_file(path, text, sizeof text) ? strrchr(text, ')') : NULL;
    if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system) != 2)
        return -1;
    return user + system;
}

double proc_thread_ms(pid_t pid)
{
    char path[64], text[128];
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)pid);
    return read_file(path, text, sizeof text) ? strtod(text, NULL) / 1e6 : -1;
}

static double ms_of(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

ran proc_run(const bench *b, const char *const argv[], const char *to)
{
    struct rusage used;
    int status = 0;
    fflush(NULL);
    double began = now_ms();
    pid_t pid = fork();
    if (pid == 0) {
        int in = open("/dev/null", O_RDONLY),
            out = open(to ? to : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(in, 0);
        dup2(out, 1);
        setenv("XDG_STATE_HOME", b->folder, 1);
        setenv("XDG_CONFIG_HOME", b->folder, 1);
        execvp(argv[0], (char *const *)argv);
        perror(argv[0]);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid) {
        perror("bench: a program");
        exit(EXIT_FAILURE);
    }
    return (ran){.wall_ms = now_ms() - began,
                 .cpu_ms = ms_of(used.ru_utime) + ms_of(used.ru_stime),
                 .peak_kb = used.ru_maxrss,
                 .code = WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}
