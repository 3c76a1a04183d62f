/* A print layout of a QGIS project, as plain data and as XML. Lengths are millimetres on the page. */
#ifndef PH_IO_LAYOUT_H
#define PH_IO_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "io/xml.h"
#include "model/shapes.h"

enum ph_layout_kind { PH_LAYOUT_LABEL, PH_LAYOUT_MAP, PH_LAYOUT_LEGEND, PH_LAYOUT_SCALE_BAR, PH_LAYOUT_NORTH, PH_LAYOUT_TABLE };

enum ph_layout_align { PH_LAYOUT_LEFT, PH_LAYOUT_CENTRE, PH_LAYOUT_RIGHT };

struct ph_layout_column {
    const char *heading, *expression;
    double width; /* with its margins */
    enum ph_layout_align align;
};

/* Rows of a layer; on an atlas those that belong to the sheet's feature by a relation. */
struct ph_layout_table {
    const char *layer;     /* id */
    const char *relation;  /* id, or NULL: all rows */
    const char *condition; /* QGIS condition on the rows, or NULL */
    const char *order;     /* expression the rows are sorted by, or NULL */
    const struct ph_layout_column *columns;
    size_t column_count;
    size_t more_pages; /* over which goes on what has no room; those without rows are left out */
};

/* An entry of a legend: a layer under a heading ("": none). */
struct ph_layout_entry {
    const char *layer, *heading;
};

struct ph_layout_item {
    enum ph_layout_kind kind;
    double x, y, width, height;
    const char *text; /* label: text with [% expression %]; legend: its title */
    double points;    /* size of the text */
    enum ph_layout_align align;
    bool bold, framed, top; /* top: a label's text starts there, else it stands in the middle */
    bool grid;              /* the map has coordinates at its frame */
    const char *fill; /* #rrggbb; NULL: see-through */
    const struct ph_layout_table *table;
    const struct ph_layout_entry *entries; /* of the legend */
    size_t entry_count;
    int columns; /* of the legend; 0: one */
};

struct ph_layout {
    const char *name;
    double width, height; /* of a page */
    const struct ph_layout_item *items; /* one of them is the map */
    size_t item_count;
    const char *theme; /* what the map shows */
    struct ph_box extent; /* of the map; for an atlas only until the first sheet */
    bool geographic;      /* the map's coordinates are degrees */
    /* Atlas: a sheet for each feature of the coverage layer for which the condition holds. NULL: none. */
    const char *coverage;  /* id */
    const char *condition, *order, *page_name, *file_name; /* QGIS expressions */
};

void ph_layout_xml(const struct ph_layout *layout, struct ph_xml *xml);

#endif
