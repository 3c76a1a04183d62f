#include "audit/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"

/* A row of the roster before it has its place. */
struct entry {
    size_t unit, row; /* unit: the holding that stands for it; past the holdings for a row without a code */
    int64_t dm2;
    const char *code;
};

static int by_unit(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
    if (x->dm2 != y->dm2) return x->dm2 > y->dm2 ? -1 : 1;
    return strcmp(x->code, y->code);
}

/* Where everybody is judged alone, the rows come in this order. */
static void sort_by_unit(struct entry *entries, size_t count)
{
    size_t i = 1;
    while (i < count && by_unit(&entries[i - 1], &entries[i]) <= 0) i++;
    if (i < count) qsort(entries, count, sizeof *entries, by_unit);
}

static bool later_than(const struct ph_enterprises *e, size_t row, int last_year)
{
    const struct ph_column *years = ph_field_column(&e->t, PH_ENT_YEAR);
    return years && years->integer[row] != PH_INT_UNKNOWN && years->integer[row] > last_year;
}

static size_t list_entries(const struct ph_enterprises *e, int32_t as_of, struct entry *entries)
{
    int last_year, month, day;
    if (!ph_date_parts(as_of, &last_year, &month, &day)) last_year = 9999;
    const struct ph_column *codes = ph_field_column(&e->t, PH_ENT_CODE);
    size_t count = 0;
    for (size_t row = 0; row < e->t.layer.table.rows; row++) {
        size_t h = e->holding_of_row[row];
        if (h != SIZE_MAX)
            entries[count++] = (struct entry){e->holdings[h].unit, row, ph_holding_dm2(&e->holdings[h]), e->holdings[h].code};
        else if (codes->text[row] == NULL && !later_than(e, row, last_year))
            entries[count++] = (struct entry){e->holding_count + row, row, 0, ""};
    }
    return count;
}

enum ph_status ph_units_make(const struct ph_enterprises *e, int32_t as_of, struct ph_units *out, struct ph_error *err)
{
    size_t rows = e->t.layer.table.rows;
    struct entry *entries = malloc((rows + 1) * sizeof *entries);
    out->enterprises = e;
    out->members = malloc((rows + 1) * sizeof *out->members);
    out->from = malloc((rows + 2) * sizeof *out->from);
    out->of_row = malloc((rows + 1) * sizeof *out->of_row);
    ph_date_print(out->as_of, as_of);
    if (entries == NULL || out->members == NULL || out->from == NULL || out->of_row == NULL) {
        free(entries);
        return ph_fail_memory(err);
    }
    for (size_t row = 0; row < rows; row++) out->of_row[row] = SIZE_MAX;
    size_t count = list_entries(e, as_of, entries);
    sort_by_unit(entries, count);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || entries[i].unit != entries[i - 1].unit) out->from[out->count++] = i;
        out->members[i] = entries[i].row;
        out->of_row[entries[i].row] = out->count - 1;
    }
    out->from[out->count] = count;
    free(entries);
    return PH_OK;
}

void ph_units_dispose(struct ph_units *units)
{
    free(units->members);
    free(units->from);
    free(units->of_row);
    memset(units, 0, sizeof *units);
}

static void real(struct ph_value *out, double value)
{
    out->kind = isnan(value) ? PH_VALUE_UNKNOWN : PH_VALUE_REAL;
    out->real = value;
}

static void cell(const struct ph_column *column, size_t row, char scratch[11], struct ph_value *out)
{
    out->kind = PH_VALUE_UNKNOWN;
    if (!ph_column_known(column, row)) return;
    switch (column->type) {
    case PH_TEXT: *out = (struct ph_value){.kind = PH_VALUE_TEXT, .text = column->text[row]}; break;
    case PH_REAL: real(out, column->real[row]); break;
    case PH_INT: *out = (struct ph_value){.kind = PH_VALUE_INT, .integer = column->integer[row]}; break;
    case PH_DATE:
        ph_date_print(scratch, column->date[row]);
        *out = (struct ph_value){.kind = PH_VALUE_TEXT, .text = scratch};
        break;
    }
}

