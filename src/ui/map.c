/* A cell holds three things: the ground's dots, the places' dots, and what is on top of them (hits, circles, routes), of which only the highest
 * is shown: a route through faint dots stays a line. Labels are kept apart, with the cells that they take. */
#include "ui/map.h"
#include "base/mem.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABELS = 160, LABEL_BYTES = 64, KEYS = 6, KEEP_LINES = 4 };

#define KM_DEGREE 111.195 /* of a great circle, on a sphere of 6371 km */
#define KM_MILE 1.609344

typedef enum { TOP_NONE, TOP_HIT, TOP_CIRCLE, TOP_ROUTE } top;

typedef struct cell {
    unsigned char ground, place; /* braille bits */
    unsigned char bits, top, style;
    char sign; /* of a line, on an ASCII canvas */
    bool taken;
} cell;

typedef struct label {
    char text[LABEL_BYTES];
    int y, x, style;
} label;

typedef struct key {
    char sign[16], text[48];
    int style;
} key;

struct map {
    area area;
    int height; /* without the legend's line */
    bool ascii, framed;
    map_box box;
    double scale, cosine, middle_lat, middle_lon; /* dots a degree of latitude */
    cell *cells;
    label labels[LABELS];
    size_t nlabels;
    key keys[KEYS];
    size_t nkeys;
};

/* ---- boxes ---- */

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Turns longitudes so that the largest empty stretch of the globe lies behind the last one. Sorted before and after. */
static void turn(double *lon, size_t n)
{
    double widest = lon[0] + 360 - lon[n - 1];
    size_t first = 0;
    for (size_t i = 1; i < n; i++)
        if (lon[i] - lon[i - 1] > widest) {
            widest = lon[i] - lon[i - 1];
            first = i;
        }
    for (size_t i = 0; i < first; i++)
        lon[i] += 360;
    qsort(lon, n, sizeof *lon, by_value);
}

map_box map_box_of(const double *latitudes, const double *longitudes, size_t n, double trim)
{
    if (n == 0)
        return (map_box){-60, 75, -180, 180};
    double *lat = MEM_ARRAY(double, n), *lon = MEM_ARRAY(double, n);
    for (size_t i = 0; i < n; i++) {
        lat[i] = latitudes[i];
        lon[i] = remainder(longitudes[i], 360);
    }
    qsort(lat, n, sizeof *lat, by_value);
    qsort(lon, n, sizeof *lon, by_value);
    turn(lon, n);
    size_t cut = (size_t)(trim * (double)n);
    cut = cut * 2 < n ? cut : 0;
    map_box b = {lat[cut], lat[n - 1 - cut], lon[cut], lon[n - 1 - cut]};
    free(lat);
    free(lon);
    return b;
}

/* The turn of a longitude that is nearest to the middle. */
static double near_turn(double longitude, double middle)
{
    return middle + remainder(longitude - middle, 360);
}

void map_box_include(map_box *b, double latitude, double longitude)
{
    double lon = near_turn(longitude, (b->west + b->east) / 2);
    b->south = fmin(b->south, latitude);
    b->north = fmax(b->north, latitude);
    b->west = fmin(b->west, lon);
    b->east = fmax(b->east, lon);
}

static double cos_degrees(double latitude)
{
    double c = cos(latitude * M_PI / 180);
    return c > .05 ? c : .05; /* at the poles a longitude is no place any more */
}

void map_box_circle(map_box *b, double latitude, double longitude, double km)
{
    double dlat = km / KM_DEGREE, dlon = dlat / cos_degrees(latitude);
    if (dlon >= 90)
        dlon = 90;
    map_box_include(b, fmin(latitude + dlat, 90), longitude);
    map_box_include(b, fmax(latitude - dlat, -90), longitude);
    double lon = near_turn(longitude, (b->west + b->east) / 2);
    b->west = fmin(b->west, lon - dlon);
    b->east = fmax(b->east, lon + dlon);
}

void map_box_least(map_box *b, double km)
{
    double lat = (b->south + b->north) / 2, lon = (b->west + b->east) / 2;
    double dlat = km / KM_DEGREE / 2, dlon = dlat / cos_degrees(lat);
    b->south = fmin(b->south, lat - dlat);
    b->north = fmax(b->north, lat + dlat);
    b->west = fmin(b->west, lon - dlon);
    b->east = fmax(b->east, lon + dlon);
}

/* ---- projection ---- */

typedef struct dot {
    double y, x;
} dot;

