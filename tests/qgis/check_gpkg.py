#!/usr/bin/python3
"""Opens an audit's GeoPackage in real QGIS (PyQGIS, no screen) and checks what a GIS officer would see.

usage: check_gpkg.py AUDIT.gpkg [MAP.png [DETAIL.png [TOPOLOGY.png]]]

One line a check, then "N passed, M failed"; the exit code is 1 when a check failed.
MAP.png: all parcels with the legend. DETAIL.png: the middle of the park near enough for labels.
TOPOLOGY.png: what overlaps or is wrong, over the parcels.
"""
import hashlib
import os
import sqlite3
import sys
from collections import Counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")

from osgeo import gdal
from qgis.core import (QgsApplication, QgsFeatureRequest, QgsLayout, QgsLayoutExporter, QgsLayoutItemLegend,
                       QgsLayoutItemMap, QgsLayoutPoint, QgsLayoutSize, QgsProject, QgsRectangle, QgsRelation,
                       QgsUnitTypes, QgsVectorLayer)
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QColor, QImage

VIEWS = ["idle", "low_efficiency", "unverified", "approved_unsupplied"]
LAND = ["ledger_land"]
TOPOLOGY = ["topology", "topology_places"]
TABLES = ["findings", "enterprises", "ledger", "totals", "problems", "run"]
TAGS = {"approved_unsupplied": "批而未供", "idle": "疑似闲置", "low_efficiency": "疑似低效",
          "unverified": "待核查", "normal": "正常"}

# Columns that must be there and carry a Chinese alias; a source's own columns come besides.
PARCEL_COLUMNS = """parcel_id unit_id supervision_id contract_id parcel_name location holder_name holder_code ownership
    land_use supply_state approved_date contract_date delivery_date agreed_start actual_start stopped_since
    agreed_completion actual_completion closed_since operating_state registered_m2 land_price total_investment invested
    fixed_investment agreed_intensity buildable_m2 started_m2 floor_m2 footprint_m2 yard_m2 office_m2 vacant_m2 rented_m2
    factory_m2 far agreed_far coverage agreed_tax delay_cause delay_days ruling_no ellipsoid_m2 plane_m2 area_m2 area_mu
    area_basis area_diff_m2 area_diff_ppm tag tags rules reason basis missing alerts idle_since idle_days idle_fee
    measures""".split()
COLUMNS = {
    "topology": "kind parcel_a parcel_b fid_a fid_b area_m2 area_mu share message".split(),
    "topology_places": "topology_fid kind parcel_a message".split(),
    "findings": "parcel_fid parcel_id rule tag outcome reason evidence basis missing".split(),
    "enterprises": [],
    "ledger_land": "event_id date kind parcel_id enterprise_code parcel_fid counted message".split(),
    "ledger": "event_id date kind parcel_id enterprise_code parcel_fid counted message".split(),
    "totals": """topic code label parcels enterprises area_m2 area_mu ellipsoid_m2 factory_m2 area_basis period_from
        period_to""".split(),
    "problems": "severity code source feature message hint".split(),
    "run": "key value".split(),
    **{name: PARCEL_COLUMNS for name in ["parcels", *VIEWS]},
}
CODE_COLUMNS = {
    "topology": ["kind"],
    "topology_places": ["kind"],
    "findings": ["tag", "outcome"],
    "ledger": ["kind"],
    "ledger_land": ["kind"],
    "totals": ["topic", "area_basis"],
    "problems": ["severity"],
    **{name: ["tag", "area_basis"] for name in ["parcels", *VIEWS]},
}


