#!/usr/bin/python3
"""scoring.py PANHUO DATADIR WORKDIR [LIFTS]

Gives the generated enterprises what schemes ask for (sizes, value added, vetoes, missing cells, ties …), audits them by several
schemes and works groups, terms, scores, ranks and classes out a second time, from the same YAML files and the written table
`enterprises`; for some enterprises (LIFTS in a scheme, 25 unless said) also that what is said to lift them does, and one step less
does not. Written from what schemes/hengyang-demo.yaml and the contract say, not from the C code. Expressions are evaluated by
SQLite, as the contract says. Prints "N passed, N failed"; exit 1 when any failed.
"""
import collections
import csv
import datetime
import decimal
import math
import pathlib
import random
import re
import sqlite3
import statistics
import subprocess
import sys

import yaml

AS_OF = "2024-12-31"
WORDS = "exempt adjust new veto bonus".split()
SHARES = "classes: {by: share, list: [{id: A, upto: 0.2}, {id: B, upto: 0.6}, {id: C, upto: 0.95}, {id: D}]}\n"
# Name -> the file's text, None: built in.
SCHEMES = {
    "hengyang-demo": None,
    "huangyan": "name: huangyan\ntitle: 黄岩\nextends: huangyan2022\n" + SHARES,
    "jingde": "name: jingde\ntitle: 旌德\nextends: jingde2022\nparams: {w_tax: 30, w_revenue: 20, w_invest: 10, w_staff: 10, w_emission: 10, w_rd: 10, "
              "w_energy: 10, v_tax: 60, v_energy: 20, v_emission: 20}\n" + SHARES,
    "changle": "name: changle\ntitle: 昌乐\nextends: changle2023\nparams: {w_tax: 50, w_energy: 15, w_emission: 15, w_rd: 10, w_staff: 10, b_tax: 15, "
               "b_energy: 8, b_emission: 9000, b_rd: 0.03, b_staff: 18}\n",
    "each": """name: each
title: 各种算法
min_land_mu: 1
params: {half: 0.5}
define: {big: "land_mu >= 20 AND size_class IS NOT NULL"}
groups:
  - id: big
    title: 大
    when: big
    indicators:
      - {id: a, title: 甲, value: "tax / land_mu", weight: 40, base: {kind: median, times: 2}, cap: 1.5x, missing: zero, zero: penalty 2}
      - {id: b, title: 乙, value: "revenue / land_mu", weight: 30, base: {kind: max, times: 0.5}, cap: 40, floor: 3, missing: full}
      - {id: c, title: 丙, value: "energy / revenue", weight: 15, formula: reciprocal, base: {kind: mean, over: all}, cap: 2x, missing: penalty 3,
         zero_divisor: zero}
      - {id: d, title: 丁, value: "emission / land_mu", weight: 15, formula: minmax, direction: down, floor_share: half, missing: group_mean}
  - id: small
    title: 小
    when: "land_mu < 20"
    needs_land: true
    indicators:
      - {id: a, title: 甲, value: "tax / land_mu", weight: 60, base: {kind: weighted_mean, times: 1.5, over: all}, missing: group_mean}
      - {id: e, title: 戊, value: "100 * rd / revenue", weight: 40, base: mean, cap: 3x, zero: group_mean, missing: zero}
    classes: {by: value, of: a, list: [{id: A, from: 40}, {id: B, from: 15}, {id: C, from: 3}, {id: D}]}
classes: {by: score, list: [{id: A, from: 70}, {id: B, from: 45}, {id: C, from: 25}, {id: D}]}
bonus:
  - {title: 加, points: bonus, at_most: 3}
  - {title: 扣, points: "-penalty"}
exempt:
  - {title: 豁免, when: "exempt IS NOT NULL", treat_as: B}
adjust:
  - {title: 调, to: adjust}
new:
  - {title: 新, when: "add_years(founded, 2) > as_of", at_worst: C}
veto:
  - {title: 否, when: "veto IS NOT NULL", at_best: C}
  - {title: 重, when: "veto = '重大事故'", at_best: D}
""".replace("floor_share: half", "floor_share: 0.5"),
}
passed, failed, shown = 0, 0, collections.Counter()


def expect(what, where, found, wanted, close=False):
    global passed, failed
    if close and found is not None and wanted is not None:
        good = math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)
    else:
        good = found == wanted
    passed += good
    failed += not good
    if not good:
        shown[what] += 1
        if shown[what] <= 5:
            print(f"{what} of {where}: {found!r}, expected {wanted!r}")


