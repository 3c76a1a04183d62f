#include "geo/surface.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "geo/density.h"
#include "geo/ellipsoid.h"
#include "geo/exact_area.h"

/* Where the terms above the second order can change an area by less than this part, they are left out. */
static const double negligible = 1e-12;

struct ph_surface {
    const struct ph_crs *crs;
    bool geographic;
    double unit; /* metres or radians per CRS unit */
    struct ph_ellipsoid ellipsoid;
    struct ph_density *density; /* NULL for a geographic CRS */
};

/* One call of ph_surface_measure. */
struct measuring {
    const struct ph_surface *surface;
    struct ph_projector *projector; /* opened by the first ring that needs it */
    size_t slow;
};

struct areas {
    double plane, ellipsoid;
};

/* Integrals of 1, x, y, x²/2, xy, y²/2 over a ring about its first vertex, and the largest |x|, |y| in it.
 * Signed by winding. An open ring is closed by the first vertex, which contributes nothing. */
struct moments {
    double area, x, y, xx, xy, yy;
    double reach;
};

static struct moments ring_moments(const struct ph_xy *ring, size_t count)
{
    struct moments m = {0};
    double ox = ring[0].x, oy = ring[0].y, x0 = 0, y0 = 0;
    for (size_t i = 1; i < count; i++) {
        double x1 = ring[i].x - ox, y1 = ring[i].y - oy;
        double cross = x0 * y1 - x1 * y0, sx = x0 + x1, sy = y0 + y1;
        m.area += cross;
        m.x += cross * sx;
        m.y += cross * sy;
        m.xx += cross * (sx * sx - x0 * x1);
        m.xy += cross * (sx * sy + x0 * y0 + x1 * y1);
        m.yy += cross * (sy * sy - y0 * y1);
        double ax = fabs(x1), ay = fabs(y1), far = ax > ay ? ax : ay;
        m.reach = far > m.reach ? far : m.reach;
        x0 = x1;
        y0 = y1;
    }
    m.area /= 2;
    m.x /= 6;
    m.y /= 6;
    m.xx /= 24;
    m.xy /= 24;
    m.yy /= 24;
    return m;
}

/* Value, first derivatives and half second ones of D at a point of a patch, by its u and v. */
struct jet {
    double value, u, v, uu, uv, vv;
};

static struct jet patch_jet(const struct ph_patch *patch, double u, double v)
{
    struct jet j = {0};
    for (size_t row = PH_DENSITY_DEGREE + 1; row-- > 0;) {
        const double *c = patch->terms + ph_density_term(row);
        double f = 0, fu = 0, fuu = 0;
        for (size_t i = PH_DENSITY_DEGREE + 1 - row; i-- > 0;) {
            fuu = fuu * u + fu;
            fu = fu * u + f;
            f = f * u + c[i];
        }
        j.vv = j.vv * v + j.v;
        j.v = j.v * v + j.value;
        j.value = j.value * v + f;
        j.uv = j.uv * v + j.u;
        j.u = j.u * v + fu;
        j.uu = j.uu * v + fuu;
    }
    return j;
}

static double quadratic_area(const struct moments *m, const struct jet *j, double scale)
{
    double linear = (j->u * m->x + j->v * m->y) / scale;
    double square = (2 * j->uu * m->xx + j->uv * m->xy + 2 * j->vv * m->yy) / (scale * scale);
    return j->value * m->area + linear + square;
}

/* The patch's polynomial about another origin (u0, v0). */
static void shift_terms(const struct ph_patch *patch, double u0, double v0, double *out)
{
    enum { N = PH_DENSITY_DEGREE };
    for (size_t i = 0; i < PH_DENSITY_TERMS; i++) out[i] = patch->terms[i];
    for (size_t j = 0; j <= N; j++) { /* each row: u -> u0 + u */
        double *row = out + ph_density_term(j);
        for (size_t k = 0; k < N - j; k++)
            for (size_t i = N - j; i-- > k;) row[i] += u0 * row[i + 1];
    }
    for (size_t i = 0; i <= N; i++) /* each column: v -> v0 + v */
        for (size_t k = 0; k < N - i; k++)
            for (size_t j = N - i; j-- > k;) out[ph_density_term(j) + i] += v0 * out[ph_density_term(j + 1) + i];
}

/* Gauss-Legendre, 4 points: exact for degree 7. */
static const double gauss_at[4] = {0.06943184420297371239, 0.33000947820757186760, 0.66999052179242813240,
                                   0.93056815579702628761};
