#include "geo/survey.h"

#include <math.h>

#include "base/number.h"

#define SECONDS 206264.80624709636 /* in a radian */
#define REACH 500000.0             /* metres from the central meridian */
#define PIECES_MAX 1e6             /* of one edge: 70 000 km at the usual step */

/* b and K0 to K4 as the rules print them; those of Krassovsky's ellipsoid, which they leave out, by the same series. */
struct ph_survey_ellipsoid {
    double a, inverse_flattening, b;
    double k[5];
};

static const struct ph_survey_ellipsoid ellipsoids[] = {
    {6378137, 298.257222101, 6356752.314140356,
     {1.57048761144159e-7, 5.05250178820567e-3, 2.98472900956587e-5, 2.41626669230084e-7, 2.22241238938534e-9}},
    {6378140, 298.257, 6356755.29,
     {1.57048687472752e-7, 5.05250559291393e-3, 2.98473350966158e-5, 2.41627215981336e-7, 2.22241909461273e-9}},
    {6378245, 298.3, 6356863.018773047,
     {1.570460641218722e-7, 5.051773902641755e-3, 2.983868192792281e-5, 2.415232162825436e-7, 2.222583244596236e-9}},
};

enum ph_status ph_survey_init(const struct ph_crs *crs, double densify, struct ph_survey *out, struct ph_error *err)
{
    const struct ph_crs_facts *facts = ph_crs_facts(crs);
    const struct ph_crs_zone *zone = &facts->zone;
    *out = (struct ph_survey){.densify = densify, .geographic = facts->kind == PH_CRS_GEOGRAPHIC};
    for (size_t i = 0; i < sizeof ellipsoids / sizeof *ellipsoids; i++)
        if (facts->a == ellipsoids[i].a && fabs(facts->inverse_flattening - ellipsoids[i].inverse_flattening) < 1e-8)
            out->ellipsoid = &ellipsoids[i];
    bool gauss = zone->known && zone->scale == 1 && facts->from_equator && facts->metres_per_unit == 1;
    if (out->ellipsoid == NULL || !(out->geographic || gauss))
        return ph_fail(err, PH_E_USAGE,
                       "坐标系“%s”不能用 --area-method survey:调查规程只规定了 2000 国家大地坐标系、1980 西安、1954 北京的高斯—克吕格坐标和经纬度;"
                       "请用 --area-method exact",
                       "--area-method survey cannot take CRS \"%s\": the survey's rules know Gauss-Krüger and geographic coordinates of CGCS2000, "
                       "Xian 1980 and Beijing 1954; use --area-method exact",
                       facts->name);
    if (!(densify >= 1)) return ph_fail(err, PH_E_USAGE, "densify 应不小于 1(米)", "densify takes 1 (metre) or more");
    double f = 1 / out->ellipsoid->inverse_flattening, e2 = f * (2 - f), e4 = e2 * e2, e6 = e4 * e2, e8 = e4 * e4;
    out->strip[0] = 1 + 3.0 / 6 * e2 + 30.0 / 80 * e4 + 35.0 / 112 * e6 + 630.0 / 2304 * e8;
    out->strip[1] = 1.0 / 6 * e2 + 15.0 / 80 * e4 + 21.0 / 112 * e6 + 420.0 / 2304 * e8;
    out->strip[2] = 3.0 / 80 * e4 + 7.0 / 112 * e6 + 180.0 / 2304 * e8;
    out->strip[3] = 1.0 / 112 * e6 + 45.0 / 2304 * e8;
    out->strip[4] = 5.0 / 2304 * e8;
    out->c = out->ellipsoid->a / (1 - f);
    out->ep2 = e2 / (1 - e2);
    out->seconds_per_unit = out->geographic ? facts->radians_per_unit * SECONDS : NAN;
    out->false_easting = zone->false_easting;
    return PH_OK;
}

static double rounded(double value, double per_unit)
{
    return round(value * per_unit) / per_unit;
}

