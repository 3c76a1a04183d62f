/* A vector source as any OGR driver opens it: one layer chosen, its encoding decided, its facts at hand. */
#ifndef PH_IO_SOURCE_H
#define PH_IO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decoder.h"
#include "base/encoding.h"
#include "base/error.h"
#include "io/words.h"
#include "model/field.h"
#include "model/layer.h"
#include "model/problems.h"
#include "panhuo/progress.h"

struct ph_source_request {
    const char *path;                 /* any OGR source name, or FILE:layer */
    const char *name;                 /* what problems and messages call it; NULL: its path */
    const char *layer;                /* NULL: the only one, or the first that holds polygons */
    const char *where;                /* OGR SQL condition, or NULL */
    const char *encoding;             /* NULL: decide */
    const char *const *open_options;  /* KEY=VALUE, NULL-terminated; or NULL */
    const char *txt_layout;           /* columns of a bare list of boundary points (io/txt.h), or NULL */
    bool readings;                    /* tell how the texts would read in other encodings, too */
    bool table;                       /* a table without geometry is expected */
    const struct ph_fields *fields;   /* of tables: the names by which a header is known; NULL: those of any kind of table */
};

struct ph_source_field {
    const char *name;   /* UTF-8 */
    const char *alias;  /* what people call it (FileGDB), NULL when it has none */
    const char *driver_type; /* OGR's name of the type */
    enum ph_type type;
    bool moment;        /* a day with a time: read as text, 2021-06-01 09:30:00 */
    bool cut;           /* the name ended in half a character, which was left out */
    const char *unit;   /* of tables: what stands below the name in a row of units; NULL: nothing */
};

struct ph_source_facts {
    const char *path, *driver, *layer, *geometry; /* geometry: OGR's name of the type, "None" for tables */
    const char *const *layers; /* of the whole source */
    size_t layer_count;
    int64_t features;          /* -1 unknown */
    const char *wkt;           /* of the layer's CRS as the source states it; NULL: none */
    bool has_geometry;
    bool encoding_known;       /* false: the driver itself answers for UTF-8 */
    struct ph_encoding_choice encoding;
    const struct ph_encoding_reading *readings; /* the first is the one taken; none when not asked for */
    size_t reading_count;
    const char *sample_words;  /* some decoded texts, to show that the encoding is right */
    const struct ph_source_field *fields;
    size_t field_count;
    const char *const *files;  /* on disk, for their hashes */
    bool rows_tell;            /* no file does: a database, or a folder that changes when somebody looks */
    char rows_sha256[65];      /* of what was read, where it takes that */
    size_t file_count;
    bool dbf;                  /* names are cut to 10 bytes */
    int language_byte;         /* of a DBF; 0: it says nothing */
    const char *units;         /* of tables: those named for all of it (单位:万元、亩), 、 between; NULL: none */
};

struct ph_source;

/* Loads the drivers. To be called once before sources are opened in several threads. */
void ph_source_load_drivers(void);

/* Errors: PH_E_INPUT with GDAL's words and what to do; PH_E_USAGE for a layer that is not there. */
PH_MUST_USE enum ph_status ph_source_open(const struct ph_source_request *request, struct ph_source **out, struct ph_error *err);
const struct ph_source_facts *ph_source_facts(const struct ph_source *source);
void ph_source_free(struct ph_source *source);

/* Reads every feature, with up to `threads` threads where the driver can start anywhere (the result is the same), into `layer` (zero-initialised by the caller), columns as the source has them, texts decoded and
 * trimmed. What cannot be read becomes a row in problems. Errors: PH_E_INPUT when the source breaks off, PH_E_CANCELLED. */
PH_MUST_USE enum ph_status ph_source_read(struct ph_source *source, int threads, const struct ph_progress *progress, struct ph_layer *layer,
                                          struct ph_problems *problems, struct ph_error *err);

#endif
