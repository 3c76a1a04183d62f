#include "geo/crs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/crs_proj.h"

static const double degree = 0.017453292519943295769;

struct ph_crs {
    char *definition;
    struct ph_crs_facts facts;
    char name[256];
    char code[64];
    char datum_name[256];
};

struct ph_projector {
    PJ_CONTEXT *context;
    PJ *inverse;
    double radians_per_unit; /* of the longitude and latitude that PROJ gives */
};

static enum ph_status fail_definition(struct ph_error *err, const char *definition)
{
    return ph_fail(err, PH_E_CRS, "无法识别的坐标系:%.200s。请用 --crs 指定,例如 --crs EPSG:4526",
                   "not a coordinate reference system: %.200s. Give one with --crs, e.g. --crs EPSG:4526", definition);
}

PJ_CONTEXT *ph_proj_context(void)
{
    PJ_CONTEXT *context = proj_context_create();
    if (context != NULL) proj_log_level(context, PJ_LOG_NONE);
    return context;
}

PJ *ph_proj_horizontal(PJ_CONTEXT *context, const char *definition)
{
    PJ *crs = proj_create(context, definition);
    for (int depth = 0; crs != NULL && depth < 4; depth++) {
        PJ_TYPE type = proj_get_type(crs);
        PJ *inner;
        if (type == PJ_TYPE_COMPOUND_CRS)
            inner = proj_crs_get_sub_crs(context, crs, 0);
        else if (type == PJ_TYPE_BOUND_CRS)
            inner = proj_get_source_crs(context, crs);
        else if (type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS)
            return crs;
        else
            inner = NULL;
        proj_destroy(crs);
        crs = inner;
    }
    proj_destroy(crs);
    return NULL;
}

double ph_proj_unit(PJ_CONTEXT *context, const PJ *crs)
{
    double factor = NAN;
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    if (system != NULL && !proj_cs_get_axis_info(context, system, 0, NULL, NULL, NULL, &factor, NULL, NULL, NULL)) factor = NAN;
    proj_destroy(system);
    return factor;
}

static void read_ellipsoid(PJ_CONTEXT *context, const PJ *crs, struct ph_crs_facts *facts)
{
    PJ *ellipsoid = proj_get_ellipsoid(context, crs);
    if (ellipsoid == NULL ||
        !proj_ellipsoid_get_parameters(context, ellipsoid, &facts->a, NULL, NULL, &facts->inverse_flattening))
        facts->a = NAN;
    proj_destroy(ellipsoid);
}

static enum ph_datum datum_family(const char *name)
{
    static const struct {
        const char *part;
        enum ph_datum datum;
    } families[] = {
        {"New Beijing", PH_DATUM_OTHER}, /* 1982, its own ellipsoid fit; must stand before Beijing */
        {"New_Beijing", PH_DATUM_OTHER},
        {"China 2000", PH_DATUM_CGCS2000},
        {"China_2000", PH_DATUM_CGCS2000},
        {"CGCS2000", PH_DATUM_CGCS2000},
        {"CGCS_2000", PH_DATUM_CGCS2000},
        {"China Geodetic Coordinate System 2000", PH_DATUM_CGCS2000},
        {"China_Geodetic_Coordinate_System_2000", PH_DATUM_CGCS2000},
        {"Xian", PH_DATUM_XIAN80},
        {"Xi'an", PH_DATUM_XIAN80},
        {"Beijing", PH_DATUM_BEIJING54},
        {"World Geodetic System 1984", PH_DATUM_WGS84},
        {"WGS 84", PH_DATUM_WGS84},
        {"WGS84", PH_DATUM_WGS84},
        {"WGS_1984", PH_DATUM_WGS84},
    };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strstr(name, families[i].part) != NULL) return families[i].datum;
    return PH_DATUM_OTHER;
}

static void read_datum(PJ_CONTEXT *context, const PJ *crs, struct ph_crs *out)
{
    PJ *geodetic = proj_crs_get_geodetic_crs(context, crs);
    PJ *datum = geodetic != NULL ? proj_crs_get_datum_forced(context, geodetic) : NULL;
    if (datum != NULL) snprintf(out->datum_name, sizeof out->datum_name, "%s", proj_get_name(datum));
    out->facts.datum = datum_family(out->datum_name);
    if (out->facts.datum == PH_DATUM_OTHER && strstr(out->datum_name, "nknown") != NULL && geodetic != NULL)
        out->facts.datum = datum_family(proj_get_name(geodetic));
    proj_destroy(datum);
    proj_destroy(geodetic);
}

