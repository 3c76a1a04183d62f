#!/usr/bin/python3
"""panhuo check, and the options about topology that the audit shares with it.

check.py PROGRAM WORKDIR
"""
import filecmp
import json
import os
import pathlib
import shutil
import subprocess
import sys

from osgeo import gdal, ogr, osr

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
EAST, NORTH = 38500000, 2970000  # EPSG:4526 near Hengyang
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


def check(*arguments):
    """The result as JSON."""
    code, out, err = panhuo("check", *arguments, "--json")
    expect(code == 0, f"check {arguments}: {code} {err}")
    return json.loads(out) if code == 0 else {"kinds": [], "findings": []}


def rows(file, sql):
    data = ogr.Open(str(file))
    layer = data.ExecuteSQL(sql)
    found = [tuple(f.GetField(i) for i in range(f.GetFieldCount())) for f in layer]
    data.ReleaseResultSet(layer)
    return found


def kinds(result):
    return {(k["kind"], k["against"]): k["count"] for k in result["kinds"]}


def square(x, y, width, height=100):
    x, y = EAST + x, NORTH + y
    return f"POLYGON (({x} {y},{x} {y + height},{x + width} {y + height},{x + width} {y},{x} {y}))"


def layer(name, shapes, epsg=4526, field="parcel_id"):
    """A shapefile of {code: WKT}."""
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    path = WORK / f"{name}.shp"
    data = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(path))
    made = data.CreateLayer(name, srs, ogr.wkbPolygon, ["ENCODING=UTF-8"])
    made.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    for code, wkt in shapes.items():
        feature = ogr.Feature(made.GetLayerDefn())
        feature[field] = code
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        made.CreateFeature(feature)
    return path


def moved(name, other, epsg):
    """A layer made before, in another CRS."""
    path = WORK / f"{other}.shp"
    gdal.VectorTranslate(str(path), str(WORK / f"{name}.shp"), dstSRS=f"EPSG:{epsg}", layerCreationOptions=["ENCODING=UTF-8"])
    return path


def sample():
    result = check(SAMPLE / "parcels.shp", "-o", "sample.gpkg")
    expect(kinds(result) == {("invalid", False): 1, ("sliver", False): 1, ("duplicate", False): 1, ("overlap", False): 1}, f"what was planted: {kinds(result)}")
    by_kind = {f["kind"]: f for f in result["findings"]}
    expect(abs(by_kind["overlap"]["area_m2"] - 300) < 0.1, f"the overlap: {by_kind['overlap']}")
    expect(by_kind["duplicate"]["share_a"] > 0.9999 and by_kind["duplicate"]["share_b"] > 0.9999, "the duplicate")
    expect("自相交" in by_kind["invalid"]["zh"] and "self-intersection" in by_kind["invalid"]["en"], "the bow-tie")
    expect(abs(result["area_m2"] - result["twice_m2"] - result["net_m2"]) < 0.011, "area less what is counted twice")
    tables = {name for name, in rows(WORK / "sample.gpkg", "SELECT table_name FROM gpkg_contents")}
    expect(tables == {"parcels", "topology", "topology_places", "problems", "run", "layer_styles"}, f"tables: {tables}")
    written = rows(WORK / "sample.gpkg", "SELECT kind, message FROM topology ORDER BY fid")
    expect(written == [(f["kind"], f["zh"]) for f in result["findings"]], "the table says what JSON says")
    columns = {name for name, in rows(WORK / "sample.gpkg", "SELECT name FROM pragma_table_info('parcels')")}
    expect({"parcel_id", "ellipsoid_m2", "plane_m2", "area_mu"} <= columns and "tag" not in columns, "areas, but no tags")
    styled = {name for name, in rows(WORK / "sample.gpkg", "SELECT f_table_name FROM layer_styles")}
    expect({"parcels", "topology", "topology_places"} <= styled, f"styles: {styled}")
    expect({d for d, in rows(WORK / "sample.gpkg", "SELECT DISTINCT substr(last_change, 1, 10) FROM gpkg_contents")} <= {"1970-01-01", "1970/01/01"}, "no date")
    valid = subprocess.run([sys.executable, "-m", "osgeo_utils.samples.validate_gpkg", "--extra", WORK / "sample.gpkg"], capture_output=True, text=True, check=False)
    expect(valid.returncode == 0 and not valid.stdout + valid.stderr, f"valid: {valid.stdout}{valid.stderr}")


