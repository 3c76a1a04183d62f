#!/usr/bin/python3
"""panhuo explain on the audited sample: every value of the sheet is that of the tables, and every way to name a case.

explain.py PROGRAM AUDIT.gpkg WORKDIR
"""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

PROGRAM, AUDIT, WORK = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), pathlib.Path(sys.argv[3]).absolute()
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def explain(code, *options, audit=AUDIT):
    done = subprocess.run([PROGRAM, "explain", str(audit), code, *options], capture_output=True, check=False, timeout=60,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def cases(code, audit=AUDIT):
    status, out, err = explain(code, "--json", audit=audit)
    expect(status == 0 and not err, f"explain {code}: {status} {err}")
    return json.loads(out) if status == 0 else []


def table(db, sql, *values):
    cursor = db.execute(sql, values)
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def has(db, name):
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone())


def same(shown, row, where):
    """Every known value of the row is shown as it is, and nothing else."""
    known = {key: value for key, value in row.items() if value is not None and key not in ("geom", "src_fid")}
    expect(shown == known, f"{where}: {[(k, shown.get(k), known.get(k)) for k in {*shown, *known} if shown.get(k) != known.get(k)]}")


def every_parcel(db):
    for row in table(db, "SELECT * FROM parcels ORDER BY fid"):
        fid = row["fid"]
        for case in cases(f"#{fid}"):
            shown = {**case["verdict"], **case.get("areas", {}), **case["facts"]}
            why, arithmetic = shown.pop("why", ""), shown.pop("arithmetic", "")
            same(shown, row, f"parcel {fid}")
            expect(bool(why) == ("areas" in case), f"parcel {fid}: why this area")
            expect(row["area_m2"] is None or arithmetic == f"{row['area_m2']:.2f} m² × 3 / 2000 = {row['area_mu']:.6f} mu", f"parcel {fid}: {arithmetic}")
            findings = table(db, "SELECT * FROM findings WHERE parcel_fid = ? ORDER BY fid", fid)
            expect(len(findings) == len(case.get("findings", [])), f"parcel {fid}: findings")
            for finding, told in zip(findings, case.get("findings", [])):
                values = told.pop("values")
                expect(values == json.loads(finding["evidence"]), f"parcel {fid}, {finding['rule']}: values {values}")
                rule = table(db, "SELECT title, condition FROM rules WHERE rule = ?", finding["rule"])[0]
                same(told, {**{k: finding[k] for k in ("rule", "tag", "outcome", "reason", "missing", "basis")}, **rule}, f"parcel {fid}, {finding['rule']}")
            around = {"ledger": "SELECT * FROM ledger WHERE parcel_fid = :f ORDER BY fid",
                      "topology": "SELECT * FROM topology WHERE fid_a = :f OR fid_b = :f AND against IS NULL ORDER BY fid",
                      "problems": "SELECT * FROM problems WHERE source = 'parcels.shp' AND feature = (SELECT src_fid FROM parcels WHERE fid = :f) ORDER BY fid"}
            if has(db, "enterprise_parcels"):
                around["enterprises"] = "SELECT * FROM enterprise_parcels WHERE parcel_fid = :f ORDER BY fid"
            compare_tables(db, case, around, {"f": fid}, f"parcel {fid}")


def compare_tables(db, case, around, values, where):
    for name, sql in around.items():
        cursor = db.execute(sql, values)
        names = [d[0] for d in cursor.description]
        rows = [dict(zip(names, row)) for row in cursor]
        told = case.get(name, [])
        expect(len(rows) == len(told), f"{where}: {len(told)} rows of {name}, not {len(rows)}")
        expect(all(t[k] == r[k] for t, r in zip(told, rows) for k in t), f"{where}: {name} {told}")


def every_enterprise(db):
    rows = table(db, "SELECT * FROM enterprises ORDER BY fid")
    for code in dict.fromkeys(row["code"] for row in rows if row["code"]):
        told, own = cases(code), [row for row in rows if row["code"] == code]
        expect(len(told) == len(own), f"{code}: {len(told)} cases, not {len(own)}")
        for case, row in zip(told, own):
            same({**case.get("evaluation", {}), **case.get("land", {}), **case["facts"]}, row, code)
            around = {"parcels": "SELECT * FROM parcels WHERE holder_code = :c ORDER BY fid",
                      "ledger": "SELECT * FROM ledger WHERE enterprise_code = :c ORDER BY fid"}
            if has(db, "score_terms"):
                around["terms"] = "SELECT * FROM score_terms WHERE enterprise_fid = :f ORDER BY fid"
                around["plots"] = "SELECT * FROM enterprise_parcels WHERE enterprise_fid = :f ORDER BY fid"
            compare_tables(db, case, around, {"c": code, "f": row["fid"]}, code)


