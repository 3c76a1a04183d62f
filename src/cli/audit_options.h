/* What `panhuo audit` can be told on the command line. */
#ifndef PH_CLI_AUDIT_OPTIONS_H
#define PH_CLI_AUDIT_OPTIONS_H

#include "cli/opt.h"

struct ph_audit_options_given {
    struct ph_opt_list parcels; /* one: a source or AUDIT.yaml */
    const char *layer, *where, *crs, *encoding;
    struct ph_opt_list map;          /* FIELD=SOURCE */
    struct ph_opt_list open_options; /* KEY=VALUE for the source's driver */
    struct ph_opt_list config;       /* KEY=VALUE for GDAL */
    const char *enterprises, *ledger, *rules;
    int32_t as_of; /* days since 1970-01-01; INT32_MIN = not given */
    struct ph_opt_period period;
    int area_basis; /* enum ph_area_basis less one; -1 = not given */
    const char *output;
    bool overwrite, strict, json;
};

extern const struct ph_opt ph_audit_table[];

#endif
