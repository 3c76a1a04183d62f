/* On which side of a line a point lies, decided exactly. */
#ifndef PH_GEO_ORIENT_H
#define PH_GEO_ORIENT_H

#include <stdbool.h>

#include "model/shapes.h"

/* The exact sign by expansion arithmetic, for what the filter below cannot decide. */
int ph_orient_exact(struct ph_xy a, struct ph_xy b, struct ph_xy c);

/* Whether the predicate is exact for this coordinate: 0, or 1e-120 < |v| < 1e120 (no product over- or underflows). */
static inline bool ph_orient_reaches(double v)
{
    double size = v < 0 ? -v : v;
    return size == 0 || (size > 1e-120 && size < 1e120);
}

/* 1 when c lies left of the line from a to b, -1 right, 0 on it.
 * Filter: J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates, 1997,
 * section 4.3, bound A. */
static inline int ph_orient(struct ph_xy a, struct ph_xy b, struct ph_xy c)
{
    const double bound = 3.3306690738754716e-16; /* (3 + 16e)e, e = 2^-53 */
    double left = (a.x - c.x) * (b.y - c.y), right = (a.y - c.y) * (b.x - c.x);
    double det = left - right;
    double size = (left < 0 ? -left : left) + (right < 0 ? -right : right);
    if (det > bound * size) return 1;
    if (-det > bound * size) return -1;
    if (size == 0 || (a.x == b.x && a.y == b.y)) return 0;
    return ph_orient_exact(a, b, c);
}

/* Whether p, which lies on the line through a and b, is between them and neither of them. */
static inline bool ph_strictly_between(struct ph_xy a, struct ph_xy b, struct ph_xy p)
{
    if ((p.x == a.x && p.y == a.y) || (p.x == b.x && p.y == b.y)) return false;
    bool x = a.x <= b.x ? a.x <= p.x && p.x <= b.x : b.x <= p.x && p.x <= a.x;
    bool y = a.y <= b.y ? a.y <= p.y && p.y <= b.y : b.y <= p.y && p.y <= a.y;
    return x && y;
}

static inline bool ph_same_point(struct ph_xy a, struct ph_xy b)
{
    return a.x == b.x && a.y == b.y;
}

#endif