map *map_new(area a, map_box b, bool ascii)
{
    map *m = MEM_NEW(map);
    m->area = (area){a.y, a.x, a.height > 1 ? a.height : 1, a.width > 1 ? a.width : 1};
    m->framed = a.height >= KEEP_LINES;
    m->height = m->area.height - m->framed;
    m->ascii = ascii;
    map_box_least(&b, 20);
    m->box = b;
    m->middle_lat = (b.south + b.north) / 2;
    m->middle_lon = (b.west + b.east) / 2;
    m->cosine = cos_degrees(m->middle_lat);
    double wide = 2.0 * m->area.width, high = 4.0 * m->height;
    /* One dot stays free at each edge. */
    double across = (wide > 4 ? wide - 3 : wide) / ((b.east - b.west) * m->cosine);
    double down = (high > 4 ? high - 3 : high) / (b.north - b.south);
    m->scale = fmin(across, down);
    m->cells = MEM_ARRAY(cell, (size_t)m->height * (size_t)m->area.width);
    return m;
}

void map_free(map *m)
{
    if (!m)
        return;
    free(m->cells);
    free(m);
}

area map_area(const map *m)
{
    return m->area;
}

static dot project(const map *m, double latitude, double longitude)
{
    double lon = near_turn(longitude, m->middle_lon);
    return (dot){.y = 2.0 * m->height - (latitude - m->middle_lat) * m->scale,
                 .x = m->area.width + (lon - m->middle_lon) * m->cosine * m->scale};
}

static bool inside(const map *m, dot d)
{
    return d.y >= 0 && d.x >= 0 && d.y < 4.0 * m->height && d.x < 2.0 * m->area.width;
}

bool map_sees(const map *m, double latitude, double longitude)
{
    return inside(m, project(m, latitude, longitude));
}

static cell *cell_at(const map *m, int y, int x)
{
    return m->cells + (size_t)y * (size_t)m->area.width + (size_t)x;
}

static unsigned char braille_bit(int y, int x)
{
    static const unsigned char bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    return bits[y & 3][x & 1];
}

/* ---- dots and lines ---- */

static void put(map *m, int y, int x, top t, int st, char sign)
{
    if (y < 0 || x < 0 || y >= 4 * m->height || x >= 2 * m->area.width)
        return;
    cell *c = cell_at(m, y / 4, x / 2);
    if (t < c->top)
        return;
    if (t > c->top || c->style != (unsigned char)st)
        c->bits = 0;
    c->top = (unsigned char)t;
    c->style = (unsigned char)st;
    c->sign = sign;
    c->bits |= braille_bit(y, x);
}

void map_dot(map *m, map_layer layer, double latitude, double longitude)
{
    dot d = project(m, latitude, longitude);
    if (!inside(m, d))
        return;
    int y = (int)d.y, x = (int)d.x;
    cell *c = cell_at(m, y / 4, x / 2);
    if (layer == MAP_GROUND)
        c->ground |= braille_bit(y, x);
    else if (layer == MAP_PLACE)
        c->place |= braille_bit(y, x);
    else
        put(m, y, x, TOP_HIT, map_style(layer), *map_sign(&(map){.ascii = true}, layer));
}

/* Liang and Barsky: the part of the line that can be seen. */
static bool clip(const map *m, dot *a, dot *b)
{
    double from = 0, to = 1, dy = b->y - a->y, dx = b->x - a->x;
    double p[4] = {-dx, dx, -dy, dy};
    double q[4] = {a->x, 2.0 * m->area.width - .001 - a->x, a->y, 4.0 * m->height - .001 - a->y};
    for (int i = 0; i < 4; i++) {
        double r = q[i] / p[i];
        if (p[i] == 0 && q[i] < 0)
            return false;
        if (p[i] < 0)
            from = fmax(from, r);
        else if (p[i] > 0)
            to = fmin(to, r);
    }
    if (from > to)
        return false;
    dot start = *a;
    *a = (dot){start.y + from * dy, start.x + from * dx};
    *b = (dot){start.y + to * dy, start.x + to * dx};
    return true;
}

static char sign_of(double dy, double dx)
{
    double steep = fabs(dy) / (fabs(dx) + DBL_MIN);
    return steep < .7 ? '-' : steep > 2.5 ? '|' : (dy < 0) == (dx < 0) ? '\\' : '/';
}

