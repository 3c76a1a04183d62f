#!/usr/bin/python3
"""panhuo audit --scheme: who is scored, what adds up, what no order of rows changes.

evaluation.py PROGRAM WORKDIR
"""
import csv
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2]).absolute()
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "sample-data"
TENANTED = "430499001001GB00014"  # a holder and two tenants
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def equal(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r}, not {wanted!r}")


def panhuo(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300, cwd=WORK,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout, done.stderr


def audit(name, *options, folder=SAMPLE):
    """The database of an audit that must succeed."""
    code, _, err = panhuo("audit", folder / "AUDIT.yaml", "-o", f"{name}.gpkg", "--overwrite", *options)
    expect(code == 0, f"audit {options}: {code} {err}")
    return sqlite3.connect(f"file:{WORK / name}.gpkg?mode=ro", uri=True)


def graded(db):
    return dict(db.execute("select code, score || ' ' || rank || ' ' || grade_before || ' ' || grade from enterprises where code is not null and grade is not null"))


def adds_up(db, bonus=True):
    """Classes, land and receipts against the roster; bonus: whether the scheme counts bonus and penalty."""
    roster = db.execute("select count(*) from enterprises where grade is not null").fetchone()[0]
    totals = {code: (enterprises, round(m2 * 100)) for code, enterprises, m2 in
              db.execute("select code, enterprises, area_m2 from totals where topic in ('grade', 'land')")}
    equal(sum(totals[g][0] for g in "ABCDT"), roster, "classes and not evaluated")
    equal(sum(totals[g][1] for g in "ABCDT"), totals["assigned"][1], "land of the classes")
    equal(totals["assigned"][1] + totals["off_roster"][1] + totals["unassigned"][1],
          round(db.execute("select area_m2 from totals where topic = 'all' and code = 'all'").fetchone()[0] * 100), "land of all")
    for grade in "ABCDT":
        equal(totals[grade][0], db.execute("select count(*) from enterprises where grade = ?", grade).fetchone()[0], f"enterprises of {grade}")
    apart = db.execute("""select code, score, points from enterprises join
        (select enterprise_fid, sum(points) points from score_terms group by 1) t on t.enterprise_fid = enterprises.fid
        where abs(score - points - ? * (coalesce(bonus, 0) - coalesce(penalty, 0))) > 1e-8 or score is null""", (int(bonus),)).fetchall()
    equal([a for a in apart if a[1] is not None], [], "scores that are not the sum of their terms")
    shares = db.execute("""select e.code from enterprises e join
        (select enterprise_fid, sum(area_m2) m2 from enterprise_parcels group by 1) p on p.enterprise_fid = e.fid
        where abs(e.area_m2 - p.m2) > 0.005""").fetchall()
    equal(shares, [], "land that is not the sum of its parcels")
    equal(db.execute("""select count(*) from score_terms t join enterprises e on e.fid = t.enterprise_fid
        where e.grade = 'D' and t.missing is not null""").fetchone()[0], 0, "a D with a missing cell")


def as_it_is():
    db = audit("sample")
    adds_up(db)
    equal(db.execute("select count(*) from enterprise_land l join enterprises e on e.fid = l.enterprise_fid where l.grade is not e.grade or l.score is not e.score").fetchone()[0],
          0, "classes of the layer")
    apart = db.execute("""select p.parcel_id from parcels p join enterprises e on e.code = p.holder_code and e.grade is not null
        where p.grade is not e.grade and p.parcel_id not in (select parcel_id from enterprise_parcels where relation != 'own')""").fetchall()
    equal(apart, [], "parcels of another class than their holder")
    words = dict(db.execute("select key, value from run"))
    for key in ("scheme", "scheme_sha256", "scheme_example", "scheme.base.all.tax_per_mu", "scheme.classes.all"):
        expect(words.get(key), f"run does not tell {key}")
    expect("示例" in words["statement_zh"] and "example" in words["statement_en"], "the statement does not say that the weights are an example")
    expect(all("示例" in s for s, in db.execute("select distinct scheme from enterprises where scheme is not null")), "an example is not called one")


def planted(folder):
    """The rows of the enterprise table, changed and written again."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLE, folder)
    with open(SAMPLE / "enterprises.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write(folder, table):
    with open(folder / "enterprises.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)


def order_of_rows():
    before = graded(audit("sample"))
    folder = WORK / "shuffled"
    head, *body = planted(folder)
    random.Random(7).shuffle(body)
    write(folder, [head, *body])
    equal(graded(audit("shuffled", folder=folder)), before, "grades of shuffled rows")
    for n in (1, 3):
        (WORK / f"threads{n}").mkdir()
        audit(f"threads{n}/sample", "--threads", n).close()
    equal((WORK / "threads1/sample.gpkg").read_bytes() == (WORK / "threads3/sample.gpkg").read_bytes(), True, "threads change bytes")


def missing_cells():
    """Without its tax the worst enterprise is not evaluated; without the whole column nobody is, and that is told."""
    worst = audit("sample").execute("select code from enterprises where grade = 'D' order by score limit 1").fetchone()[0]
    folder = WORK / "holes"
    table = planted(folder)
    tax = table[0].index("税收(万元)")
    write(folder, [[("" if row[0] == worst and i == tax else cell) for i, cell in enumerate(row)] for row in table])
    db = audit("holes", folder=folder)
    grade, reason = db.execute("select grade, grade_reason from enterprises where code = ?", (worst,)).fetchone()
    expect(grade == "T" and "税收" in reason, f"a missing tax: {grade} {reason}")
    adds_up(db)
    write(folder, [[cell for i, cell in enumerate(row) if i != tax] for row in table])
    db = audit("no_tax", folder=folder)
    equal(db.execute("select distinct grade from enterprises where grade is not null").fetchall(), [("T",)], "grades without a column of tax")
    equal(db.execute("select count(*) from problems where code = 'scheme.absent' and message like '%税收%'").fetchone()[0], 1, "the absent column is told")
    adds_up(db)


def judged_together():
    db = audit("merged", "--land-share", "merge")
    adds_up(db)
    members = db.execute("""select distinct e.code, e.score, e.rank, e.grade_before from enterprise_parcels p join enterprises e on e.fid = p.enterprise_fid
        where p.parcel_id = ?""", (TENANTED,)).fetchall()
    equal(len(members), 3, "enterprises of the shared parcel")
    equal(len({m[1:] for m in members}), 1, f"one result for those judged together: {members}")
    tax, mu = db.execute("""select sum(tax), sum(area_mu) from enterprises where fid in (select enterprise_fid from enterprise_parcels where parcel_id = ?)""",
                         (TENANTED,)).fetchone()
    value = db.execute("select value from score_terms where indicator = 'tax_per_mu' and code = ?", (members[0][0],)).fetchone()[0]
    expect(abs(value - tax / mu) < 1e-9 * value, f"tax per mu of those judged together: {value}, not {tax / mu}")


def rules_see_grades():
    (WORK / "grades.yaml").write_text("""name: grades
title: 评级规则
extends: national
rules:
  - id: PJ01
    tag: low_efficiency
    title: D档企业用地
    when: "评级 = 'D' AND 亩均得分 < 50"
    needs: [grade]
    basis: 测试
    sure: V
    reason: "评级{评级}，得分{亩均得分:.2f}"
""", encoding="utf-8")
    db = audit("rules", "--rules", "grades.yaml")
    hits = {p for p, in db.execute("select parcel_fid from findings where rule = 'PJ01' and outcome = 'hit'")}
    equal(hits, {p for p, in db.execute("select fid from parcels where grade = 'D' and score < 50")}, "parcels that the rule hits")
    expect(hits, "no parcel has class D")


def without_classes():
    """A published scheme that has points and no classes: nobody has one, and nobody is said to be left out."""
    db = audit("points", "--scheme", "huangyan2022")
    adds_up(db, bonus=False)
    equal(db.execute("select label from totals where topic = 'grade' and code = 'T'").fetchone()[0], "未分档", "label of a scheme without classes")
    scored = db.execute("select count(*) from enterprises where score is not null and rank > 0 and grade = 'T'").fetchone()[0]
    expect(scored > 50, f"scored without a class: {scored}")
    equal(audit("sample").execute("select label from totals where topic = 'grade' and code = 'T'").fetchone()[0], "不参评", "label of those not evaluated")


def refused():
    parcels = SAMPLE / "parcels.shp"
    for options, code, words in (
            (("--scheme", "hengyang-demo"), 2, "--enterprises"),
            (("--scheme", "no-such", "--enterprises", SAMPLE / "enterprises.csv"), 2, "no-such"),
            (("--scheme", "nowhere/no.yaml", "--enterprises", SAMPLE / "enterprises.csv"), None, "no.yaml")):
        got, _, err = panhuo("audit", parcels, "--as-of", "2023-11-30", "-o", "refused.gpkg", "--overwrite", *options)
        expect(got in ((code,) if code else (1, 2)) and words in err, f"{options}: {got} {err}")
        expect(not (WORK / "refused.gpkg").exists(), f"{options}: something was written")
    code, out, _ = panhuo("audit", SAMPLE / "AUDIT.yaml", "-o", "said.gpkg", "--overwrite", "--json")
    equal({t["code"] for t in json.loads(out)["totals"] if t["topic"] == "grade"}, set("ABCDT"), "classes in JSON")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for part in (as_it_is, order_of_rows, missing_cells, judged_together, rules_see_grades, without_classes, refused):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
