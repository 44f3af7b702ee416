/* bench SHOWX RESULTS [DRILL ...]: runs the drills (all, or those named) and writes the table. BENCH_WHERE and
 * BENCH_BOOT name a database that is filled already, as its owner and as superuser, for working on a drill. */
#include "base/buf.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "support/pg.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const struct {
    const char *name;
    bool (*run)(const bench *b);
} drills[] = {
    {"start", drill_start},     {"keys", drill_keys}, {"paging", drill_paging},
    {"explain", drill_explain}, {"idle", drill_idle}, {"headless", drill_headless},
    {"frozen", drill_frozen},   {"tour", drill_tour}, {"optw", drill_optw},
    {"city", drill_city},
};

static char folder[] = "/tmp/showx-bench-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    remove(path);
    return 0;
}

static void tidy(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static char *file_text(const char *path)
{
    buf text;
    char bytes[4096];
    size_t n;
    FILE *f = fopen(path, "r");
    buf_init(&text);
    while (f && (n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_add(&text, bytes, n);
    if (!f || fclose(f) != 0 || text.len == 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return buf_take(&text);
}

/* queries/fans.sql with nothing narrowed, for psql: the same question that showx asks. */
static char *fans_query(void)
{
    static const char *const narrowing[] = {":city_id", ":artist_id", ":concert_id", ":since"};
    char *text = file_text("queries/fans.sql"), *sqlite = strstr(text, "\n-- sqlite");
    buf out;
    buf_init(&out);
    if (sqlite)
        sqlite[1] = '\0';
    for (const char *p = strstr(text, "\nselect") ? strstr(text, "\nselect") : text; *p;) {
        size_t skip = 0;
        for (size_t i = 0; i < sizeof narrowing / sizeof *narrowing; i++)
            if (strncmp(p, narrowing[i], strlen(narrowing[i])) == 0) {
                buf_str(&out, i == 3 ? "null::timestamptz" : "null::text");
                skip = strlen(narrowing[i]);
            }
        if (!skip)
            buf_char(&out, *p);
        p += skip ? skip : 1;
    }
    free(text);
    return buf_take(&out);
}

static void must_run(const bench *b, const char *what, const char *const argv[])
{
    fprintf(stderr, "%s\n", what);
    if (proc_run(b, argv, NULL).code == 0)
        return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(EXIT_FAILURE);
}

/* Both are kept until the end. */
static void bring_up(bench *b)
{
    b->where = getenv("BENCH_WHERE");
    b->boot = getenv("BENCH_BOOT");
    if (b->where && b->boot)
        return;
    b->where = support_pg_database("fans");
    b->boot = mem_printf("%s dbname=fans", support_pg());
    const char *up[] = {b->showx, "-d", b->where, "schema", "up", NULL};
    const char *fill[] = {
        "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", b->boot, "-f", "tests/bench/fans.sql", NULL};
    must_run(b, "the schema", up);
    must_run(b, "a million fans", fill);
}

static bool wanted(int argc, char **argv, const char *name)
{
    for (int i = 3; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc <= 3;
}

static void say_where(const bench *b)
{
    char version[200] = "";
    struct utsname u;
    uname(&u);
    server_ask(b, "select split_part(version(), ' ', 2)", version, sizeof version);
    report_opening("`make bench` wrote this. The machine: %ld processors, %s %s; PostgreSQL %s on the same "
                   "machine. Times are worth "
                   "something beside each other only. A control is something known to miss the target, "
                   "measured in the same way.",
                   sysconf(_SC_NPROCESSORS_ONLN), u.sysname, u.machine, version);
}

int main(int argc, char **argv)
{
    static char program[4096];
    if (argc < 3 || !realpath(argv[1], program) || !mkdtemp(folder)) {
        fprintf(stderr, "usage: bench SHOWX RESULTS [DRILL ...]\n");
        return 2;
    }
    atexit(tidy);
    char *list = fans_query();
    char *page = mem_printf("set search_path = showx, public; select page.* from (%s) as page order by "
                            "page.name, page.fan_id limit 150",
                            list);
    char *all = mem_printf("set search_path = showx, public; copy (select page.* from (%s) as page order by "
                           "page.name, page.fan_id) "
                           "to stdout (format csv, header)",
                           list);
    bench b = {.showx = program, .folder = folder, .page = page, .all = all};
    bring_up(&b);
    say_where(&b);
    size_t broken = 0;
    for (size_t i = 0; i < sizeof drills / sizeof *drills; i++)
        if (wanted(argc, argv, drills[i].name) && !drills[i].run(&b)) {
            fprintf(stderr, "bench: the drill %s could not be run\n", drills[i].name);
            broken++;
        }
    if (report_unseen())
        fprintf(stderr, "bench: %zu controls were not seen: the figures beside them prove nothing\n",
                report_unseen());
    bool written = report_print(argv[2]);
    free(list);
    free(page);
    free(all);
    return written && !broken && !report_unseen() ? 0 : 1;
}
