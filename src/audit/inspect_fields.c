/* What each column is taken for, how sure that is, and how much of it can be read. */
#include "audit/inspection.h"

#include <stdio.h>
#include <string.h>

/* The unit whose factor this is, in Chinese. */
static const char *unit_name(struct ph_inspection *n, enum ph_quantity quantity, struct ph_factor factor)
{
    static const struct {
        enum ph_quantity quantity;
        struct ph_factor factor;
        const char *name;
    } units[] = {{PH_AREA, {2000, 3}, "亩"},       {PH_AREA, {10000, 1}, "公顷"},    {PH_AREA, {1000000, 1}, "平方公里"},
                 {PH_MONEY, {1, 10000}, "元"},     {PH_MONEY, {1, 10}, "千元"},      {PH_MONEY, {10000, 1}, "亿元"},
                 {PH_PER_MU, {1, 10000}, "元/亩"}, {PH_PER_MU, {1, 15}, "万元/公顷"},
                 {PH_SHARE, {1, 100}, "%"},        {PH_MASS, {1, 1000}, "千克"},     {PH_ELECTRICITY, {10000, 1}, "万kWh"}};
    if (factor.times == factor.over) return ph_unit_kept(quantity);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].quantity == quantity && units[i].factor.times == factor.times && units[i].factor.over == factor.over)
            return units[i].name;
    char text[80];
    snprintf(text, sizeof text, "%lld/%lld %s", (long long)factor.times, (long long)factor.over, ph_unit_kept(quantity));
    return ph_arena_text(&n->arena, text, strlen(text));
}

static void tell_unit(struct ph_inspection *n, size_t f, struct ph_inspect_field *out)
{
    const struct ph_match *match = &n->map.matches[f];
    enum ph_inspect_kind kind = n->content.kind;
    size_t area = kind == PH_INSPECT_PARCELS  ? (size_t)PH_REGISTERED_M2
                  : kind == PH_INSPECT_LEDGER ? (size_t)PH_LED_AREA
                                              : SIZE_MAX;
    bool stated = ph_unit_stated(match->unit_from);
    out->unit = unit_name(n, ph_inspection_fields(kind)->items[f].quantity, match->factor);
    switch (match->unit_from) {
    case PH_UNIT_PLAIN: out->unit_from = PH_UNIT_OF_NONE; break;
    case PH_UNIT_NAMED: out->unit_from = PH_UNIT_OF_NAME; break;
    case PH_UNIT_TABLE: out->unit_from = PH_UNIT_OF_TABLE; break;
    case PH_UNIT_ORDERED: out->unit_from = PH_UNIT_OF_MAP; break;
    case PH_UNIT_ASSUMED: out->unit_from = PH_UNIT_OF_DEFAULT; break;
    case PH_UNIT_CUT_OFF: out->unit_from = PH_UNIT_OF_NOTHING; break;
    }
    if (f == area && !stated) out->unit_from = n->map.area_unit != SIZE_MAX ? PH_UNIT_OF_COLUMN : PH_UNIT_OF_MEASURED;
    if (out->unit_from == PH_UNIT_OF_COLUMN || out->unit_from == PH_UNIT_OF_MEASURED || out->unit_from == PH_UNIT_OF_NOTHING)
        out->unit = NULL;
    if (out->unit && *out->unit == '\0') out->unit = NULL;
}

static size_t count_known(const struct ph_inspection *n, size_t column)
{
    const struct ph_table *table = &n->parcels.t.layer.table;
    size_t known = 0;
    for (size_t row = 0; column < table->column_count && row < table->rows; row++)
        known += ph_column_known(&table->columns[column], row);
    return known;
}

static enum ph_inspect_how how_of(const struct ph_inspection *n, size_t s, size_t f)
{
    static const enum ph_inspect_how hows[] = {
        [PH_MATCH_NONE] = PH_HOW_CARRIED, [PH_MATCH_NAME] = PH_HOW_NAME, [PH_MATCH_TITLE] = PH_HOW_TITLE,
        [PH_MATCH_ALIAS] = PH_HOW_ALIAS,  [PH_MATCH_CUT] = PH_HOW_CUT,   [PH_MATCH_ORDERED] = PH_HOW_ORDERED};
    if (f != SIZE_MAX) return hows[n->map.matches[f].how];
    bool has_area = n->content.kind == PH_INSPECT_PARCELS || n->content.kind == PH_INSPECT_LEDGER;
    if (s == n->map.area_unit && has_area) return PH_HOW_UNIT;
    enum ph_column_fate fate = n->map.fates[s];
    return fate == PH_COLUMN_AMBIGUOUS ? PH_HOW_AMBIGUOUS : fate == PH_COLUMN_SURPLUS ? PH_HOW_SURPLUS : PH_HOW_CARRIED;
}

/* By the name, and one step less when not half of what is there could be read. */
static enum ph_inspect_confidence confidence_of(const struct ph_inspect_field *field)
{
    enum ph_inspect_confidence by_name = PH_CONFIDENCE_HIGH;
    if (field->how == PH_HOW_ALIAS || field->how == PH_HOW_CUT) by_name = PH_CONFIDENCE_FAIR;
    return field->known * 2 < field->present ? by_name - 1 : by_name;
}

enum ph_status ph_inspection_tell_fields(struct ph_inspection *n, struct ph_error *err)
{
    const struct ph_source_facts *facts = ph_inspection_facts(n);
    const struct ph_fields *fields = ph_inspection_fields(n->content.kind);
    struct ph_inspect_field *out = ph_arena_alloc(&n->arena, (facts->field_count + 1) * sizeof *out);
    const char **absent = ph_arena_alloc(&n->arena, (fields->count + 1) * sizeof *absent);
    const char **absent_names = ph_arena_alloc(&n->arena, (fields->count + 1) * sizeof *absent_names);
    if (out == NULL || absent == NULL || absent_names == NULL) return ph_fail_memory(err);
    for (size_t s = 0; s < facts->field_count; s++) {
        size_t f = 0;
        while (f < fields->count && n->map.matches[f].source != s) f++;
        if (f == fields->count) f = SIZE_MAX;
        out[s] = (struct ph_inspect_field){
            .source = facts->fields[s].name, .type = facts->fields[s].driver_type, .how = how_of(n, s, f)};
        size_t column = s;
        if (f != SIZE_MAX) {
            out[s].field = fields->items[f].name;
            out[s].title = fields->items[f].title;
            tell_unit(n, f, &out[s]);
            if (n->parcels.t.column_of) column = n->parcels.t.column_of[f];
        }
        out[s].present = count_known(n, s);
        out[s].known = count_known(n, column);
        if (f != SIZE_MAX) out[s].confidence = confidence_of(&out[s]);
    }
    for (size_t f = 0; f < fields->count; f++) {
        if (n->map.matches[f].source != SIZE_MAX) continue;
        absent_names[n->content.absent_count] = fields->items[f].name;
        absent[n->content.absent_count++] = fields->items[f].title;
    }
    n->content.fields = out;
    n->content.field_count = facts->field_count;
    n->content.absent = absent;
    n->content.absent_names = absent_names;
    return PH_OK;
}
