/* The rows of a table, packed into pages of SQLite's file as they come, where inserting them one by one would take each
 * through SQLite's virtual machine. Format: https://www.sqlite.org/fileformat2.html#b_tree_pages */
#ifndef PH_IO_TREE_H
#define PH_IO_TREE_H

#include "io/tail.h"

struct ph_tree_child {
    uint32_t page;
    int64_t last; /* greatest rowid below */
};

/* Zero-initialise. The b-tree of one table, which SQLite made and left empty. */
struct ph_tree {
    struct ph_tail *tail;
    uint32_t root;
    unsigned char *leaf; /* the page being filled */
    unsigned cells;
    size_t free_to; /* its cells begin here */
    int64_t last;
    struct ph_tree_child *children; /* full leaves */
    size_t child_count, child_capacity;
};

/* The tail is borrowed until ph_tree_close, and begun. Errors: PH_E_OUTPUT when there is no such table; PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_tree_open(struct ph_tree *tree, struct ph_tail *tail, const char *table, struct ph_error *err);

/* Adds a row behind all others: rowid is greater than any before. record: as in
 * https://www.sqlite.org/fileformat2.html#record_format, at most 2^31 - 1 bytes. */
PH_MUST_USE enum ph_status ph_tree_add(struct ph_tree *tree, int64_t rowid, const unsigned char *record, size_t length, struct ph_error *err);

/* Writes what is left, and the pages above the leaves. What stood in the root is gone. */
PH_MUST_USE enum ph_status ph_tree_close(struct ph_tree *tree, struct ph_error *err);

void ph_tree_dispose(struct ph_tree *tree);

/* SQLite's integers of variable length: at most 9 bytes. */
unsigned ph_varint_bytes(uint64_t v);
unsigned char *ph_put_long_varint(unsigned char *out, uint64_t v);

/* Nearly all of them take one to three bytes. */
static inline unsigned char *ph_put_varint(unsigned char *out, uint64_t v)
{
    if (v >= 0x200000) return ph_put_long_varint(out, v);
    if (v >= 0x4000) *out++ = (unsigned char)(0x80 | v >> 14);
    if (v >= 0x80) *out++ = (unsigned char)(0x80 | (v >> 7 & 0x7F));
    *out++ = (unsigned char)(v & 0x7F);
    return out;
}

#endif
