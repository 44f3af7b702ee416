#include "base/buf.h"
#include "bench/bench.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static buf text;
static size_t unseen;

void report_opening(const char *format, ...)
{
    va_list args;
    buf_init(&text);
    buf_str(&text, "# Figures\n\n");
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    buf_char(&text, '\n');
}

void report_section(const char *title, const char *how)
{
    fprintf(stderr, "%s\n", title);
    buf_printf(&text, "\n## %s\n\n%s\n\n| what | measured | target | |\n| --- | --- | --- | --- |\n", title,
               how);
}

void report_row(verdict v, const char *what, const char *target, const char *format, ...)
{
    static const char *const said[] = {[TARGET_NONE] = "",
                                       [TARGET_MET] = "met",
                                       [TARGET_MISSED] = "**missed**",
                                       [CONTROL_SEEN] = "control: seen to miss",
                                       [CONTROL_UNSEEN] = "**control: not seen**"};
    char figure[400];
    va_list args;
    va_start(args, format);
    vsnprintf(figure, sizeof figure, format, args);
    va_end(args);
    unseen += v == CONTROL_UNSEEN;
    buf_printf(&text, "| %s | %s | %s | %s |\n", what, figure, target ? target : "", said[v]);
    fprintf(stderr, "  %s: %s%s%s%s%s\n", what, figure, target ? "; target " : "", target ? target : "",
            said[v][0] ? "; " : "", said[v]);
}

verdict target_of(bool met)
{
    return met ? TARGET_MET : TARGET_MISSED;
}

verdict control_of(bool seen)
{
    return seen ? CONTROL_SEEN : CONTROL_UNSEEN;
}

size_t report_unseen(void)
{
    return unseen;
}

bool report_print(const char *path)
{
    FILE *f = fopen(path, "w");
    bool ok = f && fwrite(text.data, 1, text.len, f) == text.len;
    if (f && fclose(f) != 0)
        ok = false;
    if (!ok)
        perror(path);
    return ok;
}