def names(db):
    code, name, holder = db.execute("SELECT parcel_id, holder_name, holder_code FROM parcels WHERE tag = 'idle' ORDER BY fid").fetchone()
    for asked in (code, f"  {code.lower()} ", code.translate({n: n + 0xFEE0 for n in range(0x30, 0x7B)})):
        expect([c["code"] for c in cases(asked)] == [code], f"{asked!r} is {code}")
    for asked in (holder, holder.lower(), holder[:-1], name, name[2:6]):
        expect({c["code"] for c in cases(asked)} == {holder}, f"{asked!r} is {holder}")
    double = db.execute("SELECT parcel_id FROM parcels GROUP BY parcel_id HAVING count(*) = 2 AND parcel_id IS NOT NULL").fetchone()[0]
    expect(len(cases(double)) == 2, "two rows under one code: both")
    blank = db.execute("SELECT fid FROM parcels WHERE parcel_id IS NULL").fetchone()[0]
    expect(cases(f"#{blank}")[0]["code"] is None, "a parcel without a code by its row")
    stranger = db.execute("SELECT holder_code FROM parcels WHERE holder_code IS NOT NULL AND holder_code NOT IN (SELECT code FROM enterprises)").fetchone()[0]
    expect(len(cases(stranger)) == 1 and "parcels" in cases(stranger)[0], "a holder that the enterprise table lacks")
    wrong = code[:-3] + "999"
    for asked, words in ((wrong, ["相近", code[:12]]), (code[:4], ["写全"]), ("没有这家公司", ["没有"]), ("#100000", ["100000"]), ("'; DROP TABLE parcels; --", ["没有"])):
        status, out, err = explain(asked, "--lang", "zh")
        expect(status == 1 and not out and all(word in err for word in words), f"{asked}: {status} {err}")
    status, _, err = explain(wrong, "--lang", "en")
    expect(status == 1 and "near it" in err, f"in English: {err}")
    expect(explain("")[0] == 2 and explain("x" * 300)[0] == 2, "no code at all")
    expect(subprocess.run([PROGRAM, "explain", AUDIT], capture_output=True, check=False).returncode == 2, "an argument is missing")


def pages(db):
    code, name = db.execute("SELECT parcel_id, holder_name FROM parcels WHERE tag = 'idle' ORDER BY fid").fetchone()
    reason, measures = db.execute("SELECT reason, measures FROM parcels WHERE parcel_id = ?", [code]).fetchone()
    chinese, english = explain(code, "--lang", "zh")[1], explain(code, "--lang", "en")[1]
    for word in (code, name, reason, "疑似闲置", "征缴闲置费", "应动工日期", "登记面积"):
        expect(word in chinese, f"{word} on the page")
    for word in (code, reason, "idle", measures, "why", "registered area"):
        expect(word in english, f"{word} on the English page")
    expect("未知" in chinese and "unknown" in english, "what is unknown is said")


def others(db):
    """An older audit, a check, and things that are none."""
    old = WORK / "old.gpkg"
    shutil.copy(AUDIT, old)
    other = sqlite3.connect(old)
    views = [name for name, in other.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    for view in views:
        other.execute(f'DROP VIEW "{view}"')
    for name in ("rules", "rule_names", "topology", "score_terms", "enterprise_parcels", "ledger"):
        other.execute(f"DROP TABLE IF EXISTS {name}")
    other.execute("ALTER TABLE parcels DROP COLUMN idle_fee")
    other.execute("UPDATE findings SET evidence = '{broken' WHERE fid = 1")
    other.commit()
    other.close()
    code = db.execute("SELECT parcel_id FROM parcels WHERE tag = 'idle' ORDER BY fid").fetchone()[0]
    case = cases(code, audit=old)[0]
    expect("ledger" not in case and "idle_fee" not in case["verdict"] and case["findings"][0]["rule"], "absent tables and columns are left out")
    broken = db.execute("SELECT parcel_fid FROM findings WHERE fid = 1").fetchone()[0]
    expect(cases(f"#{broken}", audit=old)[0]["findings"][0]["values"] == {}, "evidence that is no JSON")
    for file in (WORK / "absent.gpkg", pathlib.Path(__file__), WORK):
        status, out, err = explain(code, "--lang", "en", audit=file)
        expect(status == 1 and not out and str(file) in err, f"{file}: {status} {err}")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    db = sqlite3.connect(f"file:{AUDIT}?mode=ro&immutable=1", uri=True)
    for part in (every_parcel, every_enterprise, names, pages, others):
        part(db)
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
