/* events: where trigger events are read from, one after another: standard input and files with one JSON event a line, a folder
 * with one event a file (JSON or protobuf), and a file to which others go on adding lines.
 *
 * What is no event comes back as a located damage and reading goes on behind it. A file has a position, so that the next
 * reader begins where the last one's events were safe; standard input and folders are read whole, which repeats no harm. */
#ifndef SHOWX_LEGACY_EVENTS_H
#define SHOWX_LEGACY_EVENTS_H

#include "legacy/event.h"
#include "legacy/legacy.h"

typedef enum {
    EVENTS_GOT,
    EVENTS_DAMAGE,
    EVENTS_WAIT, /* nothing more for now: finish what was got, then events_wait() */
    EVENTS_END,
    EVENTS_FAILED /* e is set */
} events_got;

typedef struct events_position {
    int64_t at; /* bytes */
    int64_t line;
    char mark[65]; /* checksum of what stands before `at`, "" at the start */
} events_position;

typedef struct events events;

/* "-" is standard input. follow: a file is read on as it grows, also when another takes its name (a rotated log). */
bool events_open(const char *where, bool follow, events **ret, err *e);
void events_close(events *x);               /* NULL is fine */
const char *events_source(const events *x); /* "event:/spool/events.ndjson", borrowed */

/* Moves to where another reader was. False: the source has no positions, or this is not the file that the position was in;
 * then it is read from its start. */
bool events_resume(events *x, const events_position *was);
/* How far everything was handed out. False: the source has no positions. */
bool events_at(const events *x, events_position *ret);

/* ret_damage's strings and the file and place of an event are borrowed until the next call. s may be NULL. */
events_got events_next(events *x, event *ret, legacy_damage *ret_damage, stop *s, err *e);
/* Where the last event was read. */
const char *events_file(const events *x);
void events_place(const events *x, char place[64]);
/* Waits a moment for more; false when asked to stop. */
bool events_wait(events *x, stop *s, err *e);

#endif