class Checks:
    """Counts and prints; the first argument of a check is its sentence."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, sentence, good, found=""):
        self.passed += bool(good)
        self.failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {sentence}" + (f": {found}" if found != "" else ""))
        return good


class Database:
    """What SQLite says about the same file."""

    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    def one(self, sql, *values):
        return self.rows(sql, *values)[0][0]

    def has(self, table):
        return self.one("SELECT count(*) FROM sqlite_master WHERE name = ?", table) == 1

    def titles(self, table):
        """Column -> alias as gpkg_data_columns has it."""
        if not self.has("gpkg_data_columns"):
            return {}
        return dict(self.rows("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ? AND title IS NOT NULL",
                              table))

    def enum(self, table, column):
        """Values of the column's schema enum, or None."""
        if not self.has("gpkg_data_column_constraints") or not self.has("gpkg_data_columns"):
            return None
        values = self.rows("SELECT c.value FROM gpkg_data_columns d JOIN gpkg_data_column_constraints c USING"
                           " (constraint_name) WHERE d.table_name = ? AND d.column_name = ? AND c.constraint_type = 'enum'",
                           table, column)
        return {value for (value,) in values} or None


def check_aliases(checks, db, layer, name):
    fields = layer.fields()
    absent = [column for column in COLUMNS[name] if fields.indexOf(column) < 0]
    checks.check(f"{name}: has the agreed columns", not absent, " ".join(absent))
    titles = db.titles(name)
    wanted = [column for column in {*COLUMNS[name], *titles} if fields.indexOf(column) >= 0]
    bare = sorted(column for column in wanted if layer.attributeAlias(fields.indexOf(column)) in ("", column)
                  and column.isascii())
    checks.check(f"{name}: {len(wanted)} fields have an alias", wanted and not bare, " ".join(bare))
    differ = [f"{column} ({layer.attributeAlias(fields.indexOf(column))}, {title})" for column, title in titles.items()
              if fields.indexOf(column) >= 0 and layer.attributeAlias(fields.indexOf(column)) not in (title, "")]
    checks.check(f"{name}: aliases are the titles of gpkg_data_columns", titles and not differ,
                 ", ".join(differ) if titles else "no titles there")


def value_map(setup):
    """Value -> text of a ValueMap widget, whichever of its two shapes QGIS gives."""
    entries = setup.config().get("map", [])
    pairs = entries.items() if isinstance(entries, dict) else [pair for entry in entries for pair in entry.items()]
    return {value: text for text, value in pairs}


def check_value_maps(checks, db, layer, name):
    for column in CODE_COLUMNS.get(name, []):
        index = layer.fields().indexOf(column)
        if index < 0:
            checks.check(f"{name}.{column}: is there", False)
            continue
        setup = layer.editorWidgetSetup(index)
        codes = value_map(setup)
        checks.check(f"{name}.{column}: value map with Chinese texts",
                     setup.type() == "ValueMap" and codes and not any(text.isascii() for text in codes.values()),
                     setup.type() or "no widget")
        # An event of a kind nobody knows is kept as it came, but never counted.
        where = "WHERE counted = 1" if name == "ledger" else ""
        used = {value for (value,) in db.rows(f'SELECT DISTINCT "{column}" FROM "{name}" {where}') if value is not None}
        checks.check(f"{name}.{column}: every value in use has a text", used <= set(codes), " ".join(sorted(used - set(codes))))
        enum = db.enum(name, column)
        checks.check(f"{name}.{column}: value map and schema enum agree", enum is not None and enum == set(codes),
                     "no enum" if enum is None else " ".join(sorted(enum ^ set(codes))))


def counted(db, name, field, texts):
    """Value -> legend text, with the number of features that have the value."""
    numbers = dict(db.rows(f'SELECT "{field}", count(*) FROM "{name}" GROUP BY 1'))
    return {value: f"{text}（{numbers.get(value, 0)}）" for value, text in texts.items()}


def check_legend(checks, db, layer, name):
    renderer = layer.renderer()
    categorised = renderer is not None and renderer.type() == "categorizedSymbol"
    found = {c.value(): c.label() for c in renderer.categories()} if categorised else {}
    field = "kind" if name in TOPOLOGY + LAND else "tag"
    texts = {name: TAGS[name]} if name in TAGS else TAGS  # a view shows one tag
    if field == "kind":
        texts = value_map(layer.editorWidgetSetup(layer.fields().indexOf("kind")))
    checks.check(f"{name}: legend by {field} in Chinese, with counts",
                 categorised and renderer.classAttribute() == field and found == counted(db, name, field, texts), " ".join(found.values()))
    checks.check(f"{name}: map tip", layer.mapTipTemplate() != "")
    if name in TOPOLOGY:
        return
    checks.check(f"{name}: labels only at near scales", layer.labelsEnabled() and layer.labeling()
                 and layer.labeling().settings().scaleVisibility and layer.labeling().settings().minimumScale > 0)


