/* What `panhuo audit` and `panhuo check` can be told on the command line. */
#ifndef PH_CLI_AUDIT_OPTIONS_H
#define PH_CLI_AUDIT_OPTIONS_H

#include "cli/opt.h"
#include "panhuo/audit.h"

struct ph_audit_options_given {
    struct ph_opt_list parcels; /* sources, or AUDIT.yaml alone */
    const char *layer, *where, *crs, *out_crs, *transform, *encoding, *txt_layout;
    struct ph_opt_list map;          /* FIELD=SOURCE */
    struct ph_opt_list open_options; /* KEY=VALUE for the source's driver */
    struct ph_opt_list config;       /* KEY=VALUE for GDAL */
    const char *enterprises, *links, *ledger, *rules, *scheme;
    int land_share; /* enum ph_land_share less one; -1 = not given */
    int32_t as_of; /* days since 1970-01-01; INT32_MIN = not given */
    struct ph_opt_period period;
    int area_basis, area_method; /* their enums less one; -1 = not given */
    double densify, overlap_min_m2, overlap_min_share, overlap_max_m2, gaps, threads; /* NaN = not given */
    const char *against;
    const char *output, *pg_schema;
    bool overwrite, strict, json;
};

extern const struct ph_opt ph_audit_table[];
/* The rows of it that concern geometry; the options that it leaves out must be as ph_opt_init would leave them. */
extern const struct ph_opt ph_check_table[];

/* The arguments as sources, to be freed; NULL when memory is out. */
struct ph_audit_source *ph_audit_sources_of(const struct ph_audit_options_given *given);

/* Borrows from the options and the sources; without progress. */
struct ph_audit_request ph_audit_request_of(const struct ph_audit_options_given *given, const struct ph_audit_source *sources);

#endif
