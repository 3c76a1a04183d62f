#!/usr/bin/python3
"""Opens the project of an audit in real QGIS, from the .qgz beside the GeoPackage and from inside it, where they are and in
another folder: layers, styles, relations, forms, themes, bookmarks, print layouts.

usage: check_project.py AUDIT.gpkg FOLDER

FOLDER gets a copy of both files under a name with Chinese characters and blanks, and the pictures: a map of each theme, the
overview and a sheet. One line a check, then "N passed, M failed"; the exit code is 1 when a check failed.
"""
import os
import shutil
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")

from qgis.core import (QgsApplication, QgsExpression, QgsExpressionContext, QgsExpressionContextScope,
                       QgsExpressionContextUtils, QgsLayout, QgsLayoutItemLegend, QgsLayoutItemMap, QgsLayoutPoint, QgsLayoutSize,
                       QgsProject, QgsUnitTypes, QgsVectorLayerTools)
from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm, QgsGui, QgsMapCanvas, QgsRelationWidgetWrapper
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtWidgets import QTabWidget

from check_gpkg import Checks, Database
from layouts import check_crowded, check_overview, check_sheets, export_png, layer_id, pixels

NAME = "盘活审计"
COPY = "盘活 成果 (2023)"
GROUPS = ["拓扑", "企业", "审计", "表"]
STYLES = {"默认", "底图", "核查表"}
# Theme -> the layers it shows, top first; it is there when its first layer is.
THEMES = {
    "三类土地": ["parcels"],
    "亩均评价": ["enterprise_land", "parcels"],
    "盘活": ["ledger_land", "parcels"],
    "几何问题": ["topology_places", "topology", "parcels"],
    "核查表": ["parcels"],
}
# (child, its field, parent, its field): relations that must be there when both tables are.
RELATIONS = [
    ("findings", "parcel_fid", "parcels", "fid"),
    ("ledger", "parcel_fid", "parcels", "fid"),
    ("score_terms", "enterprise_fid", "enterprises", "fid"),
    ("enterprise_parcels", "enterprise_fid", "enterprises", "fid"),
    ("enterprise_parcels", "parcel_fid", "parcels", "fid"),
    ("score_terms", "enterprise_fid", "enterprise_land", "enterprise_fid"),
    ("enterprise_parcels", "enterprise_fid", "enterprise_land", "enterprise_fid"),
]
TABS = {
    "parcels": {"标识": ["parcel_id", "location"], "日期": ["approved_date", "agreed_start"], "面积": ["area_m2", "registered_m2"],
                "判定": ["tag", "reason", "missing"], "企业": ["holder_name", "holder_code"], "台账": [], "其他": []},
    "enterprises": {"标识": ["code", "name"], "指标": ["tax", "revenue"], "用地": ["parcels", "area_mu"], "亩均评价": ["tax_per_mu"]},
    "enterprise_land": {"企业用地": ["name", "grade"], "评分明细": [], "用地明细": []},
}
LOCKED = {"parcels": ["area_m2", "area_mu", "tag", "reason", "idle_fee", "src_fid"], "enterprises": ["area_m2", "tax_per_mu"], "ledger": ["counted"]}
FREE = {"parcels": ["parcel_id", "holder_name", "registered_m2"], "enterprises": ["code", "tax"], "ledger": ["kind", "note"]}


def tables(db):
    return [name for (name,) in db.rows("SELECT table_name FROM gpkg_contents WHERE table_name <> 'layer_styles'")]


def features(db, table):
    """Rows with a geometry, or None for a table without one."""
    spatial = db.one("SELECT count(*) FROM gpkg_geometry_columns WHERE table_name = ?", table)
    return db.one(f'SELECT count(geom) FROM "{table}"') if spatial else None


# ---- layers ----

