#include "io/xml.h"

#include <stdarg.h>

static void put_value(struct ph_text *out, const char *value)
{
    ph_text_add_xml(out, ph_str_of(value));
}

/* "<name a="1" b="2"", the end is still to come. */
static void put_start(struct ph_text *out, const char *name, va_list attributes)
{
    ph_text_addf(out, "<%s", name);
    for (const char *attribute; (attribute = va_arg(attributes, const char *)) != NULL;) {
        ph_text_addf(out, " %s=\"", attribute);
        put_value(out, va_arg(attributes, const char *));
        ph_text_add(out, "\"");
    }
}

void ph_xml_open(struct ph_xml *xml, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    put_start(xml->out, name, attributes);
    va_end(attributes);
    ph_text_add(xml->out, ">\n");
    if (xml->depth == PH_XML_DEPTH) {
        xml->out->failed = true;
        return;
    }
    xml->open[xml->depth++] = name;
}

void ph_xml_close(struct ph_xml *xml)
{
    if (xml->depth > 0) ph_text_addf(xml->out, "</%s>\n", xml->open[--xml->depth]);
}

void ph_xml_leaf(struct ph_xml *xml, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    put_start(xml->out, name, attributes);
    va_end(attributes);
    ph_text_add(xml->out, "/>\n");
}

void ph_xml_text(struct ph_xml *xml, const char *name, const char *text, ...)
{
    va_list attributes;
    va_start(attributes, text);
    put_start(xml->out, name, attributes);
    va_end(attributes);
    ph_text_add(xml->out, ">");
    put_value(xml->out, text);
    ph_text_addf(xml->out, "</%s>\n", name);
}

void ph_xml_add(struct ph_xml *xml, const char *elements)
{
    ph_text_add(xml->out, elements);
}

void ph_xml_option(struct ph_xml *xml, const char *name, const char *value)
{
    ph_xml_leaf(xml, "Option", "type", "QString", "name", name, "value", value, NULL);
}

void ph_xml_option_map(struct ph_xml *xml, const char *name)
{
    if (name)
        ph_xml_open(xml, "Option", "type", "Map", "name", name, NULL);
    else
        ph_xml_open(xml, "Option", "type", "Map", NULL);
}
