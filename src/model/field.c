#include "model/field.h"

#define FIELD(id, name, title, type, quantity, aliases) {name, title, type, quantity, aliases},

static const struct ph_field parcel_fields[] = {
#include "model/parcel_fields.def"
};
static const struct ph_field enterprise_fields[] = {
#include "model/enterprise_fields.def"
};
static const struct ph_field ledger_fields[] = {
#include "model/ledger_fields.def"
};
static const struct ph_field link_fields[] = {
#include "model/link_fields.def"
};

#undef FIELD

#define LIST(array, mark) {array, sizeof array / sizeof *array, mark}

const struct ph_fields ph_parcel_fields = LIST(parcel_fields, PH_PARCEL_ID);
const struct ph_fields ph_enterprise_fields = LIST(enterprise_fields, PH_ENT_CODE);
const struct ph_fields ph_ledger_fields = LIST(ledger_fields, PH_LED_KIND);
const struct ph_fields ph_link_fields = LIST(link_fields, PH_LNK_RELATION);
const struct ph_fields *const ph_field_lists[] = {&ph_parcel_fields, &ph_enterprise_fields, &ph_ledger_fields, &ph_link_fields, NULL};
