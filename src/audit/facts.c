#include "audit/facts.h"

#include <math.h>

#include "base/number.h"

void ph_facts_variables(const struct ph_parcels *parcels, const struct ph_enterprises *enterprises,
                        const struct ph_evaluation *evaluation, struct ph_variable variables[PH_VARIABLES])
{
    static const struct ph_variable others[] = {
#define VARIABLE(id, name, title) {name, title, true},
#include "audit/variables.def"
#undef VARIABLE
    };
    for (size_t i = 0; i < PH_VARIABLES; i++) {
        bool field = i < PH_PARCEL_FIELDS;
        variables[i] = field ? (struct ph_variable){ph_parcel_fields.items[i].name, ph_parcel_fields.items[i].title, true}
                             : others[i - PH_PARCEL_FIELDS];
        if (field && parcels) variables[i].present = ph_field_column(&parcels->t, i) != NULL;
        bool indicator = i >= PH_VAR_TAX && i <= PH_VAR_EMISSION_PER_MU && i != PH_VAR_HOLDER_MU;
        if (indicator && parcels) variables[i].present = enterprises->source != NULL;
        if ((i == PH_VAR_GRADE || i == PH_VAR_SCORE) && parcels) variables[i].present = evaluation->scheme != NULL;
    }
}

static void real(struct ph_value *out, double value)
{
    out->kind = isnan(value) ? PH_VALUE_UNKNOWN : PH_VALUE_REAL;
    out->real = value;
}

static void check(struct ph_value *out, int8_t result)
{
    out->kind = result < 0 ? PH_VALUE_UNKNOWN : PH_VALUE_INT;
    out->integer = result;
}

static void field_value(const struct ph_facts *f, size_t field, struct ph_value *out)
{
    const struct ph_column *column = ph_field_column(&f->parcels->t, field);
    out->kind = PH_VALUE_UNKNOWN;
    if (column == NULL || !ph_column_known(column, f->row)) return;
    switch (column->type) {
    case PH_TEXT:
        out->kind = PH_VALUE_TEXT;
        out->text = column->text[f->row];
        break;
    case PH_REAL: real(out, column->real[f->row]); break;
    case PH_INT:
        out->kind = PH_VALUE_INT;
        out->integer = column->integer[f->row];
        break;
    case PH_DATE:
        out->kind = PH_VALUE_DATE;
        out->date = column->date[f->row];
        break;
    }
}

/* The indicators of the parcel's enterprise, and the same per mu. */
static bool indicator_value(const struct ph_facts *f, size_t variable, struct ph_value *out)
{
    static const enum ph_enterprise_field fields[] = {PH_ENT_TAX,    PH_ENT_REVENUE,  PH_ENT_RD,   PH_ENT_VALUE_ADDED,
                                                      PH_ENT_ENERGY, PH_ENT_EMISSION, PH_ENT_STAFF};
    if (variable >= PH_VAR_TAX && variable <= PH_VAR_STAFF) {
        real(out, ph_holder_indicator(f->enterprises, f->row, fields[variable - PH_VAR_TAX]));
        return true;
    }
    if (variable < PH_VAR_TAX_PER_MU || variable > PH_VAR_EMISSION_PER_MU) return false;
    real(out, ph_holder_per_mu(f->enterprises, f->row, fields[variable - PH_VAR_TAX_PER_MU]));
    return true;
}

/* Of the enterprise that the parcel is judged by; T, not evaluated, is no grade that a rule could go by. */
static void graded(const struct ph_facts *f, bool score, struct ph_value *out)
{
    static const char *const grades[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    const struct ph_score *s = ph_evaluation_of_parcel(f->evaluation, f->row);
    out->kind = PH_VALUE_UNKNOWN;
    if (s == NULL) return;
    if (score) real(out, s->score);
    if (!score && s->grade >= 'A' && s->grade <= 'H') *out = (struct ph_value){.kind = PH_VALUE_TEXT, .text = grades[s->grade - 'A']};
}

void ph_facts_fetch(const void *row, size_t variable, struct ph_value *out)
{
    const struct ph_facts *f = row;
    if (variable < PH_PARCEL_FIELDS) {
        field_value(f, variable, out);
        return;
    }
    if (indicator_value(f, variable, out)) return;
    const struct ph_areas *a = &f->parcels->areas[f->row];
    const struct ph_code_checks *checks = &f->parcels->checks[f->row];
    bool adopted = a->adopted_dm2 != INT64_MIN;
    switch ((enum ph_variable_id)variable) {
    case PH_VAR_AREA_M2: real(out, adopted ? (double)a->adopted_dm2 / 100 : NAN); break;
    case PH_VAR_AREA_MU: real(out, ph_mu_from_dm2(a->adopted_dm2)); break;
    case PH_VAR_ELLIPSOID_M2: real(out, a->ellipsoid_m2); break;
    case PH_VAR_PLANE_M2: real(out, a->plane_m2); break;
    case PH_VAR_AREA_DIFF_M2: real(out, a->diff_m2); break;
    case PH_VAR_AREA_DIFF_PPM: real(out, a->diff_ppm); break;
    case PH_VAR_AREA_GAP_M2: real(out, a->gap_m2); break;
    case PH_VAR_HOLDER_MU: real(out, ph_holder_mu(f->enterprises, f->row)); break;
    case PH_VAR_GRADE: graded(f, false, out); break;
    case PH_VAR_SCORE: graded(f, true, out); break;
    case PH_VAR_PARCEL_ID_OK: check(out, checks->parcel_id); break;
    case PH_VAR_UNIT_ID_OK: check(out, checks->unit_id); break;
    case PH_VAR_HOLDER_CODE_OK: check(out, checks->holder_code); break;
    case PH_VAR_PARCEL_ID_DUPLICATE: check(out, checks->duplicate); break;
    case PH_VAR_CRS_SUSPECT: check(out, checks->crs_suspect); break;
    case PH_VAR_AS_OF:
        out->kind = PH_VALUE_DATE;
        out->date = f->as_of;
        break;
    default: out->kind = PH_VALUE_UNKNOWN; break;
    }
}