def check_layers(checks, db, project, where):
    wanted = {layer_id(name) for name in tables(db)}
    layers = project.mapLayers()
    checks.check(f"{where}: every table is a layer", set(layers) == wanted, " ".join(sorted(set(layers) ^ wanted)))
    invalid = [layer.name() for layer in layers.values() if not layer.isValid()]
    checks.check(f"{where}: every layer is valid", not invalid, " ".join(invalid))
    empty = [name for name in tables(db) if layers[layer_id(name)].featureCount() != db.one(f'SELECT count(*) FROM "{name}"')]
    checks.check(f"{where}: every layer has its rows", not empty, " ".join(empty))
    for name in tables(db):
        layer = layers[layer_id(name)]
        titles = db.titles(name)
        bare = [column for column, title in titles.items() if layer.attributeAlias(layer.fields().indexOf(column)) != title]
        checks.check(f"{where}: {name} has its aliases", titles and not bare, " ".join(bare))
        if features(db, name) is not None:
            checks.check(f"{where}: {name} has the project's CRS", layer.crs().isValid() and layer.crs() == project.crs(), layer.crs().authid())
            checks.check(f"{where}: {name} is styled by class", layer.renderer().type() == "categorizedSymbol", layer.renderer().type())
            check_counts(checks, db, layer, name, where)
    checks.check(f"{where}: parcels have their styles", set(layers[layer_id("parcels")].styleManager().styles()) == STYLES)


def check_counts(checks, db, layer, name, where):
    """The number in brackets is that of the features, class by class."""
    field = layer.renderer().classAttribute()
    numbers = dict(db.rows(f'SELECT "{field}", count(*) FROM "{name}" GROUP BY 1'))
    wrong = [c.label() for c in layer.renderer().categories() if not c.label().endswith(f"（{numbers.get(c.value(), 0)}）")]
    checks.check(f"{where}: {name} counts in its legend", not wrong, " ".join(wrong))


def check_frame(checks, db, project, where):
    """CRS, ellipsoid, tree, bookmarks."""
    crs = db.one("SELECT value FROM run WHERE key = 'crs'")
    checks.check(f"{where}: CRS", project.crs().authid() == crs and project.crs().isValid(), project.crs().authid())
    checks.check(f"{where}: ellipsoid CGCS2000", project.ellipsoid() == "EPSG:1024", project.ellipsoid())
    tree = project.layerTreeRoot()
    groups = {group.name(): [child.layerId() for child in group.children()] for group in tree.children()}
    checks.check(f"{where}: groups of layers", list(groups) == GROUPS, " ".join(groups))
    checks.check(f"{where}: every layer stands in one group", sorted(sum(groups.values(), [])) == sorted(project.mapLayers()))
    shown = [node.layerId() for node in tree.findLayers() if node.itemVisibilityChecked()]
    checks.check(f"{where}: opens with the parcels", shown == [layer_id("parcels")], " ".join(shown))
    marks = {mark.name(): mark.extent() for mark in project.bookmarkManager().bookmarks()}
    wanted = {"全园"} | {db.one("SELECT identifier FROM gpkg_contents WHERE table_name = ?", name)
                        for name in tables(db) if features(db, name) and name != "parcels"}
    checks.check(f"{where}: a bookmark for the park and each layer with features", set(marks) == wanted, " ".join(sorted(set(marks) ^ wanted)))
    far = [name for name, extent in marks.items() if extent.isEmpty() or not marks["全园"].contains(extent.center())]
    checks.check(f"{where}: bookmarks lie in the park", not far, " ".join(far))


def check_texts(checks, db, project, where):
    """Labels by scale and the map tip, worked out as QGIS does."""
    layer = project.mapLayer(layer_id("parcels"))
    idle, normal = (next(layer.getFeatures(f"\"tag\" = '{tag}'")) for tag in ("idle", "normal"))

    def worked_out(feature, scale):
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        scope = QgsExpressionContextScope()
        scope.setVariable("map_scale", scale)
        context.appendScope(scope)
        context.setFeature(feature)
        return context

    def label(feature, scale):
        return QgsExpression(layer.labeling().settings().fieldName).evaluate(worked_out(feature, scale))

    mu = db.one("SELECT area_mu FROM parcels WHERE fid = ?", normal.id())
    checks.check(f"{where}: near: code and mu", label(normal, 5000) == f"{normal['parcel_id']}\n{mu:,.2f}亩", repr(label(normal, 5000)))
    checks.check(f"{where}: from afar: only what is not in order", label(idle, 20000) == idle["parcel_name"] and not label(normal, 20000))
    far = layer.labeling().settings()
    checks.check(f"{where}: from farther: no labels", far.scaleVisibility and far.minimumScale == 25000, far.minimumScale)
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), worked_out(idle, 5000))
    checks.check(f"{where}: map tip: code and reason", idle["parcel_id"] in tip and idle["reason"] in tip)
    idle["reason"] = "<script>&"
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), worked_out(idle, 5000))
    checks.check(f"{where}: map tip: text is no markup", "&lt;script&gt;&amp;" in tip and "<script>" not in tip, tip)


