#include "audit/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/progress.h"
#include "geo/crs_check.h"
#include "geo/surface.h"

#define GAP_M2 1.0       /* a difference is reported beyond either */
#define GAP_SHARE 0.001
#define UNIT_NEAR 0.05   /* a unit fits a parcel when registered/measured is this near 1 */
#define UNIT_SHARE 0.9   /* and fits the layer when it fits this share of the parcels */
#define UNIT_PARCELS 3

static const struct ph_problem_kind unit_inferred = {
    PH_WARNING, "unit.inferred", "请核对;可用 --map registered_m2=源字段:单位 写明", "check it; --map registered_m2=SOURCE:unit settles it"};
static const struct ph_problem_kind unit_unknown = {
    PH_PROBLEM_ERROR, "unit.unknown", "用 --map registered_m2=源字段:单位 写明", "say it with --map registered_m2=SOURCE:unit"};
static const struct ph_problem_kind mismatch = {
    PH_WARNING, "area.mismatch", "核对登记面积与界址", "check the registered area and the boundary"};
static const struct ph_problem_kind negative = {
    PH_PROBLEM_ERROR, "area.negative", "改正登记面积", "correct the registered area"};
static const struct ph_problem_kind zero = {
    PH_WARNING, "area.zero", "补上登记面积", "fill in the registered area"};
static const struct ph_problem_kind unreached = {
    PH_PROBLEM_ERROR, "area.unreached", "坐标超出坐标系的有效范围", "the coordinates lie beyond what the CRS can reach"};

static enum ph_status no_crs(const char *source, struct ph_box extent, struct ph_error *err)
{
    struct ph_crs_guess guesses[24];
    size_t count = ph_crs_guess(extent, guesses, sizeof guesses / sizeof *guesses);
    char codes[24 * 18] = "";
    for (size_t i = 0; i < count && i < 6; i++) {
        size_t used = strlen(codes);
        snprintf(codes + used, sizeof codes - used, "%s%.15s", i ? ", " : "", guesses[i].code);
    }
    if (extent.min_x > extent.max_x)
        ph_fail(err, PH_E_CRS, "没有写明坐标系(.prj 或文件头),也没有图形可看;请用 --crs 指定", "there is no CRS (in a .prj or the head of the file), nor any shape to judge by; say which with --crs");
    else if (count)
        ph_fail(err, PH_E_CRS, "没有写明坐标系(.prj 或文件头);按坐标看可能是 %s%s。%s。请用 --crs 指定,例如 --crs %s",
                "there is no CRS (in a .prj or the head of the file); from the coordinates it may be %s%s. %s. Say which with --crs, for example --crs %s", codes,
                count > 6 ? " …" : "", guesses[0].zh, guesses[0].code);
    else
        ph_fail(err, PH_E_CRS, "没有写明坐标系(.prj 或文件头),坐标也不像中国境内的任何一带;请用 --crs 指定%s",
                "there is no CRS (in a .prj or the head of the file), and the coordinates fit no zone of China; say which with --crs%s", "");
    if (err && count)
        snprintf(err->en, sizeof err->en, "there is no CRS (in a .prj or the head of the file); from the coordinates it may be %.200s. %.380s. Say which with --crs, for example --crs %s",
                 codes, guesses[0].en, guesses[0].code);
    ph_at_file(err, source);
    return PH_E_CRS;
}

static enum ph_status settle_crs(struct ph_parcels *p, struct ph_problems *problems, struct ph_error *err)
{
    const char *asked = p->parts[0].asked.crs;
    const struct ph_source_facts *facts = ph_parcels_facts(p);
    struct ph_box extent = ph_shapes_extent(&p->t.layer.shapes);
    if (asked == NULL && facts->wkt == NULL) return no_crs(facts->path, extent, err);
    enum ph_status status = ph_crs_new(asked ? asked : facts->wkt, &p->crs, err);
    if (status == PH_E_CRS && asked) {
        if (err) err->status = PH_E_USAGE;
        return PH_E_USAGE;
    }
    PH_TRY(status);
    struct ph_crs_suspicion suspicion;
    size_t count;
    PH_TRY(ph_crs_suspicions(p->crs, extent, &suspicion, 1, &count, err));
    if (count == 0) return PH_OK;
    struct ph_problem_kind kind = {suspicion.severity, suspicion.code, "核对坐标系;用 --crs 指定正确的坐标系",
                                   "check the CRS; --crs states the right one"};
    PH_TRY(ph_problem_add_text(problems, &kind, facts->path, -1, suspicion.zh, suspicion.en, err));
    size_t rows = ph_parcel_count(p);
    bool *suspects = calloc(rows + 1, sizeof *suspects);
    if (suspects == NULL) return ph_fail_memory(err);
    status = ph_crs_suspect_boxes(p->crs, p->t.layer.shapes.boxes, rows, suspects, err);
    for (size_t i = 0; i < rows; i++) p->checks[i].crs_suspect = suspects[i];
    free(suspects);
    return status;
}

