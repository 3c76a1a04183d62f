#!/usr/bin/python3
"""oracle.py DATADIR OUT.gpkg --as-of YYYY-MM-DD [--period FROM/TO]

Recomputes, from the generated parcels.shp and ledger.csv in DATADIR, what the rule set `national` must say of every
parcel and what the totals must be, and compares with the audit in OUT.gpkg. Written from the law's wording and the
contract, not from the rule files or the C code. Prints the first differences of each kind and "N passed, N failed";
exit 1 when any failed. Needs Debian's python3-gdal.
"""
import argparse
import collections
import csv
import datetime
import fractions
import math
import pathlib
import sqlite3
import sys

from osgeo import gdal, ogr

FIELDS = {
    "地块编号": "parcel_id", "项目名称": "parcel_name", "企业名称": "holder_name", "信用代码": "holder_code",
    "TDYTMC": "land_use", "DKZT": "operating_state", "供地面积": "registered_m2", "建筑面积": "floor_m2",
    "总投资": "total_investment", "已投资": "invested", "出让价款": "land_price", "供地日期": "contract_date",
    "约定动工": "agreed_start", "实际动工": "actual_start", "停工日期": "stopped_since", "约定竣工": "agreed_completion",
    "竣工日期": "actual_completion", "RJL": "far",
}
DATES = {"contract_date", "agreed_start", "actual_start", "stopped_since", "agreed_completion", "actual_completion"}
NUMBERS = {"registered_m2", "floor_m2", "total_investment", "invested", "land_price", "far"}

FINISHED = {"建成", "已建成", "竣工", "已竣工", "投产", "已投产", "在产", "正常", "正常生产", "正常经营", "生产", "停产", "半停产", "出租"}
BUILT = FINISHED | {"在建", "停工", "停建"}
UNBUILT = {"未动工", "未开工"}
TAG_OF = {"XZ01": "idle", "XZ02": "idle", "XZ03": "idle", "XZ05": "idle", "PW01": "approved_unsupplied",
          **{f"DX0{n}": "low_efficiency" for n in range(1, 8)}}
PRECEDENCE = ["approved_unsupplied", "idle", "low_efficiency"]
MAY_MISS = {"XZ01": {"约定动工日期", "交地日期"}, "XZ02": {"约定动工日期", "交地日期"},
            "XZ03": {"停工日期", "已投资", "总投资", "已动工面积", "应动工面积"}}
# Two readings where the wording leaves a choice; both are printed in the closing lines.
LATE_COMPLETED_COUNTS = False  # DX05: a parcel completed more than two years late is late (True), or no longer (False)
BUILDING_IS_NOT_STOPPED = True  # XZ03 without a stop date: the state 在建, or a start under a year ago, says "not stopped"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


# ---- three-valued logic: True, False, None = unknown ----

def both(*values):
    if any(v is False for v in values):
        return False
    return None if any(v is None for v in values) else True


def either(*values):
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def known(*values):
    return all(v is not None for v in values)


def not_after(a, b):
    return a <= b if known(a, b) else None


def before(a, b):
    return a < b if known(a, b) else None


def years_on(day, n):
    if day is None:
        return None
    try:
        return day.replace(year=day.year + n)
    except ValueError:
        return day.replace(year=day.year + n, day=28)


# ---- the rules ----

def is_started(p, as_of):
    if any(known(p[f]) and p[f] <= as_of for f in ("actual_start", "actual_completion")):
        return True
    return p["operating_state"] in BUILT


def is_completed(p, as_of):
    return bool(known(p["actual_completion"]) and p["actual_completion"] <= as_of) or p["operating_state"] in FINISHED


def idle_rules(p, as_of):
    state_owned = p["parcel_id"][12:13] != "J"
    started, completed = is_started(p, as_of), is_completed(p, as_of)
    due = p["agreed_start"]  # no delivery date in this data
    one, two = years_on(due, 1), years_on(due, 2)
    # No supply state and no approval in this data: what has neither contract nor dates is not "not supplied".
    waiting = both(state_owned, not started)
    stalled_share = p["invested"] / p["total_investment"] < 0.25 if known(p["invested"], p["total_investment"]) and p[
        "total_investment"] else None
    return {
        "XZ01": both(waiting, not_after(one, as_of), before(as_of, two)),
        "XZ02": both(waiting, not_after(two, as_of)),
        # Built-on and due area are not in this data: that ratio is unknown.
        "XZ03": both(state_owned, started, not completed, stopped_a_year(p, as_of), either(None, stalled_share)),
        "XZ05": False,  # no cause is recorded: none by the government is known
        "PW01": False,  # no approval is recorded
    }


