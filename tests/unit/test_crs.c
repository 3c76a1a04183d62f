#include "geo/crs.h"
#include "geo/crs_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

#define GCS_2000                                                                                                                 \
    "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",SPHEROID[\"CGCS2000\",6378137.0,298.257222101]" \
    "],"                                                                                                                         \
    "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]"
#define GCS_XIAN                                                                                                           \
    "GEOGCS[\"GCS_Xian_1980\",DATUM[\"D_Xian_1980\",SPHEROID[\"Xian_1980\",6378140.0,298.257]],PRIMEM[\"Greenwich\",0.0]," \
    "UNIT[\"Degree\",0.0174532925199433]]"
#define GCS_BEIJING                                                                                                              \
    "GEOGCS[\"GCS_Beijing_1954\",DATUM[\"D_Beijing_1954\",SPHEROID[\"Krasovsky_1940\",6378245.0,298.3]],PRIMEM[\"Greenwich\",0." \
    "0],"                                                                                                                        \
    "UNIT[\"Degree\",0.0174532925199433]]"
#define ESRI_GK(name, gcs, easting, meridian)                                                                         \
    "PROJCS[\"" name "\"," gcs ",PROJECTION[\"Gauss_Kruger\"],PARAMETER[\"False_Easting\"," easting "],"              \
    "PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\"," meridian "],PARAMETER[\"Scale_Factor\",1.0]," \
    "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]"

#define PI 3.14159265358979323846

static struct ph_crs *open_crs(const char *definition)
{
    struct ph_crs *crs = NULL;
    struct ph_error err = PH_ERROR_INIT;
    enum ph_status status = ph_crs_new(definition, &crs, &err);
    if (status != PH_OK) print_error("%s: %s\n", definition, err.en);
    assert_int_equal(status, PH_OK);
    return crs;
}

struct known {
    const char *definition, *code;
    enum ph_crs_kind kind;
    enum ph_datum datum;
    double unit, a, inverse_flattening;
    struct ph_crs_zone zone;
};

static const struct known known[] = {
    {"EPSG:4526",
     "EPSG:4526",
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 114, 38500000, 1, 3, 38, 38}},
    {"EPSG:4547", "EPSG:4547", PH_CRS_PROJECTED, PH_DATUM_CGCS2000, 1, 6378137, 298.257222101, {true, 114, 500000, 1, 3, 38, 0}},
    {"EPSG:4497",
     "EPSG:4497",
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 111, 19500000, 1, 6, 19, 19}},
    {"EPSG:4508", "EPSG:4508", PH_CRS_PROJECTED, PH_DATUM_CGCS2000, 1, 6378137, 298.257222101, {true, 111, 500000, 1, 6, 19, 0}},
    {"EPSG:2362", "EPSG:2362", PH_CRS_PROJECTED, PH_DATUM_XIAN80, 1, 6378140, 298.257, {true, 114, 38500000, 1, 3, 38, 38}},
    {"EPSG:2435", "EPSG:2435", PH_CRS_PROJECTED, PH_DATUM_BEIJING54, 1, 6378245, 298.3, {true, 114, 500000, 1, 3, 38, 0}},
    {"EPSG:32649",
     "EPSG:32649",
     PH_CRS_PROJECTED,
     PH_DATUM_WGS84,
     1,
     6378137,
     298.257223563,
     {true, 111, 500000, 0.9996, 6, 19, 0}},
    {"EPSG:3857", "EPSG:3857", PH_CRS_PROJECTED, PH_DATUM_WGS84, 1, 6378137, 298.257223563, {0}},
    {"EPSG:2229", "EPSG:2229", PH_CRS_PROJECTED, PH_DATUM_OTHER, 1200.0 / 3937, 6378137, 298.257222101, {0}},
    {"EPSG:2193",
     "EPSG:2193",
     PH_CRS_PROJECTED,
     PH_DATUM_OTHER,
     1,
     6378137,
     298.257222101,
     {true, 173, 1600000, 0.9996, 0, 0, 0}},
    {"EPSG:4490", "EPSG:4490", PH_CRS_GEOGRAPHIC, PH_DATUM_CGCS2000, PI / 180, 6378137, 298.257222101, {0}},
    {"EPSG:4326", "EPSG:4326", PH_CRS_GEOGRAPHIC, PH_DATUM_WGS84, PI / 180, 6378137, 298.257223563, {0}},
    {"EPSG:4555", "EPSG:4555", PH_CRS_GEOGRAPHIC, PH_DATUM_OTHER, PI / 180, 6378245, 298.3, {0}},              /* New Beijing */
    {"EPSG:4807", "EPSG:4807", PH_CRS_GEOGRAPHIC, PH_DATUM_OTHER, PI / 200, 6378249.2, 293.466021293627, {0}}, /* grads, Paris */
    {ESRI_GK("CGCS2000_3_Degree_GK_Zone_38", GCS_2000, "38500000.0", "114.0"),
     "EPSG:4526",
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 114, 38500000, 1, 3, 38, 38}},
    {"\xEF\xBB\xBF" ESRI_GK("CGCS2000_3_Degree_GK_CM_114E", GCS_2000, "500000.0", "114.0"),
     "EPSG:4547",
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 114, 500000, 1, 3, 38, 0}},
    {ESRI_GK("Xian_1980_3_Degree_GK_Zone_38", GCS_XIAN, "38500000.0", "114.0"),
     "EPSG:2362",
     PH_CRS_PROJECTED,
     PH_DATUM_XIAN80,
     1,
     6378140,
     298.257,
     {true, 114, 38500000, 1, 3, 38, 38}},
    {ESRI_GK("Beijing_1954_3_Degree_GK_CM_114E", GCS_BEIJING, "500000.0", "114.0"),
     "EPSG:2435",
     PH_CRS_PROJECTED,
     PH_DATUM_BEIJING54,
     1,
     6378245,
     298.3,
     {true, 114, 500000, 1, 3, 38, 0}},
    /* a renamed one and a local meridian have no code, and the numbers do not tell the width */
    {ESRI_GK("park", GCS_2000, "500000.0", "114.0"),
     NULL,
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 114, 500000, 1, 0, 0, 0}},
    {ESRI_GK("local", GCS_2000, "500000.0", "112.5"),
     NULL,
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 112.5, 500000, 1, 0, 0, 0}},
    /* a name that lies is not believed */
    {ESRI_GK("CGCS2000_3_Degree_GK_Zone_39", GCS_2000, "38500000.0", "114.0"),
     NULL,
     PH_CRS_PROJECTED,
     PH_DATUM_CGCS2000,
     1,
     6378137,
     298.257222101,
     {true, 114, 38500000, 1, 3, 38, 38}},
    {GCS_2000, "EPSG:4490", PH_CRS_GEOGRAPHIC, PH_DATUM_CGCS2000, 0.0174532925199433, 6378137, 298.257222101, {0}},
    {"COMPD_CS[\"both\"," GCS_2000 ",VERT_CS[\"h\",VERT_DATUM[\"h\",2005],UNIT[\"m\",1]]]",
     "EPSG:4490",
     PH_CRS_GEOGRAPHIC,
     PH_DATUM_CGCS2000,
     0.0174532925199433,
     6378137,
     298.257222101,
     {0}},
};

