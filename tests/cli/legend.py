#!/usr/bin/python3
"""The numbers in the legends and the places of the bookmarks are those of the rows in the file.

legend.py PROGRAM WORKDIR
"""
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

from osgeo import ogr

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
WORK = pathlib.Path(sys.argv[2]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def rows(data, sql):
    layer = data.ExecuteSQL(sql)
    found = [tuple(f.GetField(i) for i in range(f.GetFieldCount())) for f in layer]
    data.ReleaseResultSet(layer)
    return found


def check_legend(name, data, layer, qml):
    renderer = ElementTree.fromstring(qml).find("renderer-v2")
    if renderer.get("type") != "categorizedSymbol":
        expect(layer == "parcels" and name == "check", f"{name}: {layer} has no classes")
        return
    counted = {c.get("value"): int(re.search("（([0-9]+)）$", c.get("label"))[1]) for c in renderer.iter("category")}
    there = dict(rows(data, f'SELECT {renderer.get("attr")}, count(*) FROM "{layer}" GROUP BY 1'))
    expect(counted == {value: 0 for value in counted} | there, f"{name}: {layer}: {counted} in the legend, {there} in the file")


def check_bookmarks(name, data, titles, project):
    boxes = {}
    for layer, title in titles.items():
        box = rows(data, f'SELECT min(ST_MinX(geom)), min(ST_MinY(geom)), max(ST_MaxX(geom)), max(ST_MaxY(geom)) FROM "{layer}"')[0]
        if box[0] is not None:
            boxes["全园" if layer == "parcels" else title] = box
    wide = 1.1 * max(boxes["全园"][2] - boxes["全园"][0], boxes["全园"][3] - boxes["全园"][1])
    marks = {}
    for mark in project.iter("Bookmark"):
        at = [float(number) for number in re.findall("[0-9.]+", mark.get("extent"))]
        marks[mark.get("name")] = (min(at[::2]), min(at[1::2]), max(at[::2]), max(at[1::2]))
    expect(set(marks) == set(boxes), f"{name}: bookmarks {sorted(marks)}, places {sorted(boxes)}")
    for title in set(marks) & set(boxes):  # the same room on all sides
        room = [abs(a - b) for a, b in zip(marks[title], boxes[title])]
        own = max(boxes[title][2] - boxes[title][0], boxes[title][3] - boxes[title][1])
        expect(max(room) - min(room) < 1e-6 and 0 < min(room) <= 0.05 * max(own, wide / 10) + 1e-6, f"{name}: bookmark {title}: {room}")


def check(name, *arguments):
    out = WORK / f"{name}.gpkg"
    done = subprocess.run([PROGRAM, *map(str, arguments), "-o", str(out), "-q"], capture_output=True, check=False, timeout=300)
    expect(done.returncode == 0, f"{name}: {done.stderr.decode()}")
    if done.returncode:
        return
    data = ogr.Open(str(out))
    titles = dict(rows(data, "SELECT c.table_name, c.identifier FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g USING (table_name)"))
    styles = dict(rows(data, "SELECT f_table_name, styleQML FROM layer_styles"))
    for layer in titles:
        check_legend(name, data, layer, styles[layer])
    with zipfile.ZipFile(out.with_suffix(".qgz")) as file:
        check_bookmarks(name, data, titles, ElementTree.fromstring(file.read(f"{name}.qgs")))


shutil.rmtree(WORK, ignore_errors=True)
WORK.mkdir(parents=True)
check("scored", "audit", SAMPLE / "AUDIT.yaml", "--scheme", "hengyang-demo")
check("bare", "audit", SAMPLE / "parcels.shp", "--as-of", "2023-11-30")
check("check", "check", SAMPLE / "parcels.shp")
for failure in failures:
    print("FAILED", failure)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(bool(failures))
