#!/usr/bin/python3
"""Audits the sample park and compares with expected.json, with plain SQL, and with audits of the same park changed a little.

check_sample.py PANHUO WORKDIR
"""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / "sample-data"
INPUTS = ["AUDIT.yaml", "parcels.shp", "parcels.shx", "parcels.dbf", "parcels.prj", "parcels.cpg", "enterprises.csv", "links.csv", "ledger.csv"]
TAG_LESS = {"alert", "data", "indicator"}  # rules that leave a parcel's tag alone: null in expected.json
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))


class Tally:
    """Says each failure in one line and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("FAILED:", what, flush=True)

    def equal(self, found, wanted, what):
        self.check(found == wanted, f"{what}: {found!r}, expected {wanted!r}")


class Bench:
    """The program, a folder to work in, and copies of the sample to change."""

    def __init__(self, program, work):
        self.program, self.work = str(pathlib.Path(program).resolve()), pathlib.Path(work).resolve()
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def copy(self, name):
        folder = self.work / name
        folder.mkdir()
        for file in INPUTS:
            shutil.copy(SAMPLE / file, folder / file)
        return folder

    def audit(self, folder, *options, output="audit.gpkg", code=0):
        """What the program prints; folder/output is written."""
        command = [self.program, "audit", str(folder / "AUDIT.yaml"), "-o", str(folder / output), "--overwrite", *options]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False)
        if done.returncode != code:
            raise SystemExit(f"FAILED: exit {done.returncode}, expected {code}: {' '.join(command)}\n{done.stderr}\n0 passed, 1 failed")
        return done.stdout


def rows(path, sql, *values):
    db = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def totals(path, topic=None):
    """(topic, code) -> (parcels, enterprises, area in 0.01 m², area in 0.01 mu, factory in 0.01 m²)."""
    found = rows(path, "select topic, code, parcels, enterprises, area_m2, area_mu, factory_m2 from totals")
    return {r[:2]: tuple(v if v is None or i < 2 else round(v * 100) for i, v in enumerate(r[2:])) for r in found if topic in (None, r[0])}


# ---- the sample as it is ----

def figures(tally, path):
    found = totals(path)
    for measure, wanted in EXPECTED["published"].items():
        parcels, enterprises, area, mu, factory = found["measure", measure]
        tally.equal(parcels, wanted["parcels"], f"parcels of {measure}")
        tally.equal(f"{mu // 100}.{mu % 100:02d}", wanted["area_mu"], f"mu of {measure}")
        tally.check(abs(area - mu * 200000 / 300) <= 3400, f"m² and mu of {measure} differ by more than rounding")
        if "enterprises" in wanted:
            tally.equal(enterprises, wanted["enterprises"], f"enterprises of {measure}")
        tally.equal(factory, wanted.get("factory_m2", 0) * 100, f"factory of {measure}")
        named = {r[0] for r in rows(path, "select parcel_id from ledger where kind = ? and counted", measure)}
        tally.equal(sorted(named), EXPECTED["published_parcels"][measure], f"parcels behind {measure}")
    tally.equal({code: v[0] for (topic, code), v in found.items() if topic == "tag"}, EXPECTED["tags"], "tags")
    tally.equal(rows(path, "select count(*) from parcels")[0][0], EXPECTED["features"], "parcels")
    tally.equal(rows(path, "select count(*) from enterprises")[0][0], EXPECTED["enterprises"], "enterprises")
    tally.equal(rows(path, "select count(*) from ledger")[0][0], EXPECTED["ledger_rows"], "ledger rows")


def hits_of(path):
    found = rows(path, "select p.src_fid, f.parcel_id, f.rule, f.tag from findings f join parcels p on p.fid = f.parcel_fid where f.outcome = 'hit'")
    return {(fid, code, rule, None if tag in TAG_LESS else tag) for fid, code, rule, tag in found}


def entries(key, *names):
    return {tuple(e[n] for n in names) for e in EXPECTED[key]}


def compare_sets(tally, found, wanted, what):
    for row in sorted(wanted - found, key=repr):
        tally.check(False, f"{what} missing: {row}")
    for row in sorted(found - wanted, key=repr):
        tally.check(False, f"{what} not expected: {row}")
    tally.passed += len(found & wanted)


def findings(tally, path):
    compare_sets(tally, hits_of(path), entries("hits", "fid", "parcel_id", "rule", "tag"), "hit")
    unknown = set(rows(path, "select p.src_fid, f.parcel_id, f.rule from findings f join parcels p on p.fid = f.parcel_fid where f.outcome = 'unknown'"))
    compare_sets(tally, unknown, entries("unknown", "fid", "parcel_id", "rule"), "unknown")
    tally.equal(rows(path, "select count(*) from parcels where tag != 'normal' and coalesce(reason, '') = ''")[0][0], 0, "tagged without a reason")
    tally.equal(rows(path, "select count(*) from findings where outcome = 'hit' and (coalesce(reason, '') = '' or coalesce(basis, '') = '')")[0][0], 0,
                "hits without reason or basis")
    tally.equal(rows(path, "select count(*) from findings where not json_valid(evidence)")[0][0], 0, "evidence that is no JSON")


def problems(tally, path):
    """By code, source and row; of a column, the message names it; of many parcels, it tells how many."""
    found = rows(path, "select code, source, feature, message from problems")
    left = [[code, pathlib.PurePath(source).stem, feature, message] for code, source, feature, message in found
            if code != "rule.skipped"]
    for entry in EXPECTED["problems"]:
        feature = entry.get("fid", entry.get("row"))
        hint = entry.get("column") or (f"{entry['parcels']} 宗" if "parcels" in entry else "")
        match = next((p for p in left if p[:3] == [entry["code"], entry["source"], feature] and hint in p[3]), None)
        tally.check(match is not None, f"problem missing: {entry}")
        if match:
            left.remove(match)
    tally.equal(left, [], "problems not expected")


def topology(tally, path):
    """Each planted flaw, by kind and parcel, and nothing else; what counts twice is what the overlaps cover."""
    found = rows(path, "select kind, parcel_a, parcel_b from topology")
    left = list(found)
    for entry in EXPECTED["topology"]:
        match = next((r for r in left if r[0] == entry["kind"] and entry["parcel_id"] in r[1:]), None)
        tally.check(match is not None, f"topology missing: {entry}")
        if match:
            left.remove(match)
    tally.equal(left, [], "topology not expected")
    twice, pairs = rows(path, "select sum(ellipsoid_m2), count(*) from topology where parcel_b is not null")[0]
    said = totals(path, "all")
    tally.check(abs(said["all", "overlap"][2] - 100 * twice) <= pairs, "area counted twice")
    tally.equal(said["all", "net"][2], said["all", "all"][2] - said["all", "overlap"][2], "net of what counts twice")


def adds_up(tally, path):
    """Totals again, by SQL over the rows, in whole 0.01 m²."""
    sums = "count(*), sum(cast(round(area_m2 * 100) as integer)), sum(cast(round(ellipsoid_m2 * 100) as integer))"
    roster = rows(path, f"select {sums} from parcels")[0]
    for topic, column in (("all", "'all'"), ("tag", "tag"), ("land_use", "coalesce(land_use, '')")):
        own = dict((r[0], r[1:]) for r in rows(path, f"select {column}, {sums} from parcels group by 1"))
        said = {r[0]: r[1:] for r in rows(path, "select code, parcels, round(area_m2 * 100), round(ellipsoid_m2 * 100) from totals where topic = ?", topic)
                if topic != "all" or r[0] == "all"}
        for code, values in said.items():
            tally.equal(values, own.get(code, (0, 0, 0)), f"totals {topic} {code}")
        tally.equal(tuple(sum(v[i] for v in said.values()) for i in range(3)), roster, f"the rows of {topic}")
    for code, mu, area in rows(path, "select code, area_mu, area_m2 from totals"):
        exact = round(area * 100) * 3  # in 1/2000 of 0.01 mu
        tally.equal(round(mu * 100), (exact + 1000) // 2000, f"rounding of {code}")
    said = {code: (parcels, round(area * 100)) for code, parcels, area in
            rows(path, "select code, parcels, area_m2 from totals where topic = 'measure'")}
    largest = "select kind, parcel_fid, max(cast(round(coalesce(counted_m2, 0) * 100) as integer)) area from ledger where counted group by kind, parcel_fid"
    own = {kind: (count, area) for kind, count, area in rows(path, f"select kind, count(*), sum(area) from ({largest}) group by kind")}
    for code, values in said.items():
        tally.equal(values, own.get(code, (0, 0)), f"totals measure {code}")


def cents(value):
    return None if value is None else round(value * 100)


def land(tally, path):
    """Who has what, against the generator's own division; and the detail adds up to it, in whole 0.01 m²."""
    found = {r[0]: r[1:] for r in rows(path, "select code, own_m2, rented_in_m2, rented_out_m2, area_m2, parcels from enterprises")}
    for code, sizes in EXPECTED["land"]["sizes"].items():
        tally.equal([cents(v) for v in found[code][:3]], sizes, f"land of {code}")
    for code, size in EXPECTED["land"]["places"].items():
        tally.equal(totals(path, "land")["land", code][2], size, f"land {code}")
    tally.equal(sum(v[2] for v in totals(path, "land").values()), totals(path)["all", "all"][2], "land of all places")
    detail = "select enterprise_code, sum(area_m2), sum(area_m2 is null), count(distinct parcel_fid) from enterprise_parcels where enterprise_fid is not null group by 1"
    sums = {code: None if unknown else cents(area) for code, area, unknown, _ in rows(path, detail)}
    tally.equal({code: cents(v[3]) for code, v in found.items() if v[4]}, sums, "enterprise_parcels add up to enterprises")
    tally.equal(rows(path, "select count(*) from enterprise_parcels where coalesce(arithmetic, '') = ''")[0][0], 0, "land without arithmetic")
    tally.equal(rows(path, "select p.area_m2 from enterprise_parcels e join parcels p on p.fid = e.parcel_fid where p.parcel_id != e.parcel_id"), [], "parcels by fid")
    keys = "select \"from\", \"table\", \"to\" from pragma_foreign_key_list('enterprise_parcels') order by 1"
    tally.equal(rows(path, keys), [("enterprise_fid", "enterprises", "fid"), ("parcel_fid", "parcels", "fid")], "foreign keys of enterprise_parcels")
    told = {code: words for code, *words in rows(path, "select code, exempt, veto, adjust from enterprises")}
    said = EXPECTED["evaluation"]
    tally.equal({code: w[2] for code, w in told.items() if w[2]}, said["adjusted"], "adjusted")
    tally.equal([[code for code, w in told.items() if w[i]] for i in (0, 1)], [[said["exempt"]], [said["vetoed"]]], "exempt and vetoed")
    grades = dict(rows(path, "select code, grade from enterprises where year = 2022"))
    tally.equal({code: grades.get(code) for code in said["grades"]}, said["grades"], "grades")
    shown = dict(re.findall(r"^\| (91\w{16}) \| ([A-DT]) \|", (SAMPLE / "README.md").read_text(encoding="utf-8"), re.M))
    tally.equal(shown, said["grades"], "grades in the README of the sample")


