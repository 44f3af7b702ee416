/* support: what every room's tests share. A room's tests/ROOM/main.c is
 *
 *     int main(void) { return support_run(suites, sizeof suites / sizeof *suites); }
 *
 * One line a test with its promise (the test's name), then the failures with their places, then
 * "N passed, M failed, K skipped". SHOWX_TEST=part runs only the tests whose name contains part;
 * Check's own CK_RUN_SUITE, CK_RUN_CASE and CK_FORK=no work too. Include this instead of <check.h>. */
#ifndef SHOWX_SUPPORT_H
#define SHOWX_SUPPORT_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

/* Runs all suites; the exit status for main: 0 when nothing failed. */
int support_run(Suite *(*const suites[])(void), size_t n);

/* Ends the test it stands in as skipped, and says why on its line. Only directly in a test. */
#define support_skip(reason)                                                                                 \
    do {                                                                                                     \
        support_note_skip(__func__, (reason));                                                               \
        return;                                                                                              \
    } while (0)
void support_note_skip(const char *function, const char *reason);

/* A new empty folder, 0700, removed after the run with all that is in it. Owned by the run: do not free. */
const char *support_folder(void);

/* The seed for generated tests: SHOWX_SEED, else `usual`. Printed, so that a failure can be repeated. */
uint64_t support_seed(uint64_t usual);

/* tcase_add_test and its loop form, which leave out what SHOWX_TEST does not name. */
void support_add(TCase *tc, const TTest *test, int first, int end);
#undef tcase_add_test
#define tcase_add_test(tc, test) support_add((tc), (test), 0, 1)
#undef tcase_add_loop_test
#define tcase_add_loop_test(tc, test, first, end) support_add((tc), (test), (first), (end))

#endif
