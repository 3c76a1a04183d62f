/* Boundary-point files (勘测定界界址点 TXT) as surveyors file them: a head of key=value lines under [属性描述], then under
 * [地块坐标] for each plot one line of items that ends in @ and its points `number,ring,northing,easting`. Also bare lists of
 * points. Knows no file system and no CRS; takes UTF-8, line by line. */
#ifndef PH_IO_TXT_H
#define PH_IO_TXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "model/problems.h"
#include "model/shapes.h"

/* What no survey reaches. */
#define PH_TXT_LINE_CAP ((size_t)64 * 1024)
#define PH_TXT_POINTS_CAP ((size_t)10 * 1000 * 1000)
#define PH_TXT_BAD_CAP ((size_t)1000) /* unreadable lines of a file, before it is taken for something else */

struct ph_txt_key {
    const char *name, *value;
};

/* The items of a plot's line, in the order of the layout; what offices put behind them has no fixed meaning. */
enum { PH_TXT_COUNT, PH_TXT_HECTARES, PH_TXT_ID, PH_TXT_NAME, PH_TXT_KIND, PH_TXT_SHEET, PH_TXT_USE, PH_TXT_CODE, PH_TXT_ITEMS };
enum { PH_TXT_ITEMS_CAP = 24 };

struct ph_txt_plot {
    size_t line; /* of its items */
    const char *const *items;
    size_t item_count;
    size_t points;   /* lines of points, repeated first ones included */
    size_t repeated; /* of these, points that close a ring */
    size_t ring_end; /* one past its last ring */
    bool broken;     /* a point could not be read, or it is no area: it has no rings */
};

/* Zero-initialise. Rings are open (the first point is not repeated) and have three points or more; x is the easting. */
struct ph_txt {
    struct ph_arena arena;
    struct ph_txt_key *keys;
    struct ph_txt_plot *plots;
    size_t *ring_end; /* one past the ring's last point */
    struct ph_xy *points;
    size_t key_count, plot_count, ring_count, point_count;
    size_t key_capacity, plot_capacity, ring_capacity, point_capacity;
    bool layout_seen; /* a section or a plot's line was met */
};

/* Columns of a bare list. */
enum ph_txt_column { PH_TXT_SKIP, PH_TXT_PLOT, PH_TXT_POINT, PH_TXT_RING, PH_TXT_EITHER, PH_TXT_NORTH, PH_TXT_EAST };
struct ph_txt_layout {
    enum ph_txt_column columns[PH_TXT_ITEMS_CAP];
    size_t count; /* 0: the layout above */
};

/* From words like `id,x,y`: id (of the plot), point, ring, north, east, x and y (which of them is north is told from the
 * numbers), and - for a column to skip. NULL gives count 0. Errors: PH_E_USAGE. */
PH_MUST_USE enum ph_status ph_txt_layout_parse(const char *words, struct ph_txt_layout *out, struct ph_error *err);

struct ph_txt_reader;

/* All is borrowed until the reader is freed. Whatever is not as it should be becomes a row in problems, with its line. */
PH_MUST_USE enum ph_status ph_txt_reader_new(struct ph_txt *txt, const struct ph_txt_layout *layout, const char *source,
                                             struct ph_problems *problems, struct ph_txt_reader **out, struct ph_error *err);
/* Errors: PH_E_INPUT for what no survey has: too many points, too many lines that cannot be read. */
PH_MUST_USE enum ph_status ph_txt_read_line(struct ph_txt_reader *reader, struct ph_str line, struct ph_error *err);
/* After the last line: ends the last plot, and turns the axes when eastings came first. */
PH_MUST_USE enum ph_status ph_txt_read_end(struct ph_txt_reader *reader, struct ph_error *err);
void ph_txt_reader_free(struct ph_txt_reader *reader); /* NULL is allowed */

/* Building one by hand. Texts are copied. */
PH_MUST_USE enum ph_status ph_txt_add_key(struct ph_txt *txt, struct ph_str name, struct ph_str value, struct ph_error *err);
PH_MUST_USE enum ph_status ph_txt_add_plot(struct ph_txt *txt, size_t line, const struct ph_str *items, size_t count, struct ph_error *err);
PH_MUST_USE enum ph_status ph_txt_add_point(struct ph_txt *txt, struct ph_xy point, struct ph_error *err);
PH_MUST_USE enum ph_status ph_txt_end_ring(struct ph_txt *txt, struct ph_error *err); /* of the last plot */

/* An item of a plot, "" where it has none. */
static inline const char *ph_txt_item(const struct ph_txt_plot *plot, size_t which) { return which < plot->item_count ? plot->items[which] : ""; }

/* The first value of a key, or "". */
const char *ph_txt_value(const struct ph_txt *txt, const char *key);

/* The layout with this many decimals in coordinates (negative: as many as each number has); rings closed, items as they are.
 * What ph_txt_read_line makes of the lines is the same again. Items and values must hold no line break, items no comma. */
void ph_txt_write(const struct ph_txt *txt, int decimals, struct ph_text *out);

void ph_txt_dispose(struct ph_txt *txt);

#endif