static const double gauss_weight[4] = {0.17392742256872692869, 0.32607257743127307131, 0.32607257743127307131,
                                       0.17392742256872692869};

/* Integral over u from 0 of the shifted polynomial without its constant term, at (u, v). */
static double primitive(const double *terms, double u, double v)
{
    double sum = 0;
    for (size_t j = PH_DENSITY_DEGREE + 1; j-- > 0;) {
        const double *row = terms + ph_density_term(j);
        double inner = 0;
        for (size_t i = PH_DENSITY_DEGREE + 1 - j; i-- > 0;) inner = inner * u + (i + j ? row[i] : 0) / (double)(i + 1);
        sum = sum * v + inner;
    }
    return sum * u;
}

/* The whole polynomial over a large ring: its constant by the exact area, the rest by Green's theorem. */
static double full_area(const struct ph_patch *patch, const struct ph_xy *ring, size_t count, double plane)
{
    double terms[PH_DENSITY_TERMS], scale = patch->half;
    shift_terms(patch, (ring[0].x - patch->x0) / scale, (ring[0].y - patch->y0) / scale, terms);
    double u0 = 0, v0 = 0, sum = 0;
    for (size_t i = 1; i <= count; i++) {
        const struct ph_xy *p = &ring[i < count ? i : 0];
        double u1 = (p->x - ring[0].x) / scale, v1 = (p->y - ring[0].y) / scale;
        for (int k = 0; k < 4; k++)
            sum += gauss_weight[k] * (v1 - v0) * primitive(terms, u0 + gauss_at[k] * (u1 - u0), v0 + gauss_at[k] * (v1 - v0));
        u0 = u1;
        v0 = v1;
    }
    return terms[0] * plane + sum * scale * scale;
}

/* Whether the square of half side `reach` round the ring's first vertex lies within the fitted square: sufficient and cheap. */
static bool covers(const struct ph_patch *patch, const struct ph_xy *first, double reach)
{
    return fabs(first->x - patch->x0) + reach <= patch->half && fabs(first->y - patch->y0) + reach <= patch->half;
}

static enum ph_status slow_area(struct measuring *run, const struct ph_xy *ring, size_t count, double *area, struct ph_error *err)
{
    if (run->projector == NULL) PH_TRY(ph_projector_new(run->surface->crs, &run->projector, err));
    *area = ph_exact_area(run->projector, &run->surface->ellipsoid, ring, count);
    run->slow++;
    return PH_OK;
}

static enum ph_status projected_ring(struct measuring *run, const struct ph_xy *ring, size_t count, struct areas *out,
                                     struct ph_error *err)
{
    const struct ph_surface *surface = run->surface;
    struct moments m = ring_moments(ring, count);
    out->plane = fabs(m.area) * surface->unit * surface->unit;
    if (!isfinite(m.area) || m.reach == 0) {
        out->plane = out->ellipsoid = isfinite(m.area) ? 0 : NAN;
        return PH_OK;
    }
    const struct ph_patch *patch = ph_density_at(surface->density, ring[0].x, ring[0].y);
    if (patch == NULL || !covers(patch, ring, m.reach)) return slow_area(run, ring, count, &out->ellipsoid, err);
    double r = m.reach / patch->half;
    struct jet j = patch_jet(patch, (ring[0].x - patch->x0) / patch->half, (ring[0].y - patch->y0) / patch->half);
    if (patch->cubic * r * r * r / 6 <= negligible * j.value)
        out->ellipsoid = fabs(quadratic_area(&m, &j, patch->half));
    else
        out->ellipsoid = fabs(full_area(patch, ring, count, m.area));
    return PH_OK;
}

/* Edges straight in longitude-latitude, in pieces short enough for 4 Gauss points to be exact to the last bit. */
static double geographic_edges(const struct ph_surface *surface, const struct ph_xy *ring, size_t count)
{
    static const double longest = 0.05;
    double phi0 = ring[0].y * surface->unit, sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ph_xy *from = &ring[i], *to = &ring[i + 1 < count ? i + 1 : 0];
        double lambda = (to->x - from->x) * surface->unit, start = (from->y - ring[0].y) * surface->unit;
        double rise = (to->y - from->y) * surface->unit;
        int pieces = 1 + (int)fmin(fabs(rise) / longest, 1e4);
        for (int p = 0; p < pieces; p++)
            for (int k = 0; k < 4; k++) {
                double phi = phi0 + start + rise * (p + gauss_at[k]) / pieces;
                sum += gauss_weight[k] * lambda / pieces * ph_ellipsoid_strip(&surface->ellipsoid, phi0, phi);
            }
    }
    return fabs(sum);
}

