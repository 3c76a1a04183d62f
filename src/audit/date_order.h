/* Dates of a parcel that cannot follow one another as they do. */
#ifndef PH_AUDIT_DATE_ORDER_H
#define PH_AUDIT_DATE_ORDER_H

#include "audit/parcels.h"

/* Each pair in the wrong order is a problem (date.order) of its parcel. */
PH_MUST_USE enum ph_status ph_date_order_check(const struct ph_parcels *parcels, struct ph_problems *problems, struct ph_error *err);

#endif
