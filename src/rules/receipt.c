/* What a scoring can be asked for: rows, terms, and the arithmetic in words. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/prefetch.h"
#include "rules/scoring_state.h"

#define FORMULA_CAP 1024

const struct ph_score *ph_scoring_row(const struct ph_scoring *s, size_t row)
{
    return &s->scores[row];
}

size_t ph_scoring_term_count(const struct ph_scoring *s, size_t row)
{
    return s->appraisals[row].scored ? s->scheme->groups[s->scores[row].group].indicator_count : 0;
}

const struct ph_base_found *ph_scoring_base(const struct ph_scoring *s, size_t group, size_t indicator)
{
    return &s->groups[group].indicators[indicator].found;
}

const struct ph_group_result *ph_scoring_group(const struct ph_scoring *s, size_t group)
{
    return &s->groups[group].result;
}

size_t ph_scoring_absent(const struct ph_scoring *s, size_t index)
{
    for (size_t v = 0; v < s->roster.variable_count; v++) {
        bool used = s->plan.indicator_marks[v];
        for (size_t g = 0; g < s->scheme->group_count; g++) used |= s->plan.groups[g].marks[v];
        if (used && !s->roster.variables[v].present && index-- == 0) return v;
    }
    return SIZE_MAX;
}

void ph_scoring_prefetch(const struct ph_scoring *s, size_t row)
{
    ph_prefetch(&s->scores[row]);
    ph_prefetch(&s->appraisals[row]);
    for (size_t q = 0; q < s->plan.quantity_count; q++) ph_prefetch(&s->amounts[q][row]);
    for (size_t i = 0; i < s->slots; i++) ph_prefetch(&s->points[i][row]);
}

void ph_scoring_term(const struct ph_scoring *s, size_t row, size_t i, struct ph_score_term *out)
{
    size_t g = (size_t)s->scores[row].group;
    const struct ph_indicator *indicator = &s->scheme->groups[g].indicators[i];
    const struct ph_indicator_state *state = &s->groups[g].indicators[i];
    struct ph_contribution c;
    enum ph_cell cell = ph_scoring_cell(s, g, i, row, &c);
    *out = (struct ph_score_term){.indicator = indicator,
                                  .numerator = c.numerator,
                                  .denominator = c.denominator,
                                  .value = c.value,
                                  .base = state->basis.base,
                                  .least = state->basis.least,
                                  .most = state->basis.most,
                                  .ratio = NAN,
                                  .weight = indicator->weight,
                                  .points = s->points[i][row],
                                  .cell = cell,
                                  .policy = cell == PH_CELL_KNOWN ? PH_POLICY_VALUE : ph_treatment_of(indicator, cell)->policy};
    if (cell != PH_CELL_KNOWN) return;
    out->ratio = ph_ratio_of(indicator, &state->basis, c.value);
    if (!isnan(out->ratio)) out->hit = ph_hit_of(indicator, ph_points_free(indicator, out->ratio));
}

void ph_scoring_missing(const struct ph_scoring *s, size_t row, size_t i, struct ph_text *out)
{
    const struct ph_plan_value *value = &s->plan.groups[s->scores[row].group].indicators[i];
    if (value->plain && s->cells[i][row] != PH_CELL_MISSING) return;
    ph_roster_lacks(&s->roster, row, value->marks, out);
}

/* ---- in words ---- */

/* Two decimals, more (up to ten) where fewer would lose part of the first eight digits: who follows the steps comes to the same. */
static struct ph_str number(char room[PH_NUMBER_ROOM], double v)
{
    static const double steps[] = {1e5, 1e4, 1e3, 1e2, 1e1, 1, 1e-1, 1e-2};
    int more = 0;
    double size = fabs(v);
    while (size > 0 && more < (int)(sizeof steps / sizeof *steps) && size < steps[more]) more++;
    struct ph_str text = ph_fixed_text(room, v, 2 + more);
    for (; more > 0 && text.at[text.length - 1] == '0'; more--) text.length--;
    return text;
}

