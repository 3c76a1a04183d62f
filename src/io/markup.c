#include "io/markup.h"

#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct ph_markup {
    xmlTextReaderPtr reader;
    bool ended; /* of an empty element, whose end is still to be told */
};

enum ph_status ph_markup_open(struct ph_str document, struct ph_markup **out, struct ph_error *err)
{
    *out = NULL;
    if (document.length > INT_MAX) return ph_fail(err, PH_E_INPUT, "文件过大", "the file is too large");
    struct ph_markup *xml = calloc(1, sizeof *xml);
    if (xml == NULL) return ph_fail_memory(err);
    xml->reader = xmlReaderForMemory(document.at, (int)document.length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (xml->reader == NULL) return free(xml), ph_fail_memory(err);
    *out = xml;
    return PH_OK;
}

static enum ph_status fail(struct ph_error *err)
{
    const xmlError *found = xmlGetLastError();
    const char *message = found && found->message ? found->message : "";
    return ph_fail(err, PH_E_INPUT, "不是完好的 XML:%.*s", "not well-formed XML: %.*s", (int)strcspn(message, "\n"), message);
}

enum ph_status ph_markup_next(struct ph_markup *xml, enum ph_markup_event *event, struct ph_error *err)
{
    if (xml->ended) {
        xml->ended = false;
        *event = PH_MARKUP_CLOSE;
        return PH_OK;
    }
    for (;;) {
        int result = xmlTextReaderRead(xml->reader);
        if (result < 0) return fail(err);
        if (result == 0) return *event = PH_MARKUP_END, PH_OK;
        switch (xmlTextReaderNodeType(xml->reader)) {
        case XML_READER_TYPE_ELEMENT:
            xml->ended = xmlTextReaderIsEmptyElement(xml->reader) == 1;
            *event = PH_MARKUP_OPEN;
            return PH_OK;
        case XML_READER_TYPE_END_ELEMENT: *event = PH_MARKUP_CLOSE; return PH_OK;
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_WHITESPACE:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE: *event = PH_MARKUP_TEXT; return PH_OK;
        case XML_READER_TYPE_DOCUMENT_TYPE:
            return ph_fail(err, PH_E_INPUT, "XML 里有文档类型声明,不读", "the XML declares a document type; it is not read");
        default: break;
        }
    }
}

bool ph_markup_is(const struct ph_markup *xml, const char *name)
{
    return strcmp((const char *)xmlTextReaderConstLocalName(xml->reader), name) == 0;
}

const char *ph_markup_attribute(struct ph_markup *xml, const char *name)
{
    const char *value = NULL;
    while (value == NULL && xmlTextReaderMoveToNextAttribute(xml->reader) == 1) {
        const char *prefix = (const char *)xmlTextReaderConstPrefix(xml->reader);
        if (prefix && strcmp(prefix, "calcext") == 0) continue; /* LibreOffice's own twins of office:… */
        if (ph_markup_is(xml, name)) value = (const char *)xmlTextReaderConstValue(xml->reader);
    }
    xmlTextReaderMoveToElement(xml->reader);
    return value;
}

long ph_markup_number(struct ph_markup *xml, const char *name, long otherwise)
{
    const char *value = ph_markup_attribute(xml, name);
    char *end;
    if (value == NULL) return otherwise;
    long number = strtol(value, &end, 10);
    return end == value || *end != '\0' ? otherwise : number;
}

const char *ph_markup_text(const struct ph_markup *xml)
{
    const char *text = (const char *)xmlTextReaderConstValue(xml->reader);
    return text ? text : "";
}

enum ph_status ph_markup_skip(struct ph_markup *xml, struct ph_error *err)
{
    for (int depth = 1; depth > 0;) {
        enum ph_markup_event event;
        PH_TRY(ph_markup_next(xml, &event, err));
        if (event == PH_MARKUP_END) return PH_OK;
        depth += event == PH_MARKUP_OPEN;
        depth -= event == PH_MARKUP_CLOSE;
    }
    return PH_OK;
}

void ph_markup_close(struct ph_markup *xml)
{
    if (xml) xmlFreeTextReader(xml->reader);
    free(xml);
}

void ph_markup_prepare(void)
{
    xmlInitParser();
}
