/* Fills SQLite's R-tree in one go: nodes packed along a Hilbert curve, where inserting row by row would split and
 * rebalance them a thousand times over. Format of the node tables: https://www.sqlite.org/rtree.html#shadow_tables */
#ifndef PH_IO_RTREE_H
#define PH_IO_RTREE_H

#include <stddef.h>

#include "base/error.h"
#include "model/shapes.h"

struct ph_tail;

/* `table`: an empty virtual table of schema main, made as rtree(id, minx, maxx, miny, maxy). boxes[i] gets the id i + 1;
 * an empty box (min > max, or NaN) gets none. Stored as float rounded outwards. The same boxes give the same bytes.
 * The tail is begun, and stays so. PH_E_OUTPUT: what SQLite says; PH_E_MEMORY. */
PH_MUST_USE enum ph_status ph_rtree_fill(struct ph_tail *tail, const char *table, const struct ph_box *boxes, size_t count, struct ph_error *err);

#endif
