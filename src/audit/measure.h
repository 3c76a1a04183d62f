/* CRS and areas of the parcels. */
#ifndef PH_AUDIT_MEASURE_H
#define PH_AUDIT_MEASURE_H

#include "audit/parcels.h"

/* Settles the CRS (the one asked for, else the source's), says what speaks against it, and measures every parcel.
 * Errors: PH_E_CRS when there is no CRS: the message names the likely ones; PH_E_USAGE when the area method cannot take it. */
PH_MUST_USE enum ph_status ph_measure(struct ph_parcels *parcels, const struct ph_audit_request *request,
                                      struct ph_problems *problems, struct ph_error *err);

/* Areas of shapes from <= i < to, of the parcels or in their place, once ph_measure has settled how: as ph_surface_measure. */
PH_MUST_USE enum ph_status ph_measure_shapes(const struct ph_parcels *parcels, const struct ph_shapes *shapes, size_t from, size_t to,
                                             double *plane_m2, double *ellipsoid_m2, struct ph_error *err);

/* Settles the unit of registered areas that state none by comparing with the measured ones, and adopts an area by the
 * basis asked for. */
PH_MUST_USE enum ph_status ph_measure_adopt(struct ph_parcels *parcels, const struct ph_audit_request *request,
                                            struct ph_problems *problems, struct ph_error *err);

#endif