def stopped_a_year(p, as_of):
    if p["stopped_since"] is None and BUILDING_IS_NOT_STOPPED:
        if p["operating_state"] == "在建" or before(as_of, years_on(p["actual_start"], 1)):
            return False
    return not_after(years_on(p["stopped_since"], 1), as_of)


def low_efficiency_rules(p, as_of):
    late = before(years_on(p["agreed_completion"], 2), as_of)
    if LATE_COMPLETED_COUNTS and known(p["actual_completion"]):
        late = before(years_on(p["agreed_completion"], 2), p["actual_completion"])
    elif is_completed(p, as_of) or p["agreed_completion"] is None:
        late = False  # without an agreed date there is no criterion
    out = dict.fromkeys(("DX01", "DX02", "DX03", "DX04", "DX06", "DX07"), False)  # no threshold and no agreed value
    out["DX05"] = both(is_started(p, as_of), late)
    return out


def alerts_and_data(p, as_of, areas):
    soon = as_of + datetime.timedelta(90)
    started, completed = is_started(p, as_of), is_completed(p, as_of)
    due = p["agreed_start"]
    waiting = both(not started, not_after(due, as_of), before(as_of, years_on(due, 1)))
    starting = both(not started, before(as_of, due), not_after(due, soon))
    finishing = both(not completed, not_after(as_of, p["agreed_completion"]), not_after(p["agreed_completion"], soon))
    low, high = sorted(areas)
    gap = max(low - p["registered_m2"], p["registered_m2"] - high, 0.0)
    return {
        "XZ04": either(waiting, starting, finishing),
        "SJ01": gap > max(1.0, 0.001 * p["registered_m2"]),
        "SJ05": not parcel_id_shape(p["parcel_id"]) or (known(p["holder_code"]) and not credit_code_good(p["holder_code"])),
    }


def parcel_id_shape(text):
    return (len(text) == 19 and (text[:12] + text[14:]).isdigit() and text[12] in "GJZ" and text[13] in "ABSXCDEFWYHGL")


def credit_code_good(code):
    if len(code) != 18 or any(c not in ALPHABET for c in code):
        return False
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return ALPHABET[-total % 31] == code[17]


def verdict(p, as_of, areas):
    tagged = {**idle_rules(p, as_of), **low_efficiency_rules(p, as_of)}
    hits = [r for r, v in tagged.items() if v]
    unknown = {r for r, v in tagged.items() if v is None}
    tags = [t for t in PRECEDENCE if any(TAG_OF[r] == t for r in hits)]
    since = fee = None
    if "XZ01" in hits or "XZ02" in hits:
        since = years_on(p["agreed_start"], 1)
    elif "XZ03" in hits:
        since = years_on(p["stopped_since"], 1)
    if "XZ01" in hits and known(p["land_price"]):
        fee = 0.2 * p["land_price"]
    others = {r for r, v in alerts_and_data(p, as_of, areas).items() if v}
    return {"tag": tags[0] if tags else "unverified" if unknown else "normal", "tags": tags, "rules": set(hits) | others,
            "unknown": unknown, "idle_since": since, "idle_days": (as_of - since).days if since else None, "idle_fee": fee}


# ---- reading ----

def day_of(text):
    return datetime.date.fromisoformat(text) if text else None


def read_parcels(folder):
    gdal.SetConfigOption("SHAPE_ENCODING", None)  # the language byte and the .cpg of this file are right
    source = ogr.Open(str(folder / "parcels.shp"))
    layer = source.GetLayer(0)
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
    parcels = []
    for feature in layer:
        row = {}
        for i, name in enumerate(names):
            field, there = FIELDS.get(name), feature.IsFieldSetAndNotNull(i)
            if field in DATES:
                row[field] = datetime.date(*feature.GetFieldAsDateTime(i)[:3]) if there else None
            elif field in NUMBERS:
                row[field] = feature.GetFieldAsDouble(i) if there else None
            else:
                row[field or name] = (feature.GetFieldAsString(i).strip() or None) if there else None
        geometry = feature.GetGeometryRef()
        gdal.PushErrorHandler("CPLQuietErrorHandler")  # or every invalid shape would be a line
        if not geometry.IsValid():
            geometry = geometry.MakeValid(["METHOD=STRUCTURE"])  # what is invalid is measured as repaired
        gdal.PopErrorHandler()
        row["plane"], row["ellipsoid"] = measure(geometry)
        parcels.append(row)
    return parcels


