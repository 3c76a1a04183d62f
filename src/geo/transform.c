#include "geo/transform.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/crs_proj.h"

#define LEGS 3
#define LISTED 8 /* operations named in a message */
#define LIST_BYTES 480

/* One operation of the way. in, out: what coordinates are multiplied by before and after it. */
struct leg {
    PJ *operation;
    PJ_DIRECTION direction;
    double in, out;
};

struct ph_transform {
    PJ_CONTEXT *context;
    struct leg legs[LEGS];
    size_t leg_count;
    struct ph_transform_facts facts;
};

/* ---- datums ---- */

static bool same_datum(const struct ph_crs_facts *a, const struct ph_crs_facts *b)
{
    if (a->datum != b->datum) return false;
    if (a->datum != PH_DATUM_OTHER) return true;
    return strstr(a->datum_name, "nknown") == NULL && strcmp(a->datum_name, b->datum_name) == 0;
}

/* No transformation between the two is published; they part by decimetres, as the continent drifts. */
static bool taken_as_one(const struct ph_crs_facts *a, const struct ph_crs_facts *b)
{
    return (a->datum == PH_DATUM_WGS84 && b->datum == PH_DATUM_CGCS2000) || (a->datum == PH_DATUM_CGCS2000 && b->datum == PH_DATUM_WGS84);
}

static bool joined(const struct ph_crs_facts *a, const struct ph_crs_facts *b)
{
    return same_datum(a, b) || taken_as_one(a, b);
}

bool ph_crs_same(const struct ph_crs *a, const struct ph_crs *b)
{
    const char *one = ph_crs_facts(a)->code, *other = ph_crs_facts(b)->code;
    if (one != NULL && other != NULL) return strcmp(one, other) == 0;
    if (strcmp(ph_crs_definition(a), ph_crs_definition(b)) == 0) return true;
    PJ_CONTEXT *context = ph_proj_context();
    if (context == NULL) return false;
    PJ *left = ph_proj_horizontal(context, ph_crs_definition(a)), *right = ph_proj_horizontal(context, ph_crs_definition(b));
    bool same = left != NULL && right != NULL && proj_is_equivalent_to_with_ctx(context, left, right, PJ_COMP_EQUIVALENT);
    proj_destroy(left);
    proj_destroy(right);
    proj_context_destroy(context);
    return same;
}

/* ---- which operations there are ---- */

/* Adds "EPSG:15921 Beijing 1954 to WGS 84 (4), 1 m (China - …)" for each between two datums. */
static void list_between(PJ_CONTEXT *context, const PJ *from, const PJ *to, char list[LIST_BYTES], size_t *count)
{
    PJ_OPERATION_FACTORY_CONTEXT *search = proj_create_operation_factory_context(context, NULL);
    if (search == NULL) return;
    proj_operation_factory_context_set_crs_extent_use(context, search, PJ_CRS_EXTENT_NONE);
    proj_operation_factory_context_set_allow_ballpark_transformations(context, search, 0);
    PJ_OBJ_LIST *found = proj_create_operations(context, from, to, search);
    for (int i = 0; found != NULL && i < proj_list_get_count(found) && *count < LISTED; i++) {
        PJ *operation = proj_list_get(context, found, i);
        const char *authority = proj_get_id_auth_name(operation, 0), *code = proj_get_id_code(operation, 0), *area = NULL;
        proj_get_area_of_use(context, operation, NULL, NULL, NULL, NULL, &area);
        size_t used = strlen(list);
        if (authority != NULL && code != NULL && used < LIST_BYTES - 120) {
            snprintf(list + used, LIST_BYTES - used, "%s%s:%s %.40s, %g m (%.60s)", *count > 0 ? "; " : "", authority, code,
                     proj_get_name(operation), proj_coordoperation_get_accuracy(context, operation), area != NULL ? area : "-");
            ++*count;
        }
        proj_destroy(operation);
    }
    proj_list_destroy(found);
    proj_operation_factory_context_destroy(search);
}

static PJ *geodetic_of(PJ_CONTEXT *context, const struct ph_crs *crs)
{
    PJ *horizontal = ph_proj_horizontal(context, ph_crs_definition(crs));
    PJ *geodetic = horizontal != NULL ? proj_crs_get_geodetic_crs(context, horizontal) : NULL;
    proj_destroy(horizontal);
    return geodetic;
}

