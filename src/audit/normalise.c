#include "audit/normalise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"

#define EXACT_INTEGERS 9007199254740992.0 /* 2^53 */

static const struct ph_problem_kind date_unreadable = {
    PH_PROBLEM_ERROR, "date.unreadable", "改为 2021-06-01 这样的日期", "write a date such as 2021-06-01"};
static const struct ph_problem_kind date_partial = {
    PH_PROBLEM_ERROR, "date.partial", "补上日;不猜", "add the day; it is not guessed"};
static const struct ph_problem_kind number_unreadable = {
    PH_PROBLEM_ERROR, "number.unreadable", "改为数字", "write a number"};
static const struct ph_problem_kind unit_unknown = {
    PH_PROBLEM_ERROR, "unit.unknown", "写明单位:㎡、亩、公顷(金额:元、万元)", "state the unit: m², mu, ha (money: 元, 万元)"};
static const struct ph_problem_kind unit_assumed = {
    PH_WARNING, "unit.assumed", "在字段名后注明单位,或用 --map 字段=源字段:单位", "put the unit into the name, or use --map FIELD=SOURCE:unit"};
static const struct ph_problem_kind code_as_number = {
    PH_PROBLEM_ERROR, "id.stored_as_number", "代码应存为文本;照原件重新录入", "store codes as text; enter it again from the original"};

/* Converting one column. */
struct conversion {
    struct ph_fielded *t;
    const struct ph_field *field;
    const struct ph_match *match;
    size_t from, to;           /* columns */
    size_t unit_column;        /* states the unit row by row; SIZE_MAX: none */
    bool open;                 /* the unit is stated nowhere, unless values state their own */
    size_t stated, unstated;   /* values with and without a unit of their own */
    const char *source;
    struct ph_problems *problems;
    struct ph_error *err;
};

static struct ph_column *column(const struct conversion *c, size_t index)
{
    return &c->t->layer.table.columns[index];
}

static enum ph_status complain(const struct conversion *c, const struct ph_problem_kind *kind, size_t row, const char *found)
{
    return ph_problem_add(c->problems, kind, c->source, c->t->layer.fids[row], c->err, "%s(列 %s)读不懂:“%s”,按未知处理",
                          "%s (column %s) cannot be read: '%s'; taken as unknown", c->field->title, column(c, c->from)->name, found);
}

static enum ph_status text_from_number(const struct conversion *c, size_t row)
{
    const struct ph_column *from = column(c, c->from);
    if (!ph_column_known(from, row)) return PH_OK;
    char text[PH_VALUE_BYTES];
    ph_column_print(from, row, text);
    if (from->type == PH_REAL && fabs(from->real[row]) >= EXACT_INTEGERS)
        return ph_problem_add(c->problems, &code_as_number, c->source, c->t->layer.fids[row], c->err, "%s 存成了数,末位已丢失:%s,按未知处理",
                              "%s is stored as a number and has lost digits: %s; taken as unknown", c->field->title, text);
    column(c, c->to)->text[row] = ph_table_text(&c->t->layer.table, text, strlen(text));
    return column(c, c->to)->text[row] ? PH_OK : ph_fail_memory(c->err);
}

static enum ph_status date_from(const struct conversion *c, size_t row)
{
    const struct ph_column *from = column(c, c->from);
    if (!ph_column_known(from, row)) return PH_OK;
    char digits[40];
    const char *text = digits;
    if (from->type == PH_TEXT)
        text = from->text[row];
    else if (from->type == PH_INT)
        snprintf(digits, sizeof digits, "%lld", (long long)from->integer[row]);
    else
        ph_number_print(digits, sizeof digits, from->real[row]);
    if (from->type != PH_TEXT && strcmp(text, "0") == 0) return PH_OK;
    enum ph_parse result = ph_date_parse(text, strlen(text), &column(c, c->to)->date[row]);
    if (result == PH_PARSE_PARTIAL) return complain(c, &date_partial, row, text);
    return result == PH_PARSE_BAD ? complain(c, &date_unreadable, row, text) : PH_OK;
}

