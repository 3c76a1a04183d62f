/* Pages of our own against SQLite, which reads, checks and goes on writing them. */
#include "io/tree.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "test.h"

#define MOST_BYTES 70000

static const int page_sizes[] = {512, 1024, 4096, 16384, 65536};
#define PAGE_SIZES (sizeof page_sizes / sizeof *page_sizes)

static sqlite3 *open_file(int page_size)
{
    char sql[200];
    sqlite3 *db = database_open();
    snprintf(sql, sizeof sql,
             "PRAGMA page_size = %d; CREATE TABLE a (fid INTEGER PRIMARY KEY, x BLOB);"
             " CREATE TABLE b (fid INTEGER PRIMARY KEY, x BLOB); CREATE TABLE c (x); INSERT INTO c VALUES (1)",
             page_size);
    database_run(db, sql);
    return db;
}

static void open_tree(struct ph_tail *tail, struct ph_tree *tree, const char *name)
{
    assert_int_equal(ph_tail_begin(tail, NULL), PH_OK);
    assert_int_equal(ph_tree_open(tree, tail, name, NULL), PH_OK);
}

/* How long the blob of a row is: mostly short, now and then about as long as fits, or much longer. */
static size_t length_of(uint64_t *state, size_t page_bytes)
{
    uint64_t r = random_bits(state);
    if (r % 100 < 90) return r / 100 % 40;
    if (r % 100 < 97) return page_bytes - 60 + r / 100 % 60;
    return r / 100 % MOST_BYTES;
}

/* NULL for the fid, and a blob of that length whose bytes follow from the rowid. */
static size_t make_record(int64_t rowid, size_t length, unsigned char *record)
{
    uint64_t kind = 12 + 2 * (uint64_t)length;
    unsigned char *out = ph_put_varint(record, 2 + ph_varint_bytes(kind));
    *out++ = 0;
    out = ph_put_varint(out, kind);
    for (size_t i = 0; i < length; i++) *out++ = (unsigned char)((uint64_t)rowid * 31 + i * 7);
    return (size_t)(out - record);
}

struct filler {
    struct ph_tree tree;
    uint64_t state, spaces; /* of the lengths; of the gaps between rowids, 0: none */
    int64_t rowid;
    unsigned char record[MOST_BYTES + 20];
};

static int64_t next_rowid(struct filler *f)
{
    return f->rowid += f->spaces ? (int64_t)(random_bits(&f->spaces) % 3 ? 1 : random_bits(&f->spaces) >> 14) : 1;
}

static void add_row(struct filler *f)
{
    size_t length = length_of(&f->state, f->tree.tail->page_bytes), bytes = make_record(next_rowid(f), length, f->record);
    assert_int_equal(ph_tree_add(&f->tree, f->rowid, f->record, bytes, NULL), PH_OK);
}

static void assert_rows(sqlite3 *db, const char *table, struct filler *f, size_t rows)
{
    char sql[100];
    sqlite3_stmt *stmt = NULL;
    snprintf(sql, sizeof sql, "SELECT fid, x FROM %s ORDER BY fid", table);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    size_t page_bytes = (size_t)database_number(db, "PRAGMA page_size");
    for (size_t i = 0; i < rows; i++) {
        size_t length = length_of(&f->state, page_bytes);
        int64_t rowid = next_rowid(f);
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int64(stmt, 0), rowid);
        assert_int_equal(sqlite3_column_bytes(stmt, 1), length);
        size_t bytes = make_record(rowid, length, f->record);
        if (length) assert_memory_equal(sqlite3_column_blob(stmt, 1), f->record + bytes - length, length);
    }
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
}

/* Two tables filled in turn, one of them with gaps between its rowids. */
static void fill(sqlite3 *db, size_t rows)
{
    struct ph_tail tail = {.db = db, .path = database_path};
    struct filler *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    assert_true(a && b);
    open_tree(&tail, &a->tree, "a");
    open_tree(&tail, &b->tree, "b");
    a->state = b->state = rows + 1;
    b->spaces = 99;
    for (size_t i = 0; i < rows; i++) {
        add_row(a);
        if (i % 2) add_row(b);
    }
    assert_int_equal(ph_tree_close(&a->tree, NULL), PH_OK);
    assert_int_equal(ph_tree_close(&b->tree, NULL), PH_OK);
    assert_int_equal(ph_tail_end(&tail, NULL), PH_OK);
    database_assert_text(db, "PRAGMA integrity_check", "ok");
    a->state = b->state = rows + 1;
    b->spaces = 99;
    a->rowid = b->rowid = 0;
    assert_rows(db, "a", a, rows);
    assert_rows(db, "b", b, rows / 2);
    ph_tree_dispose(&a->tree);
    ph_tree_dispose(&b->tree);
    free(a);
    free(b);
}

static void packed(void **state)
{
    (void)state;
    static const size_t rows[] = {0, 1, 2, 3, 60, 1000};
    for (size_t p = 0; p < PAGE_SIZES; p++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            sqlite3 *db = open_file(page_sizes[p]);
            fill(db, rows[r]);
            sqlite3_close(db);
        }
}