static enum ph_status refuse(PJ_CONTEXT *context, const struct ph_crs *from, const struct ph_crs *to, struct ph_error *err)
{
    const struct ph_crs_facts *a = ph_crs_facts(from), *b = ph_crs_facts(to);
    char list[LIST_BYTES] = "";
    size_t count = 0;
    PJ *one = geodetic_of(context, from), *other = geodetic_of(context, to);
    if (one != NULL && other != NULL) list_between(context, one, other, list, &count);
    proj_destroy(other);
    /* What leads to the one of the two that are taken as one leads to the other. */
    other = b->datum == PH_DATUM_CGCS2000 ? proj_create(context, "EPSG:4326") : b->datum == PH_DATUM_WGS84 ? proj_create(context, "EPSG:4490") : NULL;
    if (one != NULL && other != NULL) list_between(context, one, other, list, &count);
    proj_destroy(one);
    proj_destroy(other);
    if (count > 0)
        return ph_fail(err, PH_E_CRS, "基准不同:%.60s 与 %.60s,不能直接换算。PROJ 知道的转换:%s。用 --transform 指定一项或一条 PROJ 管线,或先转换数据",
                       "the datums differ, %.60s and %.60s; coordinates cannot just be converted. PROJ knows %s. Name one, or a PROJ pipeline, with --transform",
                       a->datum_name, b->datum_name, list);
    return ph_fail(err, PH_E_CRS, "基准不同:%.100s 与 %.100s,不能直接换算;PROJ 不知道两者间任何公开的转换。向测绘部门取得参数,用 --transform 写成一条 PROJ 管线,或先转换数据",
                   "the datums differ, %.100s and %.100s; coordinates cannot just be converted, and PROJ knows no published transformation. "
                   "Give the survey's parameters as a PROJ pipeline with --transform, or transform the data first",
                   a->datum_name, b->datum_name);
}

/* ---- the way ---- */

/* Takes the operation over, with easting or longitude first. */
static bool add_leg(struct ph_transform *t, PJ *operation, PJ_DIRECTION direction)
{
    PJ *turned = operation != NULL ? proj_normalize_for_visualization(t->context, operation) : NULL;
    proj_destroy(operation);
    if (turned == NULL) return false;
    t->legs[t->leg_count++] = (struct leg){turned, direction, 1, 1};
    return true;
}

/* Where no operation is named for a change of datum there is none: the geographic coordinates are kept. */
static bool add_conversion(struct ph_transform *t, const PJ *from, const PJ *to)
{
    return from != NULL && to != NULL && add_leg(t, proj_create_crs_to_crs_from_pj(t->context, from, to, NULL, NULL), PJ_FWD);
}

static enum ph_status unusable(const struct ph_crs *from, const struct ph_crs *to, struct ph_error *err)
{
    return ph_fail(err, PH_E_LIBRARY, "PROJ 不能从“%s”换算到“%s”", "PROJ cannot convert from \"%s\" to \"%s\"", ph_crs_facts(from)->name,
                   ph_crs_facts(to)->name);
}

static enum ph_status convert(struct ph_transform *t, const struct ph_crs *from, const struct ph_crs *to, struct ph_error *err)
{
    PJ *a = ph_proj_horizontal(t->context, ph_crs_definition(from)), *b = ph_proj_horizontal(t->context, ph_crs_definition(to));
    bool made = add_conversion(t, a, b);
    proj_destroy(a);
    proj_destroy(b);
    if (!made) return unusable(from, to, err);
    t->facts.as_one = !same_datum(ph_crs_facts(from), ph_crs_facts(to));
    t->facts.accuracy = t->facts.as_one ? NAN : 0;
    snprintf(t->facts.steps, sizeof t->facts.steps, "%s", proj_pj_info(t->legs[0].operation).description);
    return PH_OK;
}