def tables(tally, path):
    db = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
    tally.equal(db.execute("pragma foreign_key_check").fetchall(), [], "foreign_key_check")
    tally.equal(db.execute("pragma integrity_check").fetchall(), [("ok",)], "integrity_check")
    tally.equal(db.execute("select count(*) from findings where parcel_fid is null or parcel_fid not in (select fid from parcels)").fetchone()[0], 0,
                "findings without a parcel")
    for table, reference in (("findings", "parcel_fid"), ("ledger", "parcel_fid")):
        keys = [(r[3], r[2], r[4]) for r in db.execute(f"pragma foreign_key_list({table})")]
        tally.equal(keys, [(reference, "parcels", "fid")], f"foreign key of {table}")
    tally.equal(db.execute("select rule from findings except select rule from rules").fetchall(), [], "findings of rules that the file does not hold")
    tally.equal(db.execute("select key from findings, json_each(evidence) except select name from rule_names").fetchall(), [], "evidence under unknown names")
    tally.equal(db.execute("select rtreecheck('rtree_parcels_geom')").fetchone()[0], "ok", "rtreecheck")
    carried = {"parcels": {"MJDW", "片区", "备注"}}
    contents = [r[0] for r in db.execute("select table_name from gpkg_contents where table_name != 'layer_styles'")]
    views = {"idle", "low_efficiency", "unverified", "approved_unsupplied"}
    for table in contents:
        titles = dict(db.execute("select column_name, title from gpkg_data_columns where table_name = ?", (table,)))
        known = carried["parcels"] if table in views else carried.get(table, set())
        columns = [r[1] for r in db.execute(f'pragma table_info("{table}")')]
        bare = {c for c in columns if not titles.get(c) or titles[c].isascii()} - {"fid", "OGC_FID", "geom"}
        tally.equal(bare, known & set(columns), f"columns of {table} without a Chinese title")
    db.close()