/* Several levels of pages above the leaves. */
static void tall(void **state)
{
    (void)state;
    sqlite3 *db = open_file(512);
    fill(db, 40000);
    assert_true(database_number(db, "SELECT count(DISTINCT length(path) - length(replace(path, '/', ''))) FROM dbstat WHERE name = 'a' AND path NOT LIKE '%+%'") >= 4);
    sqlite3_close(db);
}

/* SQLite finds the rows without opening anew, and goes on. */
static void shared(void **state)
{
    (void)state;
    sqlite3 *db = open_file(4096);
    assert_int_equal(database_number(db, "SELECT count(*) FROM a"), 0);
    fill(db, 500);
    assert_int_equal(database_number(db, "SELECT count(*) FROM a"), 500);
    database_run(db, "INSERT INTO a (x) VALUES ('more'); DELETE FROM a WHERE fid % 3 = 0; UPDATE b SET x = zeroblob(9000) WHERE fid % 2 = 0; VACUUM");
    assert_int_equal(database_number(db, "SELECT max(fid) FROM a"), 500); /* 501 was one of the third */
    assert_int_equal(database_number(db, "SELECT x FROM c"), 1);
    database_assert_text(db, "PRAGMA integrity_check", "ok");
    sqlite3_close(db);
}

/* A record of a dozen pages. */
static void add_long(struct filler *f, size_t page_bytes, unsigned char *record)
{
    size_t length = 12 * page_bytes, bytes = make_record(next_rowid(f), length, record);
    assert_int_equal(ph_tree_add(&f->tree, f->rowid, record, bytes, NULL), PH_OK);
}

static void assert_long(sqlite3 *db, size_t page_bytes, unsigned char *record)
{
    size_t bytes = make_record(401, 12 * page_bytes, record);
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT x FROM a WHERE fid = 401", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(stmt, 0), 12 * page_bytes);
    assert_memory_equal(sqlite3_column_blob(stmt, 0), record + bytes - 12 * page_bytes, 12 * page_bytes);
    sqlite3_finalize(stmt);
}

/* The page that holds the byte at 1 GiB belongs to nobody, be it a leaf's turn or a long row's. The file has a hole before it. */
static void lock_page(void **state)
{
    (void)state;
    for (size_t p = 0; p < 2 * PAGE_SIZES; p++) {
        size_t page_bytes = (size_t)page_sizes[p / 2];
        sqlite3 *db = open_file((int)page_bytes);
        struct ph_tail tail = {.db = db, .path = database_path};
        struct filler *f = calloc(1, sizeof *f);
        unsigned char *record = malloc(13 * page_bytes);
        assert_true(f && record);
        open_tree(&tail, &f->tree, "a");
        uint32_t lock = (uint32_t)(0x40000000 / page_bytes) + 1;
        f->state = 5;
        if (p % 2 == 0) tail.next = lock - 5;
        for (size_t i = 0; i < 400; i++) add_row(f);
        if (p % 2) tail.next = lock - 5;
        add_long(f, page_bytes, record);
        assert_int_equal(ph_tree_close(&f->tree, NULL), PH_OK);
        assert_int_equal(ph_tail_end(&tail, NULL), PH_OK);
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT max(pageno = %u) = 0 AND max(pageno) > %u FROM dbstat WHERE name = 'a'", lock, lock);
        assert_int_equal(database_number(db, sql), 1);
        assert_long(db, page_bytes, record);
        database_run(db, "DELETE FROM a WHERE fid = 401");
        f->state = 5;
        f->rowid = 0;
        assert_rows(db, "a", f, 400);
        ph_tree_dispose(&f->tree);
        sqlite3_close(db);
        free(record);
        free(f);
    }
}

static void varints(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        unsigned bytes;
        unsigned char first, last;
    } rows[] = {{0, 1, 0, 0},
                {127, 1, 127, 127},
                {128, 2, 0x81, 0},
                {16383, 2, 0xFF, 0x7F},
                {16384, 3, 0x81, 0},
                {(1ULL << 56) - 1, 8, 0xFF, 0x7F},
                {1ULL << 56, 9, 0x80, 0},
                {UINT64_MAX, 9, 0xFF, 0xFF}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char out[9];
        assert_int_equal(ph_varint_bytes(rows[i].value), rows[i].bytes);
        assert_ptr_equal(ph_put_varint(out, rows[i].value), out + rows[i].bytes);
        assert_int_equal(out[0], rows[i].first);
        assert_int_equal(out[rows[i].bytes - 1], rows[i].last);
    }
}

/* A file that cannot be continued is left alone. */
static void refused(void **state)
{
    (void)state;
    struct ph_error err = PH_ERROR_INIT;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    database_run(db, "CREATE TABLE a (fid INTEGER PRIMARY KEY, x BLOB)");
    struct ph_tail tail = {.db = db, .path = database_path};
    assert_int_equal(ph_tail_begin(&tail, &err), PH_E_OUTPUT);
    sqlite3_close(db);
    tail.db = db = open_file(4096);
    struct ph_tree tree = {0};
    assert_int_equal(ph_tail_begin(&tail, NULL), PH_OK);
    assert_int_equal(ph_tree_open(&tree, &tail, "absent", &err), PH_E_OUTPUT);
    assert_non_null(strstr(err.en, "absent"));
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(varints), cmocka_unit_test(packed),    cmocka_unit_test(tall),
                                       cmocka_unit_test(shared),  cmocka_unit_test(lock_page), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, database_make, database_drop);
}
