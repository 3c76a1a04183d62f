#include "io/dbf.h"

#include <stdlib.h>
#include <string.h>

#include "io/watch.h"

#define HEADER 32      /* bytes, and of the description of each field */
#define BLOCK 262144   /* bytes read at once, or one record */

struct span {
    size_t at, length;
};

struct ph_dbf {
    VSILFILE *file;
    int64_t records, first; /* first: of those in the block */
    size_t header, length;  /* bytes of the header, of a record */
    size_t held;            /* records in the block */
    const char *record;     /* where it lies in the block */
    char *block;
    size_t field_count;
    struct span fields[];
};

static size_t number(const unsigned char *bytes, size_t count)
{
    size_t value = 0;
    while (count-- > 0) value = value << 8 | bytes[count];
    return value;
}

/* The file of the layer's name. */
static const char *name_of(const struct ph_source_facts *facts)
{
    size_t length = strlen(facts->layer);
    for (size_t i = 0; i < facts->file_count; i++) {
        const char *slash = strrchr(facts->files[i], '/'), *name = slash ? slash + 1 : facts->files[i];
        if (strlen(name) == length + 4 && strncmp(name, facts->layer, length) == 0 && EQUAL(name + length, ".dbf")) return facts->files[i];
    }
    return NULL;
}

/* Whether the field is of a type that is known here, and the one that GDAL made of it. */
static bool agrees(char type, enum ph_type made)
{
    if (type == 'C') return made == PH_TEXT;
    if (type == 'D') return made == PH_DATE;
    return (type == 'N' || type == 'F') && (made == PH_INT || made == PH_REAL);
}

/* Takes the layout from the header; false when it is not what it should be. */
static bool take_layout(struct ph_dbf *dbf, const struct ph_source_facts *facts)
{
    unsigned char head[HEADER];
    if (VSIFReadL(head, 1, sizeof head, dbf->file) != sizeof head) return false;
    dbf->records = (int64_t)number(head + 4, 4);
    dbf->header = number(head + 8, 2);
    dbf->length = number(head + 10, 2);
    size_t at = 1; /* behind the mark of deletion */
    for (size_t f = 0; f < dbf->field_count; f++) {
        if (VSIFReadL(head, 1, sizeof head, dbf->file) != sizeof head || !agrees((char)head[11], facts->fields[f].type)) return false;
        dbf->fields[f] = (struct span){at, head[16]};
        at += dbf->fields[f].length;
    }
    if (VSIFReadL(head, 1, 1, dbf->file) != 1 || head[0] != '\r' || at != dbf->length || dbf->header <= HEADER * (dbf->field_count + 1)) return false;
    return VSIFSeekL(dbf->file, 0, SEEK_END) == 0 && VSIFTellL(dbf->file) >= dbf->header + (vsi_l_offset)dbf->records * dbf->length;
}

struct ph_dbf *ph_dbf_open(const struct ph_source *source)
{
    const struct ph_source_facts *facts = &source->facts;
    const char *name = facts->dbf && source->raw && !source->filtered ? name_of(facts) : NULL;
    struct ph_dbf *dbf = name ? calloc(1, sizeof *dbf + facts->field_count * sizeof *dbf->fields) : NULL;
    if (dbf == NULL) return NULL;
    dbf->field_count = facts->field_count;
    struct ph_watch watch;
    ph_watch_begin(&watch);
    dbf->file = VSIFOpenL(name, "rb");
    bool plain = dbf->file && take_layout(dbf, facts);
    ph_watch_end();
    if (plain) dbf->block = malloc(dbf->length > BLOCK ? dbf->length : BLOCK);
    if (dbf->block) return dbf;
    ph_dbf_close(dbf);
    return NULL;
}

void ph_dbf_close(struct ph_dbf *dbf)
{
    if (dbf == NULL) return;
    if (dbf->file) VSIFCloseL(dbf->file);
    free(dbf->block);
    free(dbf);
}

bool ph_dbf_seek(struct ph_dbf *dbf, int64_t record)
{
    if (record < 0 || record >= dbf->records) return false;
    if (record < dbf->first || record >= dbf->first + (int64_t)dbf->held) {
        size_t most = dbf->length > BLOCK ? 1 : BLOCK / dbf->length;
        dbf->held = 0;
        dbf->first = record;
        if (VSIFSeekL(dbf->file, dbf->header + (vsi_l_offset)record * dbf->length, SEEK_SET) != 0) return false;
        dbf->held = VSIFReadL(dbf->block, dbf->length, most, dbf->file);
        if (dbf->held == 0) return false;
    }
    dbf->record = dbf->block + (size_t)(record - dbf->first) * dbf->length;
    return true;
}

struct ph_str ph_dbf_bytes(const struct ph_dbf *dbf, size_t field)
{
    struct ph_str bytes = {dbf->record + dbf->fields[field].at, dbf->fields[field].length};
    const char *nul = memchr(bytes.at, '\0', bytes.length);
    if (nul) bytes.length = (size_t)(nul - bytes.at);
    while (bytes.length > 0 && bytes.at[0] == ' ') bytes = (struct ph_str){bytes.at + 1, bytes.length - 1};
    while (bytes.length > 0 && bytes.at[bytes.length - 1] == ' ') bytes.length--;
    return bytes;
}
