#!/usr/bin/python3
"""panhuo export: boundary-point TXT that reads back to the same polygons, shapefile, FileGDB, and the condition that picks rows.

export.py PROGRAM WORKDIR
"""
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


def export(*arguments):
    code, out, err = panhuo("export", *arguments)
    expect(code == 0, f"export {arguments}: {code} {err}")
    return out, err


def rows(file, sql):
    with sqlite3.connect(f"file:{WORK / file}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def rings(geometry):
    """Polygons as sets of rings that do not depend on where a ring begins and how it is wound."""
    def turned(ring):
        points = [ring.GetPoint_2D(i) for i in range(ring.GetPointCount() - 1)]
        at = points.index(min(points))
        forth, back = points[at:] + points[:at], [points[at]] + (points[at + 1:] + points[:at])[::-1]
        return tuple(min(forth, back))
    parts = [geometry] if geometry.GetGeometryName() == "POLYGON" else list(geometry)
    return {frozenset(turned(ring) for ring in part) for part in parts}


def shapes(file, layer="parcels"):
    data = ogr.Open(str(WORK / file))
    return [rings(f.GetGeometryRef()) for f in data.GetLayer(layer) if f.GetGeometryRef()]


def texts(file, field):
    data = ogr.Open(str(WORK / file))
    return [f[field] for f in data.GetLayer(0)]


def make(name, plots, epsg=4526):
    """An audit of {code: WKT}."""
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    data = ogr.GetDriverByName("GPKG").CreateDataSource(str(WORK / f"{name}-in.gpkg"))
    layer = data.CreateLayer("plots", srs, ogr.wkbMultiPolygon)
    for field in ("parcel_id", "parcel_name"):
        layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    for code, (label, wkt) in plots.items():
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["parcel_id"], feature["parcel_name"] = code, label
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt) if wkt else None)
        layer.CreateFeature(feature)
    del layer, data
    code, _, err = panhuo("audit", f"{name}-in.gpkg", "--as-of", "2023-11-30", "-o", f"{name}.gpkg")
    expect(code == 0, f"audit of {name}: {err}")
    return f"{name}.gpkg"


def box(x, y, width, height):
    x, y = 38360900 + x, 2974970 + y
    return "(" + ",".join(f"{a:.9f} {b:.9f}" for a, b in ((x, y), (x, y + height), (x + width, y + height), (x + width, y), (x, y))) + ")"


def text_round_trip():
    out, err = export("sample.gpkg", "-o", "all.txt", "--lang", "zh")
    expect("122" in out and "1 行没有图形" in err, f"all parcels but the one without a shape: {out}{err}")
    for encoding in ("UTF-8", "GBK"):
        export("sample.gpkg", "-o", "all.txt", "--overwrite", "--encoding", encoding)
        text = (WORK / "all.txt").read_bytes().decode(encoding)
        expect(text.startswith("[属性描述]\n格式版本号=1.01\n") and "\n坐标系=2000国家大地坐标系\n几度分带=3\n" in text, f"{encoding}: {text[:200]}")
        expect("\n带号=38\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n" in text and text.count(",@\n") == 122, f"{encoding}: the head")
        code, _, err = panhuo("audit", "all.txt", "--as-of", "2023-11-30", "-o", "again.gpkg", "--overwrite")
        expect(code == 0, f"{encoding}, read again: {err}")
        kept, again = shapes("sample.gpkg"), shapes("again.gpkg")
        expect(len(kept) == 122 and kept == again, f"{encoding}: the same polygons, {sum(a != b for a, b in zip(kept, again))} differ")
        found = rows("again.gpkg", "SELECT code, message FROM problems WHERE code LIKE 'txt.%' AND code <> 'txt.parts'")
        expect(not found, f"{encoding}: points and hectares agree: {found[:3]}")
        columns = "parcel_id, parcel_name, land_use FROM parcels WHERE geom IS NOT NULL ORDER BY fid"
        expect(rows("sample.gpkg", f"SELECT {columns}") == rows("again.gpkg", f"SELECT {columns}"), f"{encoding}: codes, names and uses")
    export("sample.gpkg", "-o", "once.txt")
    export("again.gpkg", "-o", "twice.txt")
    expect(filecmp.cmp(WORK / "once.txt", WORK / "twice.txt", shallow=False), "written, read and written again: the same bytes")


