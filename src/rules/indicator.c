/* An indicator of a scheme, read. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "rules/scheme_parts.h"

enum ph_status ph_scheme_word(const struct ph_document *d, const struct ph_yaml *map, const char *key, const char *const *words,
                              int otherwise, int *out)
{
    const char *text = ph_document_text(map, key);
    *out = otherwise;
    if (text == NULL) return PH_OK;
    char known[256] = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) return *out = i, PH_OK;
        strncat(known, i ? ", " : "", sizeof known - strlen(known) - 1);
        strncat(known, words[i], sizeof known - strlen(known) - 1);
    }
    ph_fail(d->err, PH_E_RULES, "%s 不能是“%s”;可以是:%s", "%s cannot be '%s'; it can be: %s", key, text, known);
    return ph_document_fail(d, ph_yaml_get(map, key));
}

static enum ph_status bad_number(const struct ph_document *d, struct ph_place place, const char *text)
{
    ph_fail(d->err, PH_E_RULES, "“%s”不是数,也不是参数的名字", "'%s' is neither a number nor the name of a param", text);
    ph_at_line(d->err, place.file, place.line, place.column);
    return PH_E_RULES;
}

static enum ph_status read_treatment(const struct ph_document *d, const struct ph_yaml *node, const char *key,
                                     struct ph_treatment otherwise, struct ph_treatment *out)
{
    static const char *const words[] = {[PH_POLICY_VALUE] = "value",
                                        [PH_POLICY_NOT_EVALUATED] = "not_evaluated",
                                        [PH_POLICY_ZERO] = "zero",
                                        [PH_POLICY_GROUP_MEAN] = "group_mean",
                                        [PH_POLICY_PENALTY] = "penalty POINTS",
                                        [PH_POLICY_FULL] = "full",
                                        NULL};
    *out = otherwise;
    const char *text = ph_document_text(node, key);
    struct ph_str points = ph_str_of(text);
    if (points.length > 8 && memcmp(text, "penalty ", 8) == 0) {
        points = ph_str_after(points, 8);
        if (ph_number_parse(points.at, points.length, &out->penalty, NULL) == PH_PARSE_OK && out->penalty >= 0)
            return out->policy = PH_POLICY_PENALTY, PH_OK;
        return bad_number(d, ph_document_place(d, ph_yaml_get(node, key)), points.at);
    }
    int policy;
    PH_TRY(ph_scheme_word(d, node, key, words, (int)otherwise.policy, &policy));
    out->policy = (enum ph_policy)policy;
    if (policy != PH_POLICY_VALUE || strcmp(key, "zero") == 0) return PH_OK;
    ph_fail(d->err, PH_E_RULES, "只有 zero 可以是 value", "only 'zero' can be 'value'");
    return ph_document_fail(d, ph_yaml_get(node, key));
}

static enum ph_status read_treatments(const struct ph_document *d, const struct ph_yaml *node, struct ph_indicator *out)
{
    PH_TRY(read_treatment(d, node, "missing", (struct ph_treatment){PH_POLICY_NOT_EVALUATED, 0}, &out->missing));
    PH_TRY(read_treatment(d, node, "zero", (struct ph_treatment){PH_POLICY_VALUE, 0}, &out->zero));
    return read_treatment(d, node, "zero_divisor", out->missing, &out->zero_divisor);
}

static struct ph_written written(const struct ph_document *d, const struct ph_yaml *map, const char *key)
{
    const struct ph_yaml *node = ph_yaml_get(map, key);
    return (struct ph_written){ph_document_text(map, key), ph_document_place(d, node ? node : map)};
}

static enum ph_status read_formula(const struct ph_document *d, const struct ph_yaml *node, struct ph_indicator *out)
{
    static const char *const formulas[] = {"ratio", "minmax", "linear_drop", "reciprocal", NULL};
    static const char *const directions[] = {"up", "down", NULL};
    int formula, down;
    PH_TRY(ph_scheme_word(d, node, "formula", formulas, PH_RATIO, &formula));
    bool falls = formula == PH_LINEAR_DROP || formula == PH_RECIPROCAL;
    PH_TRY(ph_scheme_word(d, node, "direction", directions, falls, &down));
    out->formula = (enum ph_formula)formula;
    out->down = down;
    if ((falls && !down) || (formula == PH_RATIO && down)) {
        ph_fail(d->err, PH_E_RULES, "方向与公式不符:ratio 越大越好,linear_drop、reciprocal 越小越好,minmax 都可以",
                "direction and formula do not fit: ratio is for up, linear_drop and reciprocal for down, minmax for both");
        return ph_document_fail(d, node);
    }
    double share = 0;
    const char *text = ph_document_text(node, "floor_share");
    if (text &&
        (formula != PH_MINMAX || ph_number_parse(text, strlen(text), &share, NULL) != PH_PARSE_OK || share < 0 || share > 1)) {
        ph_fail(d->err, PH_E_RULES, "floor_share 是 0 到 1 的数,只用于 minmax",
                "floor_share is a number from 0 to 1, for minmax only");
        return ph_document_fail(d, ph_yaml_get(node, "floor_share"));
    }
    out->floor_share = share;
    return PH_OK;
}

/* base: a number, the name of a param, a kind, or {kind, times, over}. */
static enum ph_status read_base(const struct ph_document *d, const struct ph_yaml *node, struct ph_indicator *out)
{
    static const char *const kinds[] = {
        [PH_BASE_FIXED] = "fixed",   [PH_BASE_MEAN] = "mean", [PH_BASE_WEIGHTED_MEAN] = "weighted_mean",
        [PH_BASE_MEDIAN] = "median", [PH_BASE_MAX] = "max",   NULL};
    static const char *const keys[] = {"kind", "times", "over", NULL};
    static const char *const rosters[] = {"group", "all", NULL};
    const struct ph_yaml *base = ph_yaml_get(node, "base");
    out->base_times = 1;
    out->base_written = written(d, node, "base");
    if (base == NULL || base->kind == PH_YAML_NULL) return PH_OK;
    int kind = PH_BASE_FIXED, all;
    if (base->kind == PH_YAML_SCALAR) {
        for (int i = PH_BASE_MEAN; kinds[i]; i++)
            if (strcmp(kinds[i], base->text) == 0) out->base_kind = (enum ph_base_kind)i;
        return PH_OK;
    }
    if (base->kind != PH_YAML_MAP)
        return ph_fail(d->err, PH_E_RULES, "base 应是数、参数、算法名或键值表",
                       "base must be a number, a param, a kind or a map"),
               ph_document_fail(d, base);
    PH_TRY(ph_document_check_keys(d, base, keys));
    PH_TRY(ph_scheme_word(d, base, "kind", kinds, PH_BASE_FIXED, &kind));
    if (kind == PH_BASE_FIXED)
        return ph_fail(d->err, PH_E_RULES, "base 的 kind 应是 mean、weighted_mean、median 或 max;固定的数直接写",
                       "the kind of a base is mean, weighted_mean, median or max; write a fixed number as it is"),
               ph_document_fail(d, base);
    PH_TRY(ph_scheme_word(d, base, "over", rosters, 0, &all));
    out->base_kind = (enum ph_base_kind)kind;
    out->base_over_all = all;
    const char *times = ph_document_text(base, "times");
    if (times && (ph_number_parse(times, strlen(times), &out->base_times, NULL) != PH_PARSE_OK || out->base_times <= 0))
        return bad_number(d, ph_document_place(d, ph_yaml_get(base, "times")), times);
    return PH_OK;
}

