"""The print layouts of a project in real QGIS: what they hold, and what their PDF and PNG show."""
import os
import re
import shutil
import sqlite3
import subprocess
from collections import Counter
from xml.etree import ElementTree

from osgeo import gdal
from qgis.core import (QgsLayoutAtlas, QgsLayoutExporter, QgsLayoutFrame, QgsLayoutItemAttributeTable, QgsLayoutItemLabel, QgsLayoutItemLegend,
                       QgsLayoutItemMap, QgsLayoutItemPicture, QgsLayoutItemScaleBar, QgsRenderContext)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QImage

TAGGED = ["approved_unsupplied", "idle", "low_efficiency", "unverified"]  # in the order of the sheets


def layer_id(table):
    return f"panhuo_layer_{table}"


def export_png(layout, png, dpi):
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = dpi
    settings.generateWorldFile = settings.exportMetadata = False
    settings.pages = [0]
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # QGIS has GDAL add a CRS to the PNG, which that driver refuses aloud
    result = QgsLayoutExporter(layout).exportToImage(png, settings)
    gdal.PopErrorHandler()
    return result == QgsLayoutExporter.Success


def pixels(png):
    """Colour -> how many pixels have it."""
    image = QImage(png).convertToFormat(QImage.Format_RGB32)
    data = image.bits().asstring(image.sizeInBytes())
    return Counter(data[i:i + 3] for i in range(0, len(data), 4))


def seen(counter, colour):
    return counter[bytes([colour.blue(), colour.green(), colour.red()])]


def export_pdf(source, pdf):
    """A layout or an atlas: "" or what went wrong."""
    settings = QgsLayoutExporter.PdfExportSettings()
    if isinstance(source, QgsLayoutAtlas):
        result, said = QgsLayoutExporter.exportToPdf(source, pdf, settings)
        return said if result != QgsLayoutExporter.Success else ""
    return "" if QgsLayoutExporter(source).exportToPdf(pdf, settings) == QgsLayoutExporter.Success else "not exported"


def pdf_pages(pdf):
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"^Pages:\s+(\d+)", said, re.M).group(1))


