#include "geo/orient.h"

#include <math.h>
#include <stddef.h>

/* Adds b to the expansion e of n components, ordered by size, and returns how many there are now.
 * Shewchuk 1997, Grow-Expansion. */
static size_t grow_expansion(double *e, size_t n, double b)
{
    double q = b;
    for (size_t i = 0; i < n; i++) {
        double sum = q + e[i], other = sum - q;
        e[i] = (q - (sum - other)) + (e[i] - other);
        q = sum;
    }
    e[n] = q;
    return n + 1;
}

/* e += x * y, exactly. */
static size_t add_product(double *e, size_t n, double x, double y)
{
    double product = x * y;
    n = grow_expansion(e, n, fma(x, y, -product));
    return grow_expansion(e, n, product);
}

int ph_orient_exact(struct ph_xy a, struct ph_xy b, struct ph_xy c)
{
    double e[12];
    size_t n = 0;
    n = add_product(e, n, a.x, b.y);
    n = add_product(e, n, -a.y, b.x);
    n = add_product(e, n, b.x, c.y);
    n = add_product(e, n, -b.y, c.x);
    n = add_product(e, n, c.x, a.y);
    n = add_product(e, n, -c.y, a.x);
    while (n > 0 && e[n - 1] == 0) n--;
    if (n == 0) return 0;
    return e[n - 1] > 0 ? 1 : -1;
}
