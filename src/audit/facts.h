/* The values that rules can name, parcel by parcel. */
#ifndef PH_AUDIT_FACTS_H
#define PH_AUDIT_FACTS_H

#include "audit/evaluation.h"
#include "audit/parcels.h"
#include "rules/engine.h"

enum ph_variable_id {
    PH_VARIABLE_FIELDS = PH_PARCEL_FIELDS, /* the canonical fields come first, by their own numbers */
    PH_VARIABLE_BEFORE = PH_PARCEL_FIELDS - 1,
#define VARIABLE(id, name, title) PH_VAR_##id,
#include "audit/variables.def"
#undef VARIABLE
    PH_VARIABLES
};

/* One row at a time. */
struct ph_facts {
    const struct ph_parcels *parcels;
    const struct ph_enterprises *enterprises;
    const struct ph_evaluation *evaluation;
    size_t row;
    int32_t as_of; /* known */
};

/* The list of variables; present: what the inputs can give (NULL parcels: everything). */
void ph_facts_variables(const struct ph_parcels *parcels, const struct ph_enterprises *enterprises,
                        const struct ph_evaluation *evaluation, struct ph_variable variables[PH_VARIABLES]);

/* A ph_fetch; row is a struct ph_facts. */
void ph_facts_fetch(const void *row, size_t variable, struct ph_value *out);

#endif
