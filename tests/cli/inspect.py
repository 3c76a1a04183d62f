#!/usr/bin/python3
"""What the audit would find or refuse, inspect tells before: over every fixture, in JSON and as a page.

inspect.py PROGRAM WORKDIR
"""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fixtures"))
import make_fixtures  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2])
SHARED_OPTIONS = {"--layer": 1, "--crs": 1, "--encoding": 1, "--map": 1, "-oo": 1, "--config": 2, "--txt-layout": 1}
LATER = ("ledger.", "link.", "enterprise.", "rule.")  # what only a whole audit can find
TABLES = {"enterprises": "enterprises", "ledger": "ledger", "links": "links", "book": None, "list": None}
ENDINGS = (".csv", ".xlsx", ".ods", ".xls")


def options_of(arguments):
    """Those that inspect shares with audit."""
    kept, at = [], 0
    while at < len(arguments):
        count = SHARED_OPTIONS.get(arguments[at])
        if count is None:
            at += 1
            continue
        kept += arguments[at:at + count + 1]
        at += count + 1
    return kept


def inspect(*arguments):
    done = subprocess.run([PROGRAM, "inspect", *arguments], capture_output=True, check=False, timeout=120,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "100"})
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")


def alternatives(code):
    return code if isinstance(code, list) else [code]


def faults_of(case):
    folder = WORK / case["name"]
    arguments = [str(folder / (case["files"][0] if case["source"] is None else case["source"])), *options_of([a.replace("{dir}", str(folder)) for a in case["args"]])]
    code, out, errors = inspect(*arguments, "--json")
    if code != 0:
        return [] if code in case["exit"] else [f"exit {code}: {errors.strip()[-300:]}"]
    found = json.loads(out)
    codes = {p["code"] for p in found["problems"]}
    faults = []
    if 0 not in case["exit"] and found["errors"] == 0 and found["geometry"] is not None and case["args"] == options_of(case["args"]):
        faults.append("the audit is refused, and nothing is said of it")
    for name in case["files"]:
        stem = pathlib.Path(name).stem
        if stem not in TABLES or not name.endswith(ENDINGS):
            continue
        code, out, errors = inspect(str(folder / name), "--json")
        if code != 0 or json.loads(out)["kind"] != (TABLES[stem] or json.loads(out)["kind"]):
            faults.append(f"{name}: exit {code} {out[:100]} {errors[-200:]}")
        else:
            codes |= {p["code"] for p in json.loads(out)["problems"]}
    if case["exit"] == [0]:
        wanted = [alternatives(p["code"]) for p in case["problems"]]
        faults += [f"no problem {w}" for w in wanted if not w[0].startswith(LATER) and not codes.intersection(w)]
        if case["encoding"] and found["encoding"] != case["encoding"]:
            faults.append(f"encoding is {found['encoding']}")
    if sum(p["count"] for p in found["problems"]) != found["errors"] + found["warnings"] + found["notes"]:
        faults.append("the groups of problems do not add up")
    if any(f["known"] > found["rows"] for f in found["fields"]):
        faults.append("more values than rows")
    code, out, errors = inspect(*arguments)
    if code != 0 or "panhuo audit" not in out and "面图形" not in out:
        faults.append(f"page: exit {code}, {errors.strip()[-200:]}")
    return faults


def refusals():
    """Two of them in full: they must show the way out."""
    code, out, _ = inspect(str(WORK / "names-ambiguous/parcels.shp"), "--json")
    found = json.loads(out)
    ambiguous = [f for f in found["fields"] if f["how"] == "ambiguous"]
    texts = [e["zh"] for p in found["problems"] if p["code"] == "field.ambiguous" for e in p["examples"]]
    faults = [] if code == 0 and ambiguous and len(texts) == len(ambiguous) and all("--map" in t for t in texts) else ["names-ambiguous"]
    code, out, _ = inspect(str(WORK / "crs-missing-prefixed/parcels.shp"), "--json")
    crs = json.loads(out)["crs"]
    if crs["name"] is not None or crs["likely"][0]["code"] != "EPSG:4526":
        faults.append("crs-missing-prefixed")
    code, out, _ = inspect(str(WORK / "crs-missing-prefixed/parcels.shp"), "--crs", "EPSG:4526", "--json")
    crs = json.loads(out)["crs"]
    if crs["code"] != "EPSG:4526" or not crs["ordered"] or crs["central_meridian"] != 114:
        faults.append("crs-missing-prefixed, answered")
    code, _, errors = inspect(str(WORK / "there-is-no-such-file.shp"))
    if code != 1 or "there-is-no-such-file" not in errors:
        faults.append("a file that is not there")
    return faults


def assumptions():
    """What an audit takes for granted about its tables is told once, on the page and in JSON."""
    folder, faults = WORK / "sheet-low-efficiency-list", []
    command = [PROGRAM, "audit", str(folder / "parcels.shp"), "--enterprises", str(folder / "list.xlsx"), "--ledger", str(folder / "list.xlsx"),
               "--as-of", "2023-11-30", "-o", str(WORK / "assumptions.gpkg"), "--overwrite"]
    for language in ("zh", "en"):
        page = subprocess.run([command[0], "--lang", language, *command[1:]], capture_output=True, check=True, timeout=120).stdout.decode()
        found = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True, timeout=120).stdout)["assumptions"]
        texts = [a[language] for a in found if a["source"].endswith("list.xlsx")]
        if len(texts) != 4 or len(set(texts)) != 4:
            faults.append(f"{len(texts)} assumptions about the list, 4 were expected: {texts}")
        faults += [f"told {page.count(t)} times: {t}" for t in texts if page.count(f"list.xlsx: {t}\n") != 1]
    return faults


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    make_fixtures.write(WORK)
    cases = make_fixtures.cases()
    trials = [(c["name"], faults_of(c)) for c in cases] + [("refusals", refusals()), ("assumptions", assumptions())]
    for name, faults in trials:
        for fault in faults:
            print(f"FAILED: {name}: {fault}")
    failed = sum(1 for _, faults in trials if faults)
    print(f"{len(trials) - failed} passed, {failed} failed")
    return 1 if failed or len(trials) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
