#include "base/time.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define US_PER_S INT64_C(1000000)
#define US_PER_DAY (86400 * US_PER_S)

int64_t time_now_us(void)
{
    const char *fixed = getenv("SHOWX_NOW");
    int64_t us;
    if (fixed && *fixed && time_parse(fixed, &us, NULL))
        return us;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

int64_t time_mono_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Both directions count years from March, so that the leap day is a year's last day and the day of the
 * year follows from the month by one line: 30.6 days a month, in integers (153 days in 5 months). */
int32_t time_days(int year, int month, int day)
{
    int64_t y = month > 2 ? year : (int64_t)year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;
    int64_t leaps = (y >= 0 ? y / 4 : -((3 - y) / 4)) - (y >= 0 ? y / 100 : -((99 - y) / 100)) +
                    (y >= 0 ? y / 400 : -((399 - y) / 400));
    int64_t days = 365 * y + leaps + (153 * m + 2) / 5 + day - 1;
    return (int32_t)(days - 719468); /* 0000-03-01 to 1970-01-01 */
}

void time_civil(int32_t days, int *year, int *month, int *day)
{
    enum { FOUR_CENTURIES = 146097, CENTURY = 36524, FOUR_YEARS = 1461 };
    int64_t d = (int64_t)days + 719468;
    int64_t era = d >= 0 ? d / FOUR_CENTURIES : -((FOUR_CENTURIES - 1 - d) / FOUR_CENTURIES);
    int64_t left = d - era * FOUR_CENTURIES;
    int64_t century = left / CENTURY;
    if (century == 4) /* the last day of the four centuries is a leap day */
        century = 3;
    left -= century * CENTURY;
    int64_t four = left / FOUR_YEARS;
    left -= four * FOUR_YEARS;
    int64_t y = left / 365;
    if (y == 4)
        y = 3;
    left -= y * 365;
    int m = (int)((5 * left + 2) / 153);
    *day = (int)(left - (153 * m + 2) / 5 + 1);
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(era * 400 + century * 100 + four * 4 + y) + (m >= 10);
}

/* Reads exactly `digits` digits; false when there are not that many. */
static bool number(const char **s, int digits, int *ret)
{
    int n = 0;
    for (int i = 0; i < digits; i++) {
        if ((*s)[i] < '0' || (*s)[i] > '9')
            return false;
        n = n * 10 + ((*s)[i] - '0');
    }
    *s += digits;
    *ret = n;
    return true;
}

static bool literal(const char **s, char c)
{
    if (**s != c)
        return false;
    (*s)++;
    return true;
}

static bool read_date(const char **s, int32_t *ret_days)
{
    int y, m, d;
    if (!number(s, 4, &y) || !literal(s, '-') || !number(s, 2, &m) || !literal(s, '-') || !number(s, 2, &d))
        return false;
    if (y < 1 || m < 1 || m > 12 || d < 1 || d > month_days(y, m))
        return false;
    *ret_days = time_days(y, m, d);
    return true;
}

/* HH:MM:SS and up to 9 digits of fraction. A leap second (:60) is the first of the next minute. */
static bool read_clock(const char **s, int64_t *ret_us)
{
    int h, m, sec, digits = 0;
    int64_t fraction = 0;
    if (!number(s, 2, &h) || !literal(s, ':') || !number(s, 2, &m) || !literal(s, ':') || !number(s, 2, &sec))
        return false;
    if (h > 23 || m > 59 || sec > 60)
        return false;
    if (literal(s, '.')) {
        for (; **s >= '0' && **s <= '9'; (*s)++, digits++)
            if (digits < 6)
                fraction = fraction * 10 + (**s - '0');
        if (digits < 1 || digits > 9)
            return false;
        for (int i = digits; i < 6; i++)
            fraction *= 10;
    }
    *ret_us = ((int64_t)h * 3600 + m * 60 + sec) * US_PER_S + fraction;
    return true;
}

static bool read_offset(const char **s, int64_t *ret_us)
{
    int h, m, sign = **s == '-' ? -1 : 1;
    *ret_us = 0;
    if (literal(s, 'Z') || literal(s, 'z'))
        return true;
    if (!literal(s, '+') && !literal(s, '-'))
        return false;
    if (!number(s, 2, &h) || !literal(s, ':') || !number(s, 2, &m) || h > 23 || m > 59)
        return false;
    *ret_us = sign * ((int64_t)h * 3600 + m * 60) * US_PER_S;
    return true;
}

bool time_parse(const char *s, int64_t *ret_us, err *e)
{
    const char *at = s ? s : "";
    int32_t days;
    int64_t clock_us, offset;
    if (!read_date(&at, &days) || (*at != 'T' && *at != 't' && *at != ' '))
        return err_set(e, ERR_INPUT, "\"%.40s\" is not a time like 2026-11-22T18:10:00Z", s ? s : "");
    at++;
    if (!read_clock(&at, &clock_us) || !read_offset(&at, &offset) || *at)
        return err_set(e, ERR_INPUT, "\"%.40s\" is not a time like 2026-11-22T18:10:00Z", s);
    int64_t us = days * US_PER_DAY + clock_us - offset;
    if (us < time_days(1, 1, 1) * US_PER_DAY || us >= time_days(10000, 1, 1) * US_PER_DAY)
        return err_set(e, ERR_INPUT, "\"%.40s\" is not within the years 0001 to 9999", s);
    *ret_us = us;
    return true;
}

void time_format(int64_t us, char out[32])
{
    int64_t days = us / US_PER_DAY, rest = us % US_PER_DAY;
    if (rest < 0) {
        days--;
        rest += US_PER_DAY;
    }
    char date[16], fraction[16] = "", text[64];
    time_format_date((int32_t)days, date);
    int64_t micro = rest % US_PER_S, s = rest / US_PER_S;
    if (micro && micro % 1000 == 0)
        snprintf(fraction, sizeof fraction, ".%03d", (int)(micro / 1000));
    else if (micro)
        snprintf(fraction, sizeof fraction, ".%06d", (int)micro);
    int n = snprintf(text, sizeof text, "%s", date);
    snprintf(text + n, sizeof text - (size_t)n, "T%02d:%02d:%02d%sZ", (int)(s / 3600), (int)(s / 60 % 60),
             (int)(s % 60), fraction);
    memcpy(out, text, 32);
    out[31] = '\0';
}

/* Written as a date, of a month that has no such day. */
static bool no_such_day(const char *s, int *ret_y, int *ret_m)
{
    int d;
    return number(&s, 4, ret_y) && literal(&s, '-') && number(&s, 2, ret_m) && literal(&s, '-') &&
           number(&s, 2, &d) && !*s && *ret_y >= 1 && *ret_m >= 1 && *ret_m <= 12 && d >= 1;
}

bool time_parse_date(const char *s, int32_t *ret_days, err *e)
{
    const char *at = s ? s : "";
    int32_t days;
    int y, m;
    bool ok = read_date(&at, &days) && !*at;
    if (!ok && no_such_day(s ? s : "", &y, &m))
        return err_set(e, ERR_INPUT, "there is no day %s: that month has %d days", s, month_days(y, m));
    if (!ok)
        return err_set(e, ERR_INPUT, "\"%.40s\" is not a date like 2026-11-22", s ? s : "");
    *ret_days = days;
    return true;
}

void time_format_date(int32_t days, char out[16])
{
    int y, m, d;
    char text[48];
    time_civil(days, &y, &m, &d);
    snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
    memcpy(out, text, 16);
    out[15] = '\0';
}

void time_span(int64_t us, char out[16])
{
    int64_t s = us > 0 ? us / US_PER_S : 0;
    if (s < 60)
        snprintf(out, 16, "%d s", (int)s);
    else if (s < 3600)
        snprintf(out, 16, "%d min", (int)(s / 60));
    else if (s < 86400)
        snprintf(out, 16, "%d h", (int)(s / 3600));
    else
        snprintf(out, 16, "%d d", (int)(s / 86400));
}