/* Bresenham. */
static void line(map *m, dot a, dot b, top t, int st)
{
    char sign = sign_of(b.y - a.y, b.x - a.x);
    if (!clip(m, &a, &b))
        return;
    int y = (int)a.y, x = (int)a.x, y1 = (int)b.y, x1 = (int)b.x;
    int dx = abs(x1 - x), dy = -abs(y1 - y), sx = x < x1 ? 1 : -1, sy = y < y1 ? 1 : -1, e = dx + dy;
    for (;;) {
        put(m, y, x, t, st, sign);
        if (x == x1 && y == y1)
            return;
        int e2 = 2 * e;
        if (e2 >= dy) {
            e += dy;
            x += sx;
        }
        if (e2 <= dx) {
            e += dx;
            y += sy;
        }
    }
}

/* The shorter way round the globe: where that crosses the map's edge, one half on either side. */
static void leg(map *m, dot a, dot b, top t, int st)
{
    double world = 360 * m->cosine * m->scale, dx = b.x - a.x;
    if (fabs(dx) <= world / 2) {
        line(m, a, b, t, st);
        return;
    }
    double shift = dx > 0 ? -world : world;
    line(m, a, (dot){b.y, b.x + shift}, t, st);
    line(m, (dot){a.y, a.x - shift}, b, t, st);
}

void map_route(map *m, const double *latitudes, const double *longitudes, size_t n, int st)
{
    for (size_t i = 1; i < n; i++)
        leg(m, project(m, latitudes[i - 1], longitudes[i - 1]), project(m, latitudes[i], longitudes[i]),
            TOP_ROUTE, st);
}

void map_circle(map *m, double latitude, double longitude, double km, int st)
{
    enum { STEPS = 96 };
    double angle = km / KM_DEGREE * M_PI / 180, lat = latitude * M_PI / 180;
    dot last = {0, 0};
    for (int i = 0; i <= STEPS; i++) {
        double bearing = 2 * M_PI * i / STEPS;
        double to = asin(sin(lat) * cos(angle) + cos(lat) * sin(angle) * cos(bearing));
        double turned = atan2(sin(bearing) * sin(angle) * cos(lat), cos(angle) - sin(lat) * sin(to));
        dot now = project(m, to * 180 / M_PI, longitude + turned * 180 / M_PI);
        if (i)
            leg(m, last, now, TOP_CIRCLE, st);
        last = now;
    }
}

/* ---- labels ---- */

static bool is_free(const map *m, int y, int x, int width)
{
    if (y < 0 || y >= m->height || x < 0 || x + width > m->area.width)
        return false;
    for (int i = 0; i < width; i++)
        if (cell_at(m, y, x + i)->taken)
            return false;
    return true;
}

static bool write_at(map *m, int y, int x, int width, const char *text, int st)
{
    if (m->nlabels == LABELS || width <= 0 || !is_free(m, y, x, width))
        return false;
    label *l = m->labels + m->nlabels++;
    *l = (label){.y = y, .x = x, .style = st};
    text_copy(l->text, sizeof l->text, text);
    for (int i = 0; i < width; i++)
        cell_at(m, y, x + i)->taken = true;
    return true;
}

