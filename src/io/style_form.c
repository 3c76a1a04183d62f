#include "io/style_form.h"

static void put_value_map(struct ph_xml *x, const struct ph_style_field *field)
{
    ph_xml_open(x, "editWidget", "type", "ValueMap", NULL);
    ph_xml_open(x, "config", NULL);
    ph_xml_option_map(x, NULL);
    ph_xml_open(x, "Option", "type", "List", "name", "map", NULL);
    for (size_t i = 0; i < field->code_count; i++) {
        ph_xml_option_map(x, NULL);
        ph_xml_option(x, field->codes[i].zh, field->codes[i].value);
        ph_xml_close(x);
    }
    for (size_t i = 0; i < 4; i++) ph_xml_close(x);
}

static void put_lines(struct ph_xml *x)
{
    ph_xml_open(x, "editWidget", "type", "TextEdit", NULL);
    ph_xml_open(x, "config", NULL);
    ph_xml_option_map(x, NULL);
    ph_xml_leaf(x, "Option", "type", "bool", "name", "IsMultiline", "value", "true", NULL);
    for (size_t i = 0; i < 3; i++) ph_xml_close(x);
}

static void put_widgets(struct ph_xml *x, const struct ph_style *style)
{
    ph_xml_open(x, "fieldConfiguration", NULL);
    for (size_t i = 0; i < style->field_count; i++) {
        const struct ph_style_field *field = &style->fields[i];
        if (field->code_count == 0 && !field->lines) continue;
        ph_xml_open(x, "field", "configurationFlags", "None", "name", field->name, NULL);
        if (field->code_count > 0)
            put_value_map(x, field);
        else
            put_lines(x);
        ph_xml_close(x);
    }
    ph_xml_close(x);
}

static void put_aliases(struct ph_xml *x, const struct ph_style *style)
{
    ph_xml_open(x, "aliases", NULL);
    for (size_t i = 0; i < style->field_count; i++)
        ph_xml_leaf(x, "alias", "field", style->fields[i].name, "name", style->fields[i].title, NULL);
    ph_xml_close(x);
    ph_xml_open(x, "editable", NULL);
    for (size_t i = 0; i < style->field_count; i++)
        ph_xml_leaf(x, "field", "name", style->fields[i].name, "editable", style->fields[i].read_only ? "0" : "1", NULL);
    ph_xml_close(x);
}

static void put_tab(struct ph_xml *x, const struct ph_style *style, size_t tab)
{
    const struct ph_style_tab *t = &style->tabs[tab];
    ph_xml_open(x, "attributeEditorContainer", "name", t->title, "groupBox", "0", "showLabel", "1", "columnCount", "1",
                "visibilityExpressionEnabled", "0", "visibilityExpression", "", NULL);
    for (size_t i = 0; i < style->field_count; i++)
        if (style->fields[i].tab == tab) ph_xml_leaf(x, "attributeEditorField", "name", style->fields[i].name, "showLabel", "1", NULL);
    for (size_t i = 0; i < t->relation_count; i++)
        ph_xml_leaf(x, "attributeEditorRelation", "name", t->relations[i], "relation", t->relations[i], "showLabel", "1",
                    "relationWidgetTypeId", "relation_editor", "nmRelationId", "", NULL);
    ph_xml_close(x);
}

static void put_form(struct ph_xml *x, const struct ph_style *style)
{
    ph_xml_text(x, "editorlayout", "tablayout", NULL);
    ph_xml_open(x, "attributeEditorForm", NULL);
    for (size_t i = 0; i < style->tab_count; i++) put_tab(x, style, i);
    ph_xml_close(x);
}

void ph_style_fields(const struct ph_style *style, struct ph_xml *xml)
{
    put_widgets(xml, style);
    put_aliases(xml, style);
    if (style->tab_count > 0) put_form(xml, style);
}
