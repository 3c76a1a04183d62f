/* A file of sheets (XLSX, ODS, CSV), opened: which sheets there are, and each one's cells. */
#ifndef PH_IO_WORKBOOK_H
#define PH_IO_WORKBOOK_H

#include "base/encoding.h"
#include "io/grid.h"
#include "io/words.h"
#include "model/problems.h"

struct ph_workbook_sheet {
    const char *name, *member; /* member: where in the file; as the format likes */
    bool hidden;
};

/* Zero-initialise; what it holds lives in `arena`. */
struct ph_workbook {
    struct ph_arena arena;
    const char *path;
    const char *driver; /* "XLSX", "ODS", "CSV" */
    struct ph_workbook_sheet *sheets;
    size_t sheet_count;
    /* XLSX: */
    const char **shared; /* texts that cells name by number */
    size_t shared_count;
    unsigned char *formats; /* enum ph_number_format per cell style */
    size_t format_count;
    bool from_1904;         /* days are counted from 1904-01-01 */
    /* CSV: */
    struct ph_str bytes, text; /* the file; what of it is read, UTF-8 or in `encoding` */
    bool encoding_known;
    struct ph_encoding_choice encoding;
    const char *sample_words;
    bool wants_readings; /* to be set before it is opened */
    const struct ph_encoding_reading *readings;
    size_t reading_count;
};

/* Whether tables under this name are read here: by its ending. */
bool ph_workbook_expected(const char *path);

/* What kind of file it is, its bytes tell. encoding: of a CSV, NULL: decide. Errors: PH_E_INPUT with what to do. */
PH_MUST_USE enum ph_status ph_workbook_open(const char *path, const char *encoding, struct ph_workbook *out, struct ph_error *err);

/* What cannot be read becomes a row in problems. */
PH_MUST_USE enum ph_status ph_workbook_read(struct ph_workbook *workbook, size_t sheet, struct ph_grid *grid, struct ph_problems *problems,
                                            struct ph_error *err);

void ph_workbook_dispose(struct ph_workbook *workbook);

#endif