def text_of_odd_plots():
    holed = f"MULTIPOLYGON (({box(0, 0, 240, 150)},{box(100, 60, 40, 30)},{box(180, 60, 20, 20)}),({box(300, 0, 50.12345, 50)}))"
    file = make("odd", {"P1": ("甲,乙\n丙", holed), "P2": ("空", None), "P3": ("", f"MULTIPOLYGON (({box(500, 0, 10, 10)}))")})
    out, err = export(file, "-o", "odd.txt", "--lang", "zh")
    text = (WORK / "odd.txt").read_text(encoding="utf-8")
    expect("精度=0.00001\n" in text and "38361250.12345" in text and "5 位" in err, f"as many decimals as the source has: {err}")
    expect("甲，乙 丙" in text and "1 项文字" in err, f"commas in a name: {err}")
    expect("1 行没有图形" in err and "2 行" in out and "P2" not in text, f"a plot without a shape: {out}{err}")
    code, _, err = panhuo("audit", "odd.txt", "--as-of", "2023-11-30", "-o", "odd-again.gpkg")
    expect(code == 0 and shapes("odd.gpkg") == shapes("odd-again.gpkg"), f"holes and parts: {err}")
    for epsg, words in ((4490, "--out-crs"), (32649, "--out-crs")):
        plain = "MULTIPOLYGON (((112.6 26.8,112.6 26.801,112.601 26.801,112.6 26.8)))" if epsg == 4490 else "MULTIPOLYGON (((660000 2970000,660000 2970100,660100 2970100,660000 2970000)))"
        file = make(f"crs{epsg}", {"P1": ("", plain)}, epsg)
        code, out, err = panhuo("export", file, "-o", f"crs{epsg}.txt")
        expect(code == 2 and words in err and not (WORK / f"crs{epsg}.txt").exists(), f"EPSG:{epsg} is no zone: {code} {err}")
        export(file, "-o", f"crs{epsg}.shp")
    for epsg, words in ((4547, "带号=38\n"), (4497, "几度分带=6\n"), (2362, "1980西安"), (2414, "1954年北京")):
        plain = ogr.CreateGeometryFromWkt(f"MULTIPOLYGON (({box(0, 0, 100, 100)}))")
        shift = {4547: 38e6, 4497: 19e6 - 3e5}.get(epsg, 0)
        plain = "MULTIPOLYGON (((" + ",".join(f"{x - shift:.3f} {y:.3f}" for x, y in plain.GetGeometryRef(0).GetGeometryRef(0).GetPoints()) + ")))"
        file = make(f"crs{epsg}", {"P1": ("", plain)}, epsg)
        export(file, "-o", f"crs{epsg}.txt")
        code, _, err = panhuo("check", f"crs{epsg}.txt", "-o", f"crs{epsg}-again.gpkg")
        said = rows(f"crs{epsg}-again.gpkg", "SELECT value FROM run WHERE key = 'crs'") if code == 0 else err
        expect(said == [(f"EPSG:{epsg}",)] and words in (WORK / f"crs{epsg}.txt").read_text(encoding="utf-8"), f"EPSG:{epsg} reads back: {said}")


