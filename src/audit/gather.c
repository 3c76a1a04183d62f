#include "audit/gather.h"

#include <stdlib.h>
#include <string.h>

#include "audit/unite.h"

static const struct ph_problem_kind as_one = {
    PH_WARNING, "crs.as_one", "两者实际相差几厘米到近一米;要精确请用 --transform 写明转换", "they part by centimetres to nearly a metre; --transform states a better way"};
static const struct ph_problem_kind not_moved = {
    PH_PROBLEM_ERROR, "crs.not_moved", "核对坐标;面积仍按原坐标系量算", "check the coordinates; the area was still measured in the source's own CRS"};

/* What the request says of a source, with what it says of every one. */
static struct ph_audit_source asked_of(const struct ph_audit_request *q, size_t index)
{
    struct ph_audit_source asked = q->every;
    asked.path = q->sources[index].path;
    ph_asked_fill(&asked, &q->sources[index]);
    return asked;
}

static enum ph_status read_source(const struct ph_audit_request *q, size_t index, struct ph_parcels *out, struct ph_check *check,
                                  struct ph_problems *problems, struct ph_error *err)
{
    struct ph_audit_source asked = asked_of(q, index);
    PH_TRY(ph_parcels_read(q, &asked, out, problems, err));
    return ph_check_measured(out, q, check, problems, err);
}

static enum ph_status move_findings(struct ph_transform *transform, struct ph_topology *found, struct ph_error *err)
{
    bool *lost = calloc(found->shapes.shape_count + 1, sizeof *lost);
    if (lost == NULL) return ph_fail_memory(err);
    enum ph_status status = ph_transform_shapes(transform, &found->shapes, lost, err);
    free(lost);
    for (size_t i = 0; i < found->count; i++) ph_transform_points(transform, &found->items[i].place, 1);
    return status;
}

static enum ph_status move_parcels(struct ph_transform *transform, struct ph_parcels *p, struct ph_problems *problems, struct ph_error *err)
{
    size_t rows = ph_parcel_count(p);
    bool *lost = calloc(rows + 1, sizeof *lost);
    if (lost == NULL) return ph_fail_memory(err);
    enum ph_status status = ph_transform_shapes(transform, &p->t.layer.shapes, lost, err);
    for (size_t i = 0; status == PH_OK && i < rows; i++)
        if (lost[i])
            status = ph_problem_add(problems, &not_moved, ph_parcel_path(p, i), p->t.layer.fids[i], err, "图形不能换算到输出坐标系,未写出图形",
                                    "the shape cannot be converted to the CRS of the output; it is written without one");
    free(lost);
    return status;
}

/* Moves the shapes of one source, and of what was found in it, to another CRS. */
static enum ph_status move(struct ph_parcels *p, struct ph_check *check, const struct ph_crs *to, struct ph_problems *problems, struct ph_error *err)
{
    ph_cover_dispose(&check->cover); /* of the shapes where they were */
    ph_surface_free(p->surface);
    p->surface = NULL;
    if (ph_crs_same(p->crs, to)) return PH_OK;
    struct ph_part *part = &p->parts[0];
    const char *path = ph_parcels_facts(p)->path;
    struct ph_transform *transform = NULL;
    enum ph_status status = ph_transform_new(p->crs, to, part->asked.transform, &transform, err);
    if (status != PH_OK) return ph_at_file(err, path), status;
    part->moved = *ph_transform_facts(transform);
    if (part->moved.as_one)
        status = ph_problem_add(problems, &as_one, path, -1, err, "坐标系 %s 与 %s 的基准不同,WGS 84 与 CGCS2000 按相同处理",
                                "%s and %s differ in datum; WGS 84 and CGCS2000 are taken as one", ph_crs_facts(p->crs)->name, ph_crs_facts(to)->name);
    if (status == PH_OK) status = move_parcels(transform, p, problems, err);
    if (status == PH_OK) status = move_findings(transform, &check->found, err);
    ph_transform_free(transform);
    part->crs = p->crs;
    p->crs = NULL;
    return status;
}

/* The findings of one source behind those before it; their rows begin at `from`. */
static enum ph_status append_findings(struct ph_topology *all, const struct ph_topology *more, size_t from, struct ph_error *err)
{
    for (size_t i = 0; i < more->count; i++) {
        struct ph_topology_finding finding = more->items[i];
        finding.a += (uint32_t)from;
        PH_TRY(ph_topology_add(all, &finding, finding.shape == PH_NO_ROW ? NULL : &more->shapes, finding.shape, err));
    }
    return PH_OK;
}

static enum ph_status add_source(const struct ph_audit_request *q, size_t index, struct ph_parcels *all, struct ph_check *check,
                                 struct ph_problems *problems, struct ph_error *err)
{
    struct ph_parcels one = {0};
    struct ph_check found = {0};
    enum ph_status status = read_source(q, index, &one, &found, problems, err);
    if (status == PH_OK) status = move(&one, &found, all->crs, problems, err);
    if (status == PH_OK) status = append_findings(&check->found, &found.found, ph_parcel_count(all), err);
    if (status == PH_OK) status = ph_parcels_unite(all, &one, problems, err);
    ph_check_dispose(&found);
    ph_parcels_dispose(&one);
    return status;
}

/* The end of a path, with so many of its folders. */
static const char *tail(const char *path, int folders)
{
    const char *at = path[0] ? path + strlen(path) - 1 : path; /* a last slash parts nothing */
    while (at > path && (at[-1] != '/' || folders-- > 0)) at--;
    return at;
}

/* The names of the files, with as many folders as it takes to tell them apart. */
static void name_parts(struct ph_parcels *p)
{
    for (size_t i = 0; i < p->part_count; i++) {
        const char *path = ph_source_facts(p->parts[i].source)->path;
        int folders = 0;
        for (size_t k = 0; k < p->part_count; k++) {
            const char *other = ph_source_facts(p->parts[k].source)->path;
            while (strcmp(path, other) != 0 && strcmp(tail(path, folders), tail(other, folders)) == 0) folders++;
        }
        p->parts[i].label = tail(path, folders);
    }
}

enum ph_status ph_parcels_gather(const struct ph_audit_request *q, struct ph_parcels *p, struct ph_check *check, struct ph_problems *problems,
                                 struct ph_error *err)
{
    struct ph_crs *wanted = NULL;
    if (q->out_crs) {
        enum ph_status status = ph_crs_new(q->out_crs, &wanted, err);
        if (status == PH_E_CRS) return ph_fail(err, PH_E_USAGE, "--out-crs:无法识别的坐标系“%s”", "--out-crs: not a CRS: '%s'", q->out_crs);
        PH_TRY(status);
    }
    enum ph_status status = read_source(q, 0, p, check, problems, err);
    bool stays = status == PH_OK && (wanted == NULL || ph_crs_same(p->crs, wanted));
    bool alone = stays && q->source_count == 1;
    if (status == PH_OK && !alone) status = move(p, check, wanted ? wanted : p->crs, problems, err);
    if (status == PH_OK && !stays) {
        p->crs = wanted;
        wanted = NULL;
    }
    ph_crs_free(wanted);
    for (size_t i = 1; status == PH_OK && i < q->source_count; i++) status = add_source(q, i, p, check, problems, err);
    if (status != PH_OK) return status;
    name_parts(p);
    return alone ? PH_OK : ph_check_united(p, q, check, err);
}