# ---- relations and forms ----

def check_relations(checks, db, project, where):
    relations = project.relationManager().relations()
    for child, field, parent, key in RELATIONS:
        if not (db.has(child) and db.has(parent)):
            continue
        relation = relations.get(f"{parent}_{child}")
        if not checks.check(f"{where}: {parent} → {child}", relation is not None and relation.isValid()):
            continue
        numbers = dict(db.rows(f'SELECT p.fid, count(*) FROM "{child}" c JOIN "{parent}" p ON p."{key}" = c."{field}" GROUP BY 1 ORDER BY 1 LIMIT 20'))
        layer = project.mapLayer(layer_id(parent))
        found = {fid: sum(1 for _ in relation.getRelatedFeatures(layer.getFeature(fid))) for fid in numbers}
        checks.check(f"{where}: {parent} → {child}: rows of {len(numbers)}", numbers and found == numbers)
    invalid = [relation.id() for relation in relations.values() if not relation.isValid()]
    checks.check(f"{where}: every relation is valid", not invalid, " ".join(invalid))


class Tools(QgsVectorLayerTools):
    """What QGIS itself gives to forms that show related rows; here nothing is edited."""

    def startEditing(self, layer):
        return False

    def stopEditing(self, layer, allow_cancel=True):
        return False

    def saveEdits(self, layer):
        return False


def check_forms(checks, db, project, where):
    tools, canvas, context = Tools(), QgsMapCanvas(), QgsAttributeEditorContext()
    context.setVectorLayerTools(tools)
    context.setMapCanvas(canvas)
    for name in tables(db):
        layer = project.mapLayer(layer_id(name))
        feature = next(layer.getFeatures(), None)
        if feature is None:
            continue
        form = QgsAttributeForm(layer, feature, context)
        tabs = form.findChildren(QTabWidget)
        titles = [tabs[0].tabText(i) for i in range(tabs[0].count())] if tabs else []
        if name in TABS:
            absent = [title for title in TABS[name] if title not in titles]
            checks.check(f"{where}: form of {name} has its tabs", not absent, " ".join(titles))
            check_tabs(checks, layer, name, where)
            wanted = {f"{parent}_{child}" for child, _, parent, _ in RELATIONS if parent == name and db.has(child)}
            found = {w.relation().id() for w in form.findChildren(QgsRelationWidgetWrapper) if w.relation().isValid()}
            checks.check(f"{where}: form of {name} shows the related rows", found == wanted, " ".join(sorted(found)))
        else:
            checks.check(f"{where}: form of {name} loads", form.feature().id() == feature.id())
        config = layer.editFormConfig()
        editable = {n: not config.readOnly(layer.fields().indexOf(n)) for n in LOCKED.get(name, []) + FREE.get(name, [])}
        wrong = [n for n, free in editable.items() if free != (n in FREE[name])]
        if name in FREE:
            checks.check(f"{where}: {name}: computed fields are locked, given ones are not", not wrong, " ".join(wrong))


def check_tabs(checks, layer, name, where):
    """Each field stands on its tab; none is left out of the form."""
    found = {}
    for tab in layer.editFormConfig().tabs():
        for element in tab.children():
            found.setdefault(element.name(), []).append(tab.name())
    wrong = [field for title, fields in TABS[name].items() for field in fields if found.get(field) != [title]]
    checks.check(f"{where}: {name}: fields stand on their tabs", not wrong, " ".join(wrong))
    lost = [field.name() for field in layer.fields() if field.name() != "fid" and len(found.get(field.name(), [])) != 1]
    checks.check(f"{where}: {name}: every field stands on one tab", not lost, " ".join(lost))


# ---- themes ----

def wanted_themes(db):
    return {theme: [name for name in names if db.has(name)] for theme, names in THEMES.items() if db.has(names[0])}


