#!/usr/bin/python3
"""Parcels of several sources: zones, datums, duplicates, fields and units of each.

sources.py PROGRAM WORKDIR
"""
import csv
import filecmp
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
EAST, NORTH = 38352000, 2970000  # EPSG:4526, near the edge of zones 37 and 38
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def panhuo(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def audit(output, *arguments):
    (WORK / output).parent.mkdir(exist_ok=True)
    code, _, err = panhuo("audit", *arguments, "-o", output, "--overwrite")
    expect(code == 0, f"audit {arguments}: {code} {err}")
    return WORK / output


def rows(file, sql):
    with sqlite3.connect(file) as db:
        return db.execute(sql).fetchall()


def columns(file, table):
    return [name for name, in rows(file, f"SELECT name FROM pragma_table_info('{table}')")]


def square(x, y, width=100, height=100):
    return f"POLYGON (({x} {y},{x} {y + height},{x + width} {y + height},{x + width} {y},{x} {y}))"


def layer(name, shapes, epsg=4526, fields=None, driver="ESRI Shapefile"):
    """A layer of {code: WKT in EPSG:4526}, written in the CRS `epsg`; fields: further {name: (type, value)}."""
    home, there = osr.SpatialReference(), osr.SpatialReference()
    for srs, code in ((home, 4526), (there, epsg)):
        srs.ImportFromEPSG(code)
        srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    path = WORK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    made = data.CreateLayer(path.stem, there, ogr.wkbPolygon, ["ENCODING=UTF-8"] if driver == "ESRI Shapefile" else [])
    made.CreateField(ogr.FieldDefn("parcel_id", ogr.OFTString))
    for field, (kind, _) in (fields or {}).items():
        made.CreateField(ogr.FieldDefn(field, kind))
    for code, wkt in shapes.items():
        feature = ogr.Feature(made.GetLayerDefn())
        feature["parcel_id"] = code.split("#")[0]
        for field, (_, value) in (fields or {}).items():
            feature[field] = value
        geometry = ogr.CreateGeometryFromWkt(wkt)
        if epsg != 4526:
            geometry.Transform(osr.CoordinateTransformation(home, there))
        feature.SetGeometry(geometry)
        made.CreateFeature(feature)
    return path


def compare(one, other, slack, renamed=()):
    """What differs between two audits, row by row: {table.column: worst}. Numbers within slack[column] are equal."""
    found = {}
    for table in ("parcels", "findings", "topology", "topology_places", "enterprises", "enterprise_parcels", "ledger", "totals"):
        common = [c for c in columns(one, table) if c in columns(other, table) and c not in ("geom", *renamed)]
        sql = f"SELECT {', '.join(chr(34) + c + chr(34) for c in common)} FROM {table} ORDER BY fid"
        left, right = rows(one, sql), rows(other, sql)
        if len(left) != len(right):
            found[table] = (len(left), len(right))
        for a, b in zip(left, right):
            for column, x, y in zip(common, a, b):
                near = isinstance(x, float) and isinstance(y, float) and abs(x - y) <= slack.get(column, 0)
                if x != y and not near:
                    found[f"{table}.{column}"] = (x, y)
    return found


# A straight edge in one plane is not quite straight in the next; the plane itself has another scale.
ZONES = {"ellipsoid_m2": 0.01, "area_diff_m2": 0.01, "area_diff_ppm": 1, "area_m2": 0.01, "area_mu": 1e-5, "share_a": 1e-6, "share_b": 1e-6, "share": 1e-6}


def halves(folder, epsg=4525):
    """The sample, its first 60 parcels in zone 38, the others in another CRS."""
    (WORK / folder).mkdir()
    for name, where, srs in (("east", "FID<60", None), ("west", "FID>=60", f"EPSG:{epsg}")):
        gdal.VectorTranslate(str(WORK / folder / f"{name}.shp"), str(SAMPLE / "parcels.shp"), where=where, dstSRS=srs, layerCreationOptions=["ENCODING=CP936"])
    text = (SAMPLE / "AUDIT.yaml").read_text(encoding="utf-8").replace("parcels: parcels.shp", "parcels:\n  - east.shp\n  - west.shp")
    for table in ("enterprises", "links", "ledger"):
        shutil.copy(SAMPLE / f"{table}.csv", WORK / folder)
    (WORK / folder / "AUDIT.yaml").write_text(text, encoding="utf-8")
    return WORK / folder / "AUDIT.yaml"


def zones():
    config = halves("halves")
    whole, both = audit("whole.gpkg", SAMPLE / "AUDIT.yaml"), audit("halves.gpkg", config)
    found = compare(whole, both, ZONES, renamed=("plane_m2", "src_fid"))
    expect(not found, f"two zones make the same audit: {found}")
    expect(rows(whole, "SELECT value FROM run WHERE key LIKE 'statement%'") == rows(both, "SELECT value FROM run WHERE key LIKE 'statement%'"), "and the same sentence")
    expect(rows(both, "SELECT source, count(*), min(src_fid) FROM parcels GROUP BY 1") == [("east.shp", 60, 0), ("west.shp", 63, 0)], "where each parcel came from")
    expect("source" not in columns(whole, "parcels"), "one source needs no such column")
    points = [json.loads(ogr.CreateGeometryFromWkb(gpkg_wkb(g)).ExportToJson())["coordinates"][0][0][0] for file in (whole, both)
              for g, in rows(file, "SELECT geom FROM parcels WHERE fid = 100")]
    expect(max(abs(a - b) for a, b in zip(*points)) < 1e-6, f"the shape is where it was: {points}")
    area = {fid: m2 for fid, m2 in rows(audit("west.gpkg", WORK / "halves/west.shp", "--as-of", "2023-11-30"), "SELECT src_fid, ellipsoid_m2 FROM parcels")}
    expect(all(area[fid] == m2 for fid, m2 in rows(both, "SELECT src_fid, ellipsoid_m2 FROM parcels WHERE source = 'west.shp'")), "measured in its own CRS, to the last bit")
    run = dict(rows(both, "SELECT key, value FROM run"))
    expect(run["crs"] == "EPSG:4526" and run["input.parcels.2.measured_crs"] == "EPSG:4525" and run["input.parcels.2.transform_accuracy_m"] == "0", f"run: {run}")
    expect(all(f"input.parcels.{n}.sha256.{name}.{ending}" in run for n, name in ((1, "east"), (2, "west")) for ending in ("shp", "dbf", "shx", "prj")), "hashes of both")
    named = {source for source, in rows(both, "SELECT DISTINCT source FROM problems WHERE code LIKE 'geometry%' OR code LIKE 'date%' OR code LIKE 'id.%'")}
    expect({"east.shp", "west.shp"} <= named, f"problems name the file: {named}")
    for threads in "1", "4":
        again = audit(f"{threads}/halves.gpkg", config, "--threads", threads)
        expect(filecmp.cmp(again, both, shallow=False) and filecmp.cmp(again.with_suffix(".qgz"), both.with_suffix(".qgz"), shallow=False),
               f"the same bytes with {threads} threads")


def gpkg_wkb(blob):
    return blob[8 + (32 if blob[3] & 2 else 0):]


def output_crs():
    degrees = audit("degrees.gpkg", SAMPLE / "AUDIT.yaml", "--out-crs", "EPSG:4490")
    found = compare(WORK / "whole.gpkg", degrees, {**ZONES, "ellipsoid_m2": 0.02, "area_m2": 0.02}, renamed=("message",))
    found = {key: value for key, value in found.items() if not key.startswith("topology.")}
    expect(not found, f"in degrees: {found}")
    areas = [rows(file, "SELECT ellipsoid_m2, plane_m2 FROM parcels ORDER BY fid") for file in (WORK / "whole.gpkg", degrees)]
    expect(areas[0] == areas[1], "areas are those of the source's own CRS, to the last bit")
    box = rows(degrees, "SELECT min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents WHERE table_name = 'parcels'")[0]
    expect(112 < box[0] < box[2] < 113 and 26 < box[1] < box[3] < 28 and box[4] == 4490, f"longitude first: {box}")
    overlap = [rows(file, "SELECT kind, area_m2 FROM topology WHERE kind = 'overlap'") for file in (WORK / "whole.gpkg", degrees)]
    expect(abs(overlap[0][0][1] - overlap[1][0][1]) < 0.5, f"overlaps are found in degrees: {overlap}")
    expect(dict(rows(degrees, "SELECT key, value FROM run"))["crs_from"] == "--out-crs", "run says who chose the CRS")
    audit("same.gpkg", SAMPLE / "AUDIT.yaml", "--out-crs", "EPSG:4526")
    found = compare(WORK / "whole.gpkg", WORK / "same.gpkg", {})
    expect(not found and rows(WORK / "same.gpkg", "SELECT count(*) FROM run WHERE key = 'transform'") == [(0,)], f"its own CRS changes nothing: {found}")
    both = audit("both.gpkg", WORK / "halves/AUDIT.yaml", "--out-crs", "EPSG:4525")
    found = compare(WORK / "halves.gpkg", both, ZONES, renamed=("message",))
    found = {key: value for key, value in found.items() if not key.startswith("topology.")}
    expect(not found, f"the other zone: {found}")
    code, _, err = panhuo("audit", SAMPLE / "AUDIT.yaml", "--out-crs", "EPSG:99999", "-o", "no.gpkg")
    expect(code == 2 and "EPSG:99999" in err and not (WORK / "no.gpkg").exists(), f"no such CRS: {code} {err}")


def neighbours():
    """Overlaps, and parcels that touch along the seam, across two zones."""
    east = layer("n_east.shp", {"A": square(EAST, NORTH), "B": square(EAST + 1000, NORTH)})
    west = layer("n_west.shp", {"C": square(EAST - 95, NORTH), "D": square(EAST + 1100, NORTH), "E": square(EAST + 900, NORTH)}, epsg=4525)
    code, out, err = panhuo("check", east, west, "--json")
    found = json.loads(out)["findings"] if code == 0 else []
    expect([(f["kind"], f["parcel_a"], f["parcel_b"]) for f in found] == [("overlap", "A", "C")], f"one overlap across the seam: {found} {err}")
    expect(found and abs(found[0]["area_m2"] - 500) < 0.01, f"of 500 m²: {found}")


def doubled():
    """One parcel in two sources, in several disguises: exactly one finding each, and counted once in the net area."""
    shapes = {f"P{i}": square(EAST + 300 * i, NORTH) for i in range(5)}
    first = layer("d_first.shp", shapes)
    again = {"P0": shapes["P0"], "P1": square(EAST + 300 + 0.3, NORTH - 0.2, 100, 100.2), "X": shapes["P2"], "P3": square(EAST + 5000, NORTH), "P4": square(EAST + 1250, NORTH)}
    second = layer("d_second.shp", again, epsg=4525)
    out = audit("doubled.gpkg", first, second, "--as-of", "2023-11-30")
    found = rows(out, "SELECT kind, parcel_a, parcel_b FROM topology ORDER BY fid")
    expect(found == [("duplicate", "P0", "P0"), ("duplicate", "P1", "P1"), ("duplicate", "P2", "X"), ("overlap", "P4", "P4")], f"duplicates: {found}")
    same = rows(out, "SELECT feature, source, message FROM problems WHERE code = 'id.duplicate' ORDER BY fid")
    expect([(f, s) for f, s, _ in same] == [(i, "d_second.shp") for i in (0, 1, 3, 4)], f"the same code: {same}")
    expect(all("d_first.shp" in message for *_, message in same), f"names the other file: {same}")
    totals = {code: (count, area) for code, count, area in rows(out, "SELECT code, parcels, area_m2 FROM totals WHERE topic = 'all'")}
    expect(totals["all"][0] == 10 and abs(totals["all"][1] - totals["net"][1] - totals["overlap"][1]) < 0.02, f"totals: {totals}")
    expect(abs(totals["overlap"][1] - 3 * 10000 - 50 * 100) < 100, f"what is counted twice: {totals}")
    once = audit("once.gpkg", first, "--as-of", "2023-11-30")
    single = rows(once, "SELECT area_m2 FROM totals WHERE code = 'all'")[0][0]
    twice = audit("twice.gpkg", first, first, "--as-of", "2023-11-30")
    net = rows(twice, "SELECT area_m2 FROM totals WHERE code = 'net'")[0][0]
    expect(abs(net - single) < 0.02 and rows(twice, "SELECT count(*) FROM topology WHERE kind = 'duplicate'") == [(5,)], f"the same file twice: {net} {single}")
    within = layer("d_within.shp", {"P1": shapes["P1"], "P1#": square(EAST + 300 + 0.3, NORTH - 0.2, 100, 100.2)})
    kinds = rows(audit("within.gpkg", within, "--as-of", "2023-11-30"), "SELECT kind FROM topology")
    expect(kinds == [("overlap",)], f"in one source it is an overlap: {kinds}")


def datums():
    home = layer("t_home.shp", {"A": square(EAST, NORTH)})
    xian, beijing = (layer(f"t_{epsg}.shp", {"B": square(EAST + 300, NORTH)}) for epsg in (2362, 2414))
    for path, epsg in ((xian, 2362), (beijing, 2414)):
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(epsg)
        path.with_suffix(".prj").write_text(srs.ExportToWkt(["FORMAT=WKT1_ESRI"]), encoding="ascii")
    wgs = layer("t_wgs.shp", {"B": square(EAST + 300, NORTH)}, epsg=32649)
    for path, words in ((xian, ("Xian 1980", "no published")), (beijing, ("Beijing 1954", "EPSG:15921 Beijing 1954 to WGS 84 (4), 1 m", "EPSG:15919", "15 m"))):
        code, _, err = panhuo("audit", home, path, "--as-of", "2023-11-30", "-o", "no.gpkg", "--lang", "en")
        expect(code == 1 and all(word in err for word in (*words, path.name, "--transform")) and not (WORK / "no.gpkg").exists(), f"{path.name}: {code} {err}")
        code, _, err = panhuo("check", path, "--out-crs", "EPSG:4526", "--lang", "zh")
        expect(code == 1 and "基准不同" in err, f"{path.name} alone: {code} {err}")
    code, _, err = panhuo("check", xian, "--lang", "en")
    expect(code == 0, f"a datum of its own is no trouble: {err}")
    shifted = audit("shifted.gpkg", home, xian, "--as-of", "2023-11-30", "--transform", "+proj=affine +xoff=-250 +yoff=0")
    expect(rows(shifted, "SELECT kind, round(area_m2) FROM topology") == [("overlap", 5000)], "a pipeline moves the parcels")
    run = dict(rows(shifted, "SELECT key, value FROM run"))
    expect(run["input.parcels.2.transform"] == "+proj=affine +xoff=-250 +yoff=0" and "input.parcels.2.transform_accuracy_m" not in run and "input.parcels.1.transform" not in run, f"run: {run}")
    out = audit("named.gpkg", home, beijing, "--as-of", "2023-11-30", "--transform", "EPSG:15921")
    run = dict(rows(out, "SELECT key, value FROM run"))
    expect("Beijing 1954 to WGS 84 (4)" in run["input.parcels.2.transform"] and run["input.parcels.2.transform_accuracy_m"] == "1", f"run: {run}")
    expect(rows(out, "SELECT severity, source FROM problems WHERE code = 'crs.as_one'") == [("warning", "t_2414.shp")], "what leads to WGS 84 leads to CGCS2000, said")
    out = audit("wgs.gpkg", home, wgs, "--as-of", "2023-11-30")
    expect(rows(out, "SELECT severity, source FROM problems WHERE code = 'crs.as_one'") == [("warning", "t_wgs.shp")], "WGS 84 and CGCS2000 are taken as one, said")
    for operation, word in (("EPSG:15918000", "no coordinate operation"), ("EPSG:4526", "no coordinate operation"), ("EPSG:15921", "leads from")):
        code, _, err = panhuo("check", home, xian, "--transform", operation, "--lang", "en")
        expect(code == 2 and word in err, f"{operation}: {code} {err}")


def each_its_own():
    """Field map, unit, condition, CRS and columns of each source."""
    layer("own/a/plots.shp", {"A": square(EAST, NORTH)}, fields={"MJ_mu": (ogr.OFTReal, 15.0), "remark": (ogr.OFTString, "一"), "grade_no": (ogr.OFTInteger, 7), "only_a": (ogr.OFTReal, 1.5)})
    layer("own/b/plots.shp", {"B": square(EAST + 300, NORTH), "C": square(EAST + 600, NORTH)}, epsg=4525,
          fields={"BH": (ogr.OFTString, "乙"), "area": (ogr.OFTReal, 10000.0), "GRADE_NO": (ogr.OFTString, "八"), "built_on": (ogr.OFTDate, "2020-02-03")})
    (WORK / "own/b/plots.prj").unlink()
    config = WORK / "own/AUDIT.yaml"
    config.write_text("parcels:\n  - path: a/plots.shp\n    map: ['registered_m2=MJ_mu:亩']\n"
                      "  - path: b/plots.shp\n    crs: EPSG:4525\n    where: parcel_id = 'B'\n    map: {location: BH, registered_m2: 'area:m2'}\nas-of: 2023-11-30\n", encoding="utf-8")
    out = audit("own.gpkg", config)
    found = rows(out, "SELECT source, parcel_id, registered_m2, location, remark, grade_no, only_a, built_on FROM parcels ORDER BY fid")
    expect(found == [("a/plots.shp", "A", 10000.0, None, "一", "7", 1.5, None), ("b/plots.shp", "B", 10000.0, "乙", None, "八", None, "2020-02-03")], f"united: {found}")
    said = rows(out, "SELECT severity, source FROM problems WHERE code = 'field.type'")
    expect(said == [("note", "b/plots.shp")], f"the type is said: {said}")
    run = dict(rows(out, "SELECT key, value FROM run"))
    expect(run["input.parcels.1"] == "a/plots.shp" and run["input.parcels.2.where"] == "parcel_id = 'B'" and run["input.parcels.1.map"] == "registered_m2=MJ_mu:亩", f"run: {run}")
    code, _, err = panhuo("audit", config, "--crs", "EPSG:4527", "-o", "other.gpkg", "--lang", "en")
    wins = dict(rows(WORK / "other.gpkg", "SELECT key, value FROM run"))
    expect(code == 0 and wins["crs"] == "EPSG:4527" and "input.parcels.2.measured_crs" not in wins, f"the command line wins for every source: {code} {err}")
    code, _, err = panhuo("audit", config, WORK / "own/a/plots.shp", "-o", "no.gpkg", "--lang", "en")
    expect(code == 2 and "stands alone" in err, f"a file of options and a source: {code} {err}")
    for name, source, mode in (("a", "d_first", None), ("b", "d_second", "update")):
        gdal.VectorTranslate(str(WORK / "two.gpkg"), str(WORK / f"{source}.shp"), layerName=name, accessMode=mode, format="GPKG")
    (WORK / "layers.yaml").write_text("parcels:\n  - {path: two.gpkg, layer: a}\n  - {path: two.gpkg, layer: b}\nas-of: 2023-11-30\n", encoding="utf-8")
    names = rows(audit("layers.gpkg", "layers.yaml"), "SELECT DISTINCT source FROM parcels ORDER BY 1")
    expect(names == [("two.gpkg:a",), ("two.gpkg:b",)], f"two layers of a file: {names}")
    bare = layer("bare.geojson", {"Z": square(EAST + 900, NORTH)}, epsg=4490, driver="GeoJSON")
    out = audit("bare.gpkg", WORK / "own/a/plots.shp", bare, "--as-of", "2023-11-30")
    box = rows(out, "SELECT min_x, max_x FROM gpkg_contents WHERE table_name = 'parcels'")[0]
    expect(38000000 < box[0] < box[1] < 39000000, f"degrees beside metres: {box}")


def broken():
    """A source that fails leaves nothing, and the message names it."""
    home = layer("f_home.shp", {"A": square(EAST, NORTH)})
    bad = layer("f_bad.shp", {"B": square(EAST + 300, NORTH)})
    bad.with_suffix(".prj").unlink()
    code, _, err = panhuo("audit", home, bad, "--as-of", "2023-11-30", "-o", "no.gpkg", "--lang", "en")
    expect(code == 1 and "f_bad.shp" in err and "no CRS" in err and not (WORK / "no.gpkg").exists(), f"no CRS: {code} {err}")
    code, _, err = panhuo("audit", home, "missing.shp", "--as-of", "2023-11-30", "-o", "no.gpkg", "--lang", "en")
    expect(code == 1 and "missing.shp" in err, f"missing: {code} {err}")
    code, _, err = panhuo("audit", home, "f_bad.shp", "--as-of", "2023-11-30", "-o", "f_bad.shp", "--overwrite", "--lang", "en")
    expect(code == 2 and "input" in err, f"never over an input: {code} {err}")
    far = layer("f_far.geojson", {}, epsg=4490, driver="GeoJSON")
    far.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"parcel_id": code}, "geometry": {"type": "Polygon", "coordinates": [[[112.5, y], [112.501, y], [112.5, y + 0.001], [112.5, y]]]}}
        for code, y in (("F", 26.9), ("G", 1e5))]}), encoding="utf-8")
    out = audit("far.gpkg", home, far, "--as-of", "2023-11-30")
    found = rows(out, "SELECT parcel_id, geom IS NULL FROM parcels ORDER BY fid")
    expect(found == [("A", 0), ("F", 0), ("G", 1)], f"what cannot be placed is kept without a shape: {found}")
    expect(rows(out, "SELECT feature FROM problems WHERE code = 'crs.not_moved' AND source = 'f_far.geojson'") == [(1,)], "and told")