def pages():
    code, out, err = panhuo("check", SAMPLE / "parcels.shp", "--lang", "zh")
    expect(code == 0 and "重复图形" in out and "重叠 299.99 m²" in out and "扣除重复后" in out and not err, f"a page: {out}{err}")
    code, out, _ = panhuo("check", SAMPLE / "parcels.shp", "-q", "--lang", "en")
    expect(code == 0 and out.count("\n") == 1 and "counted twice" in out, f"-q: {out}")
    code, out, err = panhuo("check", SAMPLE / "parcels.shp", "-v", "--lang", "en")
    expect(all(stage in err for stage in ("reading parcels", "measuring areas", "checking geometry", "in all")), f"-v: {err}")
    many = layer("many", {f"P{i}": square(90 * i, 0, 100) for i in range(31)})
    code, out, _ = panhuo("check", many, "--lang", "en")
    expect(out.count(" overlap by ") == 20 and "10 more" in out, f"the first 20: {out}")
    expect(panhuo("check", many, "--lang", "en", "-v")[1].count(" overlap by ") == 30, "all with -v")
    code, out, _ = panhuo("audit", SAMPLE / "AUDIT.yaml", "-o", "quiet.gpkg", "-q", "--lang", "zh")
    expect(code == 0 and out.count("\n") == 1 and out.startswith("截至"), f"audit -q: {out}")
    code, out, _ = panhuo("audit", SAMPLE / "AUDIT.yaml", "-o", "quiet.gpkg", "--overwrite", "--lang", "zh")
    expect("重复计算" in out and "扣除重复后" in out, "overlap and net in the totals")


def thresholds():
    """A and B share 0.5 m² of 10 000, C and D 50, E and F 5000; sliver-like strips are avoided by their shape."""
    path = layer("limits", {"A": square(0, 0, 100), "B": square(99.5, 99, 100), "C": square(1000, 0, 100), "D": square(1095, 90, 100),
                            "E": square(2000, 0, 100), "F": square(2050, 0, 100)})
    trials = [((), 2), (("--overlap-min-m2", 0), 3), (("--overlap-min-m2", 0.4), 3), (("--overlap-min-m2", 60), 2),
              (("--overlap-min-m2", 60, "--overlap-min-share", 1), 1), (("--overlap-min-m2", 60, "--overlap-min-share", 0.004), 2),
              (("--overlap-min-m2", 1e6, "--overlap-min-share", 0), 3), (("--overlap-max-m2", 100), 1), (("--overlap-max-m2", 0), 0)]
    net = set()
    for options, count in trials:
        result = check(path, *options)
        expect(len(result["findings"]) == count, f"{options}: {[f['en'] for f in result['findings']]}")
        if "--overlap-max-m2" in options or not options:
            net.add(result.get("net_m2"))
    expect(len(net) == 1, f"what is left out of the list counts all the same: {net}")
    for wrong in (("--overlap-min-m2", "-1"), ("--overlap-min-share", "1.5"), ("--gaps", "wide"), ("--threads", "0")):
        code, out, err = panhuo("check", path, *wrong)
        expect(code == 2 and not out and wrong[0] in err, f"{wrong}: {code} {err}")


def yaml_keys():
    (WORK / "limits.yaml").write_text("parcels: limits.shp\nas-of: 2023-11-30\noutput: limits.gpkg\noverwrite: true\noverlap-min-m2: 0\n"
                                      "overlap_min_share: 1\noverlap-max-m2: 100\nthreads: 1\ngaps: 0.5\nagainst: limits.shp\n", encoding="utf-8")
    code, _, err = panhuo("audit", "limits.yaml")
    found = rows(WORK / "limits.gpkg", "SELECT message FROM topology") if code == 0 else []
    expect(sum("参照图层" not in m for m, in found) == 2 and any("参照图层" in m for m, in found), f"AUDIT.yaml: {err} {found}")
    code, _, err = panhuo("audit", "limits.yaml", "--overlap-max-m2", "1")
    found = rows(WORK / "limits.gpkg", "SELECT message FROM topology") if code == 0 else []
    expect(sum("参照图层" not in m for m, in found) == 1, f"the command line wins: {err} {found}")
    for line in ("gaps: -1", "overlap-min-m2: much", "threads: 0", "threads: 1.5"):
        (WORK / "wrong.yaml").write_text(f"parcels: limits.shp\n{line}\n", encoding="utf-8")
        code, _, err = panhuo("audit", "wrong.yaml")
        expect(code == 2 and "wrong.yaml:2:" in err, f"{line}: {code} {err}")


def gaps():
    path = layer("gap", {"L": square(0, 0, 100), "R": square(100.5, 0, 100)})
    expect(not check(path)["findings"], "gaps only when asked for")
    expect(not check(path, "--gaps", 0.4)["findings"], "wider than the width")
    result = check(path, "--gaps", 1)
    expect(kinds(result) == {("gap", False): 1}, f"a gap: {kinds(result)}")
    for f in result["findings"]:
        expect({f["parcel_a"], f["parcel_b"]} == {"L", "R"} and abs(f["area_m2"] - 50) < 0.01, f"the gap: {f}")