static void read_area(PJ_CONTEXT *context, const PJ *crs, struct ph_crs_facts *facts)
{
    double west, south, east, north;
    if (!proj_get_area_of_use(context, crs, &west, &south, &east, &north, NULL)) return;
    if (west <= -1000) return; /* PROJ's mark for unknown */
    if (east < west) east += 360;
    facts->area_of_use = (struct ph_box){west, south, east, north};
}

/* PROJ knows the area of use only of a CRS that it looks up, so an ESRI .prj gets it through its code. */
static void identify(PJ_CONTEXT *context, const PJ *crs, struct ph_crs *out)
{
    read_area(context, crs, &out->facts);
    int *confidence = NULL;
    PJ_OBJ_LIST *found = proj_identify(context, crs, NULL, NULL, &confidence);
    for (int i = 0; found != NULL && i < proj_list_get_count(found); i++) {
        if (confidence[i] != 100) continue;
        PJ *known = proj_list_get(context, found, i);
        const char *authority = known != NULL ? proj_get_id_auth_name(known, 0) : NULL;
        const char *code = known != NULL ? proj_get_id_code(known, 0) : NULL;
        if (authority != NULL && code != NULL) {
            snprintf(out->code, sizeof out->code, "%s:%s", authority, code);
            out->facts.code = out->code;
            if (out->facts.area_of_use.min_x > out->facts.area_of_use.max_x) read_area(context, known, &out->facts);
        }
        proj_destroy(known);
        if (out->facts.code != NULL) break;
    }
    proj_int_list_destroy(confidence);
    proj_list_destroy(found);
}

static double parameter(PJ_CONTEXT *context, const PJ *operation, const char *name)
{
    int index = proj_coordoperation_get_param_index(context, operation, name);
    double value = 0, factor = 1;
    if (index < 0 || !proj_coordoperation_get_param(context, operation, index, NULL, NULL, NULL, &value, NULL, &factor, NULL,
                                                    NULL, NULL, NULL))
        return NAN;
    return value * factor;
}

/* 3 or 6, from the numbers where they tell, else from the name, else from the area of use; 0 when nothing does. */
static int zone_width(const struct ph_crs_facts *facts, const struct ph_crs_zone *zone)
{
    double cm = zone->central_meridian;
    if (fabs(zone->scale - 0.9996) < 1e-9 && zone->false_easting == 500000 && fmod(cm + 183, 6) == 0) return 6; /* UTM */
    if (zone->prefix > 0 && fabs(cm - 3.0 * zone->prefix) < 1e-9) return 3;
    if (zone->prefix > 0 && fabs(cm - (6.0 * zone->prefix - 3.0)) < 1e-9) return 6;
    if (strstr(facts->name, "3-degree") != NULL || strstr(facts->name, "3_Degree") != NULL) return 3;
    double span = facts->area_of_use.max_x - facts->area_of_use.min_x;
    bool symmetric = fabs(facts->area_of_use.max_x + facts->area_of_use.min_x - 2 * cm) < 0.1;
    if (symmetric && fabs(span - 3) < 0.1) return 3;
    if (symmetric && fabs(span - 6) < 0.1) return 6;
    /* EPSG leaves the width out of the names of its 6-degree zones: "CGCS2000 / Gauss-Kruger CM 111E". */
    if (facts->code != NULL && strstr(facts->name, " / Gauss-Kruger ") != NULL) return 6;
    if (strstr(facts->name, "6-degree") != NULL || strstr(facts->name, "6_Degree") != NULL) return 6;
    return 0;
}

