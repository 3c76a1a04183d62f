#!/usr/bin/python3
"""panhuo report -o FILE.html: what the page holds is what the GeoPackage holds, nothing in it can act, nothing is fetched.

report_html.py PROGRAM WORKDIR AUDIT.gpkg
"""
import base64
import hashlib
import html
import json
import math
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys

from osgeo import ogr, osr

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
AUDIT = pathlib.Path(sys.argv[3]).absolute()
TABLES = "run totals parcels findings enterprises enterprise_parcels score_terms ledger topology problems rules rule_names".split()
HOSTILE = ["<script>alert(1)</script>", "</script><!--<script>", "=cmd|' /C calc'!A0", "\"'><img src=x onerror=alert(1)>", "]]> & &lt; \\u003c \\",
           "\u2028line\u2029ends", "\x01\x1f\t\r\n", "𠮷😀\u202e\ufeff", "__proto__"]
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def panhuo(*arguments, **more):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **more.pop("env", {})}, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def report(audit, name):
    """The page's text."""
    code, out, err = panhuo("report", audit, "-o", name, "--overwrite")
    expect(code == 0 and not err and name in out, f"report {name}: {code} {out}{err}")
    return (WORK / name).read_bytes().decode("utf-8", "strict")


def data_of(page):
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    expect(len(found) == 1, "one block of data")
    return json.loads(found[0])


def copy(name, *statements):
    """The audit, changed behind the program's back; statements are SQL or (SQL, values)."""
    path = WORK / name
    shutil.copy(AUDIT, path)
    db = sqlite3.connect(path)
    for trigger, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        db.execute(*((statement,) if isinstance(statement, str) else statement))
    db.commit()
    db.close()
    return path


def cell(column, row):
    if "values" in column:
        return column["values"][row]
    if "texts" not in column:
        return None
    at = column["rows"][row] if "rows" in column else row
    return None if at < 0 else column["texts"][at]


def same_tables(data, audit, what):
    db = sqlite3.connect(audit)
    db.text_factory = lambda b: b.decode("utf-8", "replace")
    there = [name for name in TABLES if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone()]
    expect([t["name"] for t in data["tables"]] == there, f"{what}: tables {[t['name'] for t in data['tables']]}")
    for stored in data["tables"]:
        name = stored["name"]
        columns = [c for c, in db.execute(f"SELECT name FROM pragma_table_info('{name}')") if c != "geom"]
        expect([c["name"] for c in stored["columns"]] == columns, f"{what}: columns of {name}")
        titles = dict(db.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ?", (name,)))
        expect(all(c["title"] == (titles.get(c["name"]) or "") for c in stored["columns"]), f"{what}: titles of {name}")
        wanted = db.execute("SELECT {} FROM {} ORDER BY fid".format(", ".join(f'"{c}"' for c in columns), name)).fetchall()
        expect(stored["rows"] == len(wanted), f"{what}: rows of {name}")
        for index, column in enumerate(stored["columns"]):
            wrong = [(row, cell(column, row), wanted[row][index]) for row in range(len(wanted)) if cell(column, row) != wanted[row][index]]
            expect(not wrong, f"{what}: {name}.{column['name']}: {wrong[:2]}")
    db.close()


def decoded(ring, step):
    x = y = 0
    points = []
    for i in range(0, len(ring), 2):
        x, y = x + ring[i], y + ring[i + 1]
        points.append((x * step, y * step))
    return points


def twice_area(points):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))


def same_shapes(data, audit, scale=(1, 1)):
    """Every ring drawn lies within half a step of the stored one, and is wound as the page wants it."""
    source = ogr.Open(str(audit))
    layer = source.GetLayerByName("parcels")
    layer.SetAttributeFilter(None)
    west, _, south, _ = layer.GetExtent()
    step = data["map"]["step"]
    drawn = data["map"]["shapes"]
    expect(len(drawn) == layer.GetFeatureCount(), "a shape for every parcel")
    for shape, feature in zip(drawn, sorted(layer, key=lambda f: f.GetFID())):
        geometry = feature.GetGeometryRef()
        parts = [geometry.GetGeometryRef(i) for i in range(geometry.GetGeometryCount())] if geometry else []
        rings = [(part.GetGeometryRef(k), k == 0) for part in parts for k in range(part.GetGeometryCount())]
        if len(shape) != len(rings):
            expect(False, f"parcel {feature.GetFID()}: {len(shape)} rings of {len(rings)}")
            continue
        for ring, (stored, outer) in zip(shape, rings):
            points = decoded(ring, step)
            true = [((p[0] - west) * scale[0], (p[1] - south) * scale[1]) for p in stored.GetPoints()]
            far = max(min(math.dist(p, q) for q in points) for p in true)
            off = max(min(math.dist(p, q) for q in true) for p in points)
            expect(max(far, off) <= step * 0.72, f"parcel {feature.GetFID()}: drawn {max(far, off)} m away")
            expect((twice_area(points) < 0) == outer or abs(twice_area(true)) < 4 * step * len(true), f"parcel {feature.GetFID()}: winding")


