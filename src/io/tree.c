#include "io/tree.h"

#include <stdlib.h>
#include <string.h>

#include "io/gpkg_file.h"

#define LEAF 0x0D
#define INTERIOR 0x05
#define LEAF_HEAD 8
#define INTERIOR_HEAD 12
#define POINTER 2 /* to a cell */
#define PAGE_NUMBER 4
#define CELL_HEAD_MAX 18 /* length and rowid */
#define CELL_MIN 4

unsigned ph_varint_bytes(uint64_t v)
{
    unsigned n = 1;
    while (n < 9 && v >> 7 * n) n++;
    return n;
}

unsigned char *ph_put_long_varint(unsigned char *out, uint64_t v)
{
    unsigned n = ph_varint_bytes(v);
    unsigned left = n;
    if (n == 9) { /* the ninth byte has all its bits */
        out[8] = (unsigned char)v;
        v >>= 8;
        left = 8;
    }
    for (unsigned i = left; i-- > 0; v >>= 7) out[i] = (unsigned char)((v & 0x7F) | (i + 1 < n ? 0x80 : 0));
    return out + n;
}

static void clear(struct ph_tree *tree)
{
    tree->cells = 0;
    tree->free_to = tree->tail->page_bytes;
}

static enum ph_status find_root(const struct ph_tail *tail, const char *table, uint32_t *root, struct ph_error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(tail->db, "SELECT rootpage FROM main.sqlite_master WHERE type = 'table' AND name = ?", -1, &stmt, NULL) != SQLITE_OK)
        return ph_target_failed(tail->path, sqlite3_errmsg(tail->db), err);
    sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
    *root = sqlite3_step(stmt) == SQLITE_ROW ? (uint32_t)sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return *root ? PH_OK : ph_target_failed(tail->path, table, err);
}

enum ph_status ph_tree_open(struct ph_tree *tree, struct ph_tail *tail, const char *table, struct ph_error *err)
{
    uint32_t root;
    PH_TRY(find_root(tail, table, &root, err));
    *tree = (struct ph_tree){.tail = tail, .root = root, .leaf = malloc(tail->page_bytes)};
    if (tree->leaf == NULL) return ph_fail_memory(err);
    clear(tree);
    return PH_OK;
}

/* The head of a page and the gap between its pointers and its cells. */
static void finish_page(unsigned char *page, unsigned kind, size_t head, unsigned cells, size_t free_to)
{
    page[0] = (unsigned char)kind;
    memset(page + 1, 0, head - 1);
    ph_put_big(page + 3, cells, 2);
    ph_put_big(page + 5, free_to, 2); /* 65536 becomes 0, as it should */
    memset(page + head + cells * POINTER, 0, free_to - head - cells * POINTER);
}

static enum ph_status keep_child(struct ph_tree *tree, struct ph_error *err)
{
    if (tree->child_count == tree->child_capacity) {
        size_t capacity = tree->child_capacity ? 2 * tree->child_capacity : 64;
        struct ph_tree_child *grown = realloc(tree->children, capacity * sizeof *grown);
        if (grown == NULL) return ph_fail_memory(err);
        tree->children = grown;
        tree->child_capacity = capacity;
    }
    tree->children[tree->child_count++] = (struct ph_tree_child){tree->tail->next, tree->last};
    return PH_OK;
}

static enum ph_status write_leaf(struct ph_tree *tree, struct ph_error *err)
{
    finish_page(tree->leaf, LEAF, LEAF_HEAD, tree->cells, tree->free_to);
    PH_TRY(keep_child(tree, err));
    PH_TRY(ph_tail_add(tree->tail, tree->leaf, err));
    clear(tree);
    return PH_OK;
}

/* How much of a record stays in its cell. */
static size_t local_bytes(size_t usable, size_t length)
{
    size_t most = usable - 35, least = (usable - 12) * 32 / 255 - 23;
    if (length <= most) return length;
    size_t local = least + (length - least) % (usable - PAGE_NUMBER);
    return local <= most ? local : least;
}

