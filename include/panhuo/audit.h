/* The main job: parcels, enterprises and a ledger become one GeoPackage in which every tag explains itself. */
#ifndef PANHUO_AUDIT_H
#define PANHUO_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "panhuo/api.h"
#include "panhuo/error.h"
#include "panhuo/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PH_NO_DATE INT32_MIN /* dates are days since 1970-01-01 */
#define PH_THREADS_MAX 64

enum ph_area_basis {
    PH_BASIS_UNSET,
    PH_BASIS_AUTO,       /* registered where present and its unit known, else ellipsoid */
    PH_BASIS_REGISTERED, /* registered, else unknown */
    PH_BASIS_ELLIPSOID,
    PH_BASIS_PLANE
};

enum ph_area_method {
    PH_METHOD_UNSET,
    PH_METHOD_EXACT,  /* the integral over the ellipsoid */
    PH_METHOD_SURVEY  /* the procedure of the national land survey, rounded as it rounds */
};

/* How the land of a parcel is divided among its enterprises. */
enum ph_land_share {
    PH_LAND_UNSET,
    PH_LAND_EXPLICIT, /* as the links say; what they leave is the holder's */
    PH_LAND_OWNER,    /* all of it is the owner's, whatever is rented */
    PH_LAND_EQUAL,    /* in equal parts among owners and tenants */
    PH_LAND_FLOOR,    /* as explicit, and what is rented counts by its floor area */
    PH_LAND_MERGE     /* as explicit, and enterprises that share a parcel are judged together */
};

/* One source of parcels. */
struct ph_audit_source {
    const char *path;                /* any OGR source name */
    const char *layer, *where;
    const char *crs, *encoding;      /* what its own statements are overruled by */
    const char *transform;           /* from its datum to the output's where they differ: "EPSG:15921" or a PROJ pipeline */
    const char *const *open_options; /* KEY=VALUE for its driver, NULL-terminated */
    const char *txt_layout;          /* columns of a bare list of boundary points, such as id,x,y */
    const char *const *map;          /* FIELD=SOURCE or FIELD=SOURCE:unit, NULL-terminated */
};

/* What to audit and how. Unset: NULL, PH_NO_DATE, PH_…_UNSET, a negative width, area or share, 0 threads; so start from
 * PH_AUDIT_REQUEST_INIT. All texts UTF-8, borrowed. */
struct ph_audit_request {
    const struct ph_audit_source *sources; /* of the parcels: at least one */
    size_t source_count;
    struct ph_audit_source every;        /* what holds for every source, whatever it says itself; its path is not looked at */
    const char *out_crs;                 /* of the output; unset: that of the first source */
    const char *enterprises, *links, *ledger; /* tables */
    enum ph_land_share land_share;       /* unset: explicit when there are links, else owner */
    const char *rules;                   /* built-in name or path; NULL: "national" */
    const char *scheme;                  /* of the per-mu evaluation: built-in name or path; NULL: none is made */
    int32_t as_of;                       /* reference date: required */
    int32_t period_from, period_to;      /* of the ledger's totals; unset: everything up to as_of */
    enum ph_area_basis area_basis;       /* unset: auto */
    enum ph_area_method area_method;     /* of ellipsoidal areas; unset: exact */
    double densify;                      /* with PH_METHOD_SURVEY, longest piece of an edge in metres; unset: 70 */
    const char *output;                  /* .gpkg, or a PostGIS database ("PG:…"): required */
    const char *pg_schema;               /* of the database; unset: active_schema of the connection, else panhuo_YYYYMMDD by as_of */
    double overlap_min_m2, overlap_min_share; /* an overlap is reported beyond either; unset: 1 m², 0.001 of the smaller */
    double overlap_max_m2;               /* larger ones are left out of the list; unset: none is */
    double gaps;                         /* width in metres of gaps to look for; unset or 0: none */
    const char *against;                 /* another layer to hold the parcels against: FILE or FILE:layer */
    int threads;                         /* unset: as many as there are cores; the result does not depend on it */
    int overwrite, strict;               /* strict: only the caller's exit code depends on it */
    struct ph_progress progress;
};

#define PH_AUDIT_REQUEST_INIT                                                                                         \
    {.as_of = PH_NO_DATE, .period_from = PH_NO_DATE, .period_to = PH_NO_DATE, .overlap_min_m2 = -1,                   \
     .overlap_min_share = -1, .overlap_max_m2 = -1, .gaps = -1, .densify = -1}

/* Optional, and only of use as the first thing in main(): threads then need not wait for one another when they take
 * memory, and large pieces go back to the system when they are freed. It turns off SQLite's memory statistics and sets malloc's
 * threshold for the whole process, which is why no run does it by itself. */
PH_API void ph_prepare_process(void);

/* Keeps what an AUDIT.yaml gave to a request. */
struct ph_audit_config;

/* Fills in what the request leaves unset from AUDIT.yaml (keys as the command line's options; paths are relative to
 * the file). The request borrows from *out: free it after the run. Errors: PH_E_CONFIG with file, line and column. */
PH_API enum ph_status ph_audit_config_read(const char *path, struct ph_audit_request *request, struct ph_audit_config **out,
                                           struct ph_error *err);
PH_API void ph_audit_config_free(struct ph_audit_config *config);

/* One row of the totals. Areas are whole 0.01 m² (dm²); INT64_MIN where a column has no meaning. */
struct ph_total {
    const char *topic, *code, *label; /* label: Chinese */
    const char *topic_label;          /* Chinese */
    int64_t parcels, enterprises, area_dm2, ellipsoid_dm2, factory_dm2;
    const char *area_basis; /* registered, ellipsoid, plane, mixed, or NULL */
};

/* How an input was read where it did not say: sheet, header, rows left out, units, encoding. Each is a row in problems, too. */
struct ph_assumption {
    const char *source;
    const char *zh, *en;
};

struct ph_audit_summary {
    const char *output, *project; /* the GeoPackage, and the QGIS project beside it; "PG:database:schema" and NULL */
    size_t parcels;
    const struct ph_total *totals;
    size_t total_count;
    size_t errors, warnings, notes; /* rows in problems */
    const struct ph_assumption *assumptions;
    size_t assumption_count;
    const char *statement_zh, *statement_en;
};

struct ph_audit_result;

/* Runs the audit and writes the output, whole or not at all. Errors: PH_E_USAGE for what the request lacks, PH_E_FIELDS,
 * PH_E_CRS, PH_E_RULES, PH_E_INPUT, PH_E_OUTPUT, PH_E_EXISTS, PH_E_SUMS, PH_E_CANCELLED. */
PH_API enum ph_status ph_audit_run(const struct ph_audit_request *request, struct ph_audit_result **out, struct ph_error *err);

/* Borrowed until ph_audit_result_free. */
PH_API const struct ph_audit_summary *ph_audit_result_summary(const struct ph_audit_result *result);
PH_API void ph_audit_result_free(struct ph_audit_result *result);

#ifdef __cplusplus
}
#endif
#endif