static void add_number(struct ph_text *out, double v)
{
    char room[PH_NUMBER_ROOM];
    ph_text_add_str(out, number(room, v));
}

static void add_weight(struct ph_text *out, double v)
{
    char room[PH_NUMBER_ROOM];
    ph_text_add_str(out, ph_number_text(room, v));
}

static void add_points(struct ph_text *out, double v)
{
    char room[PH_NUMBER_ROOM];
    ph_text_add_str(out, ph_fixed_text(room, v, 2));
}

/* A negative number in parentheses. */
static void add_second(struct ph_text *out, double v)
{
    if (v < 0) ph_text_add(out, "(");
    add_number(out, v);
    if (v < 0) ph_text_add(out, ")");
}

#define VALUE "\x01" /* where the value goes */

static void add_formula(const struct ph_indicator *indicator, const struct ph_basis *basis, struct ph_text *out)
{
    switch (indicator->formula) {
    case PH_RATIO:
        ph_text_add(out, VALUE " ÷ ");
        add_number(out, basis->base);
        ph_text_add(out, " × ");
        add_weight(out, indicator->weight);
        break;
    case PH_RECIPROCAL:
        add_number(out, basis->base);
        ph_text_add(out, " ÷ " VALUE " × ");
        add_weight(out, indicator->weight);
        break;
    case PH_LINEAR_DROP:
        add_weight(out, indicator->weight);
        ph_text_add(out, " × (2 − " VALUE " ÷ ");
        add_number(out, basis->base);
        ph_text_add(out, ")");
        break;
    case PH_MINMAX:
        add_weight(out, indicator->weight);
        ph_text_add(out, " × [");
        add_weight(out, indicator->floor_share);
        ph_text_add(out, " + ");
        add_weight(out, 1 - indicator->floor_share);
        if (!(basis->most > basis->least)) {
            ph_text_add(out, " × 1](全组相同)");
            break;
        }
        ph_text_add(out, " × (");
        if (indicator->down) add_number(out, basis->most);
        ph_text_add(out, indicator->down ? " − " VALUE : VALUE " − ");
        if (!indicator->down) add_second(out, basis->least);
        ph_text_add(out, ") ÷ (");
        add_number(out, basis->most);
        ph_text_add(out, " − ");
        add_second(out, basis->least);
        ph_text_add(out, ")]");
        break;
    }
}

/* What is the same for every row of a group is worded once. */
static enum ph_status word_formula(struct ph_scoring *s, const struct ph_indicator *indicator, struct ph_indicator_state *state,
                                   struct ph_text *text, struct ph_error *err)
{
    ph_text_clear(text);
    add_formula(indicator, &state->basis, text);
    ph_text_add(text, " = ");
    const char *words = text->failed ? NULL : ph_arena_text(&s->arena, ph_text_get(text), text->length);
    if (words == NULL) return ph_fail_memory(err);
    const char *gap = strchr(words, VALUE[0]);
    state->before_value = (struct ph_str){words, gap ? (size_t)(gap - words) : text->length};
    state->behind_value = ph_str_of(gap ? gap + 1 : NULL);
    return PH_OK;
}

enum ph_status ph_receipts_prepare(struct ph_scoring *s, struct ph_error *err)
{
    struct ph_text text;
    ph_text_init(&text, FORMULA_CAP);
    enum ph_status status = PH_OK;
    for (size_t g = 0; g < s->scheme->group_count; g++)
        for (size_t i = 0; status == PH_OK && i < s->scheme->groups[g].indicator_count; i++)
            status = word_formula(s, &s->scheme->groups[g].indicators[i], &s->groups[g].indicators[i], &text, err);
    ph_text_dispose(&text);
    return status;
}

