/* zone: how far a time zone is from UTC on a local date and hour, for the zones that demo cities are in. A
 * table of rules and not the system's zone files, so that the demo is the same to the byte on every machine.
 */
#ifndef SHOWX_DEMO_ZONE_H
#define SHOWX_DEMO_ZONE_H

#include <stdint.h>

/* The zone's number, or -1: not one of the demo's. */
int zone_find(const char *name);
/* Minutes to add to UTC on that local day, at an hour that no clock change touches (not between 0 and 5). */
int zone_offset(int zone, int32_t day);

#endif