static void facts_of_a_definition(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct known *k = &known[i];
        struct ph_crs *crs = open_crs(k->definition);
        const struct ph_crs_facts *f = ph_crs_facts(crs);
        const struct ph_crs_zone *z = &f->zone;
        double unit = f->kind == PH_CRS_PROJECTED ? f->metres_per_unit : f->radians_per_unit;
        if (k->code == NULL)
            assert_null(f->code);
        else if (f->code == NULL)
            fail_msg("%.60s has no code", k->definition);
        else
            assert_string_equal(f->code, k->code);
        bool same = f->kind == k->kind && f->datum == k->datum && fabs(unit / k->unit - 1) < 1e-14 && f->a == k->a &&
                    fabs(f->inverse_flattening - k->inverse_flattening) < 1e-9;
        if (!same)
            fail_msg("%.60s: kind %d, datum %d, unit %.17g, a %.17g, 1/f %.17g", k->definition, f->kind, f->datum, unit, f->a,
                     f->inverse_flattening);
        bool zone = z->known == k->zone.known && z->central_meridian == k->zone.central_meridian &&
                    fabs(z->false_easting - k->zone.false_easting) < 1e-6 && z->scale == k->zone.scale &&
                    z->width == k->zone.width && z->number == k->zone.number && z->prefix == k->zone.prefix;
        if (!zone)
            fail_msg("%.60s: zone cm %.17g fe %.17g k %g width %d number %d prefix %d", k->definition, z->central_meridian,
                     z->false_easting, z->scale, z->width, z->number, z->prefix);
        ph_crs_free(crs);
    }
}

