/* Rows of the output, made by threads piece by piece, ahead of the one that puts them into the file. */
#ifndef PH_AUDIT_LINE_H
#define PH_AUDIT_LINE_H

#include "io/row.h"

#define PH_PIECE_LAYERS 2

/* The rows of a piece, for one layer or for two. */
struct ph_piece {
    struct ph_records rows[PH_PIECE_LAYERS];
};

/* What the threads do. Everything is called by several of them at once. */
struct ph_line_work {
    void *payload; /* borrowed until ph_line_end */
    size_t pieces;
    enum ph_status (*open)(const void *payload, void **tools, struct ph_error *err); /* a thread's own; on error nothing is to be closed */
    void (*close)(void *tools);
    enum ph_status (*make)(const void *payload, void *tools, size_t index, struct ph_piece *piece, struct ph_error *err);
};

struct ph_line;

/* Starts threads - 1 threads (threads 0: one a core); the calling thread is the other, with these tools. They keep at most some
 * dozens of pieces ahead. One that cannot get its tools leaves the work to the others. */
PH_MUST_USE enum ph_status ph_line_start(const struct ph_line_work *work, void *tools, int threads, struct ph_line **out, struct ph_error *err);

/* Returns when the piece is made; the calling thread helps meanwhile. To be taken and released in order. *piece is the line's. */
PH_MUST_USE enum ph_status ph_line_take(struct ph_line *line, size_t index, struct ph_piece **piece, struct ph_error *err);
void ph_line_release(struct ph_line *line, size_t index);

/* Ends the threads and frees the line; pieces that were not begun are left. NULL is allowed. */
void ph_line_end(struct ph_line *line);

#endif
