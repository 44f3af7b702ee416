/* The normal distribution, and the little linear algebra that a fit takes. */
#include "demand/private.h"

#include <math.h>

#define ROOT_2PI 2.50662827463100050242

double normal_below(double t)
{
    return .5 * erfc(-t / sqrt(2));
}

/* Far below, where the tail underflows, by the first terms of its expansion. */
double normal_log_below(double t)
{
    if (t > -30)
        return log(normal_below(t));
    return -t * t / 2 - log(-t * ROOT_2PI) + log1p(-1 / (t * t));
}

double normal_hazard(double t)
{
    if (t < -30)
        return -t - 1 / t;
    return exp(-t * t / 2) / ROOT_2PI / normal_below(t);
}

double normal_at(double p)
{
    double low = -40, high = 40;
    if (!(p > 0))
        return low;
    if (!(p < 1))
        return high;
    for (int i = 0; i < 64; i++) {
        double middle = (low + high) / 2;
        if (normal_below(middle) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

bool root_of(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 0))
                return false;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    return true;
}

void root_forward(const double *root, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        double sum = b[i];
        for (size_t k = 0; k < i; k++)
            sum -= root[i * n + k] * b[k];
        b[i] = sum / root[i * n + i];
    }
}

void root_back(const double *root, size_t n, double *b)
{
    for (size_t i = n; i-- > 0;) {
        double sum = b[i];
        for (size_t k = i + 1; k < n; k++)
            sum -= root[k * n + i] * b[k];
        b[i] = sum / root[i * n + i];
    }
}
