#include "io/xml.h"

#include <stdarg.h>

static void end_tag(struct ph_xml *xml)
{
    if (xml->in_tag) ph_text_add(xml->out, ">\n");
    xml->in_tag = false;
}

static void put_attributes(struct ph_text *out, va_list attributes)
{
    for (const char *name; (name = va_arg(attributes, const char *)) != NULL;) {
        ph_text_add(out, " ");
        ph_text_add(out, name);
        ph_text_add(out, "=\"");
        ph_text_add_xml(out, ph_str_of(va_arg(attributes, const char *)));
        ph_text_add(out, "\"");
    }
}

static void start(struct ph_xml *xml, const char *name, va_list attributes)
{
    end_tag(xml);
    ph_text_add(xml->out, "<");
    ph_text_add(xml->out, name);
    put_attributes(xml->out, attributes);
    xml->in_tag = true;
    if (xml->depth < PH_XML_DEPTH)
        xml->open[xml->depth++] = name;
    else
        xml->out->failed = true;
}

void ph_xml_open(struct ph_xml *xml, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    start(xml, name, attributes);
    va_end(attributes);
}

void ph_xml_attributes(struct ph_xml *xml, ...)
{
    va_list attributes;
    va_start(attributes, xml);
    if (xml->in_tag) put_attributes(xml->out, attributes);
    va_end(attributes);
}

void ph_xml_close(struct ph_xml *xml)
{
    if (xml->depth == 0) return;
    const char *name = xml->open[--xml->depth];
    ph_text_add(xml->out, xml->in_tag ? "/" : "</");
    if (!xml->in_tag) ph_text_add(xml->out, name);
    ph_text_add(xml->out, ">\n");
    xml->in_tag = false;
}

void ph_xml_leaf(struct ph_xml *xml, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    start(xml, name, attributes);
    va_end(attributes);
    ph_xml_close(xml);
}

void ph_xml_text(struct ph_xml *xml, const char *name, const char *text, ...)
{
    va_list attributes;
    va_start(attributes, text);
    start(xml, name, attributes);
    va_end(attributes);
    ph_text_add(xml->out, ">");
    xml->in_tag = false;
    ph_text_add_xml(xml->out, ph_str_of(text));
    ph_xml_close(xml);
}

void ph_xml_option(struct ph_xml *xml, const char *name, const char *value)
{
    ph_xml_leaf(xml, "Option", "type", "QString", "name", name, "value", value, NULL);
}

void ph_xml_option_map(struct ph_xml *xml, const char *name)
{
    ph_xml_open(xml, "Option", "type", "Map", name ? "name" : NULL, name, NULL);
}
