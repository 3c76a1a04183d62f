#include "audit/links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/identify.h"
#include "audit/intake.h"
#include "base/number.h"
#include "model/codelist.h"

static const struct ph_problem_kind unknown_parcel = {
    PH_PROBLEM_ERROR, "link.unknown_parcel", "核对宗地代码;本行不计", "check the parcel code; the row does not count"};
static const struct ph_problem_kind ambiguous_parcel = {
    PH_WARNING, "link.ambiguous_parcel", "宗地代码重复,按先出现的一宗计", "the parcel code is doubled; counted on the first"};
static const struct ph_problem_kind blank_code = {
    PH_PROBLEM_ERROR, "link.blank_code", "补上统一社会信用代码;本行不计", "add the credit code; the row does not count"};
static const struct ph_problem_kind unknown_relation = {
    PH_PROBLEM_ERROR, "link.unknown_relation", "关系应为:自有、租入、租出;本行不计", "relations: own, rented_in, rented_out; the row does not count"};
static const struct ph_problem_kind not_positive = {
    PH_PROBLEM_ERROR, "link.not_positive", "改为大于 0 的数", "write a number above 0"};
static const struct ph_problem_kind share_unit = {
    PH_WARNING, "link.share_unit", "在列名后注明(%)", "put (%) into the column's name"};
static const struct ph_problem_kind doubled = {
    PH_WARNING, "link.duplicate", "两行完全相同,只计一次;确为两处的请在备注里分开写", "two equal rows count once; if they are two, say so in their notes"};

/* Shares without a unit are of 1 when none is above 1, else of 100. */
static enum ph_status settle_shares(const char *source, struct ph_fielded *t, struct ph_problems *problems, struct ph_error *err)
{
    const struct ph_column *shares = ph_field_column(t, PH_LNK_SHARE);
    double largest = 0;
    if (shares == NULL || !t->unit_open) return PH_OK;
    for (size_t row = 0; row < t->layer.table.rows; row++) largest = fmax(largest, shares->real[row]);
    if (largest <= 1) return PH_OK;
    for (size_t row = 0; row < t->layer.table.rows; row++) shares->real[row] /= 100;
    return ph_problem_add(problems, &share_unit, source, -1, err, "份额一列未写单位,有大于 1 的数,整列按百分数计",
                          "the column of shares states no unit and has numbers above 1: taken as percent");
}

enum ph_status ph_links_load(const struct ph_audit_request *q, struct ph_links *out, struct ph_problems *problems, struct ph_error *err)
{
    static const enum ph_link_field needed[] = {PH_LNK_PARCEL_ID, PH_LNK_ENTERPRISE_CODE, PH_LNK_RELATION};
    struct ph_source_request request = {.path = q->links, .table = true, .fields = &ph_link_fields};
    if (q->links == NULL) return PH_OK;
    PH_TRY(ph_source_open(&request, &out->source, err));
    out->path = ph_source_facts(out->source)->path;
    PH_TRY(ph_intake(out->source, &ph_link_fields, false, PH_LNK_SHARE, NULL, &out->t, problems, problems, err));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (out->t.column_of[needed[i]] == SIZE_MAX) {
            const struct ph_field *field = &ph_link_fields.items[needed[i]];
            ph_fail(err, PH_E_FIELDS, "宗地企业关联表没有“%s”(%s)一列", "the table of links has no column %s (%s)", field->title, field->name);
            ph_at_file(err, out->path);
            return PH_E_FIELDS;
        }
    PH_TRY(settle_shares(out->path, &out->t, problems, err));
    return ph_identify_credit_codes(&out->t, PH_LNK_ENTERPRISE_CODE, out->path, problems, err);
}

/* Joining. */
struct join {
    const struct ph_audit_request *request;
    const struct ph_parcels *parcels;
    const struct ph_index *by_code;
    struct ph_enterprises *enterprises;
    struct ph_links *links;
    struct ph_problems *problems;
    struct ph_error *err;
};

