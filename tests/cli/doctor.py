#!/usr/bin/python3
"""What `panhuo inspect` proposes and decides: an AUDIT.yaml that the audit takes, a .cpg that GDAL reads right, rules tried as the audit
tries them, what speaks for a CRS, and the ways a text could be read.

doctor.py PROGRAM WORKDIR
"""
import collections
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

from osgeo import ogr

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fixtures"))
import make_fixtures  # noqa: E402

ogr.UseExceptions()
PROGRAM, WORK = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
SAMPLE = pathlib.Path(__file__).parents[2] / "sample-data"
AS_OF = "2023-11-30"
FAULTS, CHECKS = [], 0


def expect(good, what):
    global CHECKS
    CHECKS += 1
    if not good:
        FAULTS.append(what)


def run(*arguments, cwd=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, timeout=300, cwd=cwd, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")


def look(*arguments):
    code, out, errors = run("inspect", *arguments, "--json")
    if code != 0:
        FAULTS.append(f"inspect {arguments}: exit {code}: {errors}")
        return collections.defaultdict(list)
    return json.loads(out)


def table(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def totals(path):
    return table(path, "select topic, code, parcels, enterprises, area_m2 from totals order by topic, code")


def proposals():
    """The file proposed gives the audit that the files themselves give."""
    cases = {c["name"]: c for c in make_fixtures.cases()}
    for name in ("names-cut-gbk", "names-cut-utf8", "names-english-cut", "units-none-mu", "crs-missing-prefixed", "ledger-gbk", "links-sound",
                 "sheet-low-efficiency-list", "sheet-header-joined", "encoding-gbk-57-none"):
        folder, files = WORK / name, cases[name]["files"]
        tables = [f for f in files[1:] if f.endswith((".csv", ".xlsx", ".ods"))]
        config = folder / "AUDIT.yaml"
        config.unlink(missing_ok=True)
        code, _, errors = run("inspect", folder / files[0], *(folder / t for t in tables), "--write-config", config)
        expect(code == 0 and config.exists(), f"{name}: --write-config: exit {code} {errors[-300:]}")
        if not config.exists():
            continue
        expect(str(WORK) not in config.read_text(encoding="utf-8"), f"{name}: a path in the proposal is not relative to it")
        code, _, errors = run("audit", config, "--as-of", AS_OF, "-o", folder / "proposed.gpkg", "--overwrite")
        expect(code == 0, f"{name}: the proposal is refused: {errors[-300:]}")
        given = []
        for t in tables:
            kind = look(folder / t)["kind"]
            given += [f"--{kind}", folder / t]
        if name == "crs-missing-prefixed":
            given += ["--crs", "EPSG:4526"]
        code, _, errors = run("audit", folder / files[0], *given, "--as-of", AS_OF, "-o", folder / "direct.gpkg", "--overwrite")
        if code == 0:
            expect(totals(folder / "proposed.gpkg") == totals(folder / "direct.gpkg"), f"{name}: the proposal gives other totals")
    code, _, errors = run("inspect", WORK / "names-cut-gbk/parcels.shp", "--write-config", WORK / "names-cut-gbk/AUDIT.yaml")
    expect(code == 1 and "--overwrite" in errors, f"an AUDIT.yaml that is there was replaced: exit {code}")
    code, _, errors = run("inspect", WORK / "ledger-gbk/ledger.csv", "--write-config", WORK / "none.yaml")
    expect(code == 2 and not (WORK / "none.yaml").exists(), f"a proposal without parcels: exit {code}")
    elsewhere = WORK / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    run("inspect", WORK / "names-cut-gbk/parcels.shp", "--write-config", elsewhere / "A.yaml", "--overwrite")
    code, _, errors = run("audit", "A.yaml", "--as-of", AS_OF, "-o", "a.gpkg", "--overwrite", cwd=elsewhere)
    expect(code == 0, f"a proposal in another folder is refused: {errors[-300:]}")


def cpg_files():
    """After --fix-cpg GDAL itself reads every name and value right; no other byte has changed."""
    for case in make_fixtures.cases():
        if not case["name"].startswith("encoding-") or case["encoding"] not in ("GB18030", "UTF-8") or case["args"]:
            continue
        folder = WORK / "cpg" / case["name"]
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(WORK / case["name"], folder)
        before = {f.name: f.read_bytes() for f in folder.iterdir() if f.suffix != ".cpg"}
        code, _, errors = run("inspect", folder / case["files"][0], "--fix-cpg")
        after = {f.name: f.read_bytes() for f in folder.iterdir() if f.suffix != ".cpg"}
        expect(code == 0 and before == after, f"{case['name']}: --fix-cpg: exit {code}, or other files changed: {errors[-200:]}")
        expect(".cpg" in errors, f"{case['name']}: --fix-cpg does not say what it did: {errors!r}")
        names = [f["source"] for f in look(folder / case["files"][0])["fields"]]
        source = ogr.Open(str(folder / case["files"][0]))
        definition = source.GetLayer(0).GetLayerDefn()
        read = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
        read = [name.encode("utf-8", "surrogateescape").decode("utf-8", "ignore") for name in read]  # a half character at the end stays one
        expect(read == names, f"{case['name']}: GDAL reads {read}, not {names}")
    code, _, errors = run("inspect", WORK / "ledger-gbk/ledger.csv", "--fix-cpg")
    expect(code == 2, f"--fix-cpg of a CSV: exit {code}")


def rules():
    """What inspect cannot decide is what the audit cannot decide, rule by rule."""
    sources = [SAMPLE / "parcels.shp", SAMPLE / "enterprises.csv"]
    found = look(*sources, "--as-of", AS_OF)[0]
    out = WORK / "sample.gpkg"
    code, _, errors = run("audit", sources[0], "--enterprises", sources[1], "--as-of", AS_OF, "-o", out, "--overwrite")
    expect(code == 0, f"audit of the sample: {errors[-200:]}")
    unknown = dict(table(out, "select rule, count(*) from findings where outcome = 'unknown' group by rule"))
    expect({r["id"]: r["undecided"] for r in found["rules"] if r["undecided"]} == unknown, f"undecided: {unknown}")
    expect(found["unverified"] == table(out, "select count(*) from parcels where tag = 'unverified'")[0][0], "unverified parcels")
    alone = look(sources[0], "--as-of", AS_OF)
    tax = next(r for r in alone["rules"] if r["id"] == "DX02")
    expect(any("企业表" in lack["title"] and lack["absent"] for lack in tax["lacks"]), f"DX02 without an enterprise table: {tax}")
    bare = look(WORK / "units-none-mu/parcels.shp")
    lacks = {lack["title"] for r in bare["rules"] for lack in r["lacks"] if lack["absent"]}
    expect("约定动工日期或交地日期" in lacks and bare["as_of"] == "", f"a source of codes and areas only: {lacks}")


def evidence():
    prefixed, plain = look(WORK / "crs-zone38/parcels.shp")["crs"], look(WORK / "crs-cm114/parcels.shp")["crs"]
    expect(any(e["speaks_for"] and "38" in e["zh"] for e in prefixed["evidence"]), f"zone 38: {prefixed['evidence']}")
    expect(any(not e["speaks_for"] and "EPSG:4546" in e["zh"] for e in plain["evidence"]), f"the zone beside 114°E: {plain['evidence']}")
    expect(not look(WORK / "crs-axes/parcels.shp")["crs"]["evidence"], "evidence for a CRS that the axes speak against")
    gbk = look(WORK / "encoding-gbk-4d-utf-8/parcels.shp")
    expect(gbk["readings"][0]["encoding"] == "GB18030" and gbk["readings"][0]["bad"] == 0 and "UTF-8" in [r["encoding"] for r in gbk["readings"] if r["bad"]],
           f"readings: {gbk['readings']}")
    shapes = look(SAMPLE / "parcels.shp")["shapes"]
    expect([shapes[k] for k in ("single", "multiple", "holed", "none")] == [121, 1, 1, 1], f"shapes of the sample: {shapes}")
    fields = {f["source"]: f for f in look(SAMPLE / "parcels.shp")["fields"]}
    expect(fields["交地日期"]["present"] - fields["交地日期"]["known"] == 2, "values of the sample that cannot be read")
    expect((fields["宗地代码"]["sure"], fields["统一社会信"]["sure"], fields["片区"]["sure"]) == ("high", "fair", None), "how sure a match is")


def pages():
    codes = WORK / "codes.csv"
    codes.write_text("企业名称,统一社会信用代码\n" + "".join(f"企业{k},91430400MA4L{k:04d}X0\n" for k in range(40)), encoding="utf-8")
    wrong = next(p for p in look(codes)["problems"] if p["code"] == "id.credit_code")
    expect(wrong["count"] > 10 and len(wrong["examples"]) == 10 and wrong["examples"][0]["feature"] == 2, f"ten examples with their rows: {wrong['count']}")
    code, page, _ = run("inspect", codes)
    expect(code == 0 and page.count("第 ") >= 10 and "要素" not in page, "rows of a table are called rows")
    plain = WORK / "plain.csv"
    plain.write_text("a,b\n1,2\n", encoding="utf-8")
    expect(look(plain)["kind"] == "unknown", "a table without any known name")
    for language, words in (("zh", ("佐证", "未定", "够判什么", "若按")), ("en", ("Backed by", "Left open", "What can be decided", "Else"))):
        code, page, _ = run("--lang", language, "inspect", SAMPLE / "parcels.shp", SAMPLE / "enterprises.csv")
        expect(code == 0 and all(w in page for w in words), f"the page in {language}")
    for name, words in (("parcels.prj", "parcels.shp|.shp"), ("nothing.shp", "不存在")):
        code, _, errors = run("inspect", SAMPLE / name)
        expect(code == 1 and any(w in errors for w in words.split("|")), f"{name}: {errors}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    make_fixtures.write(WORK)
    for part in (proposals, cpg_files, rules, evidence, pages):
        part()
    for fault in FAULTS:
        print("FAILED:", fault)
    print(f"{CHECKS - len(FAULTS)} passed, {len(FAULTS)} failed")
    return 1 if FAULTS or CHECKS < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