/* The pages that hold the rest. */
static enum ph_status write_overflow(const struct ph_tree *tree, const unsigned char *rest, size_t length, struct ph_error *err)
{
    struct ph_tail *tail = tree->tail;
    size_t room = tail->page_bytes - PAGE_NUMBER;
    unsigned char *page = malloc(tail->page_bytes);
    enum ph_status status = page ? PH_OK : ph_fail_memory(err);
    for (size_t done = 0; status == PH_OK && done < length; done += room) {
        size_t n = length - done < room ? length - done : room;
        bool last = done + n == length;
        ph_put_big(page, last ? 0 : ph_tail_after(tail), PAGE_NUMBER);
        memcpy(page + PAGE_NUMBER, rest + done, n);
        memset(page + PAGE_NUMBER + n, 0, room - n);
        status = ph_tail_add(tail, page, err);
    }
    free(page);
    return status;
}

enum ph_status ph_tree_add(struct ph_tree *tree, int64_t rowid, const unsigned char *record, size_t length, struct ph_error *err)
{
    unsigned char head[CELL_HEAD_MAX], *end = ph_put_varint(ph_put_varint(head, length), (uint64_t)rowid);
    size_t local = local_bytes(tree->tail->page_bytes, length), head_bytes = (size_t)(end - head);
    size_t bytes = head_bytes + local + (local < length ? PAGE_NUMBER : 0);
    if (bytes < CELL_MIN) bytes = CELL_MIN;
    if (tree->free_to < LEAF_HEAD + (tree->cells + 1) * POINTER + bytes) PH_TRY(write_leaf(tree, err));
    tree->free_to -= bytes;
    ph_put_big(tree->leaf + LEAF_HEAD + tree->cells++ * POINTER, tree->free_to, POINTER);
    unsigned char *cell = tree->leaf + tree->free_to;
    memcpy(cell, head, head_bytes);
    memcpy(cell + head_bytes, record, local);
    tree->last = rowid;
    if (local == length) return PH_OK;
    ph_put_big(cell + head_bytes + local, tree->tail->next, PAGE_NUMBER);
    return write_overflow(tree, record + local, length - local, err);
}

/* A page above others. The last child goes without a cell: it holds whatever is greater. */
static void make_interior(const struct ph_tree *tree, const struct ph_tree_child *children, size_t count, unsigned char *page)
{
    size_t free_to = tree->tail->page_bytes;
    for (size_t i = 0; i + 1 < count; i++) {
        unsigned char cell[PAGE_NUMBER + 9];
        unsigned char *end = ph_put_varint(ph_put_big(cell, children[i].page, PAGE_NUMBER), (uint64_t)children[i].last);
        free_to -= (size_t)(end - cell);
        memcpy(page + free_to, cell, (size_t)(end - cell));
        ph_put_big(page + INTERIOR_HEAD + i * POINTER, free_to, POINTER);
    }
    finish_page(page, INTERIOR, INTERIOR_HEAD, (unsigned)(count - 1), free_to);
    ph_put_big(page + LEAF_HEAD, children[count - 1].page, PAGE_NUMBER);
}

/* One level of pages above the children, which become those pages; the topmost is the root. */
static enum ph_status add_level(struct ph_tree *tree, unsigned char *page, struct ph_error *err)
{
    struct ph_tree_child *children = tree->children;
    size_t count = tree->child_count, cell = PAGE_NUMBER + ph_varint_bytes((uint64_t)tree->last) + POINTER;
    size_t most = (tree->tail->page_bytes - INTERIOR_HEAD) / cell + 1, pages = (count + most - 1) / most;
    for (size_t n = 0; n < pages; n++) { /* spread evenly */
        size_t from = count * n / pages, to = count * (n + 1) / pages;
        make_interior(tree, children + from, to - from, page);
        children[n] = (struct ph_tree_child){tree->tail->next, children[to - 1].last};
        PH_TRY(pages == 1 ? ph_tail_replace(tree->tail, tree->root, page, err) : ph_tail_add(tree->tail, page, err));
    }
    tree->child_count = pages;
    return PH_OK;
}

enum ph_status ph_tree_close(struct ph_tree *tree, struct ph_error *err)
{
    if (tree->child_count == 0) {
        finish_page(tree->leaf, LEAF, LEAF_HEAD, tree->cells, tree->free_to);
        return ph_tail_replace(tree->tail, tree->root, tree->leaf, err);
    }
    if (tree->cells) PH_TRY(write_leaf(tree, err));
    do PH_TRY(add_level(tree, tree->leaf, err));
    while (tree->child_count > 1);
    return PH_OK;
}

void ph_tree_dispose(struct ph_tree *tree)
{
    free(tree->leaf);
    free(tree->children);
    *tree = (struct ph_tree){0};
}
