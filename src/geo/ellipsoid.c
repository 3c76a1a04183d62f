#include "geo/ellipsoid.h"

#include <math.h>

struct ph_ellipsoid ph_ellipsoid(double a, double inverse_flattening)
{
    double f = inverse_flattening > 0 ? 1 / inverse_flattening : 0;
    return (struct ph_ellipsoid){a, f * (2 - f)};
}

double ph_ellipsoid_density(const struct ph_ellipsoid *ellipsoid, double phi)
{
    double s = sin(phi), w = 1 - ellipsoid->e2 * s * s;
    return ellipsoid->a * ellipsoid->a * (1 - ellipsoid->e2) * cos(phi) / (w * w);
}

void ph_ellipsoid_density_series(const struct ph_ellipsoid *ellipsoid, double phi, double series[3])
{
    double e2 = ellipsoid->e2, s = sin(phi), c = cos(phi), w = 1 - e2 * s * s;
    double k = ellipsoid->a * ellipsoid->a * (1 - e2) / (w * w);
    series[0] = k * c;
    series[1] = k * s * (4 * e2 * c * c / w - 1);
    series[2] = k * c * (4 * e2 * (c * c - 3 * s * s) / w + 24 * e2 * e2 * s * s * c * c / (w * w) - 1);
}

double ph_ellipsoid_strip(const struct ph_ellipsoid *ellipsoid, double phi0, double phi)
{
    double e2 = ellipsoid->e2, s0 = sin(phi0), s = sin(phi);
    double ds = 2 * cos(0.5 * (phi + phi0)) * sin(0.5 * (phi - phi0));
    double rational = ds * (1 + e2 * s * s0) / ((1 - e2 * s * s) * (1 - e2 * s0 * s0));
    double e = sqrt(e2), x = ds / (1 - e2 * s * s0);
    double transcendental = e > 0 ? atanh(e * x) / e : x;
    return 0.5 * ellipsoid->a * ellipsoid->a * (1 - e2) * (rational + transcendental);
}
