/* Memory while a million rows are paged through, and what a page costs the server. */
#include "bench/bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MS = 20000, SCREEN_BYTES = 400, DOWN = 3000, UP = 600, MOST_KB = 25 * 1024 };

/* So many screens on, as fast as they are painted; returns how many were painted. A key that came before the rows it
 * asks for may move nothing: it is waited for 100 ms at most. */
static size_t leaf(term *t, const char *key, size_t n)
{
    size_t painted = 0;
    for (size_t i = 0; i < n; i++) {
        term_drain(t);
        term_type(t, key);
        painted += term_painted(t, SCREEN_BYTES, 100) > 0;
    }
    return painted;
}

bool drill_paging(const bench *b)
{
    const char *argv[] = {b->showx, "-d", b->where, "fans", NULL};
    const char *whole[] = {"psql", "-X", "-q", "-d", b->where, "-c", "select * from showx.fan", NULL};
    term *t = term_start(b, argv);
    if (term_until(t, "Ada", MOST_MS) < 0)
        return false;
    pause_ms(500);
    long first = proc_kb(term_pid(t), "VmRSS");
    size_t down = leaf(t, "\x06", DOWN);
    term_type(t, "G");
    bool end = term_until(t, "Tala", MOST_MS) > 0;
    size_t up = leaf(t, "\x02", UP);
    term_type(t, "g");
    bool back = term_until(t, "Ada", MOST_MS) > 0;
    long peak = proc_kb(term_pid(t), "VmHWM"), now = proc_kb(term_pid(t), "VmRSS");
    long own = proc_kb(term_pid(t), "RssAnon");
    term_free(t);
    ran psql = proc_run(b, whole, NULL);
    report_section("Memory", "Resident memory as /proc has it (libraries shared with others included), on a "
                             "list of a million fans, 120 x 36.");
    report_row(target_of(peak <= MOST_KB && end && back),
               "the most, while paging down, to the end (G), up and back (g)", "25 MB",
               "%.1f MB (VmHWM); %zu of %d screens down and %zu of %d up were painted", (double)peak / 1024,
               down, DOWN, up, UP);
    report_row(TARGET_NONE, "on the first page; afterwards; its own pages of that", NULL,
               "%.1f MB; %.1f MB; %.1f MB", (double)first / 1024, (double)now / 1024, (double)own / 1024);
    report_row(control_of(psql.peak_kb > MOST_KB), "`psql -c 'select * from fan'`, the same million rows",
               "25 MB", "%.1f MB, %.0f times as much", (double)psql.peak_kb / 1024,
               (double)psql.peak_kb / (double)peak);
    return true;
}

/* ---- what the server touches ---- */

static long rows_said(const char *line)
{
    const char *at = strstr(line, "at most ");
    return at ? strtol(at + 8, NULL, 10) : -1;
}

/* `showx check --explain` says for each page: "middle page: at most 51 rows touched by a step". */
static long touched(const bench *b, const char *page, const char *behind)
{
    char path[256], line[2000];
    long rows = -1;
    snprintf(path, sizeof path, "%s/explain", b->folder);
    const char *argv[] = {b->showx, "-d", b->where, "check", "--explain", "fans", "--behind", behind, NULL};
    proc_run(b, argv, path);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, page, strlen(page)) == 0)
            rows = rows_said(line);
    if (f)
        fclose(f);
    return rows;
}

static double page_took(const bench *b, const char *sql)
{
    enum { TIMES = 5 };
    double took[TIMES];
    char ignored[16];
    for (size_t i = 0; i < TIMES; i++) {
        double began = now_ms();
        if (!server_ask(b, sql, ignored, sizeof ignored))
            return -1;
        took[i] = now_ms() - began;
    }
    return median(took, TIMES);
}

/* Of the bare table: with what the list looks up for each row, OFFSET would take half a minute. */
static void beside_offset(const bench *b, const char *where, long at, const char *name)
{
    char by_key[300], by_offset[300], what[80];
    snprintf(by_key, sizeof by_key,
             "select * from showx.fan where (name, fan_id) > ('%s', '') order by name, fan_id limit 50",
             name);
    snprintf(by_offset, sizeof by_offset, "select * from showx.fan order by name, fan_id offset %ld limit 50",
             at);
    double key = page_took(b, by_key), skip = page_took(b, by_offset);
    snprintf(what, sizeof what, "the same page by OFFSET, %s", where);
    report_row(control_of(skip > 10 * key), what, "a page and a row", "%ld rows; %.0f times as long", at + 50,
               skip / key);
}

static bool name_at(const bench *b, long at, char *out, size_t size)
{
    char sql[200];
    snprintf(sql, sizeof sql, "select name from showx.fan order by name, fan_id offset %ld limit 1", at);
    return server_ask(b, sql, out, size);
}

bool drill_explain(const bench *b)
{
    static const char *const pages[][2] = {{"first page", "the first page"},
                                           {"next page", "the page behind it"},
                                           {"page behind", "a page from the middle"},
                                           {"last page", "the last page"}};
    char middle[200], end[200];
    if (!name_at(b, 500000, middle, sizeof middle) || !name_at(b, 999800, end, sizeof end))
        return false;
    report_section(
        "Page turns",
        "The most rows that any step of the server's plan touched for a page of 50 fans of a million "
        "(`showx check --explain fans`); and a page of the bare table by key and by OFFSET, medians of 5.");
    for (size_t i = 0; i < 4; i++) {
        long rows = touched(b, pages[i][0], middle);
        report_row(target_of(rows > 0 && rows <= 100), pages[i][1], "a page and a row", "%ld rows", rows);
    }
    beside_offset(b, "from the middle", 500000, middle);
    beside_offset(b, "near the end", 999800, end);
    return true;
}