enum ph_status ph_indicator_read(struct ph_document *d, const struct ph_yaml *node, struct ph_indicator *out)
{
    static const char *const keys[] = {"id",    "title",     "title_en", "unit",         "source",  "sure",        "note",
                                       "value", "direction", "weight",   "base",         "formula", "floor_share", "cap",
                                       "floor", "missing",   "zero",     "zero_divisor", NULL};
    if (node->kind != PH_YAML_MAP)
        return ph_fail(d->err, PH_E_RULES, "指标应是键值表", "an indicator must be a map"), ph_document_fail(d, node);
    PH_TRY(ph_document_check_keys(d, node, keys));
    *out = (struct ph_indicator){.place = ph_document_place(d, node)};
    PH_TRY(ph_document_required(d, node, "id", &out->id));
    PH_TRY(ph_document_required(d, node, "title", &out->title));
    PH_TRY(ph_document_required(d, node, "value", &out->value));
    out->title_en = ph_document_text(node, "title_en");
    out->unit = ph_document_text(node, "unit");
    out->source = ph_document_text(node, "source");
    out->sure = ph_document_text(node, "sure");
    out->note = ph_document_text(node, "note");
    out->value_place = ph_document_place(d, ph_yaml_get(node, "value"));
    out->weight_written = written(d, node, "weight");
    out->cap_written = written(d, node, "cap");
    out->floor_written = written(d, node, "floor");
    if (ph_yaml_get(node, "floor") == NULL) out->floor_written.text = "0";
    PH_TRY(read_formula(d, node, out));
    PH_TRY(read_base(d, node, out));
    return read_treatments(d, node, out);
}

