/* time: instants are microseconds since 1970-01-01T00:00:00Z (int64), as Postgres and Firestore keep
 * them; dates are days since 1970-01-01 (int32). Deadlines use the monotonic clock in milliseconds. */
#ifndef SHOWX_BASE_TIME_H
#define SHOWX_BASE_TIME_H

#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

int64_t time_now_us(void);  /* wall clock; SHOWX_NOW (RFC 3339) overrides it, for tests and golden screens */
int64_t time_mono_ms(void); /* monotonic */

/* RFC 3339 with Z or an offset, 0 to 9 fractional digits (truncated to us), years 0001..9999. Also
 * accepts a space for T. False with a sentence for dates that do not exist. */
bool time_parse(const char *s, int64_t *ret_us, err *e);
/* "2026-11-22T18:10:00Z", with 3 or 6 fractional digits when not whole seconds. out >= 32 bytes. */
void time_format(int64_t us, char out[32]);
bool time_parse_date(const char *s, int32_t *ret_days, err *e); /* YYYY-MM-DD */
void time_format_date(int32_t days, char out[16]);
void time_civil(int32_t days, int *year, int *month, int *day);
int32_t time_days(int year, int month, int day);

/* "3 s", "14 min", "5 h", "12 d": how long ago or how long it takes, one unit, rounded down. */
void time_span(int64_t us, char out[16]);

#endif
