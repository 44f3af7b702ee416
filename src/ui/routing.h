/* routing: what the files of the tour builder's screen share: routing.c (keys), routing_draw.c (how it looks), limits.c (the
 * form). Private to ui/. */
#ifndef SHOWX_UI_ROUTING_H
#define SHOWX_UI_ROUTING_H

#include "ui/builder.h"
#include "ui/canvas.h"
#include "ui/map.h"
#include "ui/place.h"

typedef enum { MAP_COUNTRY, MAP_TOUR, MAP_OFF, MAP_LOOKS } map_look;

typedef struct routing {
    builder *b;
    size_t cursor, top; /* of the stops */
    int height;         /* lines for stops as last drawn */
    int list_y, list_x, list_width;
    map_look look;
    map *map; /* kept with its ground while area and box stay */
    map_box box;
    const void *ground; /* the places it was drawn from */
    const char *asking; /* the act that the prompt is for */
    char *held;         /* what was answered before: a name, while the reason is asked for */
} routing;

void routing_draw(place *p, canvas *c, area a, bool focused);
const char *routing_days(const plan_doc *d, int32_t day, int *ret_style,
                         bool ascii); /* one sign of the calendar strip */

bool routing_can_undo(const place *p);

struct console;
void limits_open(struct console *u, place *p);
void limits_answered(struct console *u, bool entered, const char *text);

#endif