def shapefile():
    _, err = export("sample.gpkg", "-o", "all.shp", "--lang", "zh")
    expect({p.name for p in WORK.glob("all.*")} >= {"all.shp", "all.shx", "all.dbf", "all.prj", "all.cpg", "all.fields.txt"}, "the files of a shapefile")
    dbf = (WORK / "all.dbf").read_bytes()
    expect(dbf[29] == 0x4D and (WORK / "all.cpg").read_text() == "936" and "云雁".encode("gbk") in dbf, "GBK, said twice")
    names = [dbf[32 + 32 * i:43 + 32 * i].split(b"\0")[0].decode("ascii") for i in range((int.from_bytes(dbf[8:10], "little") - 33) // 32)]
    listed = [line.split("\t") for line in (WORK / "all.fields.txt").read_text(encoding="utf-8-sig").splitlines()]
    expect([line[0] for line in listed[1:]] == names and len(set(names)) == len(names), f"the list has each field: {names}")
    by_name = {line[0]: line[1:] for line in listed[1:]}
    expect(by_name["ZDDM"] == ["宗地代码", "文本", "", "parcel_id"] and by_name["DJMJ"][2] == "m²" and by_name["MJMU"][:3] == ["采用面积", "数值", "亩"], f"{by_name}")
    expect(by_name["F1"][0] == "片区", "a Chinese name gets a number")
    data = ogr.Open(str(WORK / "all.shp"))
    layer = data.GetLayer(0)
    audit = ogr.Open(str(WORK / "sample.gpkg"))
    expect(layer.GetSpatialRef().IsSame(audit.GetLayer("parcels").GetSpatialRef()), "the CRS")
    columns = {"parcel_id": "ZDDM", "holder_name": "QYMC", "actual_start": "SJDGRQ", "tag": "ZYBQ", "片区": "F1", "idle_days": "XZTS"}
    wanted = rows("sample.gpkg", f"SELECT {', '.join(columns)} FROM parcels ORDER BY fid")
    found = [tuple(f.GetFieldAsString(c).replace("/", "-") if f.IsFieldSetAndNotNull(c) else None for c in columns.values()) for f in layer]
    expect(found == [tuple(None if v is None else str(v) for v in row) for row in wanted], "values")
    areas = [f["TQMJ"] for f in layer]
    expect(all(a == b or abs(a - b) < 1e-6 for a, (b,) in zip(areas, rows("sample.gpkg", "SELECT ellipsoid_m2 FROM parcels ORDER BY fid"))), "areas")
    expect(shapes("all.shp", "all") == shapes("sample.gpkg"), "polygons")
    code, out, _ = panhuo("inspect", "all.shp", "--json")
    taken = {f["source"]: f["field"] for f in json.loads(out)["fields"]} if code == 0 else {}
    expect(taken.get("ZDDM") == "parcel_id" and taken.get("YDDGRQ") == "agreed_start" and taken.get("DJMJ") == "registered_m2", f"its names are known again: {taken}")
    long = make("long", {"P1": ("长" * 200, f"MULTIPOLYGON (({box(0, 0, 10, 10)}))"), "P2": ("𬭎", f"MULTIPOLYGON (({box(20, 0, 10, 10)}))")})
    _, err = export(long, "-o", "long.shp", "--lang", "en")
    expect("1 texts are longer than 254 bytes" in err and "1 texts have characters that GBK does not have" in err, f"what a DBF cannot hold: {err}")
    expect(texts("long.shp", "DKMC")[0] == "长" * 127, "cut between characters")
    _, err = export(long, "-o", "long8.shp", "--encoding", "UTF-8", "--lang", "en")
    expect("GBK" not in err and texts("long8.shp", "DKMC")[1] == "𬭎", f"UTF-8: {err}")


def geodatabase():
    export("sample.gpkg", "-o", "all.gdb")
    data = gdal.OpenEx(str(WORK / "all.gdb"))
    layer = data.GetLayerByName("parcels")
    fields = {layer.GetLayerDefn().GetFieldDefn(i).GetName(): layer.GetLayerDefn().GetFieldDefn(i) for i in range(layer.GetLayerDefn().GetFieldCount())}
    expect(fields["parcel_id"].GetAlternativeName() == "宗地代码" and fields["area_mu"].GetAlternativeName() == "采用面积(亩)", "aliases")
    expect(fields["tag"].GetDomainName() == "tag" and data.GetFieldDomain("tag").GetEnumeration().get("idle") == "疑似闲置", "coded values")
    expect(layer.GetFeatureCount() == 123 and shapes("all.gdb") == shapes("sample.gpkg"), "polygons")
    wanted = rows("sample.gpkg", "SELECT parcel_id, holder_name, reason FROM parcels ORDER BY fid")
    expect([(f["parcel_id"], f["holder_name"], f["reason"]) for f in layer] == wanted, "texts, whole")
    del layer, data, fields
    code, _, err = panhuo("check", "all.gdb", "--layer", "parcels")
    expect(code == 0, f"it is a source again: {err}")


def conditions():
    idle = rows("sample.gpkg", "SELECT count(*) FROM idle")[0][0]
    for condition, count in (("tag='idle'", idle), ("标签 = 'idle'", idle), ('"标签" IN (\'idle\')', idle), ("采用面积 > 0 and 宗地代码 is not null", None), ("holder_name LIKE '%)%'", 0)):
        out, _ = export("sample.gpkg", "--where", condition, "-o", "some.txt", "--overwrite", "--lang", "en")
        expect(count is None or f"({count} rows)" in out, f"{condition}: {out}")
    export("sample.gpkg", "--where", "tag='idle'", "-o", "by-tag.txt")
    export("sample.gpkg", "--layer", "idle", "-o", "by-view.txt")
    expect(filecmp.cmp(WORK / "by-tag.txt", WORK / "by-view.txt", shallow=False), "a view is a layer")
    export("sample.gpkg", "--layer", "topology", "-o", "overlaps.shp")
    before = (WORK / "sample.gpkg").read_bytes()
    for condition in ("1; DROP TABLE parcels", "1) UNION SELECT * FROM run --", "fid IN (SELECT fid FROM parcels)", "1 /* */", "(1", "1)", "tag='", "random()", "nosuch = 1",
                      '"nosuch" = 1', "", "tag ="):
        code, out, err = panhuo("export", "sample.gpkg", "--where", condition, "-o", "never.txt")
        expect(code == 2 and "--where" in err and not out, f"refused: {condition!r}: {code} {err}")
    for arguments, word in ((("--layer", "nosuch"), "parcels"), (("--layer", "totals"), "parcels"), (("--encoding", "latin1"), "GBK")):
        code, out, err = panhuo("export", "sample.gpkg", *arguments, "-o", "never.txt")
        expect(code == 2 and word in err and not out, f"refused: {arguments}: {code} {err}")
    for name, word in (("never.dxf", ".txt"), ("never", ".txt"), ("nosuch/never.txt", "文件夹")):
        code, out, err = panhuo("export", "sample.gpkg", "-o", name, "--lang", "zh")
        expect(code != 0 and word in err and not out, f"refused: {name}: {code} {err}")
    code, out, err = panhuo("export", SAMPLE / "parcels.shp", "-o", "never.txt")
    expect(code == 1 and not out, f"no audit: {code} {err}")
    expect(not list(WORK.glob("never*")) and (WORK / "sample.gpkg").read_bytes() == before, "and nothing was written")


def in_its_place():
    for suffix in ("txt", "shp", "gdb"):
        target = WORK / f"place.{suffix}"
        export("sample.gpkg", "--where", "tag='idle'", "-o", target)
        before = {p: p.read_bytes() for p in (target.iterdir() if target.is_dir() else WORK.glob("place.*")) if p.is_file()}
        code, _, err = panhuo("export", "sample.gpkg", "-o", target)
        expect(code == 1 and "--overwrite" in err and {p: p.read_bytes() for p in before} == before, f".{suffix} is not replaced unasked: {code} {err}")
        if suffix == "shp":
            (WORK / "place.qix").write_bytes(b"an index of the old one")
        export("sample.gpkg", "-o", target, "--overwrite")
        data = ogr.Open(str(target)) if suffix != "txt" else None
        expect(data is None or data.GetLayer(0).GetFeatureCount() == 123, f".{suffix} is replaced when asked")
        expect(not (WORK / "place.qix").exists() and not list(WORK.glob("place*.part*")) and not list(WORK.glob("place*.old*")), f".{suffix}: nothing is left beside it")
        del data
    (WORK / "half.dbf").write_bytes(b"somebody's")
    code, _, err = panhuo("export", "sample.gpkg", "-o", "half.shp")
    expect(code == 1 and (WORK / "half.dbf").read_bytes() == b"somebody's", f"a file of the same name is not taken: {code} {err}")
    (WORK / "folder.gdb").mkdir()
    (WORK / "folder.gdb/letter.doc").write_bytes(b"somebody's")
    code, _, err = panhuo("export", "sample.gpkg", "-o", "folder.gdb", "--overwrite")
    expect(code == 1 and (WORK / "folder.gdb/letter.doc").exists(), f"a folder that is no geodatabase is not replaced: {code} {err}")
    for suffix in ("txt", "shp", "gdb"):  # a limit on the size of files ends the writing
        done = subprocess.run(["/bin/sh", "-c", f"ulimit -f 8; exec {PROGRAM} export sample.gpkg -o full.{suffix}"], cwd=WORK, capture_output=True, check=False,
                              preexec_fn=lambda: __import__("signal").signal(__import__("signal").SIGXFSZ, __import__("signal").SIG_IGN))
        expect(done.returncode == 1 and not [p for p in WORK.glob("full*")], f".{suffix}, no room: {done.returncode} {done.stderr.decode()} {list(WORK.glob('full*'))}")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    code, _, err = panhuo("audit", SAMPLE / "AUDIT.yaml", "-o", WORK / "sample.gpkg")
    expect(code == 0, f"the sample: {err}")
    for part in (text_round_trip, text_of_odd_plots, shapefile, geodatabase, conditions, in_its_place):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