/* Whether those judged together have this between them. */
static bool is_amount(size_t field)
{
    return (field >= PH_ENT_TAX && field <= PH_ENT_COD);
}

static void field_value(const struct ph_units *u, size_t unit, size_t field, char scratch[11], struct ph_value *out)
{
    const struct ph_column *column = ph_field_column(&u->enterprises->t, field);
    size_t from = u->from[unit], to = u->from[unit + 1];
    out->kind = PH_VALUE_UNKNOWN;
    if (column == NULL) return;
    cell(column, u->members[from], scratch, out);
    if (to == from + 1) return;
    double sum = 0;
    for (size_t i = from; i < to; i++) {
        struct ph_value own;
        cell(column, u->members[i], scratch, &own);
        if (field == PH_ENT_VETO && out->kind == PH_VALUE_UNKNOWN) *out = own;
        sum += own.kind == PH_VALUE_REAL ? own.real : own.kind == PH_VALUE_INT ? (double)own.integer : NAN;
    }
    if (is_amount(field)) real(out, sum);
}

/* Land of a relation, or with PH_RELATIONS all of it, over the members; INT64_MIN when some is unknown. */
static int64_t land(const struct ph_units *u, size_t unit, int relation)
{
    const struct ph_enterprises *e = u->enterprises;
    int64_t sum = 0;
    for (size_t i = u->from[unit]; i < u->from[unit + 1]; i++) {
        size_t h = e->holding_of_row[u->members[i]];
        if (h == SIZE_MAX) return INT64_MIN;
        const struct ph_holding *holding = &e->holdings[h];
        int64_t own = relation == PH_RELATIONS ? ph_holding_dm2(holding) : holding->unknown[relation] ? INT64_MIN : holding->dm2[relation];
        if (own == INT64_MIN) return INT64_MIN;
        sum += own;
    }
    return sum;
}

static int64_t parcels(const struct ph_units *u, size_t unit)
{
    int64_t sum = 0;
    for (size_t i = u->from[unit]; i < u->from[unit + 1]; i++) {
        size_t h = u->enterprises->holding_of_row[u->members[i]];
        if (h != SIZE_MAX) sum += u->enterprises->holdings[h].parcels;
    }
    return sum;
}

void ph_units_fetch(const void *data, size_t unit, size_t variable, char scratch[11], struct ph_value *out)
{
    const struct ph_units *u = data;
    if (variable < PH_ENTERPRISE_FIELDS) {
        field_value(u, unit, variable, scratch, out);
        return;
    }
    int64_t dm2;
    switch ((enum ph_roster_variable)variable) {
    case PH_ROSTER_LAND_M2:
        dm2 = land(u, unit, PH_RELATIONS);
        real(out, dm2 == INT64_MIN ? NAN : (double)dm2 / 100);
        break;
    case PH_ROSTER_LAND_MU: real(out, ph_mu_from_dm2(land(u, unit, PH_RELATIONS))); break;
    case PH_ROSTER_OWN_MU: real(out, ph_mu_from_dm2(land(u, unit, PH_OWN))); break;
    case PH_ROSTER_RENTED_IN_MU: real(out, ph_mu_from_dm2(land(u, unit, PH_RENTED_IN))); break;
    case PH_ROSTER_RENTED_OUT_MU: real(out, ph_mu_from_dm2(land(u, unit, PH_RENTED_OUT))); break;
    case PH_ROSTER_PARCELS: *out = (struct ph_value){.kind = PH_VALUE_INT, .integer = parcels(u, unit)}; break;
    case PH_ROSTER_AS_OF: *out = (struct ph_value){.kind = PH_VALUE_TEXT, .text = u->as_of}; break;
    default: out->kind = PH_VALUE_UNKNOWN; break;
    }
}