/* "EPSG:15921" from the database, else whatever PROJ takes for an operation; NULL when it is none. */
static PJ *open_operation(PJ_CONTEXT *context, const char *text)
{
    const char *colon = strchr(text, ':');
    size_t letters = 0, digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;
    while (isalpha((unsigned char)text[letters])) letters++;
    PJ *operation;
    if (digits > 0 && text + letters == colon && colon[1 + digits] == '\0') {
        char authority[32];
        snprintf(authority, sizeof authority, "%.*s", (int)letters, text);
        operation = proj_create_from_database(context, authority, colon + 1, PJ_CATEGORY_COORDINATE_OPERATION, 0, NULL);
    } else {
        operation = proj_create(context, text);
    }
    if (operation != NULL && proj_is_crs(operation)) {
        proj_destroy(operation);
        return NULL;
    }
    return operation;
}

/* What the coordinates of a CRS are multiplied by for an operation that wants radians, or degrees, or neither. */
static double angle(PJ *operation, PJ_DIRECTION direction, bool output, const struct ph_crs_facts *crs)
{
    if (crs->kind != PH_CRS_GEOGRAPHIC) return 1;
    if (output ? proj_angular_output(operation, direction) : proj_angular_input(operation, direction)) return crs->radians_per_unit;
    if (output ? proj_degree_output(operation, direction) : proj_degree_input(operation, direction)) return proj_todeg(crs->radians_per_unit);
    return 1;
}

/* A pipeline leads all the way; its CRSs are nowhere stated. */
static enum ph_status add_pipeline(struct ph_transform *t, PJ *operation, const char *text, const struct ph_crs *from, const struct ph_crs *to)
{
    t->legs[t->leg_count++] = (struct leg){operation, PJ_FWD, angle(operation, PJ_FWD, false, ph_crs_facts(from)),
                                           1 / angle(operation, PJ_FWD, true, ph_crs_facts(to))};
    snprintf(t->facts.steps, sizeof t->facts.steps, "%s", text);
    return PH_OK;
}

/* The CRS of an operation's end, as a thing of ours. */
static enum ph_status end_of(PJ_CONTEXT *context, const PJ *end, struct ph_crs **out, struct ph_error *err)
{
    const char *wkt = proj_as_wkt(context, end, PJ_WKT2_2019, NULL);
    return wkt != NULL ? ph_crs_new(wkt, out, err) : ph_fail_memory(err);
}

/* From the data's CRS to where the operation begins, the operation, and from its end on. */
static enum ph_status add_operation(struct ph_transform *t, PJ *operation, const char *text, const struct ph_crs *from, const struct ph_crs *to,
                                    struct ph_error *err)
{
    PJ *ends[2] = {proj_get_source_crs(t->context, operation), proj_get_target_crs(t->context, operation)};
    PJ *a = ph_proj_horizontal(t->context, ph_crs_definition(from)), *b = ph_proj_horizontal(t->context, ph_crs_definition(to));
    struct ph_crs *crs[2] = {NULL, NULL};
    enum ph_status status = end_of(t->context, ends[0], &crs[0], err);
    if (status == PH_OK) status = end_of(t->context, ends[1], &crs[1], err);
    if (status == PH_OK) {
        const struct ph_crs_facts *s = ph_crs_facts(from), *d = ph_crs_facts(to), *e[2] = {ph_crs_facts(crs[0]), ph_crs_facts(crs[1])};
        bool forth = joined(s, e[0]) && joined(e[1], d), back = !forth && joined(s, e[1]) && joined(e[0], d);
        t->facts.accuracy = proj_coordoperation_get_accuracy(t->context, operation);
        if (t->facts.accuracy < 0) t->facts.accuracy = NAN;
        t->facts.as_one = taken_as_one(s, e[back]) || taken_as_one(e[!back], d);
        snprintf(t->facts.steps, sizeof t->facts.steps, "%.80s %.300s%s", text, proj_get_name(operation), back ? " (inverse)" : "");
        if (!forth && !back)
            status = ph_fail(err, PH_E_USAGE, "转换 %.80s 是从 %.80s 到 %.80s,数据要从 %.80s 到 %.80s",
                             "operation %.80s leads from %.80s to %.80s, the data must go from %.80s to %.80s", text, e[0]->datum_name,
                             e[1]->datum_name, s->datum_name, d->datum_name);
        else if (!add_conversion(t, a, ends[back]) || !add_leg(t, proj_clone(t->context, operation), back ? PJ_INV : PJ_FWD) ||
                 !add_conversion(t, ends[!back], b))
            status = unusable(from, to, err);
    }
    ph_crs_free(crs[0]);
    ph_crs_free(crs[1]);
    proj_destroy(ends[0]);
    proj_destroy(ends[1]);
    proj_destroy(a);
    proj_destroy(b);
    return status;
}

