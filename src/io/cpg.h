/* The .cpg beside a DBF: the name of the encoding that its bytes are in. */
#ifndef PH_IO_CPG_H
#define PH_IO_CPG_H

#include "io/source.h"

struct ph_cpg {
    bool written;   /* false: the one that is there says the same, or no text needs it */
    char path[1024];
    char before[64]; /* what it said; "" when there was none */
    char now[40];    /* what it says; "" when no text needs it */
};

/* Writes it, and nothing else. Errors: PH_E_USAGE for a source that is no shapefile or DBF on disk, PH_E_OUTPUT. */
PH_MUST_USE enum ph_status ph_cpg_write(const struct ph_source_facts *facts, struct ph_cpg *out, struct ph_error *err);

#endif