static void read_zone(PJ_CONTEXT *context, const PJ *crs, struct ph_crs_facts *facts)
{
    PJ *operation = proj_crs_get_coordoperation(context, crs);
    const char *method = NULL;
    if (operation != NULL && proj_coordoperation_get_method_info(context, operation, &method, NULL, NULL) && method != NULL &&
        strncmp(method, "Transverse Mercator", strlen("Transverse Mercator")) == 0) {
        struct ph_crs_zone *zone = &facts->zone;
        zone->central_meridian = parameter(context, operation, "Longitude of natural origin") / degree;
        zone->false_easting = parameter(context, operation, "False easting");
        zone->scale = parameter(context, operation, "Scale factor at natural origin");
        facts->from_equator = parameter(context, operation, "False northing") == 0 && parameter(context, operation, "Latitude of natural origin") == 0;
        zone->known = isfinite(zone->central_meridian) && isfinite(zone->false_easting) && isfinite(zone->scale);
        if (!zone->known) {
            *zone = (struct ph_crs_zone){0};
        } else {
            /* radians and back leave 113.99999999999999 */
            zone->central_meridian = round(zone->central_meridian * 1e9) / 1e9;
            double millions = floor(zone->false_easting / 1e6);
            bool zoned = fabs(zone->false_easting - millions * 1e6 - 500000) < 1e-3; /* New Zealand's 1 600 000 is no prefix */
            if (zoned && millions >= 1 && millions <= 120) zone->prefix = (int)millions;
            zone->width = zone_width(facts, zone);
            double number = zone->width == 3 ? zone->central_meridian / 3 : (zone->central_meridian + 3) / 6;
            if (zone->width != 0 && fabs(number - round(number)) < 1e-9) zone->number = (int)round(number);
        }
    }
    proj_destroy(operation);
}

/* The box in the plane round the area of use: its outline, 21 points a side, is enough for a plausibility check. */
static enum ph_status project_area(struct ph_crs *crs, struct ph_error *err)
{
    struct ph_box area = crs->facts.area_of_use;
    if (area.min_x > area.max_x) return PH_OK;
    enum { STEPS = 20 };
    struct ph_xy outline[4 * (STEPS + 1)];
    for (int i = 0; i <= STEPS; i++) {
        double x = area.min_x + (area.max_x - area.min_x) * i / STEPS, y = area.min_y + (area.max_y - area.min_y) * i / STEPS;
        outline[4 * i] = (struct ph_xy){x * degree, area.min_y * degree};
        outline[4 * i + 1] = (struct ph_xy){x * degree, area.max_y * degree};
        outline[4 * i + 2] = (struct ph_xy){area.min_x * degree, y * degree};
        outline[4 * i + 3] = (struct ph_xy){area.max_x * degree, y * degree};
    }
    struct ph_projector *projector = NULL;
    PH_TRY(ph_projector_new(crs, &projector, err));
    ph_project_forward(projector, outline, sizeof outline / sizeof *outline);
    ph_projector_free(projector);
    struct ph_box plane = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof outline / sizeof *outline; i++) {
        plane.min_x = fmin(plane.min_x, outline[i].x);
        plane.min_y = fmin(plane.min_y, outline[i].y);
        plane.max_x = fmax(plane.max_x, outline[i].x);
        plane.max_y = fmax(plane.max_y, outline[i].y);
    }
    crs->facts.area_in_plane = plane;
    return PH_OK;
}

static enum ph_status describe(struct ph_crs *crs, struct ph_error *err)
{
    struct ph_crs_facts *facts = &crs->facts;
    struct ph_box nowhere = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    facts->area_of_use = facts->area_in_plane = nowhere;
    facts->name = crs->name;
    facts->datum_name = crs->datum_name;
    facts->metres_per_unit = facts->radians_per_unit = NAN;
    PJ_CONTEXT *context = ph_proj_context();
    if (context == NULL) return ph_fail_memory(err);
    PJ *pj = ph_proj_horizontal(context, crs->definition);
    if (pj == NULL) {
        proj_context_destroy(context);
        return fail_definition(err, crs->definition);
    }
    snprintf(crs->name, sizeof crs->name, "%s", proj_get_name(pj));
    facts->kind = proj_get_type(pj) == PJ_TYPE_PROJECTED_CRS ? PH_CRS_PROJECTED : PH_CRS_GEOGRAPHIC;
    double unit = ph_proj_unit(context, pj);
    if (facts->kind == PH_CRS_PROJECTED)
        facts->metres_per_unit = unit;
    else
        facts->radians_per_unit = unit;
    read_ellipsoid(context, pj, facts);
    read_datum(context, pj, crs);
    identify(context, pj, crs);
    if (facts->kind == PH_CRS_PROJECTED) read_zone(context, pj, facts);
    proj_destroy(pj);
    proj_context_destroy(context);
    if (!(unit > 0) || !(facts->a > 0)) return fail_definition(err, crs->definition);
    return project_area(crs, err);
}