static struct areas geographic_ring(const struct ph_surface *surface, const struct ph_xy *ring, size_t count)
{
    struct moments m = ring_moments(ring, count);
    if (!isfinite(m.area)) return (struct areas){NAN, NAN};
    double phi = ring[0].y * surface->unit, r = m.reach * surface->unit, series[3];
    /* The third derivative of the area element is below (1.2 tan phi + 0.2) times it on any ellipsoid of the Earth. */
    if ((1.2 * fabs(tan(phi)) + 0.2) * r * r * r / 6 > negligible)
        return (struct areas){NAN, geographic_edges(surface, ring, count)};
    ph_ellipsoid_density_series(&surface->ellipsoid, phi, series);
    double unit = surface->unit;
    double area = series[0] * m.area + series[1] * unit * m.y + series[2] * unit * unit * m.yy;
    return (struct areas){NAN, fabs(area) * unit * unit};
}

static enum ph_status measure_ring(struct measuring *run, const struct ph_xy *ring, size_t count, struct areas *out,
                                   struct ph_error *err)
{
    if (count == 0) {
        *out = (struct areas){run->surface->geographic ? NAN : 0, 0};
        return PH_OK;
    }
    if (!run->surface->geographic) return projected_ring(run, ring, count, out, err);
    *out = geographic_ring(run->surface, ring, count);
    return PH_OK;
}

static enum ph_status measure_shape(struct measuring *run, const struct ph_shapes *shapes, size_t shape, struct areas *out,
                                    struct ph_error *err)
{
    *out = (struct areas){run->surface->geographic ? NAN : 0, 0};
    for (size_t part = ph_first_part(shapes, shape); part < shapes->shape_end[shape]; part++) {
        size_t first = ph_first_ring(shapes, part);
        for (size_t ring = first; ring < shapes->part_end[part]; ring++) {
            size_t point = ph_first_point(shapes, ring);
            struct areas areas;
            PH_TRY(measure_ring(run, shapes->points + point, shapes->ring_end[ring] - point, &areas, err));
            double sign = ring == first ? 1 : -1;
            out->plane += sign * areas.plane;
            out->ellipsoid += sign * areas.ellipsoid;
        }
    }
    return PH_OK;
}

enum ph_status ph_surface_measure(const struct ph_surface *surface, const struct ph_shapes *shapes, size_t from, size_t to,
                                  double *plane_m2, double *ellipsoid_m2, size_t *slow, struct ph_error *err)
{
    struct measuring run = {.surface = surface};
    enum ph_status status = PH_OK;
    for (size_t i = from; i < to && status == PH_OK; i++) {
        struct areas areas;
        status = measure_shape(&run, shapes, i, &areas, err);
        if (status != PH_OK) break;
        plane_m2[i - from] = areas.plane;
        ellipsoid_m2[i - from] = areas.ellipsoid;
    }
    ph_projector_free(run.projector);
    if (slow != NULL) *slow += run.slow;
    return status;
}

enum ph_status ph_surface_new(const struct ph_crs *crs, const struct ph_box *boxes, size_t count, struct ph_surface **out,
                              struct ph_error *err)
{
    *out = NULL;
    const struct ph_crs_facts *facts = ph_crs_facts(crs);
    struct ph_surface *surface = calloc(1, sizeof *surface);
    if (surface == NULL) return ph_fail_memory(err);
    surface->crs = crs;
    surface->geographic = facts->kind == PH_CRS_GEOGRAPHIC;
    surface->unit = surface->geographic ? facts->radians_per_unit : facts->metres_per_unit;
    surface->ellipsoid = ph_ellipsoid(facts->a, facts->inverse_flattening);
    enum ph_status status = surface->geographic ? PH_OK : ph_density_new(crs, boxes, count, &surface->density, err);
    if (status != PH_OK) {
        ph_surface_free(surface);
        return status;
    }
    *out = surface;
    return PH_OK;
}

struct ph_surface_quality ph_surface_quality(const struct ph_surface *surface)
{
    if (surface->density == NULL) return (struct ph_surface_quality){0, 0};
    return (struct ph_surface_quality){ph_density_patches(surface->density), ph_density_worst_residual(surface->density)};
}

void ph_surface_free(struct ph_surface *surface)
{
    if (surface == NULL) return;
    ph_density_free(surface->density);
    free(surface);
}
