/* The runner. Check tells test names only to its logs, so its TAP log goes through a pipe to a small
 * child that turns each line into ours at once (a thread would do, were it not that tests fork). */
#include "support/support.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SKIPS = 512 };

/* Shared by the runner, the tests it forks and the printer. */
typedef struct skips {
    int n;
    struct {
        char test[128], reason[256];
    } at[MOST_SKIPS];
} skips;

static skips *shared;
static char root[64];
static pid_t owner;

void support_note_skip(const char *function, const char *reason)
{
    int i = __atomic_fetch_add(&shared->n, 1, __ATOMIC_SEQ_CST);
    if (i >= MOST_SKIPS)
        return;
    size_t n = strlen(function); /* START_TEST(x) makes the function x_fn */
    if (n > 3 && strcmp(function + n - 3, "_fn") == 0)
        n -= 3;
    snprintf(shared->at[i].test, sizeof shared->at[i].test, "%.*s", (int)n, function);
    snprintf(shared->at[i].reason, sizeof shared->at[i].reason, "%s", reason);
}

static const char *skip_reason(const char *test)
{
    for (int i = 0; i < shared->n && i < MOST_SKIPS; i++)
        if (strcmp(shared->at[i].test, test) == 0)
            return shared->at[i].reason;
    return NULL;
}

void support_add(TCase *tc, const TTest *test, int first, int end)
{
    const char *part = getenv("SHOWX_TEST");
    if (!part || strstr(test->name, part))
        _tcase_add_test(tc, test, 0, 0, first, end);
}

uint64_t support_seed(uint64_t usual)
{
    const char *s = getenv("SHOWX_SEED");
    uint64_t seed = s && *s ? strtoull(s, NULL, 0) : usual;
    printf("      seed %llu (SHOWX_SEED)\n", (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

const char *support_folder(void)
{
    static char made[64][96]; /* 64 folders a test process are plenty */
    static size_t n;
    char *folder = made[n++ % 64];
    snprintf(folder, sizeof made[0], "%s/XXXXXX", root);
    ck_assert_msg(mkdtemp(folder) != NULL, "%s: %s", folder, strerror(errno));
    return folder;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    remove(path);
    return 0;
}

static void sweep(void)
{
    if (getpid() == owner && root[0])
        nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* "ok 3 - file:case:test: Passed" or "not ok ..." */
static void print_line(char *line)
{
    bool ok = strncmp(line, "ok ", 3) == 0;
    char *rest = strstr(line, " - ");
    if (!rest || (!ok && strncmp(line, "not ok ", 7) != 0))
        return; /* the plan, or the second line of a message that is printed in full below */
    char *file = rest + 3;
    char *tcase = strchr(file, ':');
    char *test = tcase ? strchr(tcase + 1, ':') : NULL;
    char *end = test ? strstr(test + 1, ": ") : NULL;
    if (!end)
        return;
    *test = *end = '\0';
    const char *why = ok ? skip_reason(test + 1) : NULL;
    printf("%s  %s: %s%s%s%s\n",
           why  ? "skip"
           : ok ? "pass"
                : "FAIL",
           tcase + 1, test + 1, why ? " (" : "", why ? why : "", why ? ")" : "");
    fflush(stdout);
}

static void print_all(int fd)
{
    FILE *in = fdopen(fd, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    while (in && (n = getline(&line, &cap, in)) > 0) {
        if (line[0] == '\004') /* not the end of file: what a test left running may hold the pipe */
            break;
        line[strcspn(line, "\n")] = '\0';
        print_line(line);
    }
    _exit(0);
}

static int finish(SRunner *sr, size_t suites)
{
    int failed = srunner_ntests_failed(sr), run = srunner_ntests_run(sr);
    int skipped = shared->n < MOST_SKIPS ? shared->n : MOST_SKIPS;
    TestResult **bad = srunner_failures(sr);
    for (int i = 0; bad && i < failed; i++)
        printf("FAIL  %s:%d: %s: %s\n", tr_lfile(bad[i]), tr_lno(bad[i]), tr_tcname(bad[i]), tr_msg(bad[i]));
    free(bad);
    printf("%d passed, %d failed, %d skipped\n", run - failed - skipped, failed, skipped);
    fflush(stdout);
    srunner_free(sr);
    if (suites && run == 0 && !getenv("SHOWX_TEST") && !getenv("CK_RUN_SUITE") && !getenv("CK_RUN_CASE"))
        return EXIT_FAILURE; /* no test at all proves nothing */
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int support_run(Suite *(*const suites[])(void), size_t n)
{
    int ends[2];
    snprintf(root, sizeof root, "/tmp/showx-test-XXXXXX");
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || !mkdtemp(root) || pipe2(ends, O_CLOEXEC) != 0) {
        perror("tests");
        return EXIT_FAILURE;
    }
    chmod(root, 0755); /* a private Postgres in here runs as somebody else */
    owner = getpid();
    atexit(sweep);
    setenv("CK_DEFAULT_TIMEOUT", "300", 0); /* a loaded machine is not a failure */

    SRunner *sr = srunner_create(NULL);
    for (size_t i = 0; i < n; i++)
        srunner_add_suite(sr, suites[i]());
    fflush(NULL);
    pid_t printer = fork();
    if (printer == 0) {
        close(ends[1]);
        print_all(ends[0]);
    }
    close(ends[0]);
    char log[32];
    snprintf(log, sizeof log, "/dev/fd/%d", ends[1]);
    srunner_set_tap(sr, log);
    srunner_run_all(sr, CK_SILENT);
    if (write(ends[1], "\004\n", 2) != 2)
        perror("tests");
    close(ends[1]);
    waitpid(printer, NULL, 0);
    return finish(sr, n);
}