static enum ph_status settle_method(struct ph_parcels *p, const struct ph_audit_request *q, struct ph_error *err)
{
    if (q->area_method == PH_METHOD_SURVEY) return ph_survey_init(p->crs, q->densify >= 0 ? q->densify : PH_SURVEY_DENSIFY_M, &p->survey, err);
    if (q->densify >= 0)
        return ph_fail(err, PH_E_USAGE, "densify 只与 area-method survey 同用", "densify goes with area-method survey only");
    return PH_OK;
}

enum ph_status ph_measure_shapes(const struct ph_parcels *p, const struct ph_shapes *shapes, size_t from, size_t to, double *plane_m2,
                                 double *ellipsoid_m2, struct ph_error *err)
{
    PH_TRY(ph_surface_measure(p->surface, shapes, from, to, plane_m2, ellipsoid_m2, NULL, err));
    for (size_t i = from; p->survey.ellipsoid && i < to; i++)
        if (!isnan(ellipsoid_m2[i - from])) ellipsoid_m2[i - from] = ph_survey_area(&p->survey, shapes, i);
    return PH_OK;
}

static enum ph_status measure_all(struct ph_parcels *p, const struct ph_progress *progress, struct ph_problems *problems, struct ph_error *err)
{
    enum { CHUNK = 4096 };
    const struct ph_shapes *shapes = &p->t.layer.shapes;
    PH_TRY(ph_surface_new(p->crs, shapes->boxes, shapes->shape_count, &p->surface, err));
    enum ph_status status = PH_OK;
    static const size_t chunk = CHUNK;
    double plane[CHUNK], ellipsoid[CHUNK];
    for (size_t from = 0; status == PH_OK && from < shapes->shape_count; from += chunk) {
        size_t to = from + chunk < shapes->shape_count ? from + chunk : shapes->shape_count;
        status = ph_measure_shapes(p, shapes, from, to, plane, ellipsoid, err);
        for (size_t i = from; status == PH_OK && i < to; i++) {
            struct ph_areas *a = &p->areas[i];
            bool empty = ph_first_part(shapes, i) == shapes->shape_end[i];
            a->ellipsoid_m2 = empty ? NAN : ellipsoid[i - from];
            a->plane_m2 = empty ? NAN : plane[i - from];
            a->ellipsoid_dm2 = ph_dm2_from_m2(a->ellipsoid_m2);
            if (!empty && isnan(a->ellipsoid_m2))
                status = ph_problem_add(problems, &unreached, ph_parcels_facts(p)->path, p->t.layer.fids[i], err, "椭球面积无法计算",
                                        "the ellipsoidal area cannot be measured");
        }
        if (status == PH_OK) status = ph_progress_tell(progress, PH_STAGE_MEASURE, (double)to / (double)shapes->shape_count, err);
    }
    return status;
}

/* Registered areas whose unit is stated nowhere: the unit that makes nearly all agree with the measured ones, or none. */
static enum ph_status settle_unit(struct ph_parcels *p, struct ph_problems *problems, struct ph_error *err)
{
    static const struct {
        const char *name;
        struct ph_factor factor;
    } units[] = {{"㎡", {1, 1}}, {"亩", {2000, 3}}, {"公顷", {10000, 1}}};
    double *registered = p->t.layer.table.columns[p->t.column_of[PH_REGISTERED_M2]].real;
    const char *name = p->t.layer.table.columns[p->t.column_of[PH_REGISTERED_M2]].name, *source = ph_parcels_facts(p)->path;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t known = 0, near = 0;
        for (size_t i = 0; i < ph_parcel_count(p); i++) {
            double ratio = ph_factor_apply(units[u].factor, registered[i]) / p->areas[i].ellipsoid_m2;
            if (!isfinite(ratio)) continue;
            known++;
            near += fabs(ratio - 1) <= UNIT_NEAR;
        }
        if (known < UNIT_PARCELS || (double)near < UNIT_SHARE * (double)known) continue;
        for (size_t i = 0; i < ph_parcel_count(p); i++) registered[i] = ph_factor_apply(units[u].factor, registered[i]);
        return ph_problem_add(problems, &unit_inferred, source, -1, err,
                              "列 %s(登记面积)未写单位;%zu 宗中 %zu 宗按 %s 与图形面积相符(5%% 以内),按 %s 处理",
                              "column %s (registered area) states no unit; of %zu parcels %zu agree with the measured area within 5 %% as %s, taken as %s",
                              name, known, near, units[u].name, units[u].name);
    }
    /* The numbers stay in the output under their own name. */
    p->t.carried[p->t.carried_count++] = p->registered_source;
    p->t.column_of[PH_REGISTERED_M2] = SIZE_MAX;
    return ph_problem_add(problems, &unit_unknown, source, -1, err, "列 %s(登记面积)未写单位,与图形面积比也定不下来,未采用,原样带出",
                          "column %s (registered area) states no unit and comparing with the measured areas does not settle it; not used, carried over",
                          name);
}

