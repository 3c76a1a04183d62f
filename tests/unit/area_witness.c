#include "area_witness.h"

#include <geodesic.h>
#include <math.h>
#include <proj.h>
#include <stdlib.h>

struct witness {
    PJ_CONTEXT *context;
    PJ *inverse; /* NULL for a geographic CRS */
    double unit; /* metres; for a geographic CRS those of a degree on the equator */
    long double a, e2;
    struct geod_geodesic geodesic;
};

static const long double radian = 0.017453292519943295769236907684886127L;

struct witness *witness_open(const char *definition)
{
    struct witness *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->context = proj_context_create();
    PJ *crs = proj_create(w->context, definition);
    PJ *ellipsoid = crs != NULL ? proj_get_ellipsoid(w->context, crs) : NULL;
    double a = 0, inverse_f = 0;
    if (ellipsoid == NULL || !proj_ellipsoid_get_parameters(w->context, ellipsoid, &a, NULL, NULL, &inverse_f)) {
        witness_close(w);
        return NULL;
    }
    long double f = inverse_f > 0 ? 1.0L / (long double)inverse_f : 0;
    w->a = (long double)a;
    w->e2 = f * (2 - f);
    geod_init(&w->geodesic, a, (double)f);
    if (proj_get_type(crs) == PJ_TYPE_PROJECTED_CRS) {
        PJ *base = proj_crs_get_geodetic_crs(w->context, crs), *system = proj_crs_get_coordinate_system(w->context, crs);
        PJ *stated = proj_create_crs_to_crs_from_pj(w->context, crs, base, NULL, NULL);
        w->inverse = proj_normalize_for_visualization(w->context, stated);
        proj_cs_get_axis_info(w->context, system, 0, NULL, NULL, NULL, &w->unit, NULL, NULL, NULL);
        proj_destroy(stated);
        proj_destroy(system);
        proj_destroy(base);
    } else {
        w->unit = (double)(w->a * radian);
    }
    proj_destroy(ellipsoid);
    proj_destroy(crs);
    return w;
}

void witness_close(struct witness *w)
{
    if (w == NULL) return;
    proj_destroy(w->inverse);
    proj_context_destroy(w->context);
    free(w);
}

struct ph_xy witness_place(const struct witness *w, double longitude, double latitude)
{
    if (w->inverse == NULL) return (struct ph_xy){longitude, latitude};
    PJ_COORD at = proj_trans(w->inverse, PJ_INV, proj_coord(longitude, latitude, 0, 0));
    return (struct ph_xy){at.xy.x, at.xy.y};
}

double witness_units(const struct witness *w)
{
    return 1 / w->unit;
}

/* Longitude and latitude in degrees. */
static PJ_COORD ground(const struct witness *w, long double x, long double y)
{
    PJ_COORD at = proj_coord((double)x, (double)y, 0, 0);
    return w->inverse != NULL ? proj_trans(w->inverse, PJ_FWD, at) : at;
}

/* m² per radian of longitude between two latitudes, the difference taken before anything can cancel. */
static long double strip(const struct witness *w, long double phi0, long double phi)
{
    long double s0 = sinl(phi0), s = sinl(phi), e = sqrtl(w->e2);
    long double ds = 2 * cosl((phi + phi0) / 2) * sinl((phi - phi0) / 2);
    long double rational = ds * (1 + w->e2 * s * s0) / ((1 - w->e2 * s * s) * (1 - w->e2 * s0 * s0));
    long double rest = e > 0 ? atanhl(e * ds / (1 - w->e2 * s * s0)) / e : ds;
    return w->a * w->a * (1 - w->e2) / 2 * (rational + rest);
}

static size_t pieces(const struct witness *w, struct ph_xy from, struct ph_xy to, double step)
{
    return (size_t)(hypot(to.x - from.x, to.y - from.y) * w->unit / step) + 1;
}

double witness_dense(const struct witness *w, const struct ph_xy *ring, size_t count, double step)
{
    PJ_COORD first = ground(w, ring[0].x, ring[0].y);
    long double lambda0 = (long double)first.lp.lam, phi0 = (long double)first.lp.phi * radian;
    long double sum = 0, last_lambda = 0, last_strip = 0;
    for (size_t i = 0; i < count; i++) {
        struct ph_xy from = ring[i], to = ring[(i + 1) % count];
        size_t n = pieces(w, from, to, step);
        for (size_t k = 1; k <= n; k++) {
            long double t = (long double)k / (long double)n, x = from.x + t * ((long double)to.x - from.x),
                        y = from.y + t * ((long double)to.y - from.y);
            long double lambda, phi;
            if (w->inverse != NULL) {
                PJ_COORD at = ground(w, x, y);
                lambda = ((long double)at.lp.lam - lambda0) * radian;
                phi = (long double)at.lp.phi * radian;
            } else {
                lambda = (x - lambda0) * radian;
                phi = y * radian;
            }
            long double now = strip(w, phi0, phi);
            sum += (lambda - last_lambda) * (now + last_strip) / 2;
            last_lambda = lambda;
            last_strip = now;
        }
    }
    return (double)fabsl(sum);
}

double witness_geodesic(const struct witness *w, const struct ph_xy *ring, size_t count, double step)
{
    struct geod_polygon polygon;
    geod_polygon_init(&polygon, 0);
    for (size_t i = 0; i < count; i++) {
        struct ph_xy from = ring[i], to = ring[(i + 1) % count];
        size_t n = pieces(w, from, to, step);
        for (size_t k = 1; k <= n; k++) {
            double t = (double)k / (double)n;
            PJ_COORD at = ground(w, from.x + t * (to.x - from.x), from.y + t * (to.y - from.y));
            geod_polygon_addpoint(&w->geodesic, &polygon, at.lp.phi, at.lp.lam);
        }
    }
    double area = NAN;
    geod_polygon_compute(&w->geodesic, &polygon, 0, 1, &area, NULL);
    return fabs(area);
}

double witness_shape(const struct witness *w, const struct ph_shapes *shapes, size_t shape, double step)
{
    double sum = 0;
    for (size_t part = ph_first_part(shapes, shape); part < shapes->shape_end[shape]; part++) {
        size_t first = ph_first_ring(shapes, part);
        for (size_t ring = first; ring < shapes->part_end[part]; ring++) {
            size_t point = ph_first_point(shapes, ring);
            double area = witness_dense(w, shapes->points + point, shapes->ring_end[ring] - point, step);
            sum += ring == first ? area : -area;
        }
    }
    return sum;
}
