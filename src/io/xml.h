/* Writes XML element by element: well-formed whatever the values hold. */
#ifndef PH_IO_XML_H
#define PH_IO_XML_H

#include "base/text.h"

#define PH_XML_DEPTH 32

/* Set `out`; a failure stays there. */
struct ph_xml {
    struct ph_text *out;
    const char *open[PH_XML_DEPTH]; /* elements begun; names are borrowed until they end */
    size_t depth;
    bool in_tag; /* the innermost may still get attributes */
};

/* Begins an element; attributes follow as name and value in turn, NULL after the last. A value may be NULL: "". */
void ph_xml_open(struct ph_xml *xml, const char *name, ...) __attribute__((sentinel));

/* More attributes of the element just begun, as above. */
void ph_xml_attributes(struct ph_xml *xml, ...) __attribute__((sentinel));

void ph_xml_close(struct ph_xml *xml);

/* An element without content, and one that holds this text (NULL: empty); attributes as above. */
void ph_xml_leaf(struct ph_xml *xml, const char *name, ...) __attribute__((sentinel));
void ph_xml_text(struct ph_xml *xml, const char *name, const char *text, ...) __attribute__((sentinel));

/* QGIS keeps settings as nested <Option> elements: a text, and the start of a map (name NULL: the outermost). */
void ph_xml_option(struct ph_xml *xml, const char *name, const char *value);
void ph_xml_option_map(struct ph_xml *xml, const char *name);

#endif