/* A registered area of 0 is a blank that a DBF writer filled in; a negative one is a mistake. Both are unknown, for the rules
 * and the output too. */
static enum ph_status drop_non_areas(struct ph_parcels *p, struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_column *registered = ph_field_column(&p->t, PH_REGISTERED_M2);
    const char *source = ph_parcels_facts(p)->path;
    size_t zeros = 0;
    for (size_t i = 0; registered && i < ph_parcel_count(p); i++) {
        double value = registered->real[i];
        if (isnan(value) || value > 0) continue;
        registered->real[i] = NAN;
        zeros += value == 0;
        if (value == 0) continue;
        char text[40];
        ph_number_print(text, sizeof text, value);
        PH_TRY(ph_problem_add(problems, &negative, source, p->t.layer.fids[i], err, "登记面积为负:%s,按未知处理",
                              "the registered area is negative: %s; taken as unknown", text));
    }
    if (zeros == 0) return PH_OK;
    return ph_problem_add(problems, &zero, source, -1, err, "%zu 宗的登记面积为 0,按未填处理", "the registered area of %zu parcels is 0; taken as not filled in",
                          zeros);
}

static void adopt(struct ph_areas *a, double registered, enum ph_area_basis wanted)
{
    a->adopted_dm2 = INT64_MIN;
    bool known = !isnan(registered);
    if (wanted == PH_BASIS_UNSET || wanted == PH_BASIS_AUTO) wanted = known ? PH_BASIS_REGISTERED : PH_BASIS_ELLIPSOID;
    if (wanted == PH_BASIS_REGISTERED) a->adopted_dm2 = ph_dm2_from_m2(registered);
    if (wanted == PH_BASIS_ELLIPSOID) a->adopted_dm2 = a->ellipsoid_dm2;
    if (wanted == PH_BASIS_PLANE) a->adopted_dm2 = ph_dm2_from_m2(a->plane_m2);
    a->basis = a->adopted_dm2 == INT64_MIN ? PH_BASIS_UNSET : wanted;
}

/* The differences; true when they go beyond what the projection and rounding explain. */
static bool compare(struct ph_areas *a, double registered)
{
    a->diff_m2 = registered - a->ellipsoid_m2;
    a->diff_ppm = a->ellipsoid_m2 > 0 ? a->diff_m2 / a->ellipsoid_m2 * 1e6 : NAN;
    /* Registered areas are taken from the plane as often as from the ellipsoid: what lies between is the projection's share. */
    double low = fmin(a->ellipsoid_m2, a->plane_m2), high = fmax(a->ellipsoid_m2, a->plane_m2);
    a->gap_m2 = isnan(registered) || isnan(low) ? NAN : fmax(0, fmax(low - registered, registered - high));
    return a->gap_m2 > fmax(GAP_M2, GAP_SHARE * registered);
}

enum ph_status ph_measure(struct ph_parcels *p, const struct ph_audit_request *q, struct ph_problems *problems, struct ph_error *err)
{
    PH_TRY(settle_crs(p, problems, err));
    PH_TRY(settle_method(p, q, err));
    return measure_all(p, &q->progress, problems, err);
}

enum ph_status ph_measure_adopt(struct ph_parcels *p, const struct ph_audit_request *q, struct ph_problems *problems, struct ph_error *err)
{
    PH_TRY(drop_non_areas(p, problems, err));
    if (p->t.unit_open) PH_TRY(settle_unit(p, problems, err));
    const struct ph_column *registered = ph_field_column(&p->t, PH_REGISTERED_M2);
    size_t mismatches = 0;
    for (size_t i = 0; i < ph_parcel_count(p); i++) {
        double value = registered ? registered->real[i] : NAN;
        mismatches += compare(&p->areas[i], value);
        adopt(&p->areas[i], value, q->area_basis);
    }
    if (mismatches == 0) return PH_OK;
    return ph_problem_add(problems, &mismatch, ph_parcels_facts(p)->path, -1, err,
                          "%zu 宗的登记面积与图形面积不符(扣除投影变形后超过 1 ㎡ 与千分之一);逐宗的差见 area_diff_m2 列和规则 SJ01",
                          "the registered area of %zu parcels differs from the measured one (beyond 1 m² and 0.1 %% after the projection's share);"
                          " see column area_diff_m2 and rule SJ01 for each",
                          mismatches);
}