def measure(geometry):
    """Plane area, and the ellipsoid's from the point scale of the Gauss-Krueger projection at the middle of the parcel."""
    plane = geometry.Area()
    west, east, south, north = geometry.GetEnvelope()
    e2 = 0.00669438002290
    lat = (south + north) / 2 / 6367449.0 + 0.00252 * math.sin((south + north) / 6367449.0)
    w2 = 1 - e2 * math.sin(lat) ** 2
    radius2 = 6378137.0 ** 2 * (1 - e2) / (w2 * w2)
    offset2 = ((west + east) / 2 - 38500000.0) ** 2
    scale = 1 + offset2 / (2 * radius2) + offset2 ** 2 / (24 * radius2 ** 2)
    return plane, plane / scale ** 2


def read_table(db, table):
    cursor = db.execute(f'select * from "{table}"')
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def cents(value):
    """Whole 0.01 m2 or 0.01, half away from zero."""
    return math.floor(value * 100 + 0.5)


def read_ledger(folder):
    with open(folder / "ledger.csv", encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            mu = fractions.Fraction(row["面积亩"]) if row["面积亩"] else None
            exact = mu * 200000 / 3 if mu is not None else None
            yield {"date": day_of(row["日期"]), "kind": row["措施"], "parcel": row["地块编号"],
                   "area": math.floor(exact + fractions.Fraction(1, 2)) if exact is not None else None}


# ---- comparing ----

class Tally:
    def __init__(self):
        self.passed, self.failed, self.shown = 0, 0, collections.Counter()

    def same(self, what, where, found, wanted, within=0.0):
        equal = found == wanted
        if not equal and within and known(found, wanted):
            equal = abs(found - wanted) <= within
        self.passed += equal
        self.failed += not equal
        if not equal:
            self.shown[what] += 1
            if self.shown[what] <= 20:
                print(f"{what} of {where}: {found!r}, expected {wanted!r}")


def split(text, between=";"):
    return [t for t in (text or "").split(between) if t]


def compare_parcel(tally, row, p, want, found_rules):
    where = p["parcel_id"]
    for field in FIELDS.values():
        value = p[field].isoformat() if field in DATES and p[field] else p[field]
        tally.same(field, where, row[field], value)
    tally.same("plane_m2", where, row["plane_m2"], p["plane"], 0.1)
    tally.same("ellipsoid_m2", where, row["ellipsoid_m2"], p["ellipsoid"], 0.02 + 2e-7 * p["plane"])
    basis = {"registered": p["registered_m2"], "ellipsoid": row["ellipsoid_m2"], "plane": row["plane_m2"]}[row["area_basis"]]
    tally.same("area_m2", where, row["area_m2"], basis, 0.005001)
    tally.same("area_mu", where, row["area_mu"], row["area_m2"] * 3 / 2000, 0.00501)
    tally.same("tag", where, row["tag"], want["tag"])
    tally.same("tags", where, split(row["tags"]), want["tags"])
    tally.same("rules", where, set(split(row["rules"])), want["rules"])
    tally.same("idle_since", where, row["idle_since"], want["idle_since"].isoformat() if want["idle_since"] else None)
    tally.same("idle_days", where, row["idle_days"], want["idle_days"])
    tally.same("idle_fee", where, row["idle_fee"], want["idle_fee"], 0.01)
    tally.same("hits in findings", where, {r for r, o in found_rules if o == "hit"}, want["rules"])
    unknown = {r for r, o in found_rules if o == "unknown" and r in TAG_OF}
    tally.same("unknown in findings", where, unknown, want["unknown"])
    if want["unknown"]:
        allowed = set().union(*(MAY_MISS[r] for r in want["unknown"]))
        named = {n for part in split(row["missing"]) for n in part.replace("或", "|").replace("/", "|").split("|")}
        tally.same("missing", where, bool(named) and named <= allowed | (named if unknown != want["unknown"] else set()), True)


def totals_wanted(parcels, rows, wants, ledger, period):
    """(topic, code) -> {"parcels", "enterprises", "area"}; areas in 0.01 m2."""
    def summed(chosen, area=lambda i: cents(rows[i]["area_m2"])):
        codes = {parcels[i]["holder_code"] for i in chosen} - {None}
        return {"parcels": len(chosen), "enterprises": len(codes), "area": sum(map(area, chosen)),
                "ellipsoid": sum(cents(rows[i]["ellipsoid_m2"]) for i in chosen)}
    groups = collections.defaultdict(list)
    for i, (p, want) in enumerate(zip(parcels, wants)):
        groups["all", "all"].append(i)
        groups["tag", want["tag"]].append(i)
        groups["land_use", p["land_use"]].append(i)
    out = {key: summed(chosen) for key, chosen in groups.items()}
    index = {p["parcel_id"]: i for i, p in enumerate(parcels)}
    counted = collections.defaultdict(dict)
    for event in ledger:
        i = index.get(event["parcel"])
        if i is None or not period[0] <= event["date"] <= period[1]:
            continue
        whole = cents(rows[i]["area_m2"])
        area = whole if event["area"] is None else min(event["area"], whole)
        counted[event["kind"]][i] = max(area, counted[event["kind"]].get(i, 0))
    for kind, areas in counted.items():
        out["measure", kind] = summed(list(areas), areas.get)
    return out


def compare_totals(tally, found, wanted):
    rows = {(t["topic"], t["code"]): t for t in found}
    for key, want in wanted.items():
        row = rows.get(key)
        tally.same("totals", key, row is not None, True)
        if row is None:
            continue
        tally.same("totals.parcels", key, row["parcels"], want["parcels"])
        tally.same("totals.enterprises", key, row["enterprises"], want["enterprises"])
        tally.same("totals.area_m2", key, cents(row["area_m2"]), want["area"])
        if key[0] != "measure":
            tally.same("totals.ellipsoid_m2", key, cents(row["ellipsoid_m2"]), want["ellipsoid"])
    for key, row in rows.items():
        if key[0] in ("tag", "land_use", "measure") and key not in wanted:
            tally.same("totals.parcels", key, row["parcels"], 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datadir", type=pathlib.Path)
    parser.add_argument("output")
    parser.add_argument("--as-of", type=day_of, required=True)
    parser.add_argument("--period", default="0001-01-01/9999-12-31", help="default: every event up to --as-of")
    options = parser.parse_args()
    period = [day_of(d) for d in options.period.split("/")]
    period[1] = min(period[1], options.as_of)

    tally = Tally()
    parcels = read_parcels(options.datadir)
    db = sqlite3.connect(f"file:{options.output}?mode=ro", uri=True)
    rows = sorted(read_table(db, "parcels"), key=lambda r: r["fid"])
    tally.same("number of parcels", options.output, len(rows), len(parcels))
    if len(rows) != len(parcels):
        print("0 passed, 1 failed")
        return 1
    findings = collections.defaultdict(set)
    for parcel, rule, outcome in db.execute("select parcel_fid, rule, outcome from findings"):
        findings[parcel].add((rule, outcome))
    wants = []
    for p, row in zip(parcels, rows):
        wants.append(verdict(p, options.as_of, (row["ellipsoid_m2"], row["plane_m2"])))
        compare_parcel(tally, row, p, wants[-1], findings[row["fid"]])
    compare_totals(tally, read_table(db, "totals"), totals_wanted(parcels, rows, wants, read_ledger(options.datadir), period))
    for what, count in tally.shown.items():
        print(f"{what}: {count} differ" + (" (first 20 shown)" if count > 20 else ""))
    print("tags:", dict(collections.Counter(w["tag"] for w in wants)))
    print("area basis:", dict(collections.Counter(r["area_basis"] for r in rows)))
    print("rules:", dict(sorted(collections.Counter(r for w in wants for r in w["rules"]).items())),
          "unknown:", dict(sorted(collections.Counter(r for w in wants for r in w["unknown"]).items())))
    print(f"readings: LATE_COMPLETED_COUNTS={LATE_COMPLETED_COUNTS}, BUILDING_IS_NOT_STOPPED={BUILDING_IS_NOT_STOPPED}")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