static const char *text_of(const struct ph_links *l, enum ph_link_field field, size_t row)
{
    const struct ph_column *column = ph_field_column(&l->t, field);
    return column ? column->text[row] : NULL;
}

static enum ph_status find_parcel(const struct join *j, struct ph_link *link)
{
    const char *code = text_of(j->links, PH_LNK_PARCEL_ID, link->row), *source = j->links->path;
    const uint64_t *found = code ? ph_index_get(j->by_code, code) : NULL;
    int64_t fid = j->links->t.layer.fids[link->row];
    link->parcel = found ? (size_t)*found : SIZE_MAX;
    if (code == NULL) return ph_problem_add(j->problems, &unknown_parcel, source, fid, j->err, "没有宗地代码", "no parcel code");
    if (found == NULL) return ph_problem_add(j->problems, &unknown_parcel, source, fid, j->err, "没有这宗地:“%s”", "there is no such parcel: '%s'", code);
    if (!j->parcels->checks[link->parcel].duplicate) return PH_OK;
    return ph_problem_add(j->problems, &ambiguous_parcel, source, fid, j->err, "宗地代码“%s”重复,按先出现的一宗计",
                          "parcel code '%s' is doubled; counted on the first", code);
}

static enum ph_relation relation_of(const char *text)
{
    /* What people write besides the list's own words. 租赁 stands where 自有 or 租赁 tell how a firm came by its site. */
    static const struct {
        const char *word;
        enum ph_relation relation;
    } others[] = {{"自用", PH_OWN},        {"所有", PH_OWN},         {"共有", PH_OWN},         {"权利人", PH_OWN},       {"使用权人", PH_OWN},
                  {"owner", PH_OWN},       {"承租", PH_RENTED_IN},   {"租用", PH_RENTED_IN},   {"租赁", PH_RENTED_IN},   {"承租方", PH_RENTED_IN},
                  {"承租人", PH_RENTED_IN}, {"tenant", PH_RENTED_IN}, {"出租", PH_RENTED_OUT},  {"转租", PH_RENTED_OUT},  {"出租方", PH_RENTED_OUT},
                  {"出租人", PH_RENTED_OUT}, {"landlord", PH_RENTED_OUT}};
    const struct ph_codelist *list = ph_codelist_find("relation");
    for (size_t i = 0; i < PH_RELATIONS; i++)
        if (ph_text_compare_nocase(list->codes[i].value, text) == 0 || strcmp(list->codes[i].zh, text) == 0) return (enum ph_relation)i;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ph_text_compare_nocase(others[i].word, text) == 0) return others[i].relation;
    return PH_RELATIONS;
}

static enum ph_status find_enterprise(const struct join *j, struct ph_link *link)
{
    const char *relation = text_of(j->links, PH_LNK_RELATION, link->row);
    int64_t fid = j->links->t.layer.fids[link->row];
    link->relation = relation ? relation_of(relation) : PH_RELATIONS;
    link->code = text_of(j->links, PH_LNK_ENTERPRISE_CODE, link->row);
    if (link->relation == PH_RELATIONS)
        PH_TRY(ph_problem_add(j->problems, &unknown_relation, j->links->path, fid, j->err, "关系读不懂:“%s”", "the relation cannot be read: '%s'",
                              relation ? relation : ""));
    if (link->code == NULL)
        return ph_problem_add(j->problems, &blank_code, j->links->path, fid, j->err, "没有统一社会信用代码", "no credit code");
    return ph_enterprises_find(j->enterprises, link->code, j->links->path, fid, &link->holding, j->problems, j->err);
}

/* A measure of this row; NaN when it is not stated, or no measure. */
static enum ph_status measure(const struct join *j, enum ph_link_field field, size_t row, double *value)
{
    const struct ph_column *column = ph_field_column(&j->links->t, field);
    *value = column ? column->real[row] : NAN;
    if (isnan(*value) || *value > 0) return PH_OK;
    char text[32];
    ph_number_print(text, sizeof text, *value);
    *value = NAN;
    return ph_problem_add(j->problems, &not_positive, j->links->path, j->links->t.layer.fids[row], j->err, "%s不是正数:%s,按未填处理",
                          "%s is not positive: %s; taken as blank", ph_link_fields.items[field].title, text);
}