def policy(page):
    """A browser that keeps to the page's policy runs and loads nothing but what the program wrote."""
    said = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    rules = dict(part.strip().split(" ", 1) for part in said.split(";"))
    script = re.findall(r"<script>(.*?)</script>", page, re.S)
    style = re.findall(r"<style>(.*?)</style>", page, re.S)
    expect(len(script) == 1 and len(style) == 1 and len(re.findall("<script", page)) == 2, "one script, one style, one block of data")
    for name, texts in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(texts[0].encode()).digest()).decode()
        expect(rules.get(name) == f"'sha256-{digest}'", f"{name}: {rules.get(name)}")
    expect(rules.get("default-src") == "'none'", f"default-src: {rules.get('default-src')}")
    own = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.S)
    for pattern in (r"https?:", r"//\w+\.\w", r"@import", r"url\(", r"\bsrc=", r'href="(?!#)', r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function",
                    r"\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|localStorage", r"\son\w+="):
        found = re.search(pattern, own)
        expect(not found, f"in the page: {found and own[max(0, found.start() - 40):found.end() + 40]!r}")
    expect("@" not in re.sub(r"@(page|media|bottom-center)", "", own), "a mark that nothing was put in for")


def sample():
    page = report(AUDIT, "sample.html")
    data = data_of(page)
    same_tables(data, AUDIT, "sample")
    same_shapes(data, AUDIT)
    policy(page)
    db = sqlite3.connect(AUDIT)
    statement, = db.execute("SELECT value FROM run WHERE key = 'statement_zh'").fetchone()
    expect(f'<p id="statement">{html.escape(statement, quote=False)}</p>' in page, "the statement stands in the page itself")
    enums = {}
    for name, value, text in db.execute("SELECT constraint_name, value, description FROM gpkg_data_column_constraints ORDER BY rowid"):
        enums.setdefault(name, []).append([value, text])
    expect({c["name"]: c["codes"] for c in data["codes"]} == enums, "code lists")
    tags = [c["value"] for legend in data["legend"] if legend["name"] == "tag" for c in legend["classes"]]
    expect(tags == [value for value, _ in enums["tag"]], f"legend: {tags}")
    db.close()
    first = (WORK / "sample.html").read_bytes()
    (WORK / "elsewhere").mkdir()
    panhuo("report", AUDIT, "-o", "elsewhere/other.html", "--lang", "en", env={"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Shanghai"})
    expect((WORK / "elsewhere/other.html").read_bytes() == first, "the same bytes whoever asks, and where")


def hostile():
    changes = [("UPDATE parcels SET parcel_name = ?, holder_name = ?, reason = ? WHERE fid = ?", (text, text, text, fid)) for fid, text in enumerate(HOSTILE, 1)]
    audit = copy("hostile.gpkg", *changes, ("UPDATE run SET value = ? WHERE key = 'statement_zh'", (HOSTILE[1] + HOSTILE[0],)),
                 "UPDATE gpkg_data_columns SET title = '</script><script>alert(2)</script>' WHERE table_name = 'parcels' AND column_name = 'location'",
                 "UPDATE gpkg_data_column_constraints SET description = '<b onload=x>' WHERE value = 'idle'",
                 "UPDATE parcels SET contract_id = CAST(X'41ff42' AS TEXT), src_fid = 4304990010030000001, floor_m2 = 'many', far = 1e300 WHERE fid = 1")
    page = report(audit, "hostile.html")
    policy(page)
    expect("alert(" not in re.sub(r'<script type="application/json".*?</script>', "", page.replace("&lt;script&gt;alert(1)&lt;/script&gt;", ""), flags=re.S),
           "the statement is text")
    block = re.search(r'id="data">(.*?)</script>', page, re.S).group(1)
    expect(not re.search("[<>&\u2028\u2029]", block), "no markup among the data")
    data = data_of(page)
    parcels = {c["name"]: c for t in data["tables"] if t["name"] == "parcels" for c in t["columns"]}
    for row, text in enumerate(HOSTILE):
        expect(cell(parcels["parcel_name"], row) == cell(parcels["reason"], row) == text, f"{text!r} comes through: {cell(parcels['parcel_name'], row)!r}")
    expect(cell(parcels["contract_id"], 0) == "A\ufffdB", f"what is no UTF-8: {cell(parcels['contract_id'], 0)!r}")
    expect(cell(parcels["src_fid"], 0) == "4304990010030000001", "an integer beyond JavaScript's is a text")
    expect(cell(parcels["floor_m2"], 0) == "many" and cell(parcels["far"], 0) == 1e300, "values as they stand")