/* The factor of this row; false when its unit cannot be read. */
static bool row_factor(const struct conversion *c, size_t row, struct ph_str written, struct ph_factor *factor, const char **word)
{
    static const char *const nothing = "";
    *factor = c->match->factor;
    *word = nothing;
    if (written.length > 0) {
        *word = written.at;
        return ph_unit_of_word(written, c->field->quantity, factor, NULL);
    }
    if (c->unit_column == SIZE_MAX || ph_unit_stated(c->match->unit_from)) return true;
    const struct ph_column *units = column(c, c->unit_column);
    char code[24];
    if (!ph_column_known(units, row)) return false;
    if (units->type == PH_TEXT) {
        *word = units->text[row];
    } else {
        snprintf(code, sizeof code, "%lld", (long long)(units->type == PH_INT ? units->integer[row] : (int64_t)units->real[row]));
        return ph_unit_of_word(ph_str_of(code), c->field->quantity, factor, NULL);
    }
    return ph_unit_of_word(ph_str_of(*word), c->field->quantity, factor, NULL);
}

static enum ph_status number_from(struct conversion *c, size_t row, double *value)
{
    const struct ph_column *from = column(c, c->from);
    *value = NAN;
    if (!ph_column_known(from, row)) return PH_OK;
    struct ph_str written = {"", 0};
    if (from->type == PH_TEXT) {
        const char *text = from->text[row];
        enum ph_parse result = ph_number_parse(text, strlen(text), value, &written);
        if (result == PH_PARSE_BAD) return complain(c, &number_unreadable, row, text);
        if (result != PH_PARSE_OK) return PH_OK;
        if (c->field->quantity == PH_PLAIN && written.length) return *value = NAN, complain(c, &number_unreadable, row, text);
    } else if (from->type == PH_DATE) {
        return complain(c, &number_unreadable, row, "(date)");
    } else {
        *value = from->type == PH_INT ? (double)from->integer[row] : from->real[row];
    }
    if (!isfinite(*value)) return *value = NAN, complain(c, &number_unreadable, row, "inf");
    struct ph_factor factor;
    const char *word;
    *(written.length ? &c->stated : &c->unstated) += 1;
    if (row_factor(c, row, written, &factor, &word)) {
        *value = ph_factor_apply(factor, *value);
        return PH_OK;
    }
    *value = NAN;
    if (written.length) return complain(c, &number_unreadable, row, from->text[row]);
    return ph_problem_add(c->problems, &unit_unknown, c->source, c->t->layer.fids[row], c->err, "%s 的单位读不懂:“%s”,按未知处理",
                          "the unit of %s cannot be read: '%s'; taken as unknown", c->field->title, word);
}

static enum ph_status convert_row(struct conversion *c, size_t row)
{
    switch (c->field->type) {
    case PH_TEXT: return text_from_number(c, row);
    case PH_DATE: return date_from(c, row);
    case PH_REAL: return number_from(c, row, &column(c, c->to)->real[row]);
    case PH_INT: break;
    }
    double value;
    PH_TRY(number_from(c, row, &value));
    if (isnan(value)) return PH_OK;
    char text[40];
    ph_number_print(text, sizeof text, value);
    if (value != floor(value) || fabs(value) >= EXACT_INTEGERS) return complain(c, &number_unreadable, row, text);
    column(c, c->to)->integer[row] = (int64_t)value;
    return PH_OK;
}

/* Whether the column can serve as it came. */
static bool fits(const struct conversion *c)
{
    const struct ph_column *from = column(c, c->from);
    if (from->type != c->field->type) return false;
    bool same_unit = c->match->factor.times == c->match->factor.over;
    return c->field->type != PH_REAL || (same_unit && c->unit_column == SIZE_MAX);
}

/* In a column where some values state their unit, those that do not cannot be settled by comparison any more. */
static enum ph_status drop_unstated(struct conversion *c)
{
    for (size_t row = 0; row < c->t->layer.table.rows; row++) {
        const char *text = column(c, c->from)->type == PH_TEXT ? column(c, c->from)->text[row] : NULL;
        double value;
        struct ph_str written = {"", 0};
        if (text == NULL || ph_number_parse(text, strlen(text), &value, &written) != PH_PARSE_OK || written.length) continue;
        column(c, c->to)->real[row] = NAN;
        PH_TRY(ph_problem_add(c->problems, &unit_unknown, c->source, c->t->layer.fids[row], c->err, "%s 未写单位:“%s”,按未知处理",
                              "%s states no unit: '%s'; taken as unknown", c->field->title, text));
    }
    return PH_OK;
}