bool map_label(map *m, double latitude, double longitude, const char *text, int st)
{
    static const int beside[][2] = {{0, 0}, {0, 1},  {0, -1}, {-1, 0}, {1, 0},
                                    {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    dot d = project(m, latitude, longitude);
    if (!inside(m, d))
        return false;
    int width = (int)text_width(text, strlen(text)), y = (int)d.y / 4;
    int x = (int)d.x / 2 - (width - ((int)d.x & 1)) / 2;
    x = x + width > m->area.width ? m->area.width - width : x < 0 ? 0 : x;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (write_at(m, y + beside[i][0], x + beside[i][1] * width, width, text, st))
            return true;
    return false;
}

/* With a blank at either side: dots would run into the letters. */
bool map_name(map *m, double latitude, double longitude, const char *text, int st)
{
    dot d = project(m, latitude, longitude);
    if (!inside(m, d))
        return false;
    char cut[LABEL_BYTES - 4], name[LABEL_BYTES];
    text_copy(cut, sizeof cut, text);
    snprintf(name, sizeof name, " %s ", cut);
    int width = (int)text_width(name, strlen(name)), y = (int)d.y / 4, x = (int)d.x / 2;
    int middle = x - width / 2;
    int most = m->area.width - width;
    middle = middle > most ? most : middle < 0 ? 0 : middle;
    const int tries[][2] = {{y, x + 1}, {y, x - width}, {y - 1, middle}, {y + 1, middle}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        if (write_at(m, tries[i][0], tries[i][1], width, name, st))
            return true;
    return false;
}

void map_key(map *m, int st, const char *sign, const char *text)
{
    if (m->nkeys == KEYS)
        return;
    key *k = m->keys + m->nkeys++;
    k->style = st;
    text_copy(k->sign, sizeof k->sign, sign);
    text_copy(k->text, sizeof k->text, text);
}

void map_reset(map *m)
{
    m->nlabels = m->nkeys = 0;
    for (size_t i = 0; i < (size_t)m->height * (size_t)m->area.width; i++) {
        cell *c = m->cells + i;
        *c = (cell){.ground = c->ground, .place = c->place};
    }
}

int map_style(map_layer layer)
{
    static const int styles[MAP_LAYERS] = {STYLE_DIM, STYLE_TEXT, STYLE_WARN};
    return styles[layer];
}

const char *map_sign(const map *m, map_layer layer)
{
    static const char *const signs[MAP_LAYERS][2] = {{"⠂", "."}, {"⠶", "o"}, {"⠶", "*"}};
    return signs[layer][m->ascii];
}

/* ---- drawing ---- */

static int bits_of(unsigned char b)
{
    int n = 0;
    for (; b; b &= (unsigned char)(b - 1))
        n++;
    return n;
}

static void draw_cell(const map *m, canvas *c, int y, int x, const cell *k)
{
    enum { DENSE = 3 };
    unsigned char bits = k->top ? k->bits : k->place ? k->place : k->ground;
    int st = k->top ? k->style : map_style(k->place ? MAP_PLACE : MAP_GROUND);
    char text[5] = {0};
    if (!bits)
        return;
    if (!m->ascii)
        text[text_encode(0x2800u + bits, text)] = 0;
    else if (k->top)
        text[0] = k->sign;
    else
        text[0] = k->place ? *map_sign(m, MAP_PLACE) : bits_of(bits) > DENSE ? ':' : '.';
    /* Our own sign, not text from data: it need not be made safe, and there are a thousand of them. */
    canvas_fill(c, (area){m->area.y + y, m->area.x + x, 1, 1}, st, text);
}

/* 1, 2 or 5 times a power of ten, at most so many. */
static double round_number(double most)
{
    double ten = pow(10, floor(log10(most)));
    return most >= 5 * ten ? 5 * ten : most >= 2 * ten ? 2 * ten : ten;
}

/* "├─────┤ 200 mi, 322 km" at the right of the last line. Returns where it begins. */
static int draw_scale(const map *m, canvas *c, int y)
{
    double km_cell = 2 * KM_DEGREE / m->scale, miles = round_number(m->area.width / 6.0 * km_cell / KM_MILE);
    int bar = (int)lround(miles * KM_MILE / km_cell);
    char text[64];
    snprintf(text, sizeof text, " %.*f mi, %.*f km", miles < 1 ? 1 : 0, miles, miles < 10 ? 1 : 0,
             miles * KM_MILE);
    int width = (int)strlen(text), x = m->area.x + m->area.width - width - bar;
    if (bar < 2 || x < m->area.x)
        return m->area.x + m->area.width;
    for (int i = 0; i < bar; i++)
        canvas_text(c, y, x + i, 1, STYLE_DIM,
                    i == 0         ? (m->ascii ? "|" : "├")
                    : i == bar - 1 ? (m->ascii ? "|" : "┤")
                                   : canvas_glyph(c, GLYPH_RULE));
    canvas_text(c, y, x + bar, width, STYLE_DIM, text);
    return x;
}

void map_draw(const map *m, canvas *c)
{
    for (int y = 0; y < m->height; y++)
        for (int x = 0; x < m->area.width; x++)
            draw_cell(m, c, y, x, cell_at(m, y, x));
    for (size_t i = 0; i < m->nlabels; i++) {
        const label *l = m->labels + i;
        canvas_text(c, m->area.y + l->y, m->area.x + l->x, m->area.width - l->x, l->style, l->text);
    }
    if (!m->framed)
        return;
    int y = m->area.y + m->height, x = m->area.x, end = draw_scale(m, c, y) - 2;
    for (size_t i = 0; i < m->nkeys; i++) {
        const key *k = m->keys + i;
        int sign = (int)text_width(k->sign, strlen(k->sign)),
            text = (int)text_width(k->text, strlen(k->text));
        if (x + sign + 1 + text > end)
            return;
        canvas_text(c, y, x, sign, k->style, k->sign);
        canvas_text(c, y, x + sign + 1, text, STYLE_DIM, k->text);
        x += sign + text + 3;
    }
}
