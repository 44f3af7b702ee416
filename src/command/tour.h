/* tour: what the commands `tour plan|show|why|compare|export|hold|share|alternatives` have in common: the artist, the places and the plan that
 * an argument means, and a plan as text. */
#ifndef SHOWX_COMMAND_TOUR_H
#define SHOWX_COMMAND_TOUR_H

#include "command/private.h"
#include "plan/plan.h"

enum { TOUR_COLUMNS = 80 };

/* What the commands ask from: made by tour_begin (connects, reads the places), freed by tour_end. */
typedef struct tour_env {
    command_env *env;
    cities *places;
    const char *what; /* the command, for sentences */
} tour_env;
bool tour_begin(tour_env *t, command_env *env, const command *self, bool with_places, err *e);
void tour_end(tour_env *t);

/* An artist by id or by name; ERR_USAGE naming the candidates when the name is not one artist's. */
bool tour_artist(tour_env *t, const char *text, char ret_id[64], err *e);
/* A kept plan by id or by a name that only one has. */
bool tour_plan_id(tour_env *t, const char *text, char ret_id[64], err *e);
/* The artist's plan of that name and its newest version; "" and 0 where there is none. */
bool tour_plan_named(tour_env *t, const char *name, const char *artist_id, char ret_id[64],
                     int64_t *ret_newest, err *e);
/* A city by name: the plan's own where it plays one of that name, else any. */
bool tour_city_of(const tour_env *t, const plan_doc *d, const char *text, size_t *ret_place, err *e);
bool tour_open(tour_env *t, const char *text, const char *version, plan_doc *ret, err *e);
/* --seconds, --iterations, --seed; 2 seconds by default. */
bool tour_effort_of(tour_env *t, const query_value *values, size_t n, tour_effort *ret, err *e);
/* The whole question: solves, shows how it goes on a terminal, says why there is no plan (exit 1). */
bool tour_solved(tour_env *t, const plan_input *in, const tour_effort *effort, tour_plan *ret,
                 double *ret_seconds, err *e);
void tour_print(const plan_doc *d, buf *out);
/* In the format that was asked for: text, --json, --csv. */
void tour_print_as(command_env *env, const plan_doc *d);
bool tour_write_file(const char *file, const buf *text, err *e);

#endif