/* ---- numbers, once all params are known ---- */

/* NaN for a param without a value, whose name *param receives. */
static enum ph_status number_of(const struct ph_document *d, struct ph_written w, double *out, const char **param)
{
    *out = NAN;
    *param = NULL;
    if (w.text == NULL || ph_number_parse(w.text, strlen(w.text), out, NULL) == PH_PARSE_OK) return PH_OK;
    for (size_t i = 0; i < d->words->param_count; i++) {
        const struct ph_param *p = &d->words->params[i];
        if (strcmp(p->name, w.text) != 0 && (p->title == NULL || strcmp(p->title, w.text) != 0)) continue;
        *param = p->name;
        if (p->literal == NULL || ph_number_parse(p->literal, strlen(p->literal), out, NULL) == PH_PARSE_OK) return PH_OK;
        return bad_number(d, p->place, p->literal);
    }
    return bad_number(d, w.place, w.text);
}

/* Points; "1.5x" or "1.5倍" is a multiple of the weight. */
static enum ph_status limit_of(const struct ph_document *d, struct ph_written w, double weight, double none, double *out)
{
    char text[64];
    size_t length = w.text ? strlen(w.text) : 0, cut = 0;
    *out = none;
    if (length == 0) return PH_OK;
    if (length < sizeof text && w.text[length - 1] == 'x') cut = 1;
    if (length > 3 && length < sizeof text && strcmp(w.text + length - 3, "倍") == 0) cut = 3;
    if (cut) {
        memcpy(text, w.text, length - cut);
        text[length - cut] = '\0';
        w.text = text;
    }
    const char *param;
    PH_TRY(number_of(d, w, out, &param));
    if (isnan(*out))
        *out = none;
    else if (cut)
        *out *= weight;
    return PH_OK;
}

static enum ph_status add_gap(const struct ph_document *d, struct ph_scheme *s, const struct ph_indicator *indicator,
                              const char *key, const char *param)
{
    s->gaps = ph_document_grown(&s->arena, s->gaps, s->gap_count, sizeof *s->gaps);
    if (s->gaps == NULL) return ph_fail_memory(d->err);
    struct ph_place place = strcmp(key, "weight") == 0 ? indicator->weight_written.place : indicator->base_written.place;
    for (size_t i = 0; param && i < d->words->param_count; i++)
        if (strcmp(d->words->params[i].name, param) == 0) place = d->words->params[i].place;
    s->gaps[s->gap_count++] = (struct ph_scheme_gap){indicator, key, param, place};
    return PH_OK;
}

enum ph_status ph_indicator_settle(struct ph_document *d, struct ph_scheme *scheme, struct ph_indicator *indicator)
{
    const char *param;
    PH_TRY(number_of(d, indicator->weight_written, &indicator->weight, &param));
    if (isnan(indicator->weight))
        PH_TRY(add_gap(d, scheme, indicator, "weight", param));
    else if (indicator->weight <= 0)
        return bad_number(d, indicator->weight_written.place, indicator->weight_written.text);
    PH_TRY(limit_of(d, indicator->cap_written, indicator->weight, INFINITY, &indicator->cap));
    PH_TRY(limit_of(d, indicator->floor_written, indicator->weight, -INFINITY, &indicator->floor));
    indicator->base = NAN;
    if (indicator->base_kind != PH_BASE_FIXED || indicator->formula == PH_MINMAX) return PH_OK;
    PH_TRY(number_of(d, indicator->base_written, &indicator->base, &param));
    if (isnan(indicator->base)) return add_gap(d, scheme, indicator, "base", param);
    return indicator->base > 0 ? PH_OK : bad_number(d, indicator->base_written.place, indicator->base_written.text);
}