static void add_known(const struct ph_indicator_state *state, const struct ph_score_term *t, struct ph_text *out)
{
    char room[PH_NUMBER_ROOM];
    struct ph_str value = number(room, t->value);
    if (!isnan(t->denominator)) {
        add_number(out, t->numerator);
        ph_text_add(out, " ÷ ");
        add_number(out, t->denominator);
        ph_text_add(out, " = ");
        ph_text_add_str(out, value);
        ph_text_add(out, "；");
    }
    if (isnan(t->ratio)) {
        ph_text_add(out, "基准值不大于零,不计分 = 0.00");
        return;
    }
    bool second = t->value < 0 && t->indicator->formula == PH_MINMAX && t->indicator->down;
    ph_text_add_str(out, state->before_value);
    if (state->behind_value.length) {
        if (second) ph_text_add(out, "(");
        ph_text_add_str(out, value);
        if (second) ph_text_add(out, ")");
        ph_text_add_str(out, state->behind_value);
    }
    if (t->hit != PH_NOT_HIT) {
        add_points(out, ph_points_free(t->indicator, t->ratio));
        ph_text_add(out, t->hit == PH_CAP_HIT ? ",超过上限,计 " : ",低于下限,计 ");
    }
    add_points(out, t->points);
}

void ph_scoring_arithmetic(const struct ph_scoring *s, size_t row, size_t i, const struct ph_score_term *t, struct ph_text *out)
{
    if (t->cell == PH_CELL_KNOWN) {
        add_known(&s->groups[s->scores[row].group].indicators[i], t, out);
        return;
    }
    if (t->cell == PH_CELL_MISSING) {
        size_t before = out->length;
        ph_text_add(out, "缺");
        ph_scoring_missing(s, row, i, out);
        if (out->length == before + strlen("缺")) ph_text_add(out, "数据");
    } else {
        ph_text_add(out, t->cell == PH_CELL_ZERO ? "值为零" : "分母为零");
    }
    static const char *const policies[] = {[PH_POLICY_ZERO] = ",计零分",   [PH_POLICY_GROUP_MEAN] = ",取本组该项平均分",
                                           [PH_POLICY_PENALTY] = ",扣分",  [PH_POLICY_FULL] = ",计满分",
                                           [PH_POLICY_NOT_EVALUATED] = "", [PH_POLICY_VALUE] = ""};
    ph_text_add(out, policies[t->policy]);
    ph_text_add(out, " = ");
    add_points(out, t->points);
}

void ph_base_arithmetic(const struct ph_indicator *indicator, const struct ph_base_found *base, struct ph_text *out)
{
    static const char *const kinds[] = {[PH_BASE_FIXED] = "固定值",
                                        [PH_BASE_MEAN] = "平均值",
                                        [PH_BASE_WEIGHTED_MEAN] = "加权平均值",
                                        [PH_BASE_MEDIAN] = "中位数",
                                        [PH_BASE_MAX] = "最大值"};
    if (indicator->formula == PH_MINMAX) {
        ph_text_add(out, "最小 ");
        add_number(out, base->least);
        ph_text_add(out, "，最大 ");
        add_number(out, base->most);
        ph_text_addf(out, "(%zu 家)", base->count);
        return;
    }
    ph_text_add(out, kinds[indicator->base_kind]);
    ph_text_add(out, "：");
    if (indicator->base_kind == PH_BASE_FIXED) {
        add_number(out, base->base);
        return;
    }
    if (!isnan(base->sum)) {
        ph_text_add(out, indicator->base_kind == PH_BASE_MEAN ? "Σ值 " : "Σ分子 ");
        add_number(out, base->sum);
        ph_text_add(out, indicator->base_kind == PH_BASE_MEAN ? " ÷ " : " ÷ Σ分母 ");
        if (indicator->base_kind == PH_BASE_MEAN)
            add_weight(out, base->divisor);
        else
            add_number(out, base->divisor);
        ph_text_add(out, " = ");
        add_number(out, base->sum / base->divisor);
    }
    if (isnan(base->sum)) add_number(out, base->base / indicator->base_times);
    if (indicator->base_times != 1) {
        ph_text_add(out, "，× ");
        add_weight(out, indicator->base_times);
        ph_text_add(out, " = ");
        add_number(out, base->base);
    }
    ph_text_addf(out, "(%zu 家)", base->count);
}
