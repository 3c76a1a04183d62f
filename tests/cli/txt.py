#!/usr/bin/python3
"""Boundary-point files: real ones against figures that others worked out, and what inspect tells of them.

txt.py PROGRAM WORKDIR
"""
import csv
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
SHARED = pathlib.Path(os.environ.get("PANHUO_SHARED") or pathlib.Path(__file__).resolve().parents[3] / "shared")
SURVEYED = {"44120000072.txt": 12242.85802, "44120000105.txt": 87390.75136, "44120000120.txt": 26698.32576, "44120000319.txt": 103224.61668,
            "44120001225.txt": 363.30378}
passed, failures, skipped = 0, [], 0


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def panhuo(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def rows(file, sql):
    with sqlite3.connect(f"file:{WORK / file}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def real_files():
    """Areas in the plane are the declared hectares. EXPECTED.csv joins the corners by the survey's trapezoids without rounding
    seconds to 1e-6, which moves the longest plot by 0.015 m²; SURVEYED rounds them (PROJ's inverse, a script of its own)."""
    global skipped
    folder = SHARED / "data/cn-txt"
    if not (folder / "EXPECTED.csv").is_file():
        skipped += 1
        print(f"SKIPPED: real boundary-point files: no data/cn-txt in {SHARED} (set PANHUO_SHARED)")
        return
    with open(folder / "EXPECTED.csv", encoding="utf-8") as file:
        wanted = list(csv.DictReader(file))
    expect(len(wanted) == 5, "five files are known")
    for row in wanted:
        code, _, err = panhuo("check", folder / row["file"], "--area-method", "survey", "--densify", 1e6, "-o", "real.gpkg", "--overwrite")
        expect(code == 0, f"{row['file']}: {err}")
        (plane, ellipsoid, declared), = rows("real.gpkg", 'SELECT plane_m2, ellipsoid_m2, "声明面积(公顷)" FROM parcels')
        expect(abs(plane - float(row["planar_m2"])) < 0.001 and f"{plane / 1e4:.4f}" == row["declared_ha"], f"{row['file']}: plane {plane}")
        expect(declared == float(row["declared_ha"]), f"{row['file']}: declared {declared}")
        expect(abs(ellipsoid - SURVEYED[row["file"]]) < 0.01, f"{row['file']}: on the ellipsoid {ellipsoid}, not {SURVEYED[row['file']]}")
        expect(abs(ellipsoid - float(row["ellipsoid_m2"])) < 0.02, f"{row['file']}: on the ellipsoid {ellipsoid}, not {row['ellipsoid_m2']}")
        expect(rows("real.gpkg", "SELECT value FROM run WHERE key = 'crs'") == [(f"EPSG:{row['epsg']}",)], f"{row['file']}: CRS")
        expect(rows("real.gpkg", "SELECT code FROM problems WHERE code LIKE 'txt.%'") == [], f"{row['file']}: nothing is wrong with it")
    code, _, err = panhuo("check", folder, "-o", "folder.gpkg", "--overwrite")
    expect(code == 0, f"the folder: {err}")
    found = dict(rows("folder.gpkg", 'SELECT "来源文件", round(plane_m2, 3) FROM parcels'))
    expect(found == {row["file"]: float(row["planar_m2"]) for row in wanted}, f"the folder: {found}")
    expect(rows("folder.gpkg", "SELECT count(*) FROM run WHERE key LIKE 'input.parcels.sha256.%'") == [(5,)], "each file's hash")
    expect(rows("folder.gpkg", "SELECT source FROM problems WHERE code = 'txt.skipped'") == [("SOURCE.txt",)], "what is no boundary file is said")


def inspected():
    (WORK / "甲.txt").write_bytes("【属性描述】\n坐标系=2000国家大地坐标系\n带号=38\n【地块坐标】\n4,1.0000,D1,甲,面,,工业用地,0601,@\n"
                                  "1,1,38360900,2975120\n2,1,38361000,2975120\n3,1,38361000,2975020\n4,1,38360900,2975020\n".encode("gbk"))
    code, out, err = panhuo("inspect", "甲.txt", "--json")
    expect(code == 0, f"inspect: {err}")
    told = json.loads(out)
    expect(told["driver"] == "TXT" and told["crs"]["code"] == "EPSG:4526" and told["encoding"] == "GB18030", f"inspect: {out[:600]}")
    fields = {f["source"]: f["field"] for f in told["fields"]}
    expect(fields.get("地块编号") == "parcel_id" and fields.get("地块用途") == "land_use" and fields.get("声明面积(公顷)") is None, f"fields: {fields}")
    expect([p["code"] for p in told["problems"] if p["code"].startswith("txt.")] == ["txt.axes"], f"problems: {out[-800:]}")
    (WORK / "points.txt").write_text("".join(f"D1,{x},{y}\n" for x, y in ((2975120, 360900), (2975120, 361000), (2975020, 361000))), encoding="utf-8")
    code, out, err = panhuo("check", "points.txt", "--lang", "zh")
    expect(code == 1 and "--txt-layout id,x,y" in err, f"a bare list is told how: {err}")
    code, out, err = panhuo("inspect", "points.txt", "--txt-layout", "id,x,y", "--lang", "en")
    expect(code == 0 and "--txt-layout id,x,y" in out and "--crs EPSG:NUMBER" in out, f"and the next command repeats it: {out}{err}")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for part in (real_files, inspected):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