static void what_is_no_crs_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "garbage", "EPSG:999999", "EPSG:4978", "LOCAL_CS[\"x\",UNIT[\"m\",1]]", "EPSG:5737"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ph_crs *crs = NULL;
        struct ph_error err = PH_ERROR_INIT;
        assert_int_equal(ph_crs_new(texts[i], &crs, &err), PH_E_CRS);
        assert_null(crs);
        assert_non_null(strstr(err.en, texts[i]));
        assert_non_null(strstr(err.zh, "--crs"));
    }
}

static void area_of_use_in_both_worlds(void **state)
{
    (void)state;
    static const char *const definitions[] = {"EPSG:4526",
                                              ESRI_GK("CGCS2000_3_Degree_GK_Zone_38", GCS_2000, "38500000.0", "114.0")};
    for (size_t i = 0; i < 2; i++) {
        struct ph_crs *crs = open_crs(definitions[i]);
        const struct ph_crs_facts *f = ph_crs_facts(crs);
        assert_true(f->area_of_use.min_x == 112.5 && f->area_of_use.max_x == 115.5);
        assert_true(f->area_of_use.min_y > 21 && f->area_of_use.max_y < 46);
        assert_in_range((uintmax_t)f->area_in_plane.min_x, 38340000, 38350000);
        assert_in_range((uintmax_t)f->area_in_plane.max_x, 38650000, 38660000);
        assert_in_range((uintmax_t)f->area_in_plane.min_y, 2300000, 2400000);
        assert_in_range((uintmax_t)f->area_in_plane.max_y, 5000000, 5100000);
        ph_crs_free(crs);
    }
    struct ph_crs *crs = open_crs(ESRI_GK("park", GCS_2000, "500000.0", "114.0"));
    assert_true(ph_crs_facts(crs)->area_of_use.min_x > ph_crs_facts(crs)->area_of_use.max_x);
    ph_crs_free(crs);
}

/* J1 of the example plot of the TXT format: 26.8801590791 N, 112.6001216313 E. */
static void easting_comes_first_whatever_the_axes(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        double x, y;
    } cases[] = {
        {"EPSG:4526", 38360887.0, 2975102.0},
        {"EPSG:4547", 360887.0, 2975102.0},
        {ESRI_GK("CGCS2000_3_Degree_GK_Zone_38", GCS_2000, "38500000.0", "114.0"), 38360887.0, 2975102.0},
        {"EPSG:4490", 112.6001216313, 26.8801590791},
        {GCS_2000, 112.6001216313, 26.8801590791},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ph_crs *crs = open_crs(cases[i].definition);
        struct ph_projector *projector = NULL;
        assert_int_equal(ph_projector_new(crs, &projector, NULL), PH_OK);
        struct ph_xy p = {cases[i].x, cases[i].y};
        ph_project_inverse(projector, &p, 1);
        assert_true(p.x * 180 / PI > 112.59 && p.x * 180 / PI < 112.61);
        assert_true(p.y * 180 / PI > 26.87 && p.y * 180 / PI < 26.89);
        ph_project_forward(projector, &p, 1);
        assert_true(fabs(p.x - cases[i].x) < 1e-6 && fabs(p.y - cases[i].y) < 1e-6);
        ph_projector_free(projector);
        ph_crs_free(crs);
    }
}

