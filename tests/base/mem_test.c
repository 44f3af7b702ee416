#include "base/mem.h"
#include "suites.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(new_memory_is_zeroed_and_nothing_is_still_a_pointer)
{
    int *p = MEM_ARRAY(int, 100);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(p[i], 0);
    void *none = mem_new(0, 8);
    ck_assert_ptr_nonnull(none);
    free(p);
    free(none);
}
END_TEST

START_TEST(copies_are_terminated_and_null_stays_null)
{
    char *a = mem_str("abc"), *b = mem_strn("abcdef", 3), *c = mem_printf("%d-%s", 7, "x"),
         *d = mem_strn("", 0);
    ck_assert_str_eq(a, "abc");
    ck_assert_str_eq(b, "abc");
    ck_assert_str_eq(c, "7-x");
    ck_assert_str_eq(d, "");
    ck_assert_ptr_null(mem_str(NULL));
    free(a);
    free(b);
    free(c);
    free(d);
}
END_TEST

START_TEST(an_array_grows_and_keeps_its_items)
{
    int *items = NULL;
    size_t n = 0, cap = 0;
    for (int i = 0; i < 1000; i++) {
        MEM_ROOM(items, n, cap);
        items[n++] = i;
    }
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(items[i], i);
    ck_assert_uint_ge(cap, n);
    free(items);
}
END_TEST

static int hook_out;

static void hook(void)
{
    ck_assert_int_eq(write(hook_out, "hook ", 5), 5);
}

/* Runs `what` in a child whose stderr and hook are read back. */
static void expect_exhausted(void (*what)(void))
{
    int ends[2], status = 0;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        hook_out = ends[1];
        mem_on_exhausted(hook);
        what();
        _exit(77);
    }
    close(ends[1]);
    char said[4096] = "";
    size_t n = 0;
    for (ssize_t k; n < sizeof said - 1 && (k = read(ends[0], said + n, sizeof said - 1 - n)) > 0;)
        n += (size_t)k;
    close(ends[0]);
    waitpid(child, &status, 0);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "status %d: %s", status, said);
    ck_assert_msg(strstr(said, "hook showx: out of memory") != NULL, "%s", said);
}

static void grow_overflowing(void)
{
    free(mem_grow(NULL, SIZE_MAX / 2, 3));
}

static void copy_overflowing(void)
{
    free(mem_strn("x", SIZE_MAX));
}

static void *volatile kept;

static void new_too_large(void)
{
    kept = mem_new(SIZE_MAX / 4, 3);
}

START_TEST(out_of_memory_runs_the_hook_and_ends_with_one_sentence)
{
    setenv("ASAN_OPTIONS", "allocator_may_return_null=1", 1);
    expect_exhausted(grow_overflowing);
    expect_exhausted(copy_overflowing);
}
END_TEST

START_TEST(a_size_that_nobody_has_ends_the_same_way)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    support_skip("the sanitizer ends the program on such a size itself");
#endif
    expect_exhausted(new_too_large);
}
END_TEST

Suite *mem_suite(void)
{
    return suite_of("mem", (const TTest *const[]){new_memory_is_zeroed_and_nothing_is_still_a_pointer,
                                                  copies_are_terminated_and_null_stays_null,
                                                  an_array_grows_and_keeps_its_items,
                                                  out_of_memory_runs_the_hook_and_ends_with_one_sentence,
                                                  a_size_that_nobody_has_ends_the_same_way, NULL});
}
