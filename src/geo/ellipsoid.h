/* Areas on an ellipsoid of revolution, in closed form and without cancellation for small figures. */
#ifndef PH_GEO_ELLIPSOID_H
#define PH_GEO_ELLIPSOID_H

struct ph_ellipsoid {
    double a;  /* semi-major axis, metres */
    double e2; /* first eccentricity squared; 0 for a sphere */
};

/* inverse_flattening 0: a sphere. */
struct ph_ellipsoid ph_ellipsoid(double a, double inverse_flattening);

/* Area element M N cos(phi): m² per square radian of longitude and latitude. */
double ph_ellipsoid_density(const struct ph_ellipsoid *ellipsoid, double phi);

/* The element with its first and second derivatives by latitude. */
void ph_ellipsoid_density_series(const struct ph_ellipsoid *ellipsoid, double phi, double series[3]);

/* Area of the strip from latitude phi0 to phi per radian of longitude, m²/rad: the closed authalic integral
 * b²/2 [ sin/(1 - e² sin²) + artanh(e sin)/e ] (Snyder 1987, eq. 3-12), taken as a difference that keeps its
 * relative accuracy when phi is near phi0. */
double ph_ellipsoid_strip(const struct ph_ellipsoid *ellipsoid, double phi0, double phi);

#endif
