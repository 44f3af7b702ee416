/* A fitted model as text: what was fitted, every bit of it, and not the data. */
#include "demand/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char HEAD[] = "showx-demand 1\n";

static void put(buf *out, const char *name, const double *values, size_t n)
{
    buf_str(out, name);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, " %.17g", values[i]);
    buf_char(out, '\n');
}

void demand_model_save(const demand_model *m, buf *out)
{
    const parameters *p = &m->fitted;
    double variances[] = {p->artist, p->place, p->show, p->season};
    double counts[] = {(double)p->shows, (double)p->censored, (double)p->artists};
    buf_str(out, HEAD);
    put(out, "coefficients", p->beta, DEMAND_FEATURES);
    put(out, "variances", variances, 4);
    put(out, "fitted", counts, 3);
}

/* One line "NAME number ...": exactly n finite numbers. */
static bool get(const char **text, int line, const char *name, double *ret, size_t n, err *e)
{
    size_t len = strlen(name);
    if (strncmp(*text, name, len) != 0 || (*text)[len] != ' ')
        return err_set(e, ERR_INPUT, "the demand model's text, line %d: '%s' is missing", line, name);
    const char *at = *text + len;
    for (size_t i = 0; i < n; i++) {
        char *end = NULL;
        ret[i] = *at == ' ' ? strtod(at, &end) : NAN;
        if (!end || end == at || !isfinite(ret[i]))
            return err_set(e, ERR_INPUT, "the demand model's text, line %d: %s wants %zu numbers", line, name,
                           n);
        at = end;
    }
    if (*at != '\n')
        return err_set(e, ERR_INPUT, "the demand model's text, line %d: %s wants %zu numbers", line, name, n);
    *text = at + 1;
    return true;
}

static bool parse(const char *text, parameters *ret, err *e)
{
    double variances[4], counts[3];
    parameters p = {0};
    if (strncmp(text, HEAD, strlen(HEAD)) != 0)
        return err_set(
            e, ERR_INPUT,
            "the demand model's text, line 1: not a model of this version; run 'showx demand refresh --all'");
    text += strlen(HEAD);
    if (!get(&text, 2, "coefficients", p.beta, DEMAND_FEATURES, e) ||
        !get(&text, 3, "variances", variances, 4, e) || !get(&text, 4, "fitted", counts, 3, e))
        return false;
    for (int i = 0; i < 4; i++)
        if (!(variances[i] > 0 && variances[i] < 100))
            return err_set(e, ERR_INPUT, "the demand model's text, line 3: %g is no variance in log",
                           variances[i]);
    for (int i = 0; i < 3; i++)
        if (!(counts[i] >= 0 && counts[i] < 1e15))
            return err_set(e, ERR_INPUT, "the demand model's text, line 4: %g is no count", counts[i]);
    p.artist = variances[0], p.place = variances[1], p.show = variances[2], p.season = variances[3];
    p.shows = (int64_t)counts[0], p.censored = (int64_t)counts[1], p.artists = (int64_t)counts[2];
    *ret = p;
    return true;
}

bool demand_model_load(const char *text, const demand_data *d, demand_model **ret, stop *halt, err *e)
{
    parameters p;
    demand_model *m;
    parameters_prior(&p);
    if (text && !parse(text, &p, e))
        return false;
    if (!model_prepare(d, &m, halt, e))
        return false;
    m->fitted = p;
    if (!model_settle(m, halt, e)) {
        demand_free(m);
        return false;
    }
    *ret = m;
    return true;
}
