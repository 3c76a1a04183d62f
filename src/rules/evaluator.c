/* What a scheme says about one row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "rules/appraise.h"
#include "rules/quantity.h"
#include "rules/reason.h"
#include "rules/scheme_parts.h"

#define REMARK_CAP 4096

/* A clause made ready. */
struct clause {
    enum ph_clause_kind kind;
    const struct ph_clause *written;
    const struct ph_plan_clause *plan;
    struct ph_node *when;
    struct ph_reason *reason; /* NULL: the title alone */
};

struct ph_evaluator {
    const struct ph_plan *plan;
    const struct ph_roster *roster;
    struct ph_arena *arena;
    struct ph_calculator *calculator;
    struct ph_node **groups, **quantities; /* quantities that are a plain column: NULL */
    struct clause *clauses; /* that may say something of a row, in the order of their kinds */
    size_t clause_count;
    char (*scratch)[11]; /* per variable */
    struct ph_text text;
    size_t row;
};

static double number(const struct ph_value *v)
{
    return v->kind == PH_VALUE_REAL ? v->real : v->kind == PH_VALUE_INT ? (double)v->integer : NAN;
}

/* A ph_fetch of inputs that have nothing. */
static void fetch_nothing(const void *row, size_t variable, struct ph_value *out)
{
    (void)row, (void)variable;
    out->kind = PH_VALUE_UNKNOWN;
}

/* Whether a clause says nothing of any row: the inputs have none of its columns. A lift sets land_m2 even where they have none. */
static bool is_silent(struct ph_evaluator *e, const struct clause *c)
{
    const struct ph_plan *p = e->plan;
    for (size_t v = 0; v < p->scope.variable_count; v++)
        if (c->plan->marks[v] && (p->scope.variables[v].present || v == p->land_m2)) return false;
    ph_calculator_start(e->calculator, fetch_nothing, NULL);
    struct ph_value v = ph_formula_value(e->calculator, c->when);
    if (e->calculator->mistake || c->kind == PH_CLAUSE_ADJUST) return !e->calculator->mistake && v.kind == PH_VALUE_UNKNOWN;
    double x = number(&v);
    return isnan(x) || x == 0;
}

static enum ph_status prepare_clause(struct ph_evaluator *e, int kind, size_t index, bool *marks, struct ph_error *err)
{
    const struct ph_plan *p = e->plan;
    struct clause *c = &e->clauses[e->clause_count++];
    *c = (struct clause){(enum ph_clause_kind)kind, &p->scheme->clauses[kind].items[index], &p->clauses[kind][index], NULL, NULL};
    PH_TRY(ph_calculator_take(e->calculator, c->plan->when, &c->when, err));
    if (c->written->reason)
        PH_TRY(ph_reason_compile(&p->scope, e->calculator, c->written->reason, c->written->reason_place,
                                 &(struct ph_uses){.marks = marks}, &c->reason, err));
    if (!is_silent(e, c)) return PH_OK;
    ph_reason_free(c->reason);
    e->clause_count--;
    return PH_OK;
}

static enum ph_status prepare(struct ph_evaluator *e, struct ph_error *err)
{
    const struct ph_plan *p = e->plan;
    PH_TRY(ph_calculator_new(&p->scope, &e->calculator, err));
    for (size_t g = 0; g < p->scheme->group_count; g++) PH_TRY(ph_calculator_take(e->calculator, p->groups[g].when, &e->groups[g], err));
    for (size_t q = 0; q < p->quantity_count; q++)
        if (p->quantities[q].variable == SIZE_MAX) PH_TRY(ph_calculator_take(e->calculator, p->quantities[q].sql, &e->quantities[q], err));
    bool *marks = calloc(p->scope.variable_count + p->scope.words->define_count + 1, sizeof *marks); /* nobody asks */
    enum ph_status status = marks ? PH_OK : ph_fail_memory(err);
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++)
        for (size_t c = 0; status == PH_OK && c < p->scheme->clauses[kind].count; c++) status = prepare_clause(e, kind, c, marks, err);
    free(marks);
    return status;
}

enum ph_status ph_evaluator_new(const struct ph_plan *plan, const struct ph_roster *roster, struct ph_arena *arena,
                                struct ph_evaluator **out, struct ph_error *err)
{
    *out = NULL;
    struct ph_evaluator *e = calloc(1, sizeof *e);
    if (e == NULL) return ph_fail_memory(err);
    e->plan = plan;
    e->roster = roster;
    e->arena = arena;
    ph_text_init(&e->text, REMARK_CAP);
    e->groups = calloc(plan->scheme->group_count + 1, sizeof *e->groups);
    e->quantities = calloc(plan->quantity_count + 1, sizeof *e->quantities);
    e->scratch = calloc(plan->scope.variable_count + 1, sizeof *e->scratch);
    size_t clauses = 1;
    for (int kind = 0; kind < PH_CLAUSE_KINDS; kind++) clauses += plan->scheme->clauses[kind].count;
    e->clauses = calloc(clauses, sizeof *e->clauses);
    bool have = e->groups && e->quantities && e->scratch && e->clauses;
    enum ph_status status = have ? prepare(e, err) : ph_fail_memory(err);
    if (status != PH_OK) {
        ph_evaluator_free(e);
        return status;
    }
    *out = e;
    return PH_OK;
}