def as_json(tally, bench, folder):
    said = json.loads(bench.audit(folder, "--json", output="json.gpkg"))
    path = folder / "json.gpkg"
    tally.equal(said["output"], str(path), "output in JSON")
    tally.equal(said["parcels"], EXPECTED["features"], "parcels in JSON")
    counts = dict(rows(path, "select severity, count(*) from problems group by 1"))
    tally.equal({k: v for k, v in said["problems"].items() if v}, counts, "problems in JSON")
    names = ["topic", "code", "label", "parcels", "enterprises", "area_m2", "area_mu", "ellipsoid_m2", "factory_m2", "area_basis"]
    tally.equal([[t[n] for n in names] for t in said["totals"]], [list(r) for r in rows(path, f"select {', '.join(names)} from totals order by fid")],
                "totals in JSON")
    statement = rows(path, "select value from run where key = 'statement_zh'")[0][0]
    tally.equal(said["statement"]["zh"], statement, "statement in JSON")
    for words in ("3宗167.00亩", "9家企业482.00亩", "1809.00亩", "15家企业835.00亩", "6.25万平方米"):
        tally.check(words in statement, f"{words} is not in the statement: {statement}")


def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def as_page(tally, bench, folder):
    """The table on a page: every figure is that of `totals`, and columns line up although Chinese is twice as wide."""
    lines = bench.audit(folder, "-v", output="page.gpkg").split("\n\n")[0].splitlines()
    edges = [cells(lines[0][:m.end()]) for m in re.finditer(r"\S+", lines[0])][2:5]
    told = []
    for line in lines[1:]:
        ends = {cells(line[:m.end()]): m.group() for m in re.finditer(r"\S+", line)}
        tally.check(all(edge in ends for edge in edges if edge != edges[1]), f"figures do not stand below their heads: {line}")
        told.append((ends.get(edges[0]), ends.get(edges[2])))
    expected = rows(folder / "page.gpkg", "select parcels, printf('%.2f', area_mu) from totals order by fid")
    tally.equal(told, [(str(parcels), mu) for parcels, mu in expected], "figures of the page")
    short = bench.audit(folder, output="page.gpkg").split("\n\n")[0].splitlines()
    tally.check(1 < len(short) < len(lines) and set(line.split()[-1] for line in short) <= {w for line in lines for w in line.split()},
                "without -v the page is shorter and says nothing else")


