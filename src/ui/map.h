/* map: a drawing of places on a canvas: faint dots for all of them, so that a country's outline appears by itself, brighter ones,
 * circles, routes, and labels on top. Dots are braille, 2 x 4 in a cell; on an ASCII canvas each cell is one
 * character. Pure: degrees go in, cells come out.
 *
 * Equirectangular, longitudes shrunk by the cosine of the middle latitude, the same scale in both directions. The antimeridian is no edge: a
 * box goes from west to east, over 180 where need be, and everything is drawn at the nearest of its turns.
 *
 *   map_box b = map_box_of(lats, lons, n, .01);          what is to be seen
 *   map *m = map_new((area){0, 0, 20, 50}, b, ascii);
 *   map_dot(m, MAP_GROUND, lat, lon) ...                 once
 *   map_route(m, lats, lons, n, STYLE_ACCENT);           then, for every drawing, what changes ...
 *   map_label(m, lat, lon, "3", STYLE_TITLE);            ... labels: who comes first has the place
 *   map_key(m, STYLE_ACCENT, "3", "a stop");             the legend
 *   map_draw(m, canvas);
 *   map_reset(m);                                        back to the ground and the places
 *
 * In whatever order they were drawn: labels cover routes, routes circles, circles hits, hits places, places ground. */
#ifndef SHOWX_UI_MAP_H
#define SHOWX_UI_MAP_H

#include "ui/canvas.h"

typedef struct map map;

typedef struct map_box { /* degrees; east >= west, and may lie beyond 180 */
    double south, north, west, east;
} map_box;

/* The smallest box around the points: on the side of the globe that the largest gap in longitude leaves. trim: the share of points at each edge that
 * may stay outside (0 = none; .01 keeps a few far islands from shrinking a country). n may be 0: the whole world. */
map_box map_box_of(const double *latitudes, const double *longitudes, size_t n, double trim);
void map_box_include(map_box *b, double latitude, double longitude);
void map_box_circle(map_box *b, double latitude, double longitude, double km); /* all of the circle */
void map_box_least(map_box *b, double km); /* not smaller than this, either way: one city is no map */

typedef enum { MAP_GROUND, MAP_PLACE, MAP_HIT, MAP_LAYERS } map_layer;

/* area: where on the canvas, its last line for legend and scale when it has 4 lines or more. */
map *map_new(area a, map_box b, bool ascii);
void map_free(map *m); /* NULL is fine */
area map_area(const map *m);
bool map_sees(const map *m, double latitude, double longitude);
void map_dot(map *m, map_layer layer, double latitude, double longitude);
/* Straight from point to point. */
void map_route(map *m, const double *latitudes, const double *longitudes, size_t n, int style);
void map_circle(map *m, double latitude, double longitude, double km, int style);
/* The text in the place of the point ("12"), beside it where that is taken; false when there was no room or it lies outside. */
bool map_label(map *m, double latitude, double longitude, const char *text, int style);
/* The text beside the point, which stays to be seen. */
bool map_name(map *m, double latitude, double longitude, const char *text, int style);
void map_key(map *m, int style, const char *sign, const char *text);
void map_draw(const map *m, canvas *c);
void map_reset(map *m); /* forgets hits, routes, circles, labels and legend; ground and places stay */
/* How a layer's dot looks by itself, for the legend. */
const char *map_sign(const map *m, map_layer layer);
int map_style(map_layer layer);

#endif
