#include "demo/zone.h"
#include "base/time.h"
#include <stddef.h>
#include <string.h>

typedef enum { NEVER, AMERICA, EUROPE, MEXICO } summer;

static const struct {
    const char *name;
    int minutes; /* in winter */
    summer rule;
} zones[] = {
    {"America/New_York", -300, AMERICA},
    {"America/Chicago", -360, AMERICA},
    {"America/Los_Angeles", -480, AMERICA},
    {"America/Denver", -420, AMERICA},
    {"America/Detroit", -300, AMERICA},
    {"America/Phoenix", -420, NEVER},
    {"America/Indiana/Indianapolis", -300, AMERICA},
    {"America/Kentucky/Louisville", -300, AMERICA},
    {"America/Boise", -420, AMERICA},
    {"America/Anchorage", -540, AMERICA},
    {"Pacific/Honolulu", -600, NEVER},
    {"America/Toronto", -300, AMERICA},
    {"America/Vancouver", -480, AMERICA},
    {"America/Edmonton", -420, AMERICA},
    {"America/Winnipeg", -360, AMERICA},
    {"America/Halifax", -240, AMERICA},
    {"America/Moncton", -240, AMERICA},
    {"America/Regina", -360, NEVER},
    {"Europe/London", 0, EUROPE},
    {"Europe/Berlin", 60, EUROPE},
    {"Europe/Paris", 60, EUROPE},
    {"Europe/Madrid", 60, EUROPE},
    {"America/Mexico_City", -360, MEXICO},
    {"America/Monterrey", -360, MEXICO},
    {"America/Merida", -360, MEXICO},
    {"Asia/Tokyo", 540, NEVER},
};

int zone_find(const char *name)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The day of the nth Sunday of a month; n 0 = the last. */
static int32_t sunday(int year, int month, int n)
{
    int32_t first = time_days(year, month, 1);
    int32_t at = first + (((3 - first) % 7) + 7) % 7; /* day 3 of 1970 was a Sunday */
    if (n)
        return at + 7 * (n - 1);
    int32_t next = month == 12 ? time_days(year + 1, 1, 1) : time_days(year, month + 1, 1);
    while (at + 7 < next)
        at += 7;
    return at;
}

int zone_offset(int zone, int32_t day)
{
    int year, month, dom, summer_time = 0;
    time_civil(day, &year, &month, &dom);
    switch (zones[zone].rule) {
    case NEVER:
        break;
    case AMERICA:
        summer_time = day >= sunday(year, 3, 2) && day < sunday(year, 11, 1);
        break;
    case EUROPE:
        summer_time = day >= sunday(year, 3, 0) && day < sunday(year, 10, 0);
        break;
    case MEXICO: /* given up in October 2022 */
        summer_time = year <= 2022 && day >= sunday(year, 4, 1) && day < sunday(year, 10, 0);
        break;
    }
    return zones[zone].minutes + (summer_time ? 60 : 0);
}
