/* What a file holds, before the audit: layers, CRS, encoding, fields and what each is taken for, first problems. */
#ifndef PANHUO_INSPECT_H
#define PANHUO_INSPECT_H

#include <stddef.h>
#include <stdint.h>

#include "panhuo/api.h"
#include "panhuo/error.h"
#include "panhuo/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Unset: NULL. All texts UTF-8, borrowed until the inspection is freed. */
struct ph_inspect_request {
    const char *source; /* any OGR source name */
    const char *layer, *crs, *encoding;
    const char *txt_layout;          /* columns of a bare list of boundary points, such as id,x,y */
    const char *const *open_options; /* KEY=VALUE for the driver, NULL-terminated */
    const char *const *map;          /* FIELD=SOURCE or FIELD=SOURCE:unit, NULL-terminated */
    const char *rules;               /* of parcels, what could be decided by: a set's name or file; NULL: national */
    const char *as_of;               /* the date for that; NULL: the last day on which something happened to a parcel */
    const char *enterprises;         /* a table to take along for that; NULL: none */
    struct ph_progress progress;
};

/* What the source is taken for: parcels where it has polygons, else the list of fields that fits best. */
enum ph_inspect_kind { PH_INSPECT_PARCELS, PH_INSPECT_ENTERPRISES, PH_INSPECT_LEDGER, PH_INSPECT_LINKS, PH_INSPECT_UNKNOWN };

enum ph_inspect_how {
    PH_HOW_CARRIED,  /* no field: carried over under its own name */
    PH_HOW_NAME,     /* the canonical English name */
    PH_HOW_TITLE,    /* the Chinese name */
    PH_HOW_ALIAS,    /* another known name, a national code for one */
    PH_HOW_CUT,      /* a name cut to the 10 bytes of a DBF */
    PH_HOW_ORDERED,  /* by the request's map */
    PH_HOW_UNIT,     /* states the unit of the area, row by row; carried over */
    PH_HOW_SURPLUS,  /* fits a field that another column fits better; carried over */
    PH_HOW_AMBIGUOUS /* fits two fields: the map must say which */
};

enum ph_inspect_unit {
    PH_UNIT_OF_NONE,
    PH_UNIT_OF_NAME,     /* the column's name states it */
    PH_UNIT_OF_TABLE,    /* a row of units, or one for the whole table */
    PH_UNIT_OF_MAP,      /* the request's map */
    PH_UNIT_OF_COLUMN,   /* another column states it, row by row */
    PH_UNIT_OF_MEASURED, /* nowhere stated; to be found by comparing with the measured areas, see the problems */
    PH_UNIT_OF_DEFAULT,  /* nowhere stated; assumed */
    PH_UNIT_OF_NOTHING   /* the name states one that cannot be read */
};

/* How sure a match is: by the name, and by how much of the column could be read as what it is taken for. */
enum ph_inspect_confidence { PH_CONFIDENCE_NONE, PH_CONFIDENCE_LOW, PH_CONFIDENCE_FAIR, PH_CONFIDENCE_HIGH };

/* A column of the source. */
struct ph_inspect_field {
    const char *source, *type; /* its name; its type as the driver names it */
    const char *field, *title; /* what it is taken for, NULL for nothing */
    enum ph_inspect_how how;
    const char *unit; /* Chinese; NULL: none, or not known */
    enum ph_inspect_unit unit_from;
    enum ph_inspect_confidence confidence; /* of a column that is taken for a field */
    size_t present; /* rows with anything in it */
    size_t known; /* of them, those that could be read */
};

struct ph_inspect_guess {
    const char *code; /* "EPSG:4526" */
    const char *zh, *en;
    int certain, swapped; /* swapped: northing first, to be turned before */
};

/* What speaks for the CRS, or is left open by the coordinates. */
struct ph_inspect_evidence {
    int speaks_for;
    const char *zh, *en;
};

struct ph_inspect_crs {
    int ordered;      /* by the request; else as the source states it */
    const char *name; /* NULL: there is none, or none that can be used */
    const char *code; /* "EPSG:4526" or NULL */
    const char *datum;
    int projected;
    double central_meridian;                  /* degrees; NaN when not transverse Mercator */
    int zone_width, zone_number, zone_prefix; /* 0: unknown, none */
    const char *zh, *en;                      /* what speaks against it, or why there is none; NULL: nothing */
    const struct ph_inspect_guess *guesses;   /* where there is none or much speaks against it; likeliest first */
    size_t guess_count;
    const struct ph_inspect_evidence *evidence; /* where nothing speaks against it */
    size_t evidence_count;
};

/* The texts in one of the encodings that they may be in. */
struct ph_inspect_reading {
    const char *encoding, *words;
    size_t bad; /* samples that cannot be read in it */
};