static enum ph_status read_link(const struct join *j, size_t row)
{
    struct ph_link *link = &j->links->items[j->links->count];
    const char *note = text_of(j->links, PH_LNK_NOTE, row);
    double area, floor;
    *link = (struct ph_link){.row = row, .note = note ? note : ""};
    PH_TRY(find_parcel(j, link));
    PH_TRY(find_enterprise(j, link));
    PH_TRY(measure(j, PH_LNK_AREA, row, &area));
    PH_TRY(measure(j, PH_LNK_SHARE, row, &link->share));
    PH_TRY(measure(j, PH_LNK_FLOOR, row, &floor));
    link->area_dm2 = ph_dm2_from_m2(area);
    link->floor_dm2 = ph_dm2_from_m2(floor);
    j->links->count += link->parcel != SIZE_MAX && link->relation != PH_RELATIONS && link->code != NULL;
    return PH_OK;
}

static int by_size(const struct ph_link *a, const struct ph_link *b)
{
    if (a->area_dm2 != b->area_dm2) return a->area_dm2 < b->area_dm2 ? -1 : 1;
    if (a->floor_dm2 != b->floor_dm2) return a->floor_dm2 < b->floor_dm2 ? -1 : 1;
    if (isnan(a->share) || isnan(b->share)) return !isnan(b->share) - !isnan(a->share);
    return a->share < b->share ? -1 : a->share > b->share;
}

/* Everything but the row: what is equal here is one thing told twice. */
static int by_claim(const struct ph_link *a, const struct ph_link *b)
{
    if (a->parcel != b->parcel) return a->parcel < b->parcel ? -1 : 1;
    int order = strcmp(a->code, b->code);
    if (order == 0) order = (a->relation > b->relation) - (a->relation < b->relation);
    if (order == 0) order = by_size(a, b);
    return order ? order : strcmp(a->note, b->note);
}

static int by_claim_and_row(const void *a, const void *b)
{
    const struct ph_link *p = a, *q = b;
    int order = by_claim(p, q);
    return order ? order : p->row < q->row ? -1 : p->row > q->row;
}

static enum ph_status drop_doubled(const struct join *j)
{
    struct ph_links *l = j->links;
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct ph_link *link = &l->items[i];
        if (kept > 0 && by_claim(&l->items[kept - 1], link) == 0)
            PH_TRY(ph_problem_add(j->problems, &doubled, j->links->path, l->t.layer.fids[link->row], j->err, "%s 与宗地 %s 的关联重复",
                                  "the link of %s with parcel %s is doubled", link->code, text_of(l, PH_LNK_PARCEL_ID, link->row)));
        else
            l->items[kept++] = *link;
    }
    l->count = kept;
    return PH_OK;
}

enum ph_status ph_links_join(const struct ph_audit_request *q, const struct ph_parcels *parcels, const struct ph_index *by_code,
                             struct ph_enterprises *enterprises, struct ph_links *links, struct ph_problems *problems, struct ph_error *err)
{
    size_t rows = links->t.layer.table.rows;
    if (links->source == NULL) return PH_OK;
    links->items = malloc((rows + 1) * sizeof *links->items);
    if (links->items == NULL) return ph_fail_memory(err);
    struct join j = {q, parcels, by_code, enterprises, links, problems, err};
    for (size_t row = 0; row < rows; row++) PH_TRY(read_link(&j, row));
    qsort(links->items, links->count, sizeof *links->items, by_claim_and_row);
    return drop_doubled(&j);
}

void ph_links_dispose(struct ph_links *links)
{
    ph_fielded_dispose(&links->t);
    ph_source_free(links->source);
    free(links->items);
    memset(links, 0, sizeof *links);
}
