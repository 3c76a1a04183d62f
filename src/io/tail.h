/* Pages behind those that SQLite has written to its file. From ph_tail_begin to ph_tail_end SQLite must leave the file alone;
 * afterwards it finds one that another connection has changed. Format: https://www.sqlite.org/fileformat2.html */
#ifndef PH_IO_TAIL_H
#define PH_IO_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sqlite3;
struct ph_writeback;

/* Zero-initialise, then set db and path. Pages are numbered from 1, as SQLite does. */
struct ph_tail {
    struct sqlite3 *db;
    const char *path; /* for messages */
    struct ph_writeback *writeback; /* writes the pages; NULL: SQLite's file does, at once */
    bool begun;
    size_t page_bytes;
    uint32_t next;    /* number of the next page */
    uint32_t changes; /* how often the file has been changed, by its own count */
};

/* Outside a transaction, in rollback mode, with no statement running. Both do nothing when it is so already.
 * Error of all: PH_E_OUTPUT, with what to do about a full disk. */
PH_MUST_USE enum ph_status ph_tail_begin(struct ph_tail *tail, struct ph_error *err);
PH_MUST_USE enum ph_status ph_tail_end(struct ph_tail *tail, struct ph_error *err);

/* The number of the page after the next one. */
uint32_t ph_tail_after(const struct ph_tail *tail);

/* Writes the next page. */
PH_MUST_USE enum ph_status ph_tail_add(struct ph_tail *tail, const unsigned char *page, struct ph_error *err);

/* Writes over a page that SQLite made. */
PH_MUST_USE enum ph_status ph_tail_replace(struct ph_tail *tail, uint32_t number, const unsigned char *page, struct ph_error *err);

/* Numbers as the file has them: big-endian. */
static inline unsigned char *ph_put_big(unsigned char *out, uint64_t v, unsigned bytes)
{
    while (bytes-- > 0) *out++ = (unsigned char)(v >> 8 * bytes);
    return out;
}

#endif