static enum ph_status convert(struct conversion *c)
{
    const struct ph_match *match = c->match;
    if (match->unit_from == PH_UNIT_ASSUMED && c->unit_column == SIZE_MAX)
        PH_TRY(ph_problem_add(c->problems, &unit_assumed, c->source, -1, c->err, "列 %s(%s)未写单位,按 %s 处理",
                              "column %s (%s) states no unit; taken as %s", column(c, c->from)->name, c->field->title,
                              ph_unit_kept(c->field->quantity)));
    if (match->unit_from == PH_UNIT_CUT_OFF && c->unit_column == SIZE_MAX) {
        PH_TRY(ph_table_add_column(&c->t->layer.table, c->field->name, c->field->title, c->field->type, &c->to, c->err));
        return ph_problem_add(c->problems, &unit_unknown, c->source, -1, c->err, "列 %s(%s)的单位读不懂或被截断,整列按未知处理",
                              "the unit in the name of column %s (%s) cannot be read or was cut off; all of it taken as unknown",
                              column(c, c->from)->name, c->field->title);
    }
    if (fits(c)) {
        c->to = c->from;
        if (c->field->type != PH_REAL) return PH_OK;
        for (size_t row = 0; row < c->t->layer.table.rows; row++) {
            double value;
            if (!isinf(column(c, c->to)->real[row])) continue;
            PH_TRY(number_from(c, row, &value)); /* not in place: it reads what it would overwrite */
            column(c, c->to)->real[row] = value;
        }
        return PH_OK;
    }
    PH_TRY(ph_table_add_column(&c->t->layer.table, c->field->name, c->field->title, c->field->type, &c->to, c->err));
    for (size_t row = 0; row < c->t->layer.table.rows; row++) PH_TRY(convert_row(c, row));
    return c->open && c->stated && c->unstated ? drop_unstated(c) : PH_OK;
}

static enum ph_status list_carried(struct ph_fielded *t, const struct ph_fieldmap *map, struct ph_error *err)
{
    t->carried = malloc((t->source_columns + 1) * sizeof *t->carried);
    if (t->carried == NULL) return ph_fail_memory(err);
    for (size_t s = 0; s < t->source_columns; s++) {
        bool used = false;
        for (size_t f = 0; f < map->match_count; f++) used |= map->matches[f].source == s;
        if (!used) t->carried[t->carried_count++] = s;
    }
    return PH_OK;
}

enum ph_status ph_normalise(struct ph_layer *layer, const struct ph_fieldmap *map, const struct ph_fields *fields, const char *source,
                            size_t open_field, struct ph_fielded *out, struct ph_problems *problems, struct ph_error *err)
{
    *out = (struct ph_fielded){.layer = *layer, .fields = fields, .source_columns = layer->table.column_count};
    memset(layer, 0, sizeof *layer);
    out->column_of = malloc(fields->count * sizeof *out->column_of);
    if (out->column_of == NULL) return ph_fail_memory(err);
    for (size_t f = 0; f < fields->count; f++) out->column_of[f] = SIZE_MAX;
    for (size_t f = 0; f < fields->count; f++) {
        const struct ph_match *match = &map->matches[f];
        if (match->source == SIZE_MAX) continue;
        size_t unit_column = f == open_field && fields->items[f].quantity == PH_AREA ? map->area_unit : SIZE_MAX;
        bool open = f == open_field && unit_column == SIZE_MAX && match->unit_from == PH_UNIT_ASSUMED;
        struct ph_match silent = *match;
        if (open) silent.unit_from = PH_UNIT_PLAIN;
        struct conversion c = {.t = out, .field = &fields->items[f], .match = &silent, .open = open, .from = match->source, .source = source,
                               .unit_column = unit_column, .problems = problems, .err = err};
        PH_TRY(convert(&c));
        out->column_of[f] = c.to;
        if (open) out->unit_open = c.stated == 0;
    }
    return list_carried(out, map, err);
}

void ph_fielded_dispose(struct ph_fielded *table)
{
    ph_layer_dispose(&table->layer);
    free(table->column_of);
    free(table->carried);
    memset(table, 0, sizeof *table);
}
