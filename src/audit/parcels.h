/* The parcels of a run: read, fields found, codes checked, measured. */
#ifndef PH_AUDIT_PARCELS_H
#define PH_AUDIT_PARCELS_H

#include "audit/normalise.h"
#include "geo/crs.h"
#include "geo/surface.h"
#include "geo/survey.h"
#include "geo/transform.h"
#include "panhuo/audit.h"

/* Checks of codes, per parcel; 1 right, 0 wrong, -1 nothing to check. */
struct ph_code_checks {
    int8_t parcel_id, unit_id, holder_code;
    int8_t duplicate;   /* 1: another parcel has the same code */
    int8_t crs_suspect; /* 1: the coordinates speak against the CRS */
};

/* Areas of one parcel. dm² are whole 0.01 m²; INT64_MIN unknown. */
struct ph_areas {
    double ellipsoid_m2, plane_m2; /* NaN unknown */
    double diff_m2, diff_ppm;      /* registered - ellipsoid */
    double gap_m2;                 /* distance of registered from what lies between ellipsoid and plane */
    int64_t ellipsoid_dm2, adopted_dm2;
    enum ph_area_basis basis;      /* of the adopted one; PH_BASIS_UNSET when there is none */
};

/* A source, and the rows that come from it. */
struct ph_part {
    struct ph_source *source;
    struct ph_audit_source asked;     /* borrows from the request */
    const char *label;                /* what the output calls it */
    struct ph_crs *crs;               /* in which its areas were measured; NULL: that of all parcels */
    struct ph_transform_facts moved;  /* from there to that of all parcels */
    size_t to;                        /* one past its last row */
    bool coded;                       /* it has a column of parcel codes */
};

struct ph_parcels {
    struct ph_fielded t;
    struct ph_part *parts;         /* in the order of their rows; one, unless several were united */
    size_t part_count;
    struct ph_crs *crs;            /* of all shapes */
    struct ph_surface *surface;    /* for areas in this CRS, once the parcels were measured */
    struct ph_survey survey;       /* its ellipsoid is NULL unless areas are to be the land survey's */
    struct ph_areas *areas;        /* per row */
    struct ph_code_checks *checks; /* per row */
    size_t registered_source;      /* the source's column of registered areas, SIZE_MAX for none */
};

/* Fills in what is unset, the path excepted. */
void ph_asked_fill(struct ph_audit_source *asked, const struct ph_audit_source *from);

/* Opens, maps, reads and normalises one source; `asked` is what the request says of it, nothing more to be filled in. */
PH_MUST_USE enum ph_status ph_parcels_read(const struct ph_audit_request *request, const struct ph_audit_source *asked,
                                           struct ph_parcels *out, struct ph_problems *problems, struct ph_error *err);
/* Its beginning and end, for who goes another way between: takes an open source over (also on error); reads and normalises. */
PH_MUST_USE enum ph_status ph_parcels_begin(struct ph_parcels *parcels, const struct ph_audit_source *asked, struct ph_source *source,
                                            struct ph_error *err);
PH_MUST_USE enum ph_status ph_parcels_load(const struct ph_fieldmap *map, int threads, const struct ph_progress *progress, struct ph_parcels *out,
                                           struct ph_problems *problems, struct ph_error *err);
/* What is to be said about the source's encoding. */
PH_MUST_USE enum ph_status ph_parcels_report_encoding(const struct ph_source_facts *facts, struct ph_problems *problems,
                                                      struct ph_error *err);
void ph_parcels_dispose(struct ph_parcels *parcels);

static inline size_t ph_parcel_count(const struct ph_parcels *p) { return p->t.layer.table.rows; }

/* Of the first source: of the only one, until several are united. */
static inline const struct ph_source_facts *ph_parcels_facts(const struct ph_parcels *p) { return ph_source_facts(p->parts[0].source); }

/* The source of a row. */
const struct ph_part *ph_parcel_part(const struct ph_parcels *p, size_t row);

/* The name of that source, as problems give it. */
const char *ph_parcel_path(const struct ph_parcels *p, size_t row);

/* A field's text, or NULL when unknown or absent. */
const char *ph_parcel_text(const struct ph_parcels *p, enum ph_parcel_field field, size_t row);

#endif
