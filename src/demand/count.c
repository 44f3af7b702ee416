/* X ~ Poisson(L), log L ~ normal: what a posterior in log says of a whole number of tickets. Below SMALL expected tickets it is summed (the trapezoid
 * rule over the normal, whose error falls faster than any power of the step); above, a log-normal of the same mean and
 * variance stands for it, since the count's own spread is then a small part. */
#include "demand/private.h"

#include <math.h>

#define SMALL 40.
#define STEP .4
enum { NODES = 25, FINE = 8, COUNTS_MOST = 100000 };

typedef struct matched { /* the log-normal of the same mean and variance */
    double middle, sd;
} matched;

static matched match(double mean, double spread)
{
    double v = log(exp(spread * spread) + 1 / mean);
    return (matched){log(mean) - v / 2, sqrt(v)};
}

/* Goes up from 0; at each count the nodes' chances of it. */
typedef struct climb {
    double rate[NODES], chance[NODES];
    int32_t k;
    double here; /* P(X = k) */
} climb;

static void add_up(climb *c)
{
    c->here = 0;
    for (int i = 0; i < NODES; i++)
        c->here += c->chance[i];
}

static void climb_begin(climb *c, double mean, double spread)
{
    double total = 0, weight[NODES], low = log(mean) - spread * spread / 2;
    for (int i = 0; i < NODES; i++) {
        double t = (i - NODES / 2) * STEP;
        c->rate[i] = exp(low + spread * t);
        total += weight[i] = exp(-t * t / 2);
    }
    for (int i = 0; i < NODES; i++)
        c->chance[i] = weight[i] / total * exp(-c->rate[i]);
    c->k = 0;
    add_up(c);
}

static void climb_on(climb *c)
{
    c->k++;
    for (int i = 0; i < NODES; i++)
        c->chance[i] *= c->rate[i] / c->k;
    add_up(c);
}

double count_below(double mean, double spread, int32_t k)
{
    if (k <= 0)
        return 0;
    if (mean >= SMALL) {
        matched l = match(mean, spread);
        return normal_below((log(k - .5) - l.middle) / l.sd);
    }
    climb c;
    double sum = 0;
    climb_begin(&c, mean, spread);
    for (; c.k < k && c.k < COUNTS_MOST; climb_on(&c)) {
        sum += c.here;
        if (c.k > 2 * mean && c.here < 1e-15)
            break;
    }
    return sum < 1 ? sum : 1;
}

void count_at(double mean, double spread, const double *p, size_t n, double *ret)
{
    if (mean >= SMALL) {
        matched l = match(mean, spread);
        for (size_t i = 0; i < n; i++)
            ret[i] = exp(l.middle + l.sd * normal_at(p[i]));
        return;
    }
    climb c;
    climb_begin(&c, mean, spread);
    double sum = c.here;
    for (size_t i = 0; i < n; i++) {
        while (sum < p[i] && c.k < COUNTS_MOST && (c.k < 2 * mean || c.here > 1e-15)) {
            climb_on(&c);
            sum += c.here;
        }
        ret[i] = c.k;
    }
}

double count_expected(double mean, double spread, int32_t most)
{
    if (most <= 0)
        return mean;
    if (mean >= SMALL) {
        matched l = match(mean, spread);
        double t = (log(most) - l.middle) / l.sd;
        double got = mean * normal_below(t - l.sd) + most * normal_below(-t);
        return got < most ? got : most;
    }
    climb c;
    double below = 0, got = 0;
    climb_begin(&c, mean, spread);
    for (; c.k < most && c.k < COUNTS_MOST; climb_on(&c)) { /* E min(X, c) = sum of P(X > k), k < c */
        below += c.here;
        if (c.k > 2 * mean && below > 1 - 1e-13)
            break;
        got += 1 - below;
    }
    return got < mean ? got : mean;
}

/* Log of P(X = k) by finer steps: at one count a node more or less shows. */
static double log_exactly(double mean, double spread, int32_t k)
{
    double total = 0, sum = 0, low = log(mean) - spread * spread / 2, fact = lgamma(k + 1.);
    for (int i = -NODES / 2 * FINE; i <= NODES / 2 * FINE; i++) {
        double t = i * STEP / FINE, w = exp(-t * t / 2), log_rate = low + spread * t;
        total += w;
        sum += w * exp(k * log_rate - exp(log_rate) - fact);
    }
    return log(sum / total + 1e-300);
}

double count_log_chance(double mean, double spread, int32_t k, bool at_least)
{
    if (at_least && k <= 0)
        return 0;
    if (mean < SMALL)
        return at_least ? log(1 - count_below(mean, spread, k) + 1e-12) : log_exactly(mean, spread, k);
    matched l = match(mean, spread);
    if (at_least)
        return normal_log_below((l.middle - log(k - .5)) / l.sd);
    if (k < 5)
        return normal_log_below((log(k + .5) - l.middle) / l.sd);
    double z = (log(k) - l.middle) / l.sd;
    return -z * z / 2 - log(k * l.sd * 2.50662827463100050242);
}
