/* Where an output goes. It is written under another name beside it, PATH.part, and takes its own when it is whole. */
#ifndef PH_IO_TARGET_H
#define PH_IO_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define PH_TARGET_PATH_CAP 4096

/* Refuses early what would fail late: a folder that is missing or cannot be written, a directory in the way, an
 * existing file without `overwrite`, a -wal beside it (open for editing elsewhere). Writes nothing. */
PH_MUST_USE enum ph_status ph_target_check(const char *path, bool overwrite, struct ph_error *err);

/* Refuses an output that is one of the inputs (the same file, whatever its name); input may be NULL or no file.
 * Errors: PH_E_USAGE. */
PH_MUST_USE enum ph_status ph_target_check_input(const char *path, const char *input, struct ph_error *err);

PH_MUST_USE enum ph_status ph_target_check_inputs(const char *path, const char *const *inputs, size_t count, struct ph_error *err);

/* Makes `part` durable and renames it to `path`. When that fails `part` is removed, and a file that was there is untouched. */
PH_MUST_USE enum ph_status ph_target_publish(const char *part, const char *path, struct ph_error *err);

/* The two steps of it, for files that belong together. */
PH_MUST_USE enum ph_status ph_target_sync(const char *part, const char *path, struct ph_error *err);
PH_MUST_USE enum ph_status ph_target_rename(const char *part, const char *path, struct ph_error *err);

/* Outputs of several files are made in a folder of their own. Removes a folder of files, or nothing where there is none. */
void ph_target_remove_folder(const char *folder);
PH_MUST_USE enum ph_status ph_target_make_folder(const char *folder, struct ph_error *err);

/* Moves the files of `folder` beside `path`, which is one of them and comes last, in place of those of the same names and of
 * what else went with an older shapefile; then removes the folder. */
PH_MUST_USE enum ph_status ph_target_publish_files(const char *folder, const char *path, struct ph_error *err);

/* As ph_target_check, for an output that is a folder itself: one that is there must hold the file `mark`. */
PH_MUST_USE enum ph_status ph_target_check_folder(const char *path, const char *mark, bool overwrite, struct ph_error *err);
PH_MUST_USE enum ph_status ph_target_publish_folder(const char *part, const char *path, struct ph_error *err);

/* PH_E_OUTPUT at this path, in somebody else's words; and with what to do about a full disk. */
enum ph_status ph_target_failed(const char *path, const char *why, struct ph_error *err);
enum ph_status ph_target_no_space(const char *path, struct ph_error *err);

#endif
