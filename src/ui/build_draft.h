/* build_draft: a plan that is not kept yet, in a file of its own until it is. Private to the tour builder. */
#ifndef SHOWX_UI_BUILD_DRAFT_H
#define SHOWX_UI_BUILD_DRAFT_H

#include "plan/plan.h"

typedef struct draft_plan {
    plan_doc doc;
    char plan_id[64], name[128]; /* of the kept plan that it stems from, or "" */
    int64_t version;
} draft_plan;

/* label: which database. Keeping is best effort: a full disk must not stop the planning. */
void draft_keep(const char *label, const draft_plan *d);
bool draft_take(const char *label, const char *artist_id, draft_plan *ret); /* ret->doc is the caller's */
void draft_drop(const char *label, const char *artist_id);

#endif
