#include "audit/roster.h"

void ph_roster_variables(struct ph_variable variables[PH_ROSTER_VARIABLES])
{
    static const struct ph_variable others[] = {
#define VARIABLE(id, name, title) {name, title, true},
#include "audit/roster_variables.def"
#undef VARIABLE
    };
    for (size_t i = 0; i < PH_ROSTER_VARIABLES; i++)
        variables[i] = i < PH_ENTERPRISE_FIELDS
                           ? (struct ph_variable){ph_enterprise_fields.items[i].name, ph_enterprise_fields.items[i].title, true}
                           : others[i - PH_ENTERPRISE_FIELDS];
}
