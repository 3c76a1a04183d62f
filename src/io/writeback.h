/* Takes pages to the disk while more of them are made: a thread writes them, past the system's page cache where the file system
 * lets it. The cache would copy every page and take memory for it, and there is little to wait for at the end. */
#ifndef PH_IO_WRITEBACK_H
#define PH_IO_WRITEBACK_H

#include <stddef.h>
#include <stdint.h>

struct ph_writeback;

/* Starts the thread for a file that is there. NULL when it cannot be. */
struct ph_writeback *ph_writeback_begin(const char *path);

/* Writes the bytes at the offset, some time before ph_writeback_drain returns. n: at most 64 KiB. Returns 0, or the errno of what
 * the disk has refused so far, and then writes no more. */
int ph_writeback_put(struct ph_writeback *writeback, uint64_t offset, const unsigned char *bytes, size_t n);

/* Returns when all of it is in the file (the disk may lack some still): 0, or the errno of what was refused. */
int ph_writeback_drain(struct ph_writeback *writeback);

/* After the file was closed elsewhere: closing it here would drop the locks that this process has on it. What was not drained may
 * be lost. Returns 0, or the errno of what the disk refused; the system says so once, and the sync at the end would not be told.
 * NULL is allowed. */
int ph_writeback_end(struct ph_writeback *writeback);

#endif
