#include "io/tail.h"

#include <errno.h>
#include <string.h>

#include "io/gpkg_file.h"
#include "io/target.h"
#include "io/writeback.h"

#define HEAD_BYTES 100
#define LOCK_BYTE 0x40000000u /* the page with this byte is never used */

/* Where the file's head has what is needed here. */
enum { AT_PAGE_BYTES = 16, AT_RESERVED = 20, AT_CHANGES = 24, AT_PAGES = 28, AT_VALID_FOR = 92 };

static enum ph_status judge(const struct ph_tail *tail, int result, struct ph_error *err)
{
    if (result == SQLITE_OK) return PH_OK;
    if (result == SQLITE_FULL) return ph_target_no_space(tail->path, err);
    return ph_target_failed(tail->path, sqlite3_errstr(result), err);
}

/* What the disk has refused meanwhile. */
static enum ph_status judge_disk(const struct ph_tail *tail, int failure, struct ph_error *err)
{
    if (failure == 0) return PH_OK;
    if (failure == ENOSPC || failure == EDQUOT) return ph_target_no_space(tail->path, err);
    return ph_target_failed(tail->path, strerror(failure), err);
}

static uint32_t get_big(const unsigned char *at, unsigned bytes)
{
    uint32_t v = 0;
    while (bytes-- > 0) v = v << 8 | *at++;
    return v;
}

static sqlite3_file *file_of(const struct ph_tail *tail)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(tail->db, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file);
    return file;
}

static enum ph_status write_at(const struct ph_tail *tail, uint32_t page, const unsigned char *bytes, size_t length, struct ph_error *err)
{
    sqlite3_file *file = file_of(tail);
    return judge(tail, file->pMethods->xWrite(file, bytes, (int)length, (sqlite3_int64)(page - 1) * (sqlite3_int64)tail->page_bytes), err);
}

static uint32_t lock_page(const struct ph_tail *tail)
{
    return (uint32_t)(LOCK_BYTE / tail->page_bytes) + 1;
}

static uint32_t after(const struct ph_tail *tail, uint32_t page)
{
    return page + 1 + (page + 1 == lock_page(tail));
}

uint32_t ph_tail_after(const struct ph_tail *tail)
{
    return after(tail, tail->next);
}

static enum ph_status read_head(struct ph_tail *tail, unsigned char head[HEAD_BYTES], struct ph_error *err)
{
    sqlite3_file *file = file_of(tail);
    if (file == NULL || file->pMethods == NULL) return ph_target_failed(tail->path, sqlite3_errstr(SQLITE_CANTOPEN), err);
    PH_TRY(judge(tail, file->pMethods->xRead(file, head, HEAD_BYTES, 0), err));
    size_t page_bytes = get_big(head + AT_PAGE_BYTES, 2);
    if (page_bytes == 1) page_bytes = 65536;
    /* Every page whole, and the count of pages one that SQLite itself goes by. */
    if (head[AT_RESERVED] != 0 || get_big(head + AT_VALID_FOR, 4) != get_big(head + AT_CHANGES, 4) || page_bytes < 512)
        return ph_target_failed(tail->path, sqlite3_errstr(SQLITE_FORMAT), err);
    tail->page_bytes = page_bytes;
    tail->changes = get_big(head + AT_CHANGES, 4);
    tail->next = after(tail, get_big(head + AT_PAGES, 4));
    return PH_OK;
}

enum ph_status ph_tail_begin(struct ph_tail *tail, struct ph_error *err)
{
    unsigned char head[HEAD_BYTES];
    if (tail->begun) return PH_OK;
    PH_TRY(read_head(tail, head, err));
    tail->begun = true;
    return PH_OK;
}

enum ph_status ph_tail_end(struct ph_tail *tail, struct ph_error *err)
{
    unsigned char head[HEAD_BYTES];
    if (!tail->begun) return PH_OK;
    tail->begun = false;
    uint32_t pages = tail->next - 1;
    pages -= pages == lock_page(tail);
    if (tail->writeback) PH_TRY(judge_disk(tail, ph_writeback_drain(tail->writeback), err));
    PH_TRY(read_head(tail, head, err));
    ph_put_big(head + AT_CHANGES, tail->changes + 1, 4);
    ph_put_big(head + AT_PAGES, pages, 4);
    ph_put_big(head + AT_VALID_FOR, tail->changes + 1, 4);
    return write_at(tail, 1, head, HEAD_BYTES, err);
}

enum ph_status ph_tail_add(struct ph_tail *tail, const unsigned char *page, struct ph_error *err)
{
    uint64_t at = (uint64_t)(tail->next - 1) * tail->page_bytes;
    if (tail->writeback)
        PH_TRY(judge_disk(tail, ph_writeback_put(tail->writeback, at, page, tail->page_bytes), err));
    else
        PH_TRY(write_at(tail, tail->next, page, tail->page_bytes, err));
    tail->next = ph_tail_after(tail);
    return PH_OK;
}

enum ph_status ph_tail_replace(struct ph_tail *tail, uint32_t number, const unsigned char *page, struct ph_error *err)
{
    return write_at(tail, number, page, tail->page_bytes, err);
}
