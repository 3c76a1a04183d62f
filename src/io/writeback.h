/* Brings a growing file to the disk while more of it is being made, so that little is left to wait for at its end. Where it cannot
 * start, the sync at the end does all. */
#ifndef PH_IO_WRITEBACK_H
#define PH_IO_WRITEBACK_H

#include <stddef.h>

struct ph_writeback;

/* Starts a thread that waits for the disk. NULL when it cannot be. */
struct ph_writeback *ph_writeback_begin(const char *path);

/* That many bytes more have been written. NULL is allowed in both. */
void ph_writeback_told(struct ph_writeback *writeback, size_t bytes);
/* After the file was closed elsewhere: closing it here would drop the locks that this process has on it. Returns 0, or the errno of
 * what the disk refused; the system says so once, and the sync at the end would not be told. */
int ph_writeback_end(struct ph_writeback *writeback);

#endif