def texts_of(source, folder):
    """What each page says, in order, without its blanks (lines are broken where a column ends); read from SVG, whose text is text."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    settings = QgsLayoutExporter.SvgExportSettings()
    settings.textRenderFormat = QgsRenderContext.TextFormatAlwaysText
    if isinstance(source, QgsLayoutAtlas):
        QgsLayoutExporter.exportToSvg(source, os.path.join(folder, ""), settings)
    else:
        QgsLayoutExporter(source).exportToSvg(os.path.join(folder, "page.svg"), settings)
    pages = [ElementTree.parse(os.path.join(folder, name)) for name in sorted(os.listdir(folder))]
    return [squeeze("".join("".join(node.itertext()) for node in page.iter("{http://www.w3.org/2000/svg}text"))) for page in pages]


def squeeze(text):
    return re.sub(r"\s+", "", str(text))


def check_items(checks, layout, where, themes):
    """Nothing that a sheet shows is missing."""
    items = layout.items()
    maps = [item for item in items if isinstance(item, QgsLayoutItemMap)]
    checks.check(f"{where}: one map, by a theme that is there", len(maps) == 1 and maps[0].followVisibilityPresetName() in themes)
    bars = [item for item in items if isinstance(item, QgsLayoutItemScaleBar)]
    checks.check(f"{where}: scale bar of that map", len(bars) == 1 and bars[0].linkedMap() is maps[0])
    arrows = [item for item in items if isinstance(item, QgsLayoutItemPicture)]
    checks.check(f"{where}: north arrow of that map", len(arrows) == 1 and not arrows[0].isMissingImage() and arrows[0].linkedMap() is maps[0])
    legends = [item for item in items if isinstance(item, QgsLayoutItemLegend)]
    nodes = [node for legend in legends for tree in legend.model().rootGroup().findLayers() for node in legend.model().layerLegendNodes(tree)]
    checks.check(f"{where}: legend with every tag", len(nodes) == len(TAGGED) + 1, len(nodes))
    raw = [item.currentText() for item in items if isinstance(item, QgsLayoutItemLabel) and "[%" in item.currentText()]
    checks.check(f"{where}: every text is worked out", not raw, " ".join(raw)[:200])
    frames = [item.multiFrame() for item in items if isinstance(item, QgsLayoutFrame)]
    lost = [frame for frame in frames if not isinstance(frame, QgsLayoutItemAttributeTable) or frame.sourceLayer() is None]
    checks.check(f"{where}: every table has its layer", frames and not lost, len(frames))


def lost(page, texts):
    """Those of the texts that the page does not say."""
    return [text for text in texts if text is not None and squeeze(text) not in page]


def check_overview(checks, db, project, where, folder):
    layout = project.layoutManager().layoutByName("总图")
    if not checks.check(f"{where}: is there", layout is not None):
        return
    size = layout.pageCollection().page(0).pageSize()
    checks.check(f"{where}: A3", (size.width(), size.height()) == (420, 297))
    check_items(checks, layout, where, project.mapThemeCollection().mapThemes())
    png, pdf = os.path.join(folder, "overview.png"), os.path.join(folder, "overview.pdf")
    checks.check(f"{where}: PNG", export_png(layout, png, 110), png)
    found = pixels(png)
    for category in project.mapLayer(layer_id("parcels")).renderer().categories():
        if db.one("SELECT count(*) FROM parcels WHERE tag = ?", category.value()):
            checks.check(f"{where}: {category.label()} is seen", seen(found, category.symbol().symbolLayer(0).fillColor()) > 50)
    small = os.path.join(folder, "map.png")  # the README's; fewer shades make it small
    QImage(png).scaledToWidth(1100, Qt.SmoothTransformation).convertToFormat(QImage.Format_RGB444).convertToFormat(QImage.Format_RGB32).save(small)
    checks.check(f"{where}: a small PNG", 20000 < os.path.getsize(small) < 200000, small)
    said = export_pdf(layout, pdf)
    checks.check(f"{where}: PDF of one page", not said and pdf_pages(pdf) == 1, said or pdf)
    pages = texts_of(layout, os.path.join(folder, "overview_svg"))
    checks.check(f"{where}: one page", len(pages) == 1, len(pages))
    for key in ("as_of", "rules_title", "crs", "statement_zh"):
        checks.check(f"{where}: tells {key}", not lost(pages[0], [db.one("SELECT value FROM run WHERE key = ?", key)]))
    rows = db.rows("SELECT coalesce(label, code), parcels, area_mu FROM totals WHERE topic IN ('all', 'tag', 'measure', 'grade', 'land')")
    absent = [label for label, _, mu in rows if lost(pages[0], [label, f"{mu:,.2f}"])]
    checks.check(f"{where}: {len(rows)} totals", rows and not absent, " ".join(absent))
    hashes = [value for (value,) in db.rows("SELECT value FROM run WHERE key LIKE '%sha256%'")]
    checks.check(f"{where}: {len(hashes)} hashes", len(hashes) > 3 and not lost(pages[0], hashes))


def check_sheets(checks, db, project, where, folder):
    layout = project.layoutManager().layoutByName("宗地核查表")
    if not checks.check(f"{where}: is there", layout is not None):
        return
    size, atlas = layout.pageCollection().page(0).pageSize(), layout.atlas()
    checks.check(f"{where}: A4", (size.width(), size.height()) == (210, 297))
    tagged = db.one("SELECT count(*) FROM parcels WHERE tag <> 'normal'")
    atlas.updateFeatures()
    checks.check(f"{where}: a sheet for each tagged parcel", atlas.enabled() and atlas.count() == tagged > 0, f"{atlas.count()} of {tagged}")
    png, pdf = os.path.join(folder, "sheet.png"), os.path.join(folder, "sheets.pdf")
    atlas.beginRender()
    atlas.seekTo(min(4, tagged - 1))
    atlas.refreshCurrentFeature()
    check_items(checks, layout, where, project.mapThemeCollection().mapThemes())
    checks.check(f"{where}: PNG", export_png(layout, png, 110), png)
    checks.check(f"{where}: the parcel stands out", seen(pixels(png), QColor("#d6006c")) > 200)
    atlas.endRender()
    said = export_pdf(atlas, pdf)
    checks.check(f"{where}: PDF with a page for each", not said and pdf_pages(pdf) == tagged, said or pdf)
    check_pages(checks, db, texts_of(atlas, os.path.join(folder, "sheets_svg")), where)


def check_crowded(checks, project, path, folder):
    """A parcel with more rules than a page has room for goes on over further pages; path: a GeoPackage that may be changed."""
    where, db = "many rules", sqlite3.connect(path)
    (fid,), tagged = db.execute("SELECT min(fid) FROM parcels WHERE tag = 'idle'").fetchone(), db.execute(
        "SELECT count(*) FROM parcels WHERE tag <> 'normal'").fetchone()[0]
    rules = [f"QS{n:02d}" for n in range(24)]
    with db:
        db.executemany("INSERT INTO findings (parcel_fid, rule, tag, outcome, reason, basis) VALUES (?, ?, 'idle', 'hit', ?, ?)",
                       [(fid, rule, f"理由{rule}" * 20, "依据" * 40) for rule in rules])
    db.close()
    if not checks.check(f"{where}: opens", project.read(os.path.splitext(path)[0] + ".qgz")):
        return
    atlas, pdf = project.layoutManager().layoutByName("宗地核查表").atlas(), os.path.join(folder, "crowded.pdf")
    said = export_pdf(atlas, pdf)
    checks.check(f"{where}: two more pages in the PDF", not said and pdf_pages(pdf) == tagged + 2, said or pdf_pages(pdf))
    pages = texts_of(atlas, os.path.join(folder, "crowded_svg"))
    absent = [rule for rule in rules if not any(f"理由{rule}" in page for page in pages)]
    checks.check(f"{where}: each is there", len(pages) == tagged + 2 and not absent, " ".join(absent))


def check_pages(checks, db, pages, where):
    """What each sheet says of its parcel; sheets come in the order of the tags and of the codes."""
    parcels = db.rows("SELECT fid, tag, parcel_id, holder_name, location, contract_id, area_mu FROM parcels WHERE tag <> 'normal'")
    parcels.sort(key=lambda row: (TAGGED.index(row[1]), row[2] or ""))
    if not checks.check(f"{where}: as many pages", len(pages) == len(parcels), f"{len(pages)} of {len(parcels)}"):
        return
    wrong = []
    for page, (fid, _, *facts, mu) in zip(pages, parcels):
        wrong += lost(page, [*facts, f"{mu:,.2f}亩"])
        rules = db.rows("SELECT rule, reason, basis, missing FROM findings WHERE parcel_fid = ?", fid)
        wrong += [f"{facts[0]}: {text}" for rule, reason, basis, missing in rules for text in lost(page, [rule, reason or f"缺少：{missing}", basis])]
    checks.check(f"{where}: facts, rules, reasons and articles on every page", not wrong, "; ".join(map(str, wrong))[:600])
