/* A park in memory whose land is divided: parcels, links and enterprises without files. */
#ifndef PH_LAND_PARK_H
#define PH_LAND_PARK_H

#include "audit/land.h"
#include "test.h"

#define UNKNOWN INT64_MIN
#define PARCELS_CAP 40
#define LINKS_CAP 120

struct park_parcel {
    const char *holder;
    int64_t dm2;
    double floor; /* m²; 0 not stated */
};

/* A link; measures of 0 are not stated. */
struct park_link {
    int parcel; /* from 1 on */
    const char *code, *relation;
    double area, share, floor;
};

/* Enterprises whose code begins with x are not in the table. */
struct park {
    struct ph_audit_request request;
    struct ph_parcels parcels;
    struct ph_enterprises enterprises;
    struct ph_links links;
    struct ph_land land;
    struct ph_problems problems;
    struct ph_index by_code;
    size_t parcel_columns[PH_PARCEL_FIELDS], link_columns[PH_LINK_FIELDS], enterprise_columns[PH_ENTERPRISE_FIELDS];
    char ids[PARCELS_CAP][24];
};

/* order: which link stands in which row, NULL as they come. */
void park_divide(struct park *p, enum ph_land_share mode, const struct park_parcel *parcels, size_t parcel_count,
                 const struct park_link *links, const size_t *order, size_t link_count);
void park_drop(struct park *p);

const struct ph_holding *park_holding(const struct park *p, const char *code);
bool park_has_problem(const struct park *p, const char *code);

#endif