static enum ph_status use_operation(struct ph_transform *t, const char *text, const struct ph_crs *from, const struct ph_crs *to,
                                    struct ph_error *err)
{
    PJ *operation = open_operation(t->context, text);
    if (operation == NULL)
        return ph_fail(err, PH_E_USAGE, "不是坐标转换:“%.300s”;应为 EPSG:15921 这样的代码或一条 PROJ 管线",
                       "no coordinate operation: '%.300s'; give a code such as EPSG:15921 or a PROJ pipeline", text);
    t->facts.accuracy = NAN;
    PJ *source = proj_get_source_crs(t->context, operation);
    bool pipeline = source == NULL;
    proj_destroy(source);
    if (pipeline) return add_pipeline(t, operation, text, from, to);
    enum ph_status status = add_operation(t, operation, text, from, to, err);
    proj_destroy(operation);
    return status;
}

enum ph_status ph_transform_new(const struct ph_crs *from, const struct ph_crs *to, const char *operation, struct ph_transform **out,
                                struct ph_error *err)
{
    *out = NULL;
    struct ph_transform *t = calloc(1, sizeof *t);
    if (t == NULL) return ph_fail_memory(err);
    t->context = ph_proj_context();
    enum ph_status status;
    if (t->context == NULL)
        status = ph_fail_memory(err);
    else if (same_datum(ph_crs_facts(from), ph_crs_facts(to)) || (operation == NULL && joined(ph_crs_facts(from), ph_crs_facts(to))))
        status = convert(t, from, to, err);
    else
        status = operation != NULL ? use_operation(t, operation, from, to, err) : refuse(t->context, from, to, err);
    if (status != PH_OK) {
        ph_transform_free(t);
        return status;
    }
    *out = t;
    return PH_OK;
}

const struct ph_transform_facts *ph_transform_facts(const struct ph_transform *transform)
{
    return &transform->facts;
}

/* ---- going it ---- */

static void scale(struct ph_xy *points, size_t count, double factor)
{
    for (size_t i = 0; factor != 1 && i < count; i++) {
        points[i].x *= factor;
        points[i].y *= factor;
    }
}

void ph_transform_points(struct ph_transform *t, struct ph_xy *points, size_t count)
{
    if (count == 0) return;
    for (size_t i = 0; i < t->leg_count; i++) {
        const struct leg *leg = &t->legs[i];
        scale(points, count, leg->in);
        proj_errno_reset(leg->operation);
        proj_trans_generic(leg->operation, leg->direction, &points->x, sizeof *points, count, &points->y, sizeof *points, count, NULL, 0,
                           0, NULL, 0, 0);
        scale(points, count, leg->out);
    }
    for (size_t i = 0; i < count; i++)
        if (!isfinite(points[i].x) || !isfinite(points[i].y)) points[i].x = points[i].y = NAN;
}

enum ph_status ph_transform_shapes(struct ph_transform *t, struct ph_shapes *shapes, bool *lost, struct ph_error *err)
{
    ph_transform_points(t, shapes->points, shapes->point_count);
    struct ph_shapes moved = {0};
    enum ph_status status = PH_OK;
    for (size_t i = 0; status == PH_OK && i < shapes->shape_count; i++) {
        size_t to = ph_first_point(shapes, ph_first_ring(shapes, shapes->shape_end[i]));
        for (size_t p = ph_first_point(shapes, ph_first_ring(shapes, ph_first_part(shapes, i))); p < to; p++)
            lost[i] |= isnan(shapes->points[p].x);
        status = lost[i] ? ph_shapes_end_shape(&moved, err) : ph_shape_copy(shapes, i, &moved, err);
    }
    if (status != PH_OK) {
        ph_shapes_dispose(&moved);
        return status;
    }
    ph_shapes_dispose(shapes);
    *shapes = moved;
    return PH_OK;
}

void ph_transform_free(struct ph_transform *t)
{
    if (t == NULL) return;
    for (size_t i = 0; i < t->leg_count; i++) proj_destroy(t->legs[i].operation);
    if (t->context != NULL) proj_context_destroy(t->context);
    free(t);
}
