/* Boundary-point files made of anything: what is read must come back from what is written of it. For libFuzzer, and for replay.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/txt_check.h"
#include "io/txt_decode.h"
#include "io/txt_shape.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct file {
    struct ph_txt txt;
    struct ph_problems problems;
};

static bool read_bytes(struct ph_str bytes, const char *encoding, const char *words, struct file *out)
{
    struct ph_txt_layout layout;
    struct ph_encoding_choice choice;
    const char *samples;
    struct ph_error err = PH_ERROR_INIT;
    return ph_txt_layout_parse(words, &layout, &err) == PH_OK &&
           ph_txt_decode(bytes, encoding, &layout, "fuzz.txt", &out->txt, &choice, &samples, &out->problems, &err) == PH_OK;
}

static void dispose(struct file *file)
{
    ph_txt_dispose(&file->txt);
    ph_problems_dispose(&file->problems);
}

static void differ(const char *what, size_t at)
{
    fprintf(stderr, "what was written reads back otherwise: %s %zu\n", what, at);
    abort();
}

static void compare(const struct ph_txt *a, const struct ph_txt *b)
{
    if (a->key_count != b->key_count) differ("keys", b->key_count);
    for (size_t i = 0; i < a->key_count; i++)
        if (strcmp(a->keys[i].name, b->keys[i].name) != 0 || strcmp(a->keys[i].value, b->keys[i].value) != 0) differ("key", i);
    if (a->plot_count != b->plot_count || a->ring_count != b->ring_count || a->point_count != b->point_count) differ("plots", b->plot_count);
    for (size_t i = 0; i < a->plot_count; i++) {
        const struct ph_txt_plot *p = &a->plots[i], *q = &b->plots[i];
        if (p->item_count != q->item_count || p->ring_end != q->ring_end) differ("plot", i);
        for (size_t k = 0; k < p->item_count; k++)
            if (strcmp(p->items[k], q->items[k]) != 0) differ("item", k);
    }
    for (size_t i = 0; i < a->ring_count; i++)
        if (a->ring_end[i] != b->ring_end[i]) differ("ring", i);
    for (size_t i = 0; i < a->point_count; i++)
        if (a->points[i].x != b->points[i].x || a->points[i].y != b->points[i].y) differ("point", i);
}

/* What else is made of a file, for its own sake. */
static void take_up(struct file *file)
{
    struct ph_shapes shapes = {0};
    int epsg;
    if (ph_txt_epsg(&file->txt, "fuzz.txt", &file->problems, &epsg, NULL) != PH_OK || ph_txt_shapes(&file->txt, "fuzz.txt", &shapes, &file->problems, NULL) != PH_OK ||
        ph_txt_compare(&file->txt, "fuzz.txt", &shapes, 0, &file->problems, NULL) != PH_OK)
        abort();
    if (shapes.shape_count != file->txt.plot_count || shapes.ring_count != file->txt.ring_count) abort();
    struct ph_txt again = {0};
    for (size_t i = 0; i < shapes.shape_count; i++) {
        struct ph_str items[PH_TXT_ITEMS];
        for (size_t k = 0; k < PH_TXT_ITEMS; k++) items[k] = ph_str_of(NULL);
        if (ph_txt_add_shape(&again, items, &shapes, i, NULL) != PH_OK) abort();
    }
    if (again.ring_count != file->txt.ring_count || again.point_count != file->txt.point_count) abort();
    (void)ph_txt_decimals(&again);
    ph_txt_dispose(&again);
    ph_shapes_dispose(&shapes);
}

static void try_layout(struct ph_str bytes, const char *encoding, const char *layout)
{
    struct file first = {0}, second = {0};
    if (read_bytes(bytes, encoding, layout, &first)) {
        struct ph_text text;
        ph_text_init(&text, (size_t)1 << 30);
        ph_txt_write(&first.txt, -1, &text);
        if (!read_bytes((struct ph_str){ph_text_get(&text), text.length}, "UTF-8", NULL, &second)) abort();
        compare(&first.txt, &second.txt);
        for (size_t i = 0; i < second.problems.count; i++)
            if (strcmp(second.problems.items[i].code, "txt.line") == 0) differ("line", i);
        ph_text_dispose(&text);
        take_up(&first);
    }
    dispose(&first);
    dispose(&second);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size > PH_TXT_LINE_CAP / 4) return 0; /* so that no line grows beyond what is read */
    struct ph_str bytes = {size ? (const char *)data : "", size};
    bool any = size && data[0] == '#'; /* the encoding is to be found out, which takes longer than all the rest */
    if (any) bytes = ph_str_after(bytes, 1);
    try_layout(bytes, any ? NULL : "UTF-8", NULL);
    try_layout(bytes, "UTF-8", "id,x,y");
    try_layout(bytes, "UTF-8", "point,ring,y,x");
    return 0;
}
