#include "report/case_sheet.h"

#include <stdio.h>
#include <string.h>


#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define COLUMNS_CAP 512

static const char *const verdict[] = {"tag", "tags", "rules", "reason", "basis", "measures", "missing", "alerts", "idle_since", "idle_days", "idle_fee",
                                      "ruling_no", "grade", "score"};
static const char *const areas[] = {"registered_m2", "ellipsoid_m2", "plane_m2", "area_m2", "area_mu", "area_basis", "area_diff_m2", "area_diff_ppm"};
static const char *const grading[] = {"grade", "grade_before", "grade_reason", "score", "rank", "score_group", "scheme", "response", "completeness", "lift"};
static const char *const land[] = {"parcels", "own_m2", "rented_in_m2", "rented_out_m2", "area_m2", "area_mu"};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

/* Part of a row of a table under a heading. */
struct section {
    const char *table, *key, *title;
    const char *const *columns;
    size_t count;
};

static const struct section of_verdict = {"parcels", "verdict", "结论", verdict, LENGTH(verdict)};
static const struct section of_areas = {"parcels", "areas", "面积", areas, LENGTH(areas)};
static const struct section of_grading = {"enterprises", "evaluation", "评价", grading, LENGTH(grading)};
static const struct section of_land = {"enterprises", "land", "用地", land, LENGTH(land)};

/* Only what is known; without anything there is no section. */
static enum ph_status add_section(struct ph_explanation *e, struct ph_case *parent, const struct section *s, const char *fid, struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row = false, any = false;
    PH_TRY(ph_query_columns(e->audit, s->table, s->columns, s->count, "WHERE fid = ?1", &query, err));
    ph_query_bind_text(query, 1, fid);
    enum ph_status status = ph_query_next(query, &row, err);
    for (size_t i = 0; status == PH_OK && row && i < s->count; i++) any |= ph_query_cell(query, (int)i) != PH_STORED_NULL;
    if (any)
        status = ph_case_row(e, ph_case_add(e, parent, PH_CASE_OBJECT, s->key, s->title), s->table, s->columns, s->count, query, false, err);
    ph_query_close(query);
    return status;
}

/* The columns that are in neither of these sections, in the order of the table. */
static enum ph_status add_rest(struct ph_explanation *e, struct ph_case *parent, const char *title, const struct section *a, const struct section *b,
                               const char *fid, struct ph_error *err)
{
    const char *columns[COLUMNS_CAP];
    size_t count = 0;
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(ph_query_open(e->audit, "SELECT name FROM pragma_table_info(?1) WHERE name NOT IN ('geom', 'src_fid')", &query, err));
    ph_query_bind_text(query, 1, a->table);
    enum ph_status status = ph_query_next(query, &row, err);
    while (status == PH_OK && row && count < COLUMNS_CAP) {
        const char *name = ph_query_text(query, 0);
        if (!is_one_of(name, a->columns, a->count) && !is_one_of(name, b->columns, b->count)) {
            columns[count] = ph_arena_text(&e->arena, name, strlen(name));
            if (columns[count++] == NULL) status = ph_fail_memory(err);
        }
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    PH_TRY(status);
    const struct section rest = {a->table, "facts", title, columns, count};
    return add_section(e, parent, &rest, fid, err);
}

/* ---- areas ---- */

/* Why this area was adopted, and its mu. */
static enum ph_status add_area_reason(struct ph_explanation *e, struct ph_case *section, const char *fid, struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(ph_query_open(e->audit, "SELECT area_basis, printf('%.2f', area_m2), printf('%.6f', area_mu),"
                                   " (SELECT value FROM run WHERE key = 'area_basis') FROM parcels WHERE fid = ?1", &query, err));
    ph_query_bind_text(query, 1, fid);
    enum ph_status status = ph_query_next(query, &row, err);
    if (status == PH_OK && row) {
        const char *basis = ph_query_text(query, 0), *wanted = ph_query_text(query, 3);
        bool ordered = wanted && strcmp(wanted, "auto") != 0;
        char zh[200], en[200];
        snprintf(zh, sizeof zh, "%s", basis == NULL ? "没有可用的面积" : ordered ? "按 --area-basis 的要求采用"
                                      : strcmp(basis, "registered") == 0         ? "有登记面积且单位明确,采用登记面积"
                                                                                 : "没有可用的登记面积,采用椭球面积");
        snprintf(en, sizeof en, "%s", basis == NULL ? "no area can be used" : ordered ? "as --area-basis asks"
                                      : strcmp(basis, "registered") == 0             ? "the registered area is there and its unit is known"
                                                                                     : "there is no registered area that can be used");
        ph_case_value(e, section, PH_CASE_TEXT, "why", "采用的理由", en, zh);
        snprintf(zh, sizeof zh, "%s㎡×3÷2000=%s亩", ph_query_text(query, 1), ph_query_text(query, 2));
        snprintf(en, sizeof en, "%s m² × 3 / 2000 = %s mu", ph_query_text(query, 1), ph_query_text(query, 2));
        if (basis) ph_case_value(e, section, PH_CASE_TEXT, "arithmetic", "换算", en, zh);
    }
    ph_query_close(query);
    return status;
}

/* ---- rules ---- */

static enum ph_status add_evidence(struct ph_explanation *e, struct ph_case *finding, const char *evidence, struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row = false;
    const char *sql = ph_gpkg_has(e->audit, "rule_names", "title")
                          ? "SELECT j.key, j.value, (SELECT title FROM rule_names WHERE name = j.key)"
                            " FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '{}' END) j"
                          : "SELECT key, value, key FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '{}' END)";
    PH_TRY(ph_query_open(e->audit, sql, &query, err));
    ph_query_bind_text(query, 1, evidence);
    struct ph_case *values = ph_case_add(e, finding, PH_CASE_OBJECT, "values", "数值");
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; status = ph_query_next(query, &row, err)) {
        const char *key = ph_query_text(query, 0), *title = ph_query_text(query, 2);
        ph_case_cell(e, values, key, title ? title : key, strcmp(key, "delay_cause") == 0 ? key : NULL, query, 1);
    }
    ph_query_close(query);
    return status;
}