def file_gdb():
    """Parcels and tables in one FileGDB, whose dates all have a time and whose ids begin at 1."""
    path = WORK / "park.gdb"
    fields = json.loads(panhuo("inspect", SAMPLE / "parcels.shp", "--json")[1])["fields"]
    names = ", ".join(f'"{f["source"]}" AS "{f["title"]}"' if f["how"] == "cut" else f'"{f["source"]}"' for f in fields)
    gdal.VectorTranslate(str(path), str(SAMPLE / "parcels.shp"), format="OpenFileGDB", layerName="plots", geometryType="MULTIPOLYGON", SQLStatement=f"SELECT {names} FROM parcels")
    data = gdal.OpenEx(str(path), gdal.OF_UPDATE | gdal.OF_VECTOR)
    for name in ("enterprises", "links", "ledger"):
        raw = (SAMPLE / f"{name}.csv").read_bytes()
        head, *lines = csv.reader(raw.decode("gb18030" if name == "ledger" else "utf-8-sig").splitlines())
        made = data.CreateLayer(name, None, ogr.wkbNone)
        for i, alias in enumerate(head):  # no brackets in names: people see the alias
            field = ogr.FieldDefn(f"F{i}", ogr.OFTString)
            field.SetAlternativeName(alias)
            made.CreateField(field)
        for line in lines:
            feature = ogr.Feature(made.GetLayerDefn())
            for i, value in enumerate(line):
                if value != "":
                    feature[f"F{i}"] = value
            made.CreateFeature(feature)
    del made, data
    options = ("--as-of", "2023-11-30", "--period", "2023-01-01/2023-11-30")
    files = audit("gdb_files.gpkg", SAMPLE / "parcels.shp", *options, *(part for name in ("enterprises", "links", "ledger") for part in (f"--{name}", SAMPLE / f"{name}.csv")))
    out = audit("gdb.gpkg", path, *options, *(part for name in ("enterprises", "links", "ledger") for part in (f"--{name}", f"{path}:{name}")))
    # It keeps coordinates to a tenth of a millimetre.
    slack = {**ZONES, "plane_m2": 0.01, "area_gap_m2": 0.01}
    found = compare(files, out, slack, renamed=("src_fid", "evidence"))
    expect(not found, f"from a FileGDB the same audit: {found}")
    run = dict(rows(out, "SELECT key, value FROM run"))
    expect(run["input.parcels"] == "park.gdb" and run["input.ledger"] == "park.gdb:ledger" and len(run["input.ledger.rows_sha256"]) == 64 and not [key for key in run if "gdbtable" in key],
           f"run: {[key for key in run if key.startswith('input')]}")
    code, _, err = panhuo("audit", path, *options, "--ledger", f"{path}:nosuch", "-o", "no.gpkg", "--lang", "en")
    expect(code == 2 and "nosuch" in err and "enterprises" in err, f"no such table: {code} {err}")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for part in (zones, output_crs, neighbours, doubled, datums, each_its_own, broken, file_gdb):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