# ---- the sample changed ----

def without_one_trade(tally, bench, base):
    """Each traded parcel in turn: out of the ledger, out of the figure."""
    folder = bench.copy("one less")
    lines = (folder / "ledger.csv").read_bytes().split(b"\n")
    before = totals(base)
    for parcel in EXPECTED["published_parcels"]["trade"]:
        own = [line for line in lines if parcel.encode() in line and "二级市场交易".encode("gbk") in line and b",2023-" in line]
        tally.equal(len(own), 1, f"ledger rows of the trade of {parcel}")
        (folder / "ledger.csv").write_bytes(b"\n".join(line for line in lines if line not in own))
        bench.audit(folder)
        after = totals(folder / "audit.gpkg")
        area = round(rows(base, "select area_m2 from parcels where parcel_id = ?", parcel)[0][0] * 100)
        tally.equal(after["measure", "trade"][0], before["measure", "trade"][0] - 1, f"parcels traded without {parcel}")
        tally.equal(after["measure", "trade"][2], before["measure", "trade"][2] - area, f"area traded without {parcel}")
        changed = {k for k in before if before[k] != after[k]}
        tally.equal(changed, {("measure", "trade")}, f"totals that change without {parcel}")


def other_order(tally, bench, base):
    """The order of rows is no fact. Of rows that carry one event number twice the first counts: they keep their order."""
    folder = bench.copy("other order")
    head, *events = (folder / "ledger.csv").read_bytes().rstrip(b"\n").split(b"\n")
    numbers = [e.split(b",")[0] for e in events]
    doubled = [e for e in events if numbers.count(e.split(b",")[0]) > 1]
    single = [e for e in events if e not in doubled]
    (folder / "ledger.csv").write_bytes(b"\n".join([head, *reversed(single), *doubled]) + b"\n")
    head, *firms = (folder / "enterprises.csv").read_bytes().rstrip(b"\n").split(b"\n")
    (folder / "enterprises.csv").write_bytes(b"\n".join([head, *reversed(firms)]) + b"\n")
    head, *ties = (folder / "links.csv").read_bytes().rstrip(b"\n").split(b"\n")
    (folder / "links.csv").write_bytes(b"\n".join([head, *reversed(ties)]) + b"\n")
    bench.audit(folder)
    tally.equal(totals(folder / "audit.gpkg"), totals(base), "totals with rows in another order")
    shares = "select enterprise_code, parcel_fid, relation, area_m2, arithmetic from enterprise_parcels order by fid"
    tally.equal(rows(folder / "audit.gpkg", shares), rows(base, shares), "land with rows in another order")
    tags = "select src_fid, tag, rules, reason, missing, measures from parcels order by fid"
    tally.equal(rows(folder / "audit.gpkg", tags), rows(base, tags), "tags with rows in another order")