void ph_evaluator_free(struct ph_evaluator *e)
{
    if (e == NULL) return;
    for (size_t c = 0; c < e->clause_count; c++) ph_reason_free(e->clauses[c].reason);
    free(e->clauses);
    ph_calculator_free(e->calculator);
    ph_text_dispose(&e->text);
    free(e->groups);
    free(e->quantities);
    free(e->scratch);
    free(e);
}

/* ---- values ---- */

void ph_roster_value(const struct ph_roster *roster, size_t row, size_t variable, char scratch[11], struct ph_value *out)
{
    out->kind = PH_VALUE_UNKNOWN;
    if (roster->variables[variable].present) roster->fetch(roster->data, row, variable, scratch, out);
}

void ph_roster_lacks(const struct ph_roster *roster, size_t row, const bool *marks, struct ph_text *out)
{
    size_t before = out->length;
    char scratch[11];
    for (size_t v = 0; v < roster->variable_count; v++) {
        struct ph_value value;
        if (!marks[v]) continue;
        ph_roster_value(roster, row, v, scratch, &value);
        if (value.kind != PH_VALUE_UNKNOWN) continue;
        if (out->length > before) ph_text_add(out, "、");
        ph_text_add(out, roster->variables[v].title);
    }
}

/* A ph_fetch; the row is the evaluator's. */
static void fetch(const void *row, size_t variable, struct ph_value *out)
{
    const struct ph_evaluator *e = row;
    ph_roster_value(e->roster, e->row, variable, e->scratch[variable], out);
}

double ph_evaluator_number(struct ph_evaluator *e, size_t variable)
{
    struct ph_value v = ph_calculator_value(e->calculator, variable);
    return number(&v);
}

/* ---- clauses ---- */

/* "title：reason"; what a kind has said already stands before it. */
static enum ph_status add_remark(struct ph_evaluator *e, const struct clause *c, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_clause *clause = c->written;
    enum ph_clause_kind kind = c->kind;
    struct ph_text *text = &e->text;
    if (out->remarks == NULL) {
        out->remarks = ph_arena_alloc(e->arena, sizeof *out->remarks);
        if (out->remarks == NULL) return ph_fail_memory(err);
        *out->remarks = (struct ph_remarks){0};
    }
    struct ph_remarks *remarks = out->remarks;
    ph_text_clear(text);
    if (remarks->zh[kind]) ph_text_add(text, remarks->zh[kind]), ph_text_add(text, "；");
    ph_text_add(text, clause->title);
    if (c->reason) {
        ph_text_add(text, "：");
        ph_reason_add(c->reason, e->calculator, text);
        if (e->calculator->mistake)
            return ph_fail(err, PH_E_RULES, "“%s”的理由求不出:%s", "the reason of '%s' cannot be evaluated: %s", clause->title,
                           e->calculator->mistake),
                   ph_at_line(err, clause->reason_place.file, clause->reason_place.line, clause->reason_place.column);
    }
    remarks->zh[kind] = ph_arena_text(e->arena, ph_text_get(text), text->length);
    ph_text_clear(text);
    if (remarks->en[kind]) ph_text_add(text, remarks->en[kind]), ph_text_add(text, "; ");
    ph_text_add(text, clause->title_en ? clause->title_en : clause->title);
    remarks->en[kind] = ph_arena_text(e->arena, ph_text_get(text), text->length);
    return remarks->zh[kind] && remarks->en[kind] ? PH_OK : ph_fail_memory(err);
}

/* "+1", "-2" (classes better or worse), or the letter of a class. */
static bool read_adjustment(const struct ph_value *v, const struct ph_classes *classes, struct ph_appraisal *out)
{
    char text[16];
    double steps = number(v);
    if (v->kind == PH_VALUE_TEXT) {
        if (!ph_str_half_width(ph_str_trim(ph_str_of(v->text)), text, sizeof text)) return false;
        int class = text[0] && !text[1] ? ph_classes_find(classes, ph_upper(text[0])) : -1;
        if (class >= 0) return out->adjust_to = (int8_t) class, true;
        if (ph_number_parse(text, strlen(text), &steps, NULL) != PH_PARSE_OK) return false;
    }
    if (!(fabs(steps) <= PH_SCHEME_CLASSES) || steps != floor(steps)) return false;
    out->adjust_by = (int8_t)steps;
    return true;
}

static void limit(int8_t *class, int8_t other, bool worse)
{
    if (*class < 0 || (worse ? other > *class : other < *class)) *class = other;
}