enum ph_status ph_crs_new(const char *definition, struct ph_crs **out, struct ph_error *err)
{
    *out = NULL;
    if (strncmp(definition, "\xEF\xBB\xBF", 3) == 0) definition += 3;
    struct ph_crs *crs = calloc(1, sizeof *crs);
    size_t size = strlen(definition) + 1;
    char *copy = malloc(size);
    if (crs == NULL || copy == NULL) {
        free(crs);
        free(copy);
        return ph_fail_memory(err);
    }
    memcpy(copy, definition, size);
    crs->definition = copy;
    enum ph_status status = describe(crs, err);
    if (status != PH_OK) {
        ph_crs_free(crs);
        return status;
    }
    *out = crs;
    return PH_OK;
}

const struct ph_crs_facts *ph_crs_facts(const struct ph_crs *crs)
{
    return &crs->facts;
}

const char *ph_crs_definition(const struct ph_crs *crs)
{
    return crs->definition;
}

void ph_crs_free(struct ph_crs *crs)
{
    if (crs == NULL) return;
    free(crs->definition);
    free(crs);
}

/* The conversion from the CRS to the geodetic CRS it is built on, both with easting or longitude first. */
static bool open_inverse(struct ph_projector *projector, const char *definition)
{
    PJ_CONTEXT *context = projector->context;
    PJ *crs = ph_proj_horizontal(context, definition);
    PJ *geodetic = crs != NULL ? proj_crs_get_geodetic_crs(context, crs) : NULL;
    PJ *stated = geodetic != NULL ? proj_create_crs_to_crs_from_pj(context, crs, geodetic, NULL, NULL) : NULL;
    if (stated != NULL) {
        projector->inverse = proj_normalize_for_visualization(context, stated);
        projector->radians_per_unit = ph_proj_unit(context, geodetic);
    }
    proj_destroy(stated);
    proj_destroy(geodetic);
    proj_destroy(crs);
    return projector->inverse != NULL && projector->radians_per_unit > 0;
}

enum ph_status ph_projector_new(const struct ph_crs *crs, struct ph_projector **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_projector *projector = calloc(1, sizeof *projector);
    if (projector == NULL) return ph_fail_memory(err);
    projector->context = ph_proj_context();
    if (projector->context == NULL || !open_inverse(projector, crs->definition)) {
        ph_projector_free(projector);
        return ph_fail(err, PH_E_LIBRARY, "PROJ 不能换算坐标系“%s”的坐标", "PROJ cannot convert coordinates of \"%s\"",
                       crs->facts.name);
    }
    *out = projector;
    return PH_OK;
}

static void transform(struct ph_projector *projector, PJ_DIRECTION direction, struct ph_xy *points, size_t count)
{
    if (count == 0) return;
    proj_errno_reset(projector->inverse);
    proj_trans_generic(projector->inverse, direction, &points->x, sizeof *points, count, &points->y, sizeof *points, count, NULL,
                       0, 0, NULL, 0, 0);
}

void ph_project_inverse(struct ph_projector *projector, struct ph_xy *points, size_t count)
{
    transform(projector, PJ_FWD, points, count);
    for (size_t i = 0; i < count; i++) {
        bool fine = isfinite(points[i].x) && isfinite(points[i].y);
        points[i].x = fine ? points[i].x * projector->radians_per_unit : NAN;
        points[i].y = fine ? points[i].y * projector->radians_per_unit : NAN;
    }
}

void ph_project_forward(struct ph_projector *projector, struct ph_xy *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        points[i].x /= projector->radians_per_unit;
        points[i].y /= projector->radians_per_unit;
    }
    transform(projector, PJ_INV, points, count);
    for (size_t i = 0; i < count; i++) {
        if (isfinite(points[i].x) && isfinite(points[i].y)) continue;
        points[i].x = points[i].y = NAN;
    }
}

void ph_projector_free(struct ph_projector *projector)
{
    if (projector == NULL) return;
    proj_destroy(projector->inverse);
    proj_context_destroy(projector->context);
    free(projector);
}
