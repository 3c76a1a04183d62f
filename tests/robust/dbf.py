#!/usr/bin/python3
"""Attributes of a shapefile are what GDAL reads, however oddly they are written.

dbf.py PANHUO WORKDIR
"""
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

from osgeo import gdal, ogr

gdal.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
from base import ring  # noqa: E402
from esri import polygon, shapefile  # noqa: E402

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
WORK = pathlib.Path(sys.argv[2]).absolute()
ROWS = 300
FIELDS = [("TEXT", "C", 9), ("SHORT", "N", 9), ("LONG", "N", 15), ("HUGE", "N", 20), ("MONEY", "N", 14, 3), ("FLOAT", "F", 13, 11),
          ("WIDE", "F", 24, 15), ("DAY", "D", 8)]
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def cell(draw, kind, width):
    """Mostly as programs write them, for the rest anything."""
    odd = "".join(draw.choice("0123456789.-+eE *,a/\0") for _ in range(draw.randint(0, width)))
    plain = {"C": "宗地 a", "D": draw.choice(["20210601", "00000000", "20210230", "        ", "2021-6-1", "06/01/21"])}
    number = draw.choice([str(draw.randint(-10**5, 10**8)), f"{draw.uniform(-1e4, 1e6):.3f}", f"{draw.uniform(-9, 9):.5e}", "", "*" * width, "-0.000", ".5", "7.", "+3",
                          "007", "1e3", "-", ".", "-0"])
    text = draw.choice([plain.get(kind, number)] * 4 + [odd])
    return draw.choice([str.rjust, str.ljust])(text, width).encode("gbk")[:width]


def as_gdal_reads(file):
    data = gdal.OpenEx(str(file), gdal.OF_VECTOR, open_options=["ENCODING=GBK"])
    layer, found = data.GetLayer(), []
    for feature in layer:
        row = []
        for i in range(feature.GetFieldCount()):
            value = feature.GetField(i) if feature.IsFieldSetAndNotNull(i) else None
            if feature.GetFieldDefnRef(i).GetType() == ogr.OFTDate and value is not None:
                year, month, day = (int(part) for part in value.split("/"))
                last = [31, 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
                value = f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= last[month - 1] and year else None
            row.append((value.strip() or None) if isinstance(value, str) else value)
        found.append(row)
    return found


def check(name, fields, rows):
    folder = WORK / name
    folder.mkdir()
    for file, content in shapefile([polygon([ring(k)]) for k in range(len(rows))], fields, rows).items():
        (folder / file).write_bytes(content)
    done = subprocess.run([PROGRAM, "check", str(folder / "parcels.shp"), "-o", str(folder / "out.gpkg"), "-q"], capture_output=True, check=False, timeout=300,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    expect(done.returncode == 0, f"{name}: {done.stderr.decode()}")
    if done.returncode:
        return
    wanted = as_gdal_reads(folder / "parcels.shp")
    with sqlite3.connect(folder / "out.gpkg") as db:
        found = [list(row) for row in db.execute(f"SELECT {', '.join(field[0] for field in fields)} FROM parcels ORDER BY fid")]
    expect(len(found) == len(wanted), f"{name}: {len(found)} rows, GDAL reads {len(wanted)}")
    for row, (ours, theirs) in enumerate(zip(found, wanted)):
        for field, mine, his in zip(fields, ours, theirs):
            expect(mine == his and type(mine) is type(his), f"{name} row {row} {field[0]} {rows[row][fields.index(field)]}: {mine!r}, GDAL reads {his!r}")


shutil.rmtree(WORK, ignore_errors=True)
WORK.mkdir(parents=True)
draw = random.Random(17)
check("odd", FIELDS, [tuple(cell(draw, field[1], field[2]) for field in FIELDS) for _ in range(ROWS)])
check("logical", [*FIELDS, ("YES", "L", 1)], [(*(cell(draw, field[1], field[2]) for field in FIELDS), draw.choice([b"T", b"F", b"?", b" "])) for _ in range(50)])
for failure in failures[:20]:
    print("FAILED", failure)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(bool(failures))