/* Shapes by what they are made of. */
struct ph_inspect_shapes {
    size_t single, multiple; /* of one part, of several */
    size_t holed;            /* with holes */
    size_t none;             /* rows without a shape that could be used */
    size_t vertices;
};

/* What a rule could not be decided for lack of. */
struct ph_inspect_lack {
    const char *title; /* Chinese; 或 between what can stand in for each other */
    const char *name;  /* English names, "or" between */
    int absent;        /* there is no column for it, or no table */
    size_t rows;
};

struct ph_inspect_rule {
    const char *id, *title, *title_en, *tag;
    int skipped;      /* it is not evaluated: no column for what it turns on */
    size_t undecided; /* parcels for which it cannot be decided */
    const struct ph_inspect_lack *lacks;
    size_t lack_count;
};

struct ph_inspect_example {
    int64_t feature; /* the source's own feature id or data line; -1: the whole source */
    const char *zh, *en;
};

#define PH_INSPECT_EXAMPLES 10

/* Problems of one kind. */
struct ph_inspect_problem {
    const char *severity; /* error, warning, note */
    const char *code;
    const char *hint_zh, *hint_en;
    size_t count;
    struct ph_inspect_example examples[PH_INSPECT_EXAMPLES];
    size_t example_count;
};

struct ph_inspection_content {
    enum ph_inspect_kind kind;
    const char *source, *driver, *layer, *geometry; /* geometry: OGR's name of the type, "None" for tables */
    const char *const *layers;
    size_t layer_count;
    int has_geometry;
    size_t rows;                       /* that could be read */
    struct ph_inspect_shapes shapes;
    double min_x, min_y, max_x, max_y; /* in units of the CRS, x first; NaN: nothing there */
    double longitude, latitude;        /* of the middle, degrees; NaN unknown */
    int64_t area_dm2;                  /* sum of areas on the ellipsoid, whole 0.01 m²; INT64_MIN unknown */
    struct ph_inspect_crs crs;
    const char *encoding;                  /* NULL: the driver answers for it */
    const char *encoding_zh, *encoding_en; /* which, and why */
    const char *words;                     /* samples */
    const struct ph_inspect_reading *readings; /* the first is the one taken; none where the driver answers */
    size_t reading_count;
    const struct ph_inspect_field *fields;
    size_t field_count;
    const char *const *absent, *const *absent_names; /* fields that no column was found for: Chinese, English */
    size_t absent_count;
    const char *rule_set, *rule_set_en;    /* title; NULL: not parcels, or not measured */
    const struct ph_inspect_rule *rules;
    size_t rule_count;
    char as_of[11];                        /* the date they were tried for */
    size_t unverified;                     /* parcels that no rule hits and some rule on supply, idleness or efficiency cannot decide */
    const struct ph_inspect_problem *problems; /* errors first */
    size_t problem_count;
    size_t errors, warnings, notes;
};

struct ph_inspection;

/* Reads the whole source. What the audit would refuse (no CRS, a name that fits two fields) is a problem here.
 * Errors: PH_E_INPUT when it cannot be opened, PH_E_USAGE for a layer or a map that is not there, PH_E_CANCELLED. */
PH_API enum ph_status ph_inspect(const struct ph_inspect_request *request, struct ph_inspection **out, struct ph_error *err);

/* Borrowed until ph_inspection_free. */
PH_API const struct ph_inspection_content *ph_inspection_content(const struct ph_inspection *inspection);
PH_API void ph_inspection_free(struct ph_inspection *inspection);

/* Writes an AUDIT.yaml of what was inspected: parcels with their CRS, encoding and fields, tables; what is undecided stands in
 * comments. Errors: PH_E_USAGE without parcels or with two tables of a kind, PH_E_EXISTS without `overwrite`, PH_E_OUTPUT. */
PH_API enum ph_status ph_inspection_write_config(const struct ph_inspection *const *inspections, size_t count, const char *path, int overwrite,
                                                 struct ph_error *err);

/* What came of a .cpg. */
struct ph_inspect_cpg {
    int written;       /* 0: the one that is there says the same, or no text needs it */
    char path[1024];
    char before[64];   /* what it said; "" when there was none */
    char now[40];      /* what it says; "" when no text needs it */
    int language_byte; /* of the DBF, where it declares something else, which ArcGIS looks at first; 0: it does not */
};

/* Writes beside a shapefile the .cpg that its bytes ask for, and nothing else. Errors: PH_E_USAGE for a source that is no
 * shapefile or DBF on disk, PH_E_OUTPUT. */
PH_API enum ph_status ph_inspection_fix_cpg(const struct ph_inspection *inspection, struct ph_inspect_cpg *out, struct ph_error *err);

#ifdef __cplusplus
}
#endif
#endif