static void what_has_no_image_is_nan(void **state)
{
    (void)state;
    struct ph_crs *crs = open_crs("EPSG:4526");
    struct ph_projector *projector = NULL;
    assert_int_equal(ph_projector_new(crs, &projector, NULL), PH_OK);
    struct ph_xy points[3] = {{1e9, 1e9}, {38360887, 2975102}, {NAN, 0}};
    ph_project_inverse(projector, points, 3);
    assert_true(isnan(points[0].x) && isnan(points[0].y) && isnan(points[2].x) && isnan(points[2].y));
    assert_true(isfinite(points[1].x) && isfinite(points[1].y)); /* one failure does not spoil its neighbours */
    ph_projector_free(projector);
    ph_crs_free(crs);
}

struct suspect {
    const char *definition;
    struct ph_box extent;
    const char *code; /* NULL: nothing is said */
    enum ph_severity severity;
    const char *mentions; /* in both sentences, or NULL */
};

static const struct suspect suspects[] = {
    {"EPSG:4526", {38360000, 2970000, 38365000, 2975000}, NULL, PH_NOTE, NULL},
    {"EPSG:4547", {360000, 2970000, 365000, 2975000}, NULL, PH_NOTE, NULL},
    {"EPSG:4497", {19660000, 2970000, 19665000, 2975000}, NULL, PH_NOTE, NULL},
    {"EPSG:4490", {112.6, 26.8, 112.7, 26.9}, NULL, PH_NOTE, NULL},
    {"EPSG:4326", {112.6, 26.8, 112.7, 26.9}, NULL, PH_NOTE, NULL},
    {"EPSG:4326", {30, 26.8, 31, 80}, NULL, PH_NOTE, NULL},
    {"EPSG:3857", {12534000, 3100000, 12535000, 3101000}, NULL, PH_NOTE, NULL},
    {"EPSG:2229", {6480000, 1840000, 6490000, 1850000}, NULL, PH_NOTE, NULL},
    {"EPSG:2193", {1750000, 5900000, 2050000, 5950000}, NULL, PH_NOTE, NULL}, /* across 2 000 000 without a zone number */
    {"EPSG:2056", {2600000, 1200000, 2610000, 1210000}, NULL, PH_NOTE, NULL},
    {ESRI_GK("local", GCS_2000, "500000.0", "112.5"), {500000, 2970000, 512000, 2975000}, NULL, PH_NOTE, NULL},
    {"EPSG:4526", {1, 1, 0, 0}, NULL, PH_NOTE, NULL},
    {"EPSG:4526", {INFINITY, INFINITY, -INFINITY, -INFINITY}, NULL, PH_NOTE, NULL},
    /* zone numbers */
    {"EPSG:4525", {38360000, 2970000, 38365000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, "EPSG:4526"},
    {"EPSG:4547", {38360000, 2970000, 38365000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, "EPSG:4526"},
    {"EPSG:4526", {360000, 2970000, 365000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, "EPSG:4547"},
    {"EPSG:2362", {19660000, 2970000, 19665000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, "EPSG:2333"},
    {"EPSG:4497", {660000, 2970000, 665000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, "EPSG:4508"},
    {"EPSG:4526", {37660000, 2970000, 38365000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, NULL},
    {"EPSG:32649", {38360000, 2970000, 38365000, 2975000}, "crs.zone", PH_PROBLEM_ERROR, "EPSG:4526"},
    /* axes */
    {"EPSG:4526", {2970000, 38360000, 2975000, 38365000}, "crs.axes", PH_PROBLEM_ERROR, NULL},
    {"EPSG:4547", {2970000, 360000, 2975000, 365000}, "crs.axes", PH_PROBLEM_ERROR, NULL},
    {"EPSG:4490", {26.8, 112.6, 26.9, 112.7}, "crs.axes", PH_PROBLEM_ERROR, NULL},
    {"EPSG:4490", {40, 80, 41, 81}, "crs.axes", PH_PROBLEM_ERROR, NULL}, /* Xinjiang: latitudes stay below 90 */
    {"EPSG:4326", {26.8, 112.6, 26.9, 112.7}, "crs.axes", PH_PROBLEM_ERROR, NULL},
    {"EPSG:2154", {6800000, 600000, 6810000, 610000}, "crs.axes", PH_PROBLEM_ERROR, NULL},
    /* units */
    {"EPSG:4526", {112.6, 26.8, 112.7, 26.9}, "crs.units", PH_PROBLEM_ERROR, "EPSG:4490"},
    {"EPSG:4490", {38360000, 2970000, 38365000, 2975000}, "crs.units", PH_PROBLEM_ERROR, "EPSG:4526"},
    /* extent: the zone of 4526 begins at 112.5, about 351 km of easting at this latitude */
    {"EPSG:4526", {38345000, 2970000, 38355000, 2975000}, "crs.extent", PH_NOTE, NULL},
    {"EPSG:4526", {38900000, 2970000, 38905000, 2975000}, "crs.extent", PH_PROBLEM_ERROR, NULL},
    {"EPSG:4526", {38280000, 2970000, 38365000, 2975000}, "crs.extent", PH_PROBLEM_ERROR, NULL},
    {"EPSG:4526", {38500000, 6500000, 38500001, 6500001}, "crs.extent", PH_PROBLEM_ERROR, NULL}, /* latitude 58 */
    {"EPSG:4490", {12, 50, 13, 51}, "crs.extent", PH_PROBLEM_ERROR, NULL},
    {"EPSG:2229", {2034000, 1840000, 2035000, 1841000}, "crs.extent", PH_PROBLEM_ERROR, NULL},
};

static void suspicions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof suspects / sizeof *suspects; i++) {
        const struct suspect *s = &suspects[i];
        struct ph_crs *crs = open_crs(s->definition);
        struct ph_crs_suspicion found[4];
        size_t count = 99;
        assert_int_equal(ph_crs_suspicions(crs, s->extent, found, 4, &count, NULL), PH_OK);
        if ((s->code == NULL) != (count == 0)) fail_msg("case %zu: %zu suspicions, %s", i, count, count ? found[0].en : "");
        if (s->code != NULL) {
            if (strcmp(found[0].code, s->code) != 0 || found[0].severity != s->severity) fail_msg("case %zu: %s", i, found[0].en);
            bool mentioned = s->mentions == NULL || (strstr(found[0].zh, s->mentions) && strstr(found[0].en, s->mentions));
            if (!mentioned) fail_msg("case %zu: no %s in: %s", i, s->mentions, found[0].en);
            assert_true(strlen(found[0].zh) < PH_CRS_SENTENCE - 1 && strlen(found[0].en) < PH_CRS_SENTENCE - 1);
        }
        ph_crs_free(crs);
    }
}

static void suspect_boxes_one_by_one(void **state)
{
    (void)state;
    struct ph_crs *crs = open_crs("EPSG:4526");
    const struct ph_box boxes[] = {{38360000, 2970000, 38360100, 2970100},
                                   {38345000, 2970000, 38345100, 2970100}, /* a little over the seam: only a note */
                                   {38900000, 2970000, 38900100, 2970100},
                                   {360000, 2970000, 360100, 2970100},
                                   {INFINITY, INFINITY, -INFINITY, -INFINITY}};
    const bool expected[] = {false, false, true, true, false};
    bool found[5];
    assert_int_equal(ph_crs_suspect_boxes(crs, boxes, 5, found, NULL), PH_OK);
    assert_memory_equal(found, expected, sizeof found);
    ph_crs_free(crs);
}

static void guesses(void **state)
{
    (void)state;
    static const struct {
        struct ph_box extent;
        size_t count;
        const char *first, *mentions;
        bool swapped, certain;
    } cases[] = {
        {{38360000, 2970000, 38365000, 2975000}, 1, "EPSG:4526", "EPSG:2414", false, true},
        {{37660000, 2970000, 37665000, 2975000}, 1, "EPSG:4525", "EPSG:2361", false, true},
        {{19660000, 2970000, 19665000, 2975000}, 1, "EPSG:4497", "EPSG:21419", false, true},
        {{2970000, 38360000, 2975000, 38365000}, 1, "EPSG:4526", "EPSG:2362", true, true},
        {{25400000, 2970000, 25405000, 2975000}, 1, "EPSG:4513", NULL, false, true},
        {{45400000, 2970000, 45405000, 2975000}, 1, "EPSG:4533", NULL, false, true},
        {{360000, 2970000, 365000, 2975000}, 21, "EPSG:4534", "EPSG:2370", false, false},
        {{2970000, 360000, 2975000, 365000}, 21, "EPSG:4534", NULL, true, false},
        {{760000, 2970000, 765000, 2975000}, 11, "EPSG:4502", "EPSG:21473", false, false}, /* too far out for 3 degrees */
        {{112.6, 26.8, 112.7, 26.9}, 1, "EPSG:4490", "EPSG:4610", false, false},
        {{26.8, 112.6, 26.9, 112.7}, 1, "EPSG:4490", NULL, true, false},
        {{24360000, 2970000, 24365000, 2975000}, 0, NULL, NULL, false, false}, /* no such zone in China */
        {{0, 0, 100, 100}, 0, NULL, NULL, false, false},
        {{1, 1, 0, 0}, 0, NULL, NULL, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ph_crs_guess found[32];
        size_t count = ph_crs_guess(cases[i].extent, found, 32);
        assert_int_equal(count, cases[i].count);
        if (count == 0) continue;
        assert_string_equal(found[0].code, cases[i].first);
        assert_int_equal(found[0].swapped, cases[i].swapped);
        assert_int_equal(found[0].certain, cases[i].certain);
        if (cases[i].mentions != NULL)
            assert_true(strstr(found[0].zh, cases[i].mentions) && strstr(found[0].en, cases[i].mentions));
        assert_true(strlen(found[0].zh) < PH_CRS_SENTENCE - 1 && strlen(found[0].en) < PH_CRS_SENTENCE - 1);
        assert_int_equal(ph_crs_guess(cases[i].extent, found, 1), 1);
        assert_int_equal(ph_crs_guess(cases[i].extent, found, 0), 0);
    }
}

/* Every code of the three series is in PROJ's database the zone that it is taken for. */
static void zone_codes_of_china(void **state)
{
    (void)state;
    static const enum ph_datum datums[] = {PH_DATUM_CGCS2000, PH_DATUM_XIAN80, PH_DATUM_BEIJING54};
    static const struct {
        int width, first, last;
    } widths[] = {{3, 25, 45}, {6, 13, 23}};
    for (size_t d = 0; d < 3; d++)
        for (size_t w = 0; w < 2; w++)
            for (int number = widths[w].first; number <= widths[w].last; number++)
                for (int prefixed = 0; prefixed < 2; prefixed++) {
                    /* the two ends and the middle; all of CGCS2000's series with prefix */
                    bool often = number == widths[w].first || number == widths[w].last || number == 38 || number == 19;
                    if (!often && !(d == 0 && prefixed)) continue;
                    char code[32];
                    snprintf(code, sizeof code, "EPSG:%d", ph_china_epsg(datums[d], widths[w].width, number, prefixed));
                    struct ph_crs *crs = open_crs(code);
                    const struct ph_crs_facts *f = ph_crs_facts(crs);
                    assert_int_equal(f->datum, datums[d]);
                    assert_int_equal(f->zone.width, widths[w].width);
                    assert_int_equal(f->zone.number, number);
                    assert_int_equal(f->zone.prefix, prefixed ? number : 0);
                    ph_crs_free(crs);
                }
    assert_int_equal(ph_china_epsg(PH_DATUM_CGCS2000, 3, 24, true), 0);
    assert_int_equal(ph_china_epsg(PH_DATUM_CGCS2000, 6, 24, false), 0);
    assert_int_equal(ph_china_epsg(PH_DATUM_WGS84, 3, 38, true), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_of_a_definition),      cmocka_unit_test(what_is_no_crs_is_refused),
        cmocka_unit_test(area_of_use_in_both_worlds), cmocka_unit_test(easting_comes_first_whatever_the_axes),
        cmocka_unit_test(what_has_no_image_is_nan),   cmocka_unit_test(suspicions),
        cmocka_unit_test(suspect_boxes_one_by_one),   cmocka_unit_test(guesses),
        cmocka_unit_test(zone_codes_of_china),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