/* Latitude and longitude in radians, longitude from the reference meridian, of plane coordinates x north, y east. */
static struct ph_xy gauss_inverse(const struct ph_survey *s, double x, double y)
{
    const double *k = s->ellipsoid->k;
    double e = k[0] * x, sine = sin(e), s2 = sine * sine;
    double foot = e + cos(e) * sine * (k[1] - s2 * (k[2] - s2 * (k[3] - s2 * k[4])));
    double cosine = cos(foot), t = tan(foot), t2 = t * t, n2 = s->ep2 * cosine * cosine, v2 = 1 + n2;
    double w = y * sqrt(v2) / s->c, w2 = w * w;
    double latitude = foot - v2 * t * w2 / 2 * (1 - w2 / 12 * (5 + 3 * t2 + n2 - 9 * n2 * t2 - w2 / 30 * (61 + 90 * t2 + 45 * t2 * t2)));
    double longitude = w / cosine * (1 - w2 / 6 * (1 + 2 * t2 + n2 - w2 / 20 * (5 + 28 * t2 + 24 * t2 * t2 + 6 * n2 + 8 * n2 * t2)));
    return (struct ph_xy){.x = longitude, .y = latitude};
}

/* A corner on the ellipsoid, both in radians, as the survey rounds it. */
static struct ph_xy corner(const struct ph_survey *s, double x, double y)
{
    struct ph_xy p = {x * s->seconds_per_unit / SECONDS, y * s->seconds_per_unit / SECONDS};
    if (!s->geographic) {
        double east = rounded(x, 1e4) - s->false_easting;
        if (!(fabs(east) <= REACH)) return (struct ph_xy){NAN, NAN};
        p = gauss_inverse(s, rounded(y, 1e4), east);
    }
    /* a central meridian is a whole number of 1e-6 seconds, so it may be left out before rounding */
    return (struct ph_xy){rounded(p.x * SECONDS, 1e6) / SECONDS, rounded(p.y * SECONDS, 1e6) / SECONDS};
}

static double trapezoid(const struct ph_survey *s, struct ph_xy p, struct ph_xy q)
{
    double half = (q.y - p.y) / 2, middle = (p.y + q.y) / 2, sum = 0;
    for (int i = 4; i >= 0; i--) {
        int odd = 2 * i + 1;
        sum += (i % 2 ? -1 : 1) * s->strip[i] * sin(odd * half) * cos(odd * middle);
    }
    return 2 * s->ellipsoid->b * s->ellipsoid->b * (p.x + q.x) / 2 * sum;
}

static double length(const struct ph_survey *s, struct ph_xy p, struct ph_xy q)
{
    if (!s->geographic) return hypot(q.x - p.x, q.y - p.y);
    double radians = s->seconds_per_unit / SECONDS, shrunk = cos((p.y + q.y) / 2 * radians);
    return s->ellipsoid->a * radians * hypot((q.x - p.x) * shrunk, q.y - p.y);
}

static double ring_area(const struct ph_survey *s, const struct ph_xy *ring, size_t count)
{
    double area = 0;
    struct ph_xy from = count ? corner(s, ring[0].x, ring[0].y) : (struct ph_xy){0};
    for (size_t i = 1; i < count; i++) {
        struct ph_xy p = ring[i - 1], q = ring[i];
        double m = length(s, p, q), pieces = m <= s->densify ? 1 : floor(m / s->densify) + 1;
        if (!(pieces <= PIECES_MAX)) return NAN;
        for (double k = 1; k <= pieces; k++) {
            double share = k / pieces;
            struct ph_xy to = k < pieces ? corner(s, p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)) : corner(s, q.x, q.y);
            area += trapezoid(s, from, to);
            from = to;
        }
    }
    return fabs(area);
}

double ph_survey_area(const struct ph_survey *survey, const struct ph_shapes *shapes, size_t shape)
{
    double area = 0;
    for (size_t part = ph_first_part(shapes, shape); part < shapes->shape_end[shape]; part++) {
        size_t outer = ph_first_ring(shapes, part);
        for (size_t ring = outer; ring < shapes->part_end[part]; ring++) {
            size_t point = ph_first_point(shapes, ring);
            double m2 = ring_area(survey, shapes->points + point, shapes->ring_end[ring] - point);
            area += ring == outer ? m2 : -m2;
        }
    }
    return isnan(area) ? NAN : (double)ph_dm2_from_m2(area) / 100;
}