def check_geometry(checks, layer, name):
    """The spatial index must give what a look at every feature gives."""
    box = layer.extent()
    part = QgsRectangle(box.xMinimum(), box.yMinimum(), box.center().x(), box.center().y())
    checks.check(f"{name}: has a CRS", layer.crs().isValid(), layer.crs().authid() or layer.crs().description())
    request = QgsFeatureRequest().setFilterRect(part).setNoAttributes()
    by_index = {feature.id() for feature in layer.getFeatures(request)}
    by_eye = {feature.id() for feature in layer.getFeatures(QgsFeatureRequest().setNoAttributes())
              if feature.hasGeometry() and feature.geometry().boundingBox().intersects(part)}
    checks.check(f"{name}: spatial filter agrees with a full scan", by_index == by_eye, f"{len(by_index)} {len(by_eye)}")


def check_layer(checks, db, path, name):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    if not checks.check(f"{name}: opens", layer.isValid()):
        return None
    geometry = "geom" if name in ("parcels", *VIEWS, *LAND, *TOPOLOGY) else ""
    styles = db.rows("SELECT count(*) FROM layer_styles WHERE f_table_name = ? AND f_geometry_column = ? AND useAsDefault = 1",
                     name, geometry) if db.has("layer_styles") else [(0,)]
    checks.check(f"{name}: one default style stored", styles == [(1,)], styles[0][0])
    count, wanted = sum(1 for _ in layer.getFeatures()), db.one(f'SELECT count(*) FROM "{name}"')
    checks.check(f"{name}: as many rows as SQLite counts", count == wanted, f"{count} {wanted}")
    check_aliases(checks, db, layer, name)
    check_value_maps(checks, db, layer, name)
    if geometry:
        check_legend(checks, db, layer, name)
    if geometry and count > 0:
        check_geometry(checks, layer, name)
    return layer


def check_views(checks, db, layers):
    for name in VIEWS:
        if layers[name] is None:
            continue
        wanted = db.one("SELECT count(*) FROM parcels WHERE tag = ?", name)
        features = list(layers[name].getFeatures())
        checks.check(f"{name}: the parcels with that tag and no other",
                     len(features) == wanted and all(f["tag"] == name for f in features), f"{len(features)} {wanted}")


def check_children(checks, db, layers):
    """Reaches the findings of each of up to 50 parcels through a relation as a project would define it."""
    if layers["parcels"] is None or layers["findings"] is None:
        return
    QgsProject.instance().addMapLayers([layers["parcels"], layers["findings"]], False)
    relation = QgsRelation()
    relation.setId("parcel_findings")
    relation.setName("判定明细")
    relation.setReferencedLayer(layers["parcels"].id())
    relation.setReferencingLayer(layers["findings"].id())
    relation.addFieldPair("parcel_fid", "fid")
    checks.check("findings: relation to parcels is valid", relation.isValid())
    expected = dict(db.rows("SELECT parcel_fid, count(*) FROM findings GROUP BY parcel_fid ORDER BY parcel_fid LIMIT 50"))
    found = {fid: sum(1 for _ in relation.getRelatedFeatures(layers["parcels"].getFeature(fid))) for fid in expected}
    checks.check(f"findings: rows of {len(expected)} parcels reached through parcel_fid", expected and found == expected)
    orphans = db.one("SELECT count(*) FROM findings WHERE parcel_fid IS NULL OR parcel_fid NOT IN (SELECT fid FROM parcels)")
    checks.check("findings: none without a parcel", orphans == 0, orphans)