def check_themes(checks, db, project, where, pictures):
    collection, themes = project.mapThemeCollection(), wanted_themes(db)
    checks.check(f"{where}: themes", set(collection.mapThemes()) == set(themes), " ".join(collection.mapThemes()))
    root = project.layerTreeRoot()
    for theme, names in themes.items():
        found = collection.mapThemeVisibleLayerIds(theme)
        checks.check(f"{where}: theme {theme}: its layers, in order", found == [layer_id(name) for name in names], " ".join(found))
        overrides = collection.mapThemeStyleOverrides(theme)
        checks.check(f"{where}: theme {theme}: every style is found", set(overrides) == set(found) and all(overrides.values()))
        if pictures:
            png = os.path.join(pictures, f"theme_{theme}.png")
            checks.check(f"{where}: theme {theme}: drawn", draw_theme(project, theme, png) and len(pixels(png)) > 3, png)
    current = project.mapLayer(layer_id("parcels")).styleManager().currentStyle()
    checks.check(f"{where}: parcels show the style by tag", current == "默认" and root.findLayer(layer_id("parcels")).isVisible(), current)


def draw_theme(project, theme, png):
    """A white sheet of 1200 x 900 pixels: the whole park by this theme, with its legend."""
    layout = QgsLayout(project)
    layout.initializeDefaults()
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(317.5, 238.125, QgsUnitTypes.LayoutMillimeters))
    item = QgsLayoutItemMap(layout)
    item.attemptSetSceneRect(QRectF(5, 5, 250, 228))
    item.setFollowVisibilityPreset(True)
    item.setFollowVisibilityPresetName(theme)
    item.setCrs(project.crs())
    extent = project.mapLayer(layer_id("parcels")).extent()
    extent.scale(1.05)
    item.zoomToExtent(extent)
    layout.addLayoutItem(item)
    legend = QgsLayoutItemLegend(layout)
    legend.setTitle(theme)
    legend.setLinkedMap(item)
    legend.setAutoUpdateModel(False)
    root = legend.model().rootGroup()
    root.removeAllChildren()
    for name in project.mapThemeCollection().mapThemeVisibleLayerIds(theme):
        root.addLayer(project.mapLayer(name))
    legend.attemptMove(QgsLayoutPoint(258, 8, QgsUnitTypes.LayoutMillimeters))
    layout.addLayoutItem(legend)
    return export_png(layout, png, 96)


# ---- the whole ----

def check_project(checks, db, uri, where, folder, pictures):
    project = QgsProject.instance()
    if not checks.check(f"{where}: opens", project.read(uri), uri):
        return
    check_layers(checks, db, project, where)
    check_frame(checks, db, project, where)
    check_texts(checks, db, project, where)
    check_relations(checks, db, project, where)
    check_forms(checks, db, project, where)
    check_themes(checks, db, project, where, pictures)
    names = {layout.name() for layout in project.layoutManager().layouts()}
    checks.check(f"{where}: layouts", names == {"总图", "宗地核查表"}, " ".join(names))
    check_overview(checks, db, project, f"{where}: 总图", folder)
    check_sheets(checks, db, project, f"{where}: 宗地核查表", folder)
    project.clear()


def run(path, folder):
    checks = Checks()
    os.makedirs(folder, exist_ok=True)
    copy = os.path.join(folder, COPY)
    shutil.rmtree(copy, ignore_errors=True)
    os.makedirs(copy)
    qgz = os.path.splitext(path)[0] + ".qgz"
    for file in (path, qgz):
        shutil.copy(file, copy)
    with open(qgz, "rb") as file:
        inside = Database(path).one("SELECT content FROM qgis_projects WHERE name = ?", NAME)
        checks.check("the project inside the file is the one beside it", bytes.fromhex(inside.decode()) == file.read())
    for place, pictures in ((os.path.dirname(path), folder), (copy, None)):
        gpkg = os.path.join(place, os.path.basename(path))
        db = Database(gpkg)
        name = os.path.basename(place)
        check_project(checks, db, os.path.join(place, os.path.basename(qgz)), f"{name}/.qgz", pictures or place, pictures)
        check_project(checks, db, f"geopackage:{gpkg}?projectName={NAME}", f"{name}/.gpkg", place if pictures is None else folder, None)
    check_crowded(checks, QgsProject.instance(), os.path.join(copy, os.path.basename(path)), folder)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    application = QgsApplication([], True)
    application.initQgis()
    QgsGui.editorWidgetRegistry().initEditors()
    return run(os.path.abspath(arguments[0]), os.path.abspath(arguments[1]))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # PyQGIS may crash while Python takes the objects apart in any order
