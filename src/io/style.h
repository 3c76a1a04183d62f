/* How a layer looks and reads in QGIS: a QML document for the GeoPackage's table layer_styles, the same elements for a
 * project. Written for QGIS 3.22 and later (symbol properties as <Option type="Map">). */
#ifndef PH_IO_STYLE_H
#define PH_IO_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "io/xml.h"
#include "model/codelist.h"

struct ph_style_field {
    const char *name;            /* column */
    const char *title;           /* alias; NULL = the column's name is shown */
    const struct ph_code *codes; /* value map; NULL = plain editing */
    size_t code_count;
    bool read_only; /* the attribute form does not let it be edited */
    bool lines;     /* text of several lines */
    size_t tab;     /* of the form, where there are tabs */
};

/* A tab of the attribute form: its fields in their order, then the rows of other layers that belong to the feature. */
struct ph_style_tab {
    const char *title;
    const char *const *relations; /* ids of relations of the project */
    size_t relation_count;
};

/* One legend entry. Colours are #rrggbb. */
struct ph_style_class {
    const char *value;   /* of the class field */
    const char *label;   /* legend text */
    const char *fill;    /* colour of the area or the marker; NULL = see-through */
    const char *line;    /* colour of the outline and of the pattern */
    const char *pattern; /* "slash", "backslash", "horizontal", "vertical", "cross"; NULL or "solid" = none. Areas only. */
    const char *marker;  /* shape of a point, in QGIS's words; NULL = "circle" */
};

struct ph_style {
    const struct ph_style_field *fields;
    size_t field_count;
    const struct ph_style_tab *tabs; /* none: the form is QGIS's own */
    size_t tab_count;
    const char *class_field; /* column the legend goes by; NULL = one symbol for all, of classes[0] where given */
    const struct ph_style_class *classes;
    size_t class_count;
    const char *geometry;         /* "polygon", "point" or "none" (a table without geometry) */
    const char *name_expression;  /* QGIS expression: what a feature is called in lists and forms; NULL = QGIS's choice */
    const char *label_expression; /* QGIS expression: map label; NULL = none */
    int label_scale;              /* labels are drawn at 1:label_scale and nearer */
    const char *map_tip;          /* HTML with [% expression %]; NULL = none */
    const char *last;             /* QGIS condition: such features are drawn over the others; NULL = in the order of the rows */
    const char *outlined;         /* QGIS condition: such areas get a heavy outline; NULL = none */
};

/* The legend of topology findings; the same for the places. Areas of one pattern differ by 14 or more in CIE L*, places by
 * their shapes. */
#define PH_STYLE_TOPOLOGY 11
extern const struct ph_style_class ph_style_topology[PH_STYLE_TOPOLOGY];

/* The legend of the tags, in order of precedence. Neighbours differ by 14 or more in CIE L*, so that a grey print and an
 * eye with any of the three colour-vision deficiencies can tell them apart; what is undecided is hatched besides. */
#define PH_STYLE_TAGS 5
extern const struct ph_style_class ph_style_tags[PH_STYLE_TAGS];

/* The legend of the grades per mu, best first, told apart as the tags are; who is not graded is hatched. */
#define PH_STYLE_GRADES 5
extern const struct ph_style_class ph_style_grades[PH_STYLE_GRADES];

/* The legend of the ledger's measures: supply and completion are areas, the rest see-through hatches over them, for a parcel
 * may have several. Those of one direction differ by 14 or more in CIE L*. */
#define PH_STYLE_MEASURES 12
extern const struct ph_style_class ph_style_measures[PH_STYLE_MEASURES];

/* Appends the QML document. What is not UTF-8 or what XML 1.0 cannot carry becomes U+FFFD.
 * The same style gives the same bytes. A failure stays in `out`. */
void ph_style_qml(const struct ph_style *style, struct ph_text *out);

/* The same without the document's declaration; without the root element as well, and what the root element says of labels: "1" or "0". */
void ph_style_qml_element(const struct ph_style *style, struct ph_xml *xml);
void ph_style_elements(const struct ph_style *style, struct ph_xml *xml);
const char *ph_style_labels(const struct ph_style *style);

#endif
