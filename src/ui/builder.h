/* builder: a tour being built, apart from how it looks. It holds the question (limits, pins), the plan that is shown, what
 * it was before (undo), alternatives and a plan to compare with; reading and solving run as work on the data room's threads, one
 * piece at a time: what is asked meanwhile waits for the running piece, which is told to end and keeps its best plan so far.
 *
 * Plans are kept as plan_docs: in words, independent of what was read, so that undo, alternatives and a saved plan are the same
 * thing. Better plans found while the solver runs come through a small box with a lock (builder_look). */
#ifndef SHOWX_UI_BUILDER_H
#define SHOWX_UI_BUILDER_H

#include "plan/plan.h"
#include "ui/data.h"

typedef enum {
    FIELD_FROM,
    FIELD_UNTIL,
    FIELD_START,
    FIELD_END,
    FIELD_SHOWS,
    FIELD_DRIVE,
    FIELD_DRIVE_FREE,
    FIELD_REST,
    FIELD_SHOWS_7,
    FIELD_COUNTRIES,
    FIELD_REACH,
    FIELD_ANY_CITY,
    FIELD_PRICE,
    FIELD_BUDGET,
    FIELD_AVERSION,
    BUILD_FIELDS
} build_field;
extern const char *const build_field_names[BUILD_FIELDS]; /* "from", "drive on a show day" */
extern const char *const build_field_help[BUILD_FIELDS];

typedef enum {
    STEP_NONE,
    STEP_ARTIST,   /* who is meant, then the same */
    STEP_DEFAULTS, /* the artist's usual limits */
    STEP_OPEN,     /* a kept plan */
    STEP_SOLVE,    /* reading what is needed first */
    STEP_WHY,
    STEP_OTHERS, /* alternatives */
    STEP_SAVE,
    STEP_SHARE,
    STEP_HOLD,
} build_step;

enum { BUILD_UNDO_MOST = 50, BUILD_OTHERS = 3 };

typedef struct builder {
    const catalog *catalog;
    struct desk *desk; /* what the workers share with us */
    bool wanted_places;
    uintptr_t tag;
    plan_request request;             /* as the person has it now */
    bool has_request, has_doc, dirty; /* dirty: differs from what was saved */
    plan_doc doc;
    plan_doc live; /* the best so far while the solver runs */
    bool has_live;
    char *undo[BUILD_UNDO_MOST]; /* plans as JSON, oldest first */
    size_t nundo;
    plan_doc others[BUILD_OTHERS]; /* the first is the plan they are alternatives to */
    size_t nothers, other;         /* which of them is shown; 0 = our own */
    plan_doc beside;               /* to compare with: the plan before this one, or another alternative */
    bool has_beside;
    char plan_id[64], name[128]; /* of the kept plan; "" = not kept yet */
    int64_t version;
    build_step step; /* under way */
    int64_t step_since_ms;
    struct build_work *next; /* to be sent once the running one ended */
    uint64_t serial;
    bool stopping;
    char said[1024]; /* the last sentence: an error, why there is no plan, what was saved */
    bool said_bad;
    char *answer; /* a text to be read: why, holds placed; taken by builder_answer */
    const char *answer_title;
    bool form_wanted; /* the limits are to be looked at first */
    bool repaired;    /* the shown plan is a kept one, not yet planned anew */
} builder;

builder *builder_new(const catalog *c, uintptr_t tag);
void builder_free(builder *b);

void builder_for_artist(builder *b, const char *artist_id); /* reads the defaults, then wants the form */
void builder_find_artist(builder *b, const char *name);     /* by name; several: the sentence lists them */
void builder_open(builder *b, const char *plan_id, int64_t version);
void builder_anew(builder *b); /* throws away what is not kept: the kept plan as it is, or the limits again */
/* Solves for `request` now, keeping close to the plan that is shown; seconds of solving. */
void builder_plan(builder *b, double seconds);
/* The same, with holds, blackouts, clauses and figures read anew. */
void builder_search(builder *b, double seconds);
void builder_why(builder *b, size_t at);
void builder_why_not(builder *b, const char *city_id);
void builder_find_others(builder *b);
void builder_show_other(builder *b, size_t which); /* 0 = our own */
void builder_take_other(builder *b);               /* the one shown becomes ours */
void builder_save(builder *b, const char *name, const char *reason);
void builder_share(builder *b, const char *login, const char *reason);
void builder_hold(builder *b, const char *reason, int64_t expires_us);
bool builder_undo(builder *b);

/* Pin or unpin the stop's city on its day; avoid the stop's city (or take that back): changes the request only. */
bool builder_pin(builder *b, size_t stop_number);
bool builder_pinned(const builder *b, size_t at);
bool builder_avoid(builder *b, const char *city_id);
/* A field's text, and setting it: false with a sentence, and nothing changed. */
void builder_field(const builder *b, build_field f, buf *out);
bool builder_set(builder *b, build_field f, const char *text, err *e);
/* The city that a person means; needs the places, which are there once anything was read. */
bool builder_city(const builder *b, const char *text, char ret_id[32], char ret_label[160], err *e);

void builder_pump(builder *b, data *d);
bool builder_take(builder *b, answer *a);
bool builder_look(builder *b); /* true when the running solver found a better plan since */
void builder_cancel(builder *b, data *d);
const plan_doc *builder_shown(const builder *b); /* NULL = none yet */
const cities *builder_places(const builder *b);  /* NULL = not read yet */

#endif