def draw(layer, png, extent, legend, above=()):
    """A white sheet of 1200 x 900 pixels with the map and, if asked, the legend."""
    for each in (layer, *above):
        if QgsProject.instance().mapLayer(each.id()) is None:
            QgsProject.instance().addMapLayer(each, False)
        if QgsProject.instance().layerTreeRoot().findLayer(each) is None:
            QgsProject.instance().layerTreeRoot().insertLayer(0, each)
    layout = QgsLayout(QgsProject.instance())
    layout.initializeDefaults()
    sheet = QgsLayoutSize(317.5, 238.125, QgsUnitTypes.LayoutMillimeters)
    layout.pageCollection().page(0).setPageSize(sheet)
    item = QgsLayoutItemMap(layout)
    item.attemptSetSceneRect(QRectF(5, 5, 255 if legend else 307, 228))
    item.setLayers([*above, layer])
    item.setCrs(layer.crs())
    item.zoomToExtent(extent)
    layout.addLayoutItem(item)
    if legend:
        entries = QgsLayoutItemLegend(layout)
        entries.setTitle("标签")
        entries.attemptMove(QgsLayoutPoint(265, 10, QgsUnitTypes.LayoutMillimeters))
        layout.addLayoutItem(entries)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 96
    settings.generateWorldFile = settings.exportMetadata = False
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # QGIS has GDAL add a CRS to the PNG, which that driver refuses aloud
    result = QgsLayoutExporter(layout).exportToImage(png, settings)
    gdal.PopErrorHandler()
    return result == QgsLayoutExporter.Success


def check_map(checks, db, layer, png, detail):
    extent = QgsRectangle(layer.extent())
    extent.scale(1.05)
    if not checks.check("map: drawn", draw(layer, png, extent, True), png):
        return
    image = QImage(png).convertToFormat(QImage.Format_RGB32)
    data = image.bits().asstring(image.sizeInBytes())
    pixels = Counter(data[i:i + 3] for i in range(0, len(data), 4))
    checks.check("map: 1200 x 900 on white", (image.width(), image.height()) == (1200, 900)
                 and QColor(image.pixel(0, 0)) == QColor("white"), f"{image.width()} x {image.height()}")
    checks.check("map: not blank", len(pixels) > 5, f"{len(pixels)} colours")
    used = {tag for (tag,) in db.rows("SELECT DISTINCT tag FROM parcels")}
    if layer.renderer().type() == "categorizedSymbol":
        for category in layer.renderer().categories():
            colour = category.symbol().symbolLayer(0).fillColor()
            count = pixels[bytes([colour.blue(), colour.green(), colour.red()])]
            if category.value() in used:
                checks.check(f"map: {category.label()} is seen", count > 0, f"{count} pixels of {colour.name()}")
    if detail:
        width = 1500  # metres on the ground; about 1:5000 on the sheet
        middle = layer.extent().center()
        near = QgsRectangle(middle.x() - width / 2, middle.y() - width / 2, middle.x() + width / 2, middle.y() + width / 2)
        checks.check("map: detail drawn", draw(layer, detail, near, False), detail)


def run(path, png, detail, topology):
    checks, db = Checks(), Database(path)
    before = hashlib.sha256(open(path, "rb").read()).hexdigest()
    layers = {name: check_layer(checks, db, path, name) for name in ["parcels", *VIEWS, *LAND, *TOPOLOGY, *TABLES]}
    check_views(checks, db, layers)
    check_children(checks, db, layers)
    if png and layers["parcels"] is not None:
        check_map(checks, db, layers["parcels"], png, detail)
    above = [layers[name] for name in reversed(TOPOLOGY)]
    if topology and layers["parcels"] is not None and None not in above:
        extent = QgsRectangle(layers["topology"].extent())
        extent.scale(1.2)
        checks.check("map: topology drawn", draw(layers["parcels"], topology, extent, True, above), topology)
    QgsProject.instance().clear()
    checks.check("file: left as it was", hashlib.sha256(open(path, "rb").read()).hexdigest() == before)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


def main(arguments):
    if not 1 <= len(arguments) <= 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    path, png, detail, topology = (arguments + [None] * 3)[:4]
    if not os.path.isfile(path):
        print(f"check_gpkg.py: no such file: {path}", file=sys.stderr)
        return 2
    application = QgsApplication([], True)
    application.initQgis()
    code = run(os.path.abspath(path), png, detail, topology)
    sys.stdout.flush()
    application.exitQgis()
    return code


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # PyQGIS may crash while Python takes the objects apart in any order