def against():
    parcels = layer("own", {"A": square(0, 0, 100), "B": square(500, 0, 100), "C": square(1000, 0, 100)})
    layer("redline", {"红1": square(90, 0, 100), "红2": square(490, -10, 200, 200)})
    result = check(parcels, "--against", "redline.shp", "-o", "against.gpkg")
    expect(kinds(result) == {("overlap", True): 1, ("contained", True): 1}, f"against: {kinds(result)}")
    areas = sorted((f["parcel_a"], f["parcel_b"], round(f["area_m2"])) for f in result["findings"])
    expect(areas == [("A", "红1", 1000), ("B", "红2", 10000)], f"both ids: {areas}")
    expect(all("参照图层" in f["zh"] and "reference layer" in f["en"] for f in result["findings"]), "the sentence says which is which")
    expect(result["twice_m2"] == 0 and result["net_m2"] == result["area_m2"], "the reference layer is not counted")
    sums = dict(rows(WORK / "against.gpkg", "SELECT key, value FROM run WHERE key LIKE 'input.against%'"))
    expect(sums.get("input.against") == "redline.shp" and "input.against.sha256.redline.shp" in sums, f"the run names the layer: {sums}")
    copy = ogr.GetDriverByName("GPKG").CopyDataSource(ogr.Open(str(WORK / "redline.shp")), str(WORK / "lines.gpkg"))
    del copy
    expect(len(check(parcels, "--against", "lines.gpkg:redline")["findings"]) == 2, "FILE:LAYER")
    code, _, err = panhuo("check", parcels, "--against", "lines.gpkg:redline", "-o", "lines.gpkg", "--overwrite")
    expect(code == 2 and (WORK / "lines.gpkg").stat().st_size > 0, f"never over the reference layer: {code} {err}")
    code, out, err = panhuo("check", parcels, "--against", "lines.gpkg:nosuch")
    expect(code != 0 and "nosuch" in err and not out, f"no such layer: {code} {err}")
    other = moved("redline", "zone37", 4525)
    result = check(parcels, "--against", other)
    areas = sorted((f["parcel_a"], f["parcel_b"], round(f["area_m2"])) for f in result["findings"])
    expect(areas == [("A", "红1", 1000), ("B", "红2", 10000)], f"another zone is converted: {areas}")
    other = layer("xian", {"红1": square(90, 0, 100)}, epsg=2362)
    result = check(parcels, "--against", other, "-o", "zone.gpkg")
    found = rows(WORK / "zone.gpkg", "SELECT severity FROM problems WHERE code = 'against.crs'")
    expect(not result["findings"] and found == [("error",)], f"another datum is said, not compared: {found}")
    expect(panhuo("check", parcels, "--against", other, "--strict")[0] == 3, "--strict")


def survey_areas():
    """A plot of 3.48 ha less its hole and one of 1.8 ha, whose figures by the survey's procedure were worked out apart from this program."""
    east, north = 38360900, 2974850
    def ring(*corners):
        return "(" + ",".join(f"{east + x} {north + y}" for x, y in (*corners, corners[0])) + ")"
    first = "POLYGON (" + ring((0, 270), (240, 270), (240, 120), (0, 120)) + "," + ring((100, 210), (140, 210), (140, 180), (100, 180)) + ")"
    plots = {"DK-01": first, "DK-02": "POLYGON (" + ring((0, 100), (200, 100), (160, 0), (0, 0)) + ")"}
    parcels = layer("surveyed", plots)
    for options, areas, run in (((), (34783.416134, 17991.417698), {"area_method": "exact"}),
                                (("--area-method", "survey"), (34783.42, 17991.42), {"area_method": "survey", "densify": "70"}),
                                (("--area-method", "survey", "--densify", 1e6), (34783.42, 17991.40), {"area_method": "survey", "densify": "1000000"})):
        for command in (("check",), ("audit", "--as-of", "2023-11-30")):
            code, _, err = panhuo(*command, parcels, *options, "-o", "surveyed.gpkg", "--overwrite")
            expect(code == 0, f"{command} {options}: {err}")
            found = [area for area, in rows(WORK / "surveyed.gpkg", "SELECT ellipsoid_m2 FROM parcels ORDER BY parcel_id")]
            limit = 0.002 if not options else 1e-9 # the figures to six places leave pieces of 70 m straight on the ellipsoid
            expect(len(found) == 2 and all(abs(a - b) <= limit for a, b in zip(found, areas)), f"{command} {options}: {found}")
            said = dict(rows(WORK / "surveyed.gpkg", "SELECT key, value FROM run WHERE key IN ('area_method', 'densify')"))
            expect(said == run, f"{command} {options}: the run says {said}")
    code, out, err = panhuo("check", layer("utm", {"P": square(0, 0, 100)}, epsg=32649), "--area-method", "survey")
    expect(code == 2 and "--area-method exact" in err and not out, f"a CRS that the survey does not know: {code} {err}")
    code, out, err = panhuo("check", parcels, "--densify", 70)
    expect(code == 2 and "survey" in err and not out, f"--densify alone: {code} {err}")


def threads():
    for command, options in (("check", ()), ("audit", ("--as-of", "2023-11-30"))):
        for source in (SAMPLE / "parcels.shp", WORK / "many.shp"):
            files = [WORK / f"threads{n}" / "out.gpkg" for n in (1, 2)]
            for n, file in enumerate(files, 1):
                file.parent.mkdir(exist_ok=True)
                code, _, err = panhuo(command, source, *options, "--gaps", 1, "--threads", n, "-o", file, "--overwrite")
                expect(code == 0, f"{command} --threads {n}: {err}")
            expect(filecmp.cmp(*files, shallow=False), f"{command} {source.name}: the bytes depend on the number of threads")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for part in (sample, pages, thresholds, yaml_keys, gaps, against, survey_areas, threads):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