def elsewhere(tally, bench, base):
    """A folder with blanks and Chinese characters in its name changes nothing but the paths that problems tell."""
    folder = bench.copy("衡阳 云雁 产业园 (2023)")
    bench.audit(folder, output="审核 成果.gpkg")
    path = folder / "审核 成果.gpkg"
    for table, columns in (("parcels", "*"), ("findings", "*"), ("topology", "*"), ("ledger", "*"), ("totals", "*"), ("run", "*"), ("problems", "fid, code, feature, message")):
        sql = f"select {columns} from {table} order by fid"
        tally.equal(rows(path, sql), rows(base, sql), f"{table} in another folder")


def same_files(tally, bench, folder, name, *options, code=0):
    """Another run gives the same bytes; under the same name, for the project knows its GeoPackage by that."""
    (folder / name).mkdir()
    bench.audit(folder, *options, output=f"{name}/audit.gpkg", code=code)
    for file in ("audit.gpkg", "audit.qgz"):
        tally.check((folder / name / file).read_bytes() == (folder / file).read_bytes(), f"{name}: other bytes in {file}")
    tally.equal(sorted(p.name for p in (folder / name).iterdir()), ["audit.gpkg", "audit.qgz"], f"{name}: left behind")


def again(tally, bench, folder):
    same_files(tally, bench, folder, "again")


def strict(tally, bench, folder):
    same_files(tally, bench, folder, "strict", "--strict", code=3)


def local_rules(tally, bench, folder):
    bench.audit(folder, "--rules", "lixin", output="lixin.gpkg")
    for row in entries("hits_lixin", "fid", "parcel_id", "rule", "tag"):
        tally.check(row in hits_of(folder / "lixin.gpkg"), f"rule set lixin: no {row}")
        tally.check(row not in hits_of(folder / "audit.gpkg"), f"rule set national: {row}")


def main(program, work):
    bench, tally = Bench(program, work), Tally()
    folder = bench.copy("as it is")
    bench.audit(folder)
    base = folder / "audit.gpkg"
    for part in (figures, findings, problems, topology, adds_up, land, tables):
        part(tally, base)
    for part in (as_json, as_page, again, strict, local_rules):
        part(tally, bench, folder)
    for part in (without_one_trade, other_order, elsewhere):
        part(tally, bench, base)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