def others():
    """A check's file, an audit without the later tables, empty shapes, degrees."""
    code, _, err = panhuo("check", pathlib.Path(__file__).resolve().parents[2] / "sample-data/parcels.shp", "-o", "check.gpkg")
    expect(code == 0, err)
    same_tables(data_of(report("check.gpkg", "check.html")), WORK / "check.gpkg", "check")
    old = copy("old.gpkg", "DROP TABLE rules", "DROP TABLE rule_names", "DROP TABLE ledger", "DROP TABLE findings", "UPDATE parcels SET geom = NULL WHERE fid = 2")
    data = data_of(report(old, "old.html"))
    same_tables(data, old, "old")
    expect(data["map"]["shapes"][1] == [], "a parcel without a shape")
    bare = copy("bare.gpkg", "DELETE FROM parcels")
    expect(data_of(report(bare, "bare.html"))["map"]["shapes"] == [], "no parcels")
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4490)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(WORK / "degrees_source.gpkg"))
    layer = source.CreateLayer("parcels", srs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("parcel_id", ogr.OFTString))
    for index, (x, y) in enumerate(((112.6, 26.9), (112.62, 26.91))):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["parcel_id"] = f"P{index}"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({x} {y},{x} {y + .002},{x + .003} {y + .002},{x + .003} {y},{x} {y}))"))
        layer.CreateFeature(feature)
    del layer, source
    code, _, err = panhuo("check", "degrees_source.gpkg", "-o", "degrees.gpkg")
    expect(code == 0, err)
    degree = 111319.49079327358
    same_shapes(data_of(report("degrees.gpkg", "degrees.html")), WORK / "degrees.gpkg", (degree * math.cos(math.radians(26.906)), degree))


def limited():
    """For a child process: files of at most 20 000 bytes; writing on is an error, no signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))


def errors():
    kept = WORK / "kept.html"
    kept.write_text("kept", encoding="utf-8")
    (WORK / "text.gpkg").write_text("no GeoPackage", encoding="utf-8")
    foreign = copy("foreign.gpkg", "DROP TABLE run")
    damaged = copy("damaged.gpkg", "UPDATE parcels SET geom = X'4750000100' WHERE fid = 3")
    for arguments, expected, word in (((AUDIT, "-o", "kept.html"), 1, "--overwrite"), ((AUDIT,), 2, "-o"), ((AUDIT, "-o", "report.pdf"), 2, ".html"),
                                      (("missing.gpkg", "-o", "x.html"), 1, "missing.gpkg"), (("text.gpkg", "-o", "x.html"), 1, "text.gpkg"),
                                      ((foreign, "-o", "x.html"), 1, "run"), ((damaged, "-o", "kept.html", "--overwrite"), 1, "damaged.gpkg"),
                                      ((AUDIT, "-o", "nowhere/x.html"), 1, "nowhere"), ((AUDIT, AUDIT, "-o", "x.html"), 2, "")):
        code, out, err = panhuo("report", *arguments, "--lang", "zh")
        expect(code == expected and not out and word in err and err.count("\n") <= 2, f"report {arguments}: {code} {out}{err}")
    code, out, err = panhuo("report", AUDIT, "-o", "kept.html", "--overwrite", preexec_fn=limited)
    expect(code == 1 and not out and "kept.html" in err and ".part" not in err, f"no room: {code} {out}{err}")
    expect(kept.read_text(encoding="utf-8") == "kept", "what was there is untouched")
    left = [path.name for path in WORK.rglob("*") if path.suffix == ".part" or path.name == "x.html"]
    expect(not left, f"nothing half is left: {left}")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for part in (sample, hostile, others, errors):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