/* Takes in that a clause came out as v. */
static enum ph_status take_clause(struct ph_evaluator *e, const struct clause *c, const struct ph_value *v,
                                  const struct ph_classes *classes, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_clause *clause = c->written;
    double x = number(v);
    bool hit = !isnan(x) && x != 0;
    if (c->kind == PH_CLAUSE_BONUS) {
        if (hit) out->bonus += fmax(-clause->at_most, fmin(clause->at_most, x));
        return PH_OK;
    }
    int8_t class = (int8_t)ph_classes_find(classes, clause->limit);
    switch (c->kind) {
    case PH_CLAUSE_ADJUST:
        if (v->kind == PH_VALUE_UNKNOWN || (v->kind == PH_VALUE_TEXT && ph_str_trim(ph_str_of(v->text)).length == 0))
            return PH_OK;
        out->adjust_unread |= !read_adjustment(v, classes, out);
        break;
    case PH_CLAUSE_EXEMPT:
        if (!hit) return PH_OK;
        out->exempt = true;
        if (out->treat_as == '\0') out->treat_as = clause->limit;
        break;
    case PH_CLAUSE_NEW:
        if (!hit) return PH_OK;
        out->newly = true;
        limit(&out->at_worst, class, false);
        break;
    default:
        if (!hit) return PH_OK;
        limit(&out->at_best, class, true);
        break;
    }
    return add_remark(e, c, out, err);
}

/* An exemption or a youth that cannot be decided for want of a cell: named, so that nobody ends in the worst class by it. */
static enum ph_status take_open(struct ph_evaluator *e, const struct clause *c, struct ph_appraisal *out, struct ph_error *err)
{
    if ((c->kind != PH_CLAUSE_EXEMPT && c->kind != PH_CLAUSE_NEW) || !c->plan->answerable || out->lacks) return PH_OK;
    ph_text_clear(&e->text);
    ph_roster_lacks(e->roster, e->row, c->plan->marks, &e->text);
    if (e->text.length == 0) return PH_OK;
    out->lacks = ph_arena_text(e->arena, ph_text_get(&e->text), e->text.length);
    return out->lacks ? PH_OK : ph_fail_memory(err);
}

static enum ph_status take_group(struct ph_evaluator *e, struct ph_appraisal *out, struct ph_error *err)
{
    const struct ph_scheme *s = e->plan->scheme;
    out->group = -1;
    for (size_t g = 0; g < s->group_count; g++) {
        struct ph_value v = ph_formula_value(e->calculator, e->groups[g]);
        double x = number(&v);
        if (x == 0) continue;
        out->group = isnan(x) ? -2 - (int)g : (int)g;
        break;
    }
    if (out->group >= -1) return PH_OK;
    ph_text_clear(&e->text);
    ph_roster_lacks(e->roster, e->row, e->plan->groups[-2 - out->group].marks, &e->text);
    out->lacks = ph_arena_text(e->arena, ph_text_get(&e->text), e->text.length);
    return out->lacks ? PH_OK : ph_fail_memory(err);
}

static enum ph_status take_clauses(struct ph_evaluator *e, struct ph_appraisal *out, struct ph_error *err)
{
    static const struct ph_classes none = {0};
    const struct ph_scheme *s = e->plan->scheme;
    const struct ph_classes *classes = out->group >= 0 ? &s->groups[out->group].classes : &none;
    for (const struct clause *c = e->clauses; c < e->clauses + e->clause_count; c++) {
        struct ph_value v = ph_formula_value(e->calculator, c->when);
        if (v.kind == PH_VALUE_UNKNOWN)
            PH_TRY(take_open(e, c, out, err));
        else
            PH_TRY(take_clause(e, c, &v, classes, out, err));
    }
    return PH_OK;
}

enum ph_status ph_evaluator_run(struct ph_evaluator *e, size_t row, const struct ph_override *overrides, size_t override_count,
                                struct ph_appraisal *out, double *amounts, struct ph_error *err)
{
    const struct ph_plan *p = e->plan;
    *out = (struct ph_appraisal){.at_worst = -1, .at_best = -1, .adjust_to = -1};
    e->row = row;
    ph_calculator_start(e->calculator, fetch, e);
    for (size_t i = 0; i < override_count; i++) ph_calculator_set(e->calculator, overrides[i].variable, overrides[i].value);
    PH_TRY(take_group(e, out, err));
    for (size_t q = 0; q < p->quantity_count; q++) {
        const struct ph_amount *quantity = &p->quantities[q];
        bool plain = quantity->variable != SIZE_MAX;
        struct ph_value v = plain ? ph_calculator_value(e->calculator, quantity->variable) : ph_formula_value(e->calculator, e->quantities[q]);
        amounts[q] = plain ? quantity->factor * number(&v) : number(&v);
        if (!isfinite(amounts[q])) amounts[q] = NAN;
    }
    PH_TRY(take_clauses(e, out, err));
    const char *mistake = e->calculator->mistake;
    return mistake ? ph_fail(err, PH_E_RULES, "评价方案求值失败:%s", "the scheme cannot be evaluated: %s", mistake) : PH_OK;
}
