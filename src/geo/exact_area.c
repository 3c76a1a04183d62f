#include "geo/exact_area.h"

#include <math.h>

enum {
    LEVELS = 4,                 /* of the Romberg table */
    PIECES = 1 << (LEVELS - 1), /* of an edge at the finest level */
    MAX_HALVINGS = 14
};

static const double two_pi = 6.283185307179586477;

/* Integral of the strip over longitude along one piece, and how far the last two estimates differ. */
static double romberg(const struct ph_ellipsoid *ellipsoid, double phi0, const struct ph_xy *at, double *error)
{
    double strip[PIECES + 1], lambda[PIECES + 1], table[LEVELS];
    for (int i = 0; i <= PIECES; i++) {
        strip[i] = ph_ellipsoid_strip(ellipsoid, phi0, at[i].y);
        lambda[i] = remainder(at[i].x - at[0].x, two_pi);
    }
    double last = 0;
    for (int level = 0; level < LEVELS; level++) {
        int step = PIECES >> level;
        double sum = 0;
        for (int i = 0; i < PIECES; i += step) sum += 0.5 * (strip[i] + strip[i + step]) * (lambda[i + step] - lambda[i]);
        double factor = 4;
        for (int k = 0; k < level; k++, factor *= 4) {
            double better = sum + (sum - table[k]) / (factor - 1);
            table[k] = sum;
            sum = better;
        }
        *error = fabs(sum - last);
        last = table[level] = sum;
    }
    return last;
}

struct exact {
    struct ph_projector *projector;
    const struct ph_ellipsoid *ellipsoid;
    double phi0;
};

/* The table holds differences of rounded longitudes, so it cannot settle below about 1e-9 m times the length. */
static double edge_area(const struct exact *exact, struct ph_xy from, struct ph_xy to, int halvings)
{
    struct ph_xy at[PIECES + 1];
    for (int i = 0; i <= PIECES; i++) {
        double t = (double)i / PIECES;
        at[i] = (struct ph_xy){from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
    }
    at[PIECES] = to;
    ph_project_inverse(exact->projector, at, PIECES + 1);
    double error = 0, area = romberg(exact->ellipsoid, exact->phi0, at, &error);
    double a = exact->ellipsoid->a;
    double reach =
        a * (fabs(at[PIECES].y - at[0].y) + fabs(remainder(at[PIECES].x - at[0].x, two_pi)) + fabs(at[0].y - exact->phi0));
    if (halvings == MAX_HALVINGS || !(error > 1e-8 * (1 + reach))) return area;
    struct ph_xy middle = {from.x + 0.5 * (to.x - from.x), from.y + 0.5 * (to.y - from.y)};
    return edge_area(exact, from, middle, halvings + 1) + edge_area(exact, middle, to, halvings + 1);
}

double ph_exact_area(struct ph_projector *projector, const struct ph_ellipsoid *ellipsoid, const struct ph_xy *ring, size_t count)
{
    if (count < 3) return 0;
    struct ph_xy first = ring[0];
    ph_project_inverse(projector, &first, 1);
    struct exact exact = {projector, ellipsoid, first.y};
    double area = 0;
    for (size_t i = 0; i < count; i++) {
        struct ph_xy from = ring[i], to = ring[i + 1 < count ? i + 1 : 0];
        if (from.x == to.x && from.y == to.y) continue;
        area += edge_area(&exact, from, to, 0);
    }
    return fabs(area);
}
