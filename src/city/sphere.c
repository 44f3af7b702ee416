/* Points on the unit sphere in a k-d tree: median splits over x, y, z, laid out in place, leaves of a few points. Distances
 * are squared chords, exact enough in double for a metre, and know neither poles nor the antimeridian. */
#include "city/city.h"

#include "base/mem.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAF = 8 };
#define EARTH_KM 6371.0088 /* mean radius, IUGG */
#define RADIAN (3.14159265358979323846 / 180)

typedef struct point {
    double x[3];
    size_t at;
} point;

struct sphere {
    point *points;
    size_t n;
};

static point point_of(double latitude, double longitude, size_t at)
{
    double a = latitude * RADIAN, b = longitude * RADIAN;
    return (point){{cos(a) * cos(b), cos(a) * sin(b), sin(a)}, at};
}

static double chord2(const point *a, const point *b)
{
    double x = a->x[0] - b->x[0], y = a->x[1] - b->x[1], z = a->x[2] - b->x[2];
    return x * x + y * y + z * z;
}

static double km_of(double squared)
{
    double half = sqrt(squared) / 2;
    return 2 * EARTH_KM * asin(half < 1 ? half : 1);
}

double sphere_km(double lat1, double lon1, double lat2, double lon2)
{
    point a = point_of(lat1, lon1, 0), b = point_of(lat2, lon2, 0);
    return km_of(chord2(&a, &b));
}

/* ---- building ---- */

static void swap(point *a, point *b)
{
    point t = *a;
    *a = *b;
    *b = t;
}

/* Hoare's selection: afterwards p[k] is where it would be if p were sorted by the axis. */
static void select_point(point *p, size_t n, size_t k, int axis)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = p[low + (high - low) / 2].x[axis];
        size_t i = low, j = high;
        while (i <= j) {
            while (p[i].x[axis] < pivot)
                i++;
            while (p[j].x[axis] > pivot)
                j--;
            if (i > j)
                break;
            swap(&p[i++], &p[j]);
            if (j == 0)
                break;
            j--;
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            return;
    }
}

static void build(point *p, size_t n, int axis)
{
    while (n > LEAF) {
        size_t middle = n / 2;
        select_point(p, n, middle, axis);
        axis = (axis + 1) % 3;
        build(p, middle, axis);
        p += middle + 1;
        n -= middle + 1;
    }
}

sphere *sphere_new(const double *latitudes, const double *longitudes, size_t n)
{
    if (n == 0)
        return NULL;
    sphere *s = MEM_NEW(sphere);
    s->points = MEM_ARRAY(point, n);
    s->n = n;
    for (size_t i = 0; i < n; i++)
        s->points[i] = point_of(latitudes[i], longitudes[i], i);
    build(s->points, n, 0);
    return s;
}

void sphere_free(sphere *s)
{
    if (!s)
        return;
    free(s->points);
    free(s);
}

/* ---- asking ---- */

typedef struct asked {
    point from;
    double limit;     /* squared chord */
    sphere_hit *best; /* a heap with the farthest on top; km holds the squared chord until the end */
    size_t n, most, found;
    bool nearest; /* the limit shrinks to the farthest kept */
} asked;

static bool farther(const sphere_hit *a, const sphere_hit *b)
{
    return a->km > b->km || (a->km >= b->km && a->at > b->at);
}

static void sink(sphere_hit *h, size_t n, size_t i)
{
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n)
            return;
        if (child + 1 < n && farther(&h[child + 1], &h[child]))
            child++;
        if (!farther(&h[child], &h[i]))
            return;
        sphere_hit t = h[i];
        h[i] = h[child];
        h[child] = t;
        i = child;
    }
}

static void keep(asked *q, sphere_hit hit)
{
    if (q->n < q->most) {
        size_t i = q->n++;
        for (; i > 0 && farther(&hit, &q->best[(i - 1) / 2]); i = (i - 1) / 2)
            q->best[i] = q->best[(i - 1) / 2];
        q->best[i] = hit;
    } else if (q->most && farther(&q->best[0], &hit)) {
        q->best[0] = hit;
        sink(q->best, q->n, 0);
    }
    if (q->nearest && q->n == q->most && q->best[0].km < q->limit)
        q->limit = q->best[0].km;
}

static void meet(asked *q, const point *p)
{
    double d = chord2(p, &q->from);
    if (d > q->limit)
        return;
    q->found++;
    keep(q, (sphere_hit){p->at, d});
}

static void look(asked *q, const point *p, size_t n, int axis)
{
    while (n > LEAF) {
        size_t middle = n / 2;
        double off = q->from.x[axis] - p[middle].x[axis];
        const point *right = p + middle + 1;
        size_t nright = n - middle - 1;
        int deeper = (axis + 1) % 3;
        if (off < 0) {
            look(q, p, middle, deeper);
        } else {
            look(q, right, nright, deeper);
        }
        meet(q, &p[middle]);
        if (off * off > q->limit)
            return;
        if (off < 0) {
            p = right;
            n = nright;
        } else {
            n = middle;
        }
        axis = deeper;
    }
    for (size_t i = 0; i < n; i++)
        meet(q, &p[i]);
}

static int nearest_first(const void *a, const void *b)
{
    return farther(a, b) ? 1 : farther(b, a) ? -1 : 0;
}

static size_t answer(const sphere *s, asked *q)
{
    if (s)
        look(q, s->points, s->n, 0);
    if (q->n > 1)
        qsort(q->best, q->n, sizeof *q->best, nearest_first);
    for (size_t i = 0; i < q->n; i++)
        q->best[i].km = km_of(q->best[i].km);
    return q->found;
}

size_t sphere_within(const sphere *s, double latitude, double longitude, double km, sphere_hit *ret,
                     size_t most)
{
    double angle = km / (2 * EARTH_KM);
    double half = angle >= RADIAN * 90 ? 1.0 : sin(angle > 0 ? angle : 0);
    /* A hair more than the radius: points at no distance lie within 0 km despite rounding. */
    asked q = {point_of(latitude, longitude, 0), 4 * half * half + 1e-18, ret, 0, most, 0, false};
    return km < 0 ? 0 : answer(s, &q);
}

size_t sphere_nearest(const sphere *s, double latitude, double longitude, sphere_hit *ret, size_t most)
{
    asked q = {point_of(latitude, longitude, 0), 5, ret, 0, most, 0, true};
    if (most == 0)
        return 0;
    answer(s, &q);
    return q.n;
}

bool sphere_parse(const char *text, double *ret_km, err *e)
{
    char *unit;
    errno = 0;
    double v =
        text[0] >= '0' && text[0] <= '9' && text[1] != 'x' && text[1] != 'X' ? strtod(text, &unit) : -1;
    if (v < 0 || errno || !isfinite(v))
        return err_set(e, ERR_USAGE, "'%.40s' is no distance; write it as 150mi or 240km", text);
    unit += strspn(unit, " ");
    if (strcmp(unit, "mi") == 0 || strcmp(unit, "miles") == 0 || strcmp(unit, "mile") == 0)
        v *= 1.609344;
    else if (unit[0] && strcmp(unit, "km") != 0)
        return err_set(e, ERR_USAGE, "'%.40s' is no distance: the unit is mi or km", text);
    if (v > 20038)
        return err_set(e, ERR_USAGE, "'%.40s' is farther than any two places are apart", text);
    *ret_km = v;
    return true;
}