static enum ph_status add_rules(struct ph_explanation *e, struct ph_case *parent, const char *fid, struct ph_error *err)
{
    static const char *const columns[] = {"rule", "tag", "outcome", "reason", "missing", "basis", "evidence"}, *const rule[] = {"rule"},
                             *const others[] = {NULL, "tag", "outcome", "reason", "missing", "basis"};
    static const char *const named[] = {"rule", "tag", "outcome", "reason", "missing", "basis", "evidence",
                                        "((SELECT title FROM rules r WHERE r.rule = findings.rule))", "((SELECT condition FROM rules r WHERE r.rule = findings.rule))"};
    enum { EVIDENCE = LENGTH(columns) - 1, TITLE, CONDITION };
    bool titles = ph_gpkg_has(e->audit, "rules", "condition");
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(ph_query_columns(e->audit, "findings", titles ? named : columns, titles ? LENGTH(named) : LENGTH(columns), "WHERE parcel_fid = ?1 ORDER BY fid",
                            &query, err));
    ph_query_bind_text(query, 1, fid);
    enum ph_status status = ph_query_next(query, &row, err);
    struct ph_case *list = status == PH_OK && row ? ph_case_add(e, parent, PH_CASE_LIST, "findings", "规则") : NULL;
    while (status == PH_OK && row) {
        struct ph_case *finding = ph_case_add(e, list, PH_CASE_OBJECT, NULL, NULL);
        status = ph_case_row(e, finding, "findings", rule, 1, query, false, err);
        if (titles) ph_case_cell(e, finding, "title", "名称", NULL, query, TITLE);
        if (status == PH_OK) status = ph_case_row(e, finding, "findings", others, LENGTH(others), query, false, err);
        if (titles) ph_case_cell(e, finding, "condition", "条件", NULL, query, CONDITION);
        if (status == PH_OK && ph_query_text(query, EVIDENCE)) status = add_evidence(e, finding, ph_query_text(query, EVIDENCE), err);
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    return status;
}

/* ---- tables around ---- */

static const char *const events[] = {"event_id", "date", "kind", "parcel_id", "enterprise_code", "area_m2", "counted", "counted_m2", "factory_m2", "amount",
                                     "message", "note"};
static const char *const shapes[] = {"kind", "parcel_a", "parcel_b", "area_m2", "share_a", "share_b", "message"};
static const char *const shares[] = {"enterprise_code", "relation", "area_m2", "arithmetic"};
static const char *const plots[] = {"parcel_id", "relation", "area_m2", "arithmetic"};
static const char *const held[] = {"parcel_id", "location", "area_m2", "area_mu", "tag", "reason"};
static const char *const terms[] = {"indicator", "title", "value", "unit", "base", "ratio", "weight", "points", "cap_hit", "missing", "lift_value", "arithmetic"};
static const char *const faults[] = {"severity", "code", "message", "hint"};

static enum ph_status add_parcel(struct ph_explanation *e, const struct ph_query *query, struct ph_error *err)
{
    struct ph_case *c = ph_case_add(e, &e->root, PH_CASE_OBJECT, NULL, NULL);
    const char *fid = ph_query_text(query, 0);
    ph_case_value(e, c, PH_CASE_TEXT, "case", "案卷", "parcel", "宗地");
    ph_case_value(e, c, PH_CASE_TEXT, "code", "宗地代码", ph_query_text(query, 1), NULL);
    ph_case_value(e, c, PH_CASE_TEXT, "name", "用地单位", ph_query_text(query, 2), NULL);
    PH_TRY(add_section(e, c, &of_verdict, fid, err));
    PH_TRY(add_section(e, c, &of_areas, fid, err));
    bool measured = !e->failed && c->last && strcmp(c->last->node.key, of_areas.key) == 0;
    if (measured) PH_TRY(add_area_reason(e, c->last, fid, err));
    PH_TRY(add_rest(e, c, "事实", &of_verdict, &of_areas, fid, err));
    PH_TRY(add_rules(e, c, fid, err));
    PH_TRY(ph_case_table(e, c, "enterprises", "用地企业", "enterprise_parcels", shares, LENGTH(shares), "WHERE parcel_fid = ?1 ORDER BY fid", fid, err));
    PH_TRY(ph_case_table(e, c, "ledger", "台账", "ledger", events, LENGTH(events), "WHERE parcel_fid = ?1 ORDER BY fid", fid, err));
    PH_TRY(ph_case_table(e, c, "topology", "图形与重叠", "topology", shapes, LENGTH(shapes),
                         "WHERE fid_a = ?1 OR (fid_b = ?1 AND against IS NULL) ORDER BY fid", fid, err));
    if (!ph_gpkg_has(e->audit, "parcels", "src_fid")) return PH_OK;
    const char *of_source = ph_gpkg_has(e->audit, "parcels", "source") /* where there are several; else the run names the one */
                                ? "WHERE (feature, source) = (SELECT src_fid, coalesce((SELECT value FROM run WHERE key = 'input.parcels'), parcels.source)"
                                  " FROM parcels WHERE fid = ?1) ORDER BY fid"
                                : "WHERE (feature, source) = (SELECT src_fid, (SELECT value FROM run WHERE key = 'input.parcels') FROM parcels WHERE fid = ?1)"
                                  " ORDER BY fid";
    return ph_case_table(e, c, "problems", "数据问题", "problems", faults, LENGTH(faults), of_source, fid, err);
}

static enum ph_status add_enterprise(struct ph_explanation *e, const struct ph_query *query, struct ph_error *err)
{
    struct ph_case *c = ph_case_add(e, &e->root, PH_CASE_OBJECT, NULL, NULL);
    const char *fid = ph_query_text(query, 0), *code = ph_query_text(query, 1);
    ph_case_value(e, c, PH_CASE_TEXT, "case", "案卷", "enterprise", "企业");
    ph_case_value(e, c, PH_CASE_TEXT, "code", "统一社会信用代码", code, NULL);
    ph_case_value(e, c, PH_CASE_TEXT, "name", "企业名称", ph_query_text(query, 2), NULL);
    if (fid) PH_TRY(add_section(e, c, &of_grading, fid, err));
    if (fid) PH_TRY(add_section(e, c, &of_land, fid, err));
    if (fid) PH_TRY(add_rest(e, c, "事实与指标", &of_grading, &of_land, fid, err));
    if (fid) PH_TRY(ph_case_table(e, c, "plots", "用地构成", "enterprise_parcels", plots, LENGTH(plots), "WHERE enterprise_fid = ?1 ORDER BY fid", fid, err));
    if (fid) PH_TRY(ph_case_table(e, c, "terms", "评分", "score_terms", terms, LENGTH(terms), "WHERE enterprise_fid = ?1 ORDER BY fid", fid, err));
    PH_TRY(ph_case_table(e, c, "parcels", "名下宗地", "parcels", held, LENGTH(held), "WHERE holder_code = ?1 ORDER BY fid", code, err));
    return ph_case_table(e, c, "ledger", "台账", "ledger", events, LENGTH(events), "WHERE enterprise_code = ?1 ORDER BY fid", code, err);
}

static enum ph_status add_all(struct ph_explanation *e, const char *table, const char *const *columns, const char *rest, const char *value,
                              enum ph_status (*add)(struct ph_explanation *, const struct ph_query *, struct ph_error *), size_t *count,
                              struct ph_error *err)
{
    struct ph_query *query = NULL;
    bool row = false;
    PH_TRY(ph_query_columns(e->audit, table, columns, 3, rest, &query, err));
    ph_query_bind_text(query, 1, value);
    enum ph_status status = ph_query_next(query, &row, err);
    for (; status == PH_OK && row; ++*count) {
        status = add(e, query, err);
        if (status == PH_OK) status = ph_query_next(query, &row, err);
    }
    ph_query_close(query);
    return status;
}

enum ph_status ph_case_parcels(struct ph_explanation *e, const char *where, const char *value, size_t *count, struct ph_error *err)
{
    static const char *const columns[] = {"fid", "parcel_id", "holder_name"};
    return add_all(e, "parcels", columns, where, value, add_parcel, count, err);
}

enum ph_status ph_case_enterprises(struct ph_explanation *e, const char *code, size_t *count, struct ph_error *err)
{
    static const char *const columns[] = {"fid", "code", "name"}, *const holders[] = {"(NULL)", "holder_code", "holder_name"};
    PH_TRY(add_all(e, "enterprises", columns, "WHERE code = ?1 ORDER BY fid", code, add_enterprise, count, err));
    if (*count > 0) return PH_OK;
    return add_all(e, "parcels", holders, "WHERE holder_code = ?1 ORDER BY fid LIMIT 1", code, add_enterprise, count, err);
}
