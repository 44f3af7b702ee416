/* From the command to the first frame and to the first row, beside psql. One of each in turn, so that a busy
 * moment of the machine hits all alike. */
#include "bench/bench.h"
#include <stdio.h>

enum { RUNS = 21, MOST_MS = 10000 };

typedef struct starts {
    double frame[RUNS], data[RUNS], psql_answer[RUNS], psql_prompt[RUNS], server[RUNS], nothing[RUNS],
        late[RUNS];
} starts;

static bool start_console(const bench *b, double *ret_frame, double *ret_data)
{
    const char *argv[] = {b->showx, "-d", b->where, "fans", NULL};
    term *t = term_start(b, argv);
    double frame = term_until(t, "? help", MOST_MS), data = term_until(t, "Ada", MOST_MS);
    *ret_frame = frame - term_began(t);
    *ret_data = data - term_began(t);
    term_type(t, "q");
    bool ok = term_ended(t, MOST_MS) == 0 && frame > 0 && data > 0;
    term_free(t);
    return ok;
}

static double until_said(const bench *b, const char *const argv[], const char *text)
{
    term *t = term_start(b, argv);
    double at = term_until(t, text, MOST_MS), took = at < 0 ? -1 : at - term_began(t);
    term_free(t);
    return took;
}

static bool once(const bench *b, starts *s, size_t i)
{
    const char *answer[] = {"psql", "-X", "-q", "-d", b->where, "-c", b->page, NULL};
    const char *prompt[] = {"psql", "-X", "-q", "-d", b->where, NULL};
    const char *nothing[] = {"echo", "nothing", NULL};
    const char *late[] = {"sh", "-c", "sleep 0.25; echo nothing", NULL};
    bool ok = start_console(b, &s->frame[i], &s->data[i]);
    s->server[i] = server_page_ms(b);
    s->psql_answer[i] = proc_run(b, answer, NULL).wall_ms;
    s->psql_prompt[i] = until_said(b, prompt, "=> ");
    s->nothing[i] = until_said(b, nothing, "nothing");
    s->late[i] = until_said(b, late, "nothing");
    return ok && s->psql_prompt[i] > 0;
}

bool drill_start(const bench *b)
{
    static starts s;
    for (size_t i = 0; i < RUNS; i++)
        if (!once(b, &s, i))
            return false;
    double frame = median(s.frame, RUNS), data = median(s.data, RUNS), server = median(s.server, RUNS);
    double answer = median(s.psql_answer, RUNS), prompt = median(s.psql_prompt, RUNS);
    report_section("Start",
                   "From just before the fork, on a pseudo-terminal, a million fans; medians of 21 runs, "
                   "each program in "
                   "turn. The server's own answer: connecting and asking for the same page through libpq.");
    report_row(target_of(frame <= 15), "start to first frame", "15 ms",
               "%.1f ms; %.2f of psql's start to its prompt (%.1f ms)", frame, frame / prompt, prompt);
    report_row(target_of(data - server <= 30), "start to data", "30 ms more than the server's own answer",
               "%.1f ms, %.1f ms more than the server's own answer (%.1f ms)", data, data - server, server);
    report_row(target_of(data <= answer), "start to data beside `psql -c` of the same page", "no slower",
               "%.2f times", data / answer);
    report_row(TARGET_NONE, "`echo` on the same terminal", NULL, "%.1f ms", median(s.nothing, RUNS));
    double late = median(s.late, RUNS);
    report_row(control_of(late > 15 && late - server > 30), "`echo` after a sleep of 250 ms", "15 ms",
               "%.1f ms", late);
    return true;
}
