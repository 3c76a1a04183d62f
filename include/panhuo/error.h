/* Errors are values: a status, a sentence in two languages, and the place it is about.
 *
 * Every function that can fail returns an enum ph_status and takes a struct ph_error * as its last
 * argument (NULL is allowed everywhere). The text is written once, at the lowest place that knows;
 * callers above only add where. The library never prints and never exits. */
#ifndef PANHUO_ERROR_H
#define PANHUO_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Spaced by theme, so that a caller may test a range. */
enum ph_status {
    PH_OK = 0,
    PH_E_USAGE = 10,     /* wrong option or argument */
    PH_E_CONFIG = 11,    /* wrong AUDIT.yaml */
    PH_E_RULES = 20,     /* wrong rule set */
    PH_E_INPUT = 30,     /* an input cannot be opened or read */
    PH_E_FIELDS = 31,    /* a field name fits two canonical fields */
    PH_E_CRS = 32,       /* no usable coordinate reference system */
    PH_E_LIBRARY = 40,   /* GDAL, PROJ or SQLite refused something that should work */
    PH_E_OUTPUT = 50,    /* the output cannot be written */
    PH_E_EXISTS = 51,    /* the output exists, or is open elsewhere */
    PH_E_MEMORY = 60,    /* out of memory */
    PH_E_CANCELLED = 70, /* the progress callback asked to stop */
    PH_E_SUMS = 80       /* the totals do not add up: nothing is written */
};

struct ph_error {
    enum ph_status status;
    char zh[768];     /* what happened and what to do, Chinese, UTF-8 */
    char en[768];     /* the same in English */
    char file[512];   /* "" when not about a file */
    char layer[128];  /* "" when not about a layer */
    int64_t feature;  /* -1 when not about one feature */
    int line;         /* 1-based; 0 when not about a line */
    int column;       /* 1-based; 0 when unknown */
};

#define PH_ERROR_INIT {.feature = -1}

#ifdef __cplusplus
}
#endif
#endif
