/* The values that evaluation schemes can name, enterprise by enterprise. */
#ifndef PH_AUDIT_ROSTER_H
#define PH_AUDIT_ROSTER_H

#include "model/field.h"
#include "rules/expr.h"

enum ph_roster_variable {
    PH_ROSTER_FIELDS = PH_ENTERPRISE_FIELDS, /* the canonical fields come first, by their own numbers */
    PH_ROSTER_BEFORE = PH_ENTERPRISE_FIELDS - 1,
#define VARIABLE(id, name, title) PH_ROSTER_##id,
#include "audit/roster_variables.def"
#undef VARIABLE
    PH_ROSTER_VARIABLES
};

/* The list of variables, as if the inputs had a column for each. */
void ph_roster_variables(struct ph_variable variables[PH_ROSTER_VARIABLES]);

#endif
