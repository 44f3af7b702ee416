/* What was planned and not kept stands in a file until it is: leaving the screen, a crash or a dead terminal loses nothing. One draft a
 * database and artist; the last one counts. First line: plan, version and name where it stems from a kept plan; then the plan as
 * JSON. */
#include "ui/build_draft.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/sha256.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DRAFT_MOST = 4 << 20 };

/* Neither a database's label nor an artist's id is a safe name for a file. */
static char *draft_file(const char *label, const char *artist_id)
{
    char *what = mem_printf("%s\x1f%s", label, artist_id), hex[65];
    sha256_hex(what, strlen(what), hex);
    char *tail = mem_printf("drafts/plan-%.16s.json", hex);
    char *file = path_state(tail);
    free(what);
    free(tail);
    return file;
}

void draft_keep(const char *label, const draft_plan *d)
{
    char *dir = path_state("drafts"), *file = draft_file(label, d->doc.artist_id);
    buf text;
    err e;
    buf_init(&text);
    buf_printf(&text, "%s\t%lld\t%s\n", d->plan_id, (long long)d->version, d->name);
    plan_doc_json(&d->doc, &text);
    if (path_make_dirs(dir, 0700, &e))
        (void)path_write_atomic(file, text.data, text.len, 0600, &e);
    buf_done(&text);
    free(dir);
    free(file);
}

bool draft_take(const char *label, const char *artist_id, draft_plan *ret)
{
    char *file = draft_file(label, artist_id);
    draft_plan d = {.version = 0};
    buf text;
    buf_init(&text);
    bool ok = access(file, R_OK) == 0 && path_read(file, DRAFT_MOST, &text, NULL);
    char *rest = text.data, *line = ok ? strsep(&rest, "\n") : NULL, *plan = ok ? strsep(&line, "\t") : NULL;
    char *version = line ? strsep(&line, "\t") : NULL;
    ok = ok && rest && version && plan_doc_parse(rest, &d.doc, NULL);
    if (ok && strcmp(d.doc.artist_id, artist_id) != 0) {
        plan_doc_done(&d.doc);
        ok = false;
    }
    if (ok) {
        snprintf(d.plan_id, sizeof d.plan_id, "%s", plan);
        snprintf(d.name, sizeof d.name, "%s", line ? line : "");
        d.version = strtoll(version, NULL, 10);
        *ret = d;
    }
    buf_done(&text);
    free(file);
    return ok;
}

void draft_drop(const char *label, const char *artist_id)
{
    char *file = draft_file(label, artist_id);
    (void)unlink(file);
    free(file);
}