# ---- enterprises with everything that a scheme may ask for ----

def enrich(source, target, seed=20241231):
    dice = random.Random(seed)
    with open(source, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    head = rows[0] + ["规模", "增加值", "用电量(kWh)", "技术改造投资", "成立日期", "免评原因", "否决事项", "调档", "加分", "扣分"]
    columns = {name: i for i, name in enumerate(rows[0])}
    with open(target, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        for row in rows[1:]:
            for name in ("税收", "营业收入", "研发经费", "综合能耗", "污染当量", "从业人数"):
                draw = dice.random()
                if draw < 0.02:
                    row[columns[name]] = "" if draw < 0.012 else "0"
                elif draw < 0.05:
                    row[columns[name]] = dice.choice(("10", "50", "100", "200"))  # ties
            made = f"{dice.lognormvariate(7, 1):.2f}" if dice.random() < 0.97 else ""
            founded = f"{dice.choice((2008, 2015, 2020, 2022, 2023))}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}" if dice.random() < 0.95 else ""
            out.writerow(row + [dice.choice(("规上", "规下", "规下", "是", "" if dice.random() < 0.1 else "规下")), made,
                                f"{dice.lognormvariate(12, 1):.0f}" if dice.random() < 0.98 else "", f"{dice.lognormvariate(4, 1):.1f}", founded,
                                "供水" if dice.random() < 0.01 else "", dice.choice(("欠薪", "重大事故")) if dice.random() < 0.02 else "",
                                dice.choice(("+1", "-1", "-2", "B", "D", "升")) if dice.random() < 0.04 else "",
                                f"{dice.randint(1, 8)}" if dice.random() < 0.1 else "", f"{dice.randint(1, 8)}" if dice.random() < 0.1 else ""])


# ---- the scheme as written ----

def load(text, program):
    scheme = yaml.safe_load(text)
    base = scheme.pop("extends", None)
    if base:
        whole = load(built_in(program, base), program)
        for key in ("params", "define"):
            whole[key] = {**whole.get(key, {}), **scheme.pop(key, {})}
        groups = {group["id"]: group for group in whole.get("groups", []) + scheme.pop("groups", [])}
        return {**whole, **scheme, "groups": list(groups.values())}
    return scheme


def built_in(program, name):
    return subprocess.run([program, "rules", "--scheme", name, "--print"], check=True, capture_output=True, text=True).stdout


def constant(scheme, value):
    param = scheme.get("params", {}).get(value, value) if isinstance(value, str) else value
    return param["value"] if isinstance(param, dict) else param


def limit(scheme, written, weight, otherwise):
    if written is None:
        return otherwise
    if isinstance(written, str) and written.endswith("x"):
        return float(constant(scheme, written[:-1])) * weight
    return float(constant(scheme, written))


def treatment(written, otherwise):
    kind, _, points = (written or otherwise).partition(" ")
    return kind, float(points or 0)


class Indicator:
    def __init__(self, scheme, written):
        self.id, self.value = written["id"], written["value"]
        depth, self.numerator, self.denominator = 0, self.value, None
        for at, sign in enumerate(self.value):
            depth += (sign == "(") - (sign == ")")
            if sign == "/" and depth == 0:
                self.numerator, self.denominator = self.value[:at].strip(), self.value[at + 1:].strip()
        self.weight = float(constant(scheme, written["weight"]))
        self.formula = written.get("formula", "ratio")
        self.down = written.get("direction", "down" if self.formula in ("linear_drop", "reciprocal") else "up") == "down"
        base = written.get("base")
        kinds = ("mean", "weighted_mean", "median", "max")
        base = {"kind": base} if base in kinds else base
        self.kind = base["kind"] if isinstance(base, dict) else "fixed"
        self.times = float(base.get("times", 1)) if isinstance(base, dict) else 1.0
        self.over_all = isinstance(base, dict) and base.get("over") == "all"
        self.base = None if isinstance(base, dict) or base is None else float(constant(scheme, base))
        self.share = float(written.get("floor_share", 0))
        self.cap = limit(scheme, written.get("cap"), self.weight, math.inf)
        self.floor = limit(scheme, written.get("floor", 0), self.weight, -math.inf)
        missing = written.get("missing", "not_evaluated")
        self.treatments = {"missing": treatment(missing, missing), "zero": treatment(written.get("zero"), "value"),
                           "divisor": treatment(written.get("zero_divisor"), missing)}

    def cell(self, numerator, denominator):
        """(state, value): known, missing, zero, divisor."""
        if numerator is None or (self.denominator and denominator is None):
            return "missing", None
        if self.denominator and denominator == 0:
            return "divisor", None
        value = float(numerator) / float(denominator) if self.denominator else float(numerator)
        if value == 0 and self.treatments["zero"][0] != "value":
            return "zero", None
        if value == 0 and self.formula == "reciprocal":
            return "divisor", None
        return "known", value

    def basis(self, cells):
        """(base, least, most) of (value, numerator, denominator)."""
        values = [c[0] for c in cells]
        if not values:
            return self.base, None, None
        base = self.base
        if self.kind == "mean":
            base = math.fsum(values) / len(values)
        elif self.kind == "weighted_mean":
            base = math.fsum(c[1] for c in cells) / math.fsum(c[2] for c in cells)
        elif self.kind == "median":
            base = statistics.median(values)
        elif self.kind == "max":
            base = max(values)
        return base if base is None else base * self.times, min(values), max(values)

    def points(self, value, basis):
        """(points, ratio, what was hit)."""
        base, least, most = basis
        if self.formula == "minmax":
            ratio = 1.0 if most == least else ((most - value) if self.down else (value - least)) / (most - least)
            points = self.weight * (self.share + (1 - self.share) * ratio)
        elif base is None or base <= 0:
            return 0.0, None, None
        elif self.formula == "reciprocal":
            ratio = base / value
            points = ratio * self.weight
        else:
            ratio = value / base
            points = self.weight * (2 - ratio) if self.formula == "linear_drop" else ratio * self.weight
        return min(max(points, self.floor), self.cap), ratio, "cap" if points > self.cap else "floor" if points < self.floor else None


class Group:
    def __init__(self, scheme, written):
        self.id, self.title, self.when = written["id"], written["title"], written["when"]
        self.needs_land = written.get("needs_land", True)
        self.indicators = [Indicator(scheme, one) for one in written["indicators"]]
        classes = written.get("classes", scheme.get("classes"))
        self.by, self.of = classes["by"], classes.get("of")
        self.classes = [one["id"] for one in classes["list"]]
        self.limits = [one.get("upto", one.get("from")) for one in classes["list"]]


# ---- expressions ----

def shifted(sign, months):
    def shift(date, count):
        if date is None or count is None:
            return None
        day = datetime.date.fromisoformat(date)
        total = day.year * 12 + day.month - 1 + sign * months * int(count)
        year, month = divmod(total, 12)
        last = (datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1) - datetime.timedelta(days=1)).day
        return datetime.date(year, month + 1, min(day.day, last)).isoformat()
    return shift


class Roster:
    """The written enterprises, and expressions over them."""

    def __init__(self, path, scheme):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("ATTACH ? AS audit", (str(path),))
        self.db.create_function("add_years", 2, shifted(1, 12), deterministic=True)
        self.db.create_function("add_months", 2, shifted(1, 1), deterministic=True)
        self.columns = [row[1] for row in self.db.execute("PRAGMA audit.table_info(enterprises)")]
        self.db.execute(f"CREATE TEMP TABLE e AS SELECT *, CAST(round(area_m2 * 100) AS INTEGER) * 3.0 / 200000 AS land_mu, area_m2 AS land_m2, "
                        f"'{AS_OF}' AS as_of FROM audit.enterprises")
        self.words = {**{name: f"({text if isinstance(text, str) else text['expr']})" for name, text in scheme.get("define", {}).items()},
                      **{name: self.literal(constant(scheme, name)) for name in scheme.get("params", {})}}

    @staticmethod
    def literal(value):
        return "NULL" if value is None else f"({value})" if isinstance(value, (int, float)) else f"'{value}'"

    def sql(self, expression):
        for _ in range(8):
            for name, text in self.words.items():
                expression = re.sub(rf"\b{name}\b", lambda _, text=text: text, expression)
        return f"({expression})"

    def run(self, expressions, where="1"):
        names = ", ".join(self.sql(one) for one in expressions)
        return list(self.db.execute(f"SELECT fid, {names} FROM e WHERE {where} ORDER BY fid"))

    def with_value(self, fid, column, value, expressions):
        """The expressions for one row with another value in a column."""
        was = self.db.execute(f"SELECT {column} FROM e WHERE fid = ?", (fid,)).fetchone()[0]
        extra = ", land_m2 = ? * 2000.0 / 3" if column == "land_mu" else ""
        self.db.execute(f"UPDATE e SET {column} = ?{extra} WHERE fid = ?", (value, value, fid) if extra else (value, fid))
        found = self.run(expressions, f"fid = {fid}")[0]
        self.db.execute(f"UPDATE e SET {column} = ?{extra} WHERE fid = ?", (was, was, fid) if extra else (was, fid))
        return found


# ---- the evaluation ----

class Row:
    """What is known of an enterprise before anybody is compared."""

    def __init__(self, scheme, groups, values, present):
        at = iter(values)
        self.fid, self.land = next(at), next(at)
        self.group, self.why = None, None
        for group in groups:
            holds = next(at)
            if self.group is None and self.why is None:
                if holds is None:
                    self.why = "group unknown"
                elif holds:
                    self.group = group
        if self.group is None and self.why is None:
            self.why = "in no group"
        self.clauses = {kind: [(clause, next(at), next(at)) for clause in scheme.get(kind) or []] for kind in WORDS}
        self.amounts = {(group.id, i): (next(at), next(at)) for group in groups for i, _ in enumerate(group.indicators)}
        self.exempt = [clause for clause, value, _ in self.clauses["exempt"] if value]
        self.open = any(value is None and lacks and present(clause["when"]) for kind in ("exempt", "new") for clause, value, lacks in self.clauses[kind])
        self.bonus = sum(max(-clause.get("at_most", math.inf), min(clause.get("at_most", math.inf), float(value)))
                         for clause, value, _ in self.clauses["bonus"] if value is not None)
        self.cells, self.score, self.rank, self.before, self.grade = {}, None, None, None, None
        if self.group and self.why is None:
            self.admit(scheme)

    def admit(self, scheme):
        least = scheme.get("min_land_mu", 0)
        if (self.group.needs_land or least) and (self.land is None or self.land <= 0 or self.land < least):
            self.why = "land"
        for i, indicator in enumerate(self.group.indicators):
            self.cells[i] = indicator.cell(*self.amounts[self.group.id, i])
            state = self.cells[i][0]
            if state != "known" and indicator.treatments[state][0] == "not_evaluated":
                self.why = self.why or "cell"

    @property
    def scored(self):
        return self.why is None and (not self.exempt or any(clause.get("treat_as") for clause in self.exempt))

    @property
    def ranked(self):
        return self.why is None and not self.exempt

    def final(self, before):
        """(class, forced into the last one) from the class by score."""
        classes, last = self.group.classes, len(self.group.classes) - 1
        now, forced = before, False
        for _, value, _ in self.clauses["adjust"]:
            if value is None:
                continue
            text = str(value).strip()
            if text in classes:
                now, forced = classes.index(text), classes.index(text) == last
            elif re.fullmatch(r"[+-]?\d+(\.0)?", text):
                now -= int(float(text))
        now = min(max(now, 0), last)
        for clause, value, _ in self.clauses["new"]:
            if value:
                now = min(now, classes.index(clause["at_worst"]))
        for clause, value, _ in self.clauses["veto"]:
            if value:
                now = max(now, classes.index(clause["at_best"]))
                forced = forced or classes.index(clause["at_best"]) == last
        return now, forced


def evaluate(groups, rows):
    """Sets score, rank, before and grade of every row; returns {(group, indicator): (basis, mean of points)}."""
    bases = {}
    for group in groups:
        members = [row for row in rows if row.group is group and row.scored]
        for row in members:
            row.terms = []
        for i, indicator in enumerate(group.indicators):
            cells = []
            for row in rows:
                if row.ranked and (row.group is group or indicator.over_all):
                    state, value = indicator.cell(*row.amounts[group.id, i])
                    if state == "known":
                        cells.append((value, *row.amounts[group.id, i]))
            basis = indicator.basis(cells)
            known = {row.fid: indicator.points(row.cells[i][1], basis) for row in members if row.cells[i][0] == "known"}
            ranked = [known[row.fid][0] for row in members if row.ranked and row.fid in known]
            mean = math.fsum(ranked) / len(ranked) if ranked else 0.0
            bases[group.id, i] = basis
            for row in members:
                state = row.cells[i][0]
                policy, points = indicator.treatments.get(state, ("value", 0))
                row.terms.append(known.get(row.fid) or ({"zero": 0.0, "group_mean": mean, "penalty": -points, "full": indicator.weight}[policy], None, None))
        for row in members:
            score = 0.0
            for term in row.terms:
                score += term[0]
            row.score = round((score + row.bonus) * 1e9) / 1e9
        grade(group, [row for row in members if row.ranked])
    for row in rows:
        if row.grade is None:
            row.grade = "T"
    return bases


def grade(group, rows):
    scores = sorted((-row.score for row in rows))
    first = {}
    for place, score in enumerate(scores):
        first.setdefault(score, place)
    quotas = [math.floor(limit * len(rows) + 0.5 + 1e-9) if limit is not None else len(rows) for limit in group.limits] if group.by == "share" else None
    for row in rows:
        better = first[-row.score]
        row.rank = better + 1
        if group.by == "share":
            row.before = next(c for c, quota in enumerate(quotas) if better < quota)
        else:
            if group.by == "score":
                value = row.score
            else:
                i = next(i for i, one in enumerate(group.indicators) if one.id == group.of)
                value = row.cells[i][1] if row.cells[i][0] == "known" else ratio(group.indicators[i], row.amounts[group.id, i])
            row.before = -1 if value is None else next(c for c, least in enumerate(group.limits) if least is None or value >= least)
        if row.before < 0:
            row.before, row.grade = None, "T"
            continue
        now, forced = row.final(row.before)
        lacking = row.open or any(state != "known" for state, _ in row.cells.values())
        row.grade = "T" if now == len(group.classes) - 1 and lacking and not forced else group.classes[now]


def ratio(indicator, amounts):
    """The bare value, whatever a zero is given for points."""
    numerator, denominator = amounts
    if numerator is None or (indicator.denominator and not denominator):
        return None
    return numerator / denominator if indicator.denominator else numerator


# ---- comparing ----

def names_in(expression):
    return set(re.findall(r"[a-z_][a-z_0-9]*", re.sub(r"'[^']*'", "", expression)))


def questions(scheme, groups):
    """All that is asked of a row, in the order in which Row takes it."""
    lacks = lambda text: " OR ".join(f"{name} IS NULL" for name in sorted(names_in(text) & COLUMNS)) or "0"
    asked = ["land_mu"] + [group.when for group in groups]
    for kind in WORDS:
        for clause in scheme.get(kind) or []:
            when = clause.get("when", clause.get("to", clause.get("points")))
            asked += [when, lacks(when)]
    for group in groups:
        for one in group.indicators:
            asked += [one.numerator, one.denominator or "NULL"]
    return asked


COLUMNS = set("size_class tax revenue rd value_added energy emission staff tech_investment electricity water cod founded exempt veto adjust bonus penalty".split())
PRESENT = COLUMNS - {"water", "cod"}  # of the enriched table


def present(when):
    return not (names_in(when) & COLUMNS) - PRESENT


def compare(name, roster, groups, rows, bases):
    written = {row[0]: row for row in roster.db.execute("SELECT fid, score_group, score, rank, grade_before, grade, grade_reason, completeness FROM e WHERE scheme IS NOT NULL")}
    expect("enterprises", name, sorted(written), [row.fid for row in rows])
    terms = collections.defaultdict(dict)
    for fid, indicator, *rest in roster.db.execute("SELECT enterprise_fid, indicator, value, base, ratio, weight, points, cap_hit, missing, arithmetic FROM audit.score_terms"):
        terms[fid][indicator] = rest
    for row in rows:
        where = f"{name} fid {row.fid}"
        _, group, score, rank, before, grade_, reason, complete = written[row.fid]
        expect("group", where, group, row.group.title if row.group else None)
        expect("score", where, score, row.score, close=True)
        expect("rank", where, rank, row.rank)
        expect("grade_before", where, before, None if row.before is None else row.group.classes[row.before])
        expect("grade", where, grade_, row.grade)
        expect("reason", where, reason is not None or row.grade == before, True)
        if row.cells:
            expect("completeness", where, complete, sum(s == "known" for s, _ in row.cells.values()) / len(row.cells), close=True)
        expect("terms", where, sorted(terms[row.fid]), sorted(i.id for i in row.group.indicators) if row.scored else [])
        for i, indicator in enumerate(row.group.indicators if row.scored else []):
            value, base, ratio_, weight, points, hit, missing, arithmetic = terms[row.fid][indicator.id]
            at = f"{where} {indicator.id}"
            expect("value", at, value, row.cells[i][1], close=True)
            expect("base", at, base, bases[row.group.id, i][0], close=True)
            expect("points", at, points, row.terms[i][0], close=True)
            expect("ratio", at, ratio_, row.terms[i][1], close=True)
            expect("hit", at, hit, row.terms[i][2])
            expect("weight", at, weight, indicator.weight)
            expect("missing", at, missing is not None, row.cells[i][0] == "missing")
            expect("last figure of the arithmetic", at, abs(float(arithmetic.split()[-1]) - points) < 0.00500001, True)


def grade_when(roster, groups, rows, asked, scheme, row, column, value):
    """The row's class with another value in a column, everything worked out anew; None when it is no longer in its group."""
    changed = Row(scheme, groups, roster.with_value(row.fid, column, value, asked), present)
    others = [changed if one is row else one for one in rows]
    kept = [(one.score, one.rank, one.before, one.grade) for one in rows]
    for one in others:
        one.score = one.rank = one.before = one.grade = None
    evaluate(groups, others)
    for one, (one.score, one.rank, one.before, one.grade) in zip(rows, kept):
        pass
    return changed.grade if changed.group is row.group else None


def less(value, amount):
    """As it reads in decimals."""
    return float(decimal.Decimal(repr(value)) - decimal.Decimal(amount))


def step_of(now):
    digits = 2
    while 0 < abs(now) < 10 and digits < 9:
        digits, now = digits + 1, now * 10
    return f"1e-{digits}"


def check_lifts(name, roster, groups, rows, asked, scheme, sample):
    """Each way that is said to lift an enterprise does, and one step less does not."""
    found = 0
    lifts = dict(roster.db.execute("SELECT fid, lift FROM e WHERE lift LIKE '单项%'"))
    dice = random.Random(3)
    by_fid = {row.fid: row for row in rows}
    for fid in dice.sample(sorted(lifts), min(sample, len(lifts))):
        row = by_fid[fid]
        ways = [(indicator, value) for indicator, value in roster.db.execute(
            "SELECT indicator, lift_value FROM audit.score_terms WHERE enterprise_fid = ? AND lift_value IS NOT NULL", (fid,))]
        columns = {one.id: re.sub(r"^[\d.]+ \* ", "", one.numerator) for one in row.group.indicators}
        tries = {(columns[indicator], value) for indicator, value in ways}
        land = re.search(r"用地减少([\d.]+)亩", lifts[fid])
        if land:
            tries.add(("land_mu", less(row.land, land[1])))
        for column, value in sorted(tries):
            now = roster.db.execute(f"SELECT {column} FROM e WHERE fid = ?", (fid,)).fetchone()[0]
            step = ("" if value > now else "-") + step_of(now)
            better = lambda x: (grade_when(roster, groups, rows, asked, scheme, row, column, x) or "Z") < row.grade
            expect("a lift", f"{name} fid {fid} {column} {now} to {value}", (better(value), better(less(value, step))), (True, False))
            found += 1
    return found


def main():
    program, data, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    sample = int(sys.argv[4]) if len(sys.argv) > 4 else 25
    enrich(data / "enterprises.csv", work / "enterprises.csv")
    for name, text in SCHEMES.items():
        given = name
        if text is not None:
            given = work / f"{name}.yaml"
            given.write_text(text, encoding="utf-8")
        out = work / f"{name}.gpkg"
        subprocess.run([program, "audit", data / "parcels.shp", "--enterprises", work / "enterprises.csv", "--scheme", given, "--as-of", AS_OF, "-o", out,
                        "--overwrite", "-q"], check=True, stdout=subprocess.DEVNULL)
        scheme = load(text or built_in(program, name), program)
        groups = [Group(scheme, group) for group in scheme["groups"]]
        roster = Roster(out, scheme)
        asked = questions(scheme, groups)
        rows = [Row(scheme, groups, values, present) for values in roster.run(asked, "scheme IS NOT NULL")]
        bases = evaluate(groups, rows)
        compare(name, roster, groups, rows, bases)
        lifted = check_lifts(name, roster, groups, rows, asked, scheme, sample)
        grades = collections.Counter(row.grade for row in rows)
        print(f"{name}: {len(rows)} enterprises, {' '.join(f'{g} {grades[g]}' for g in sorted(grades))}; {lifted} lifts tried out")
        expect("every class occurs", name, all(grades[g] for g in "ABCDT"), True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
