#!/usr/bin/python3
"""land.py PANHUO DATADIR WORKDIR

Links the generated parcels with their enterprises in every way that links.csv knows, faults included, audits them in every
mode of --land-share and works the division out a second time, with fractions, from what src/audit/land.h promises.
Areas, floors and holders are those of the audit's own `parcels`. Prints "N passed, N failed"; exit 1 when any failed.
"""
import collections
import csv
import fractions
import pathlib
import random
import re
import sqlite3
import subprocess
import sys

HEAD = ["宗地代码", "统一社会信用代码", "关系", "土地面积(㎡)", "份额(%)", "厂房面积(㎡)", "备注"]
MODES = ["explicit", "owner", "equal", "floor", "merge"]
OWN, IN, OUT = "own", "rented_in", "rented_out"
WORDS = {OWN: ["自有", "own", "共有"], IN: ["租入", "承租", "rented_in"], OUT: ["租出", "出租", "RENTED_OUT"]}
FINE = 10000  # a claim is rounded to this part of 0.01 m²
AS_OF = "2025-06-30"
passed, shown, failed = 0, collections.Counter(), 0


def expect(what, where, found, wanted):
    global passed, failed
    passed += found == wanted
    if found == wanted:
        return
    failed += 1
    shown[what] += 1
    if shown[what] <= 10:
        print(f"{what} of {where}: {found!r}, expected {wanted!r}")


def cents(value):
    return None if value is None else round(value * 100)


# ---- links ----

def draw_links(parcels, codes, dice):
    """(parcel, code, relation, area, share in %, floor, note); texts as written, "" for blank."""
    links = []
    for parcel in parcels:
        if dice.random() > 0.5:
            continue
        for number in range(dice.choice((1, 1, 2, 3, 5))):
            relation = dice.choice((OWN, IN, IN, IN, OUT))
            code = parcel["holder_code"] if parcel["holder_code"] and dice.random() < (0.6 if relation != IN else 0.05) else dice.choice(codes)
            size = (parcel["area_m2"] or 1000) * dice.choice((0.1, 0.3, 0.5, 1.0))
            area = f"{size * dice.random():.2f}" if dice.random() < 0.4 else ""
            share = f"{dice.choice((10, 12.5, 33.3, 50, 60, 100))}" if dice.random() < 0.4 else ""
            floor = f"{(parcel['floor_m2'] or 9000) * dice.random():.2f}" if dice.random() < 0.5 else ""
            links.append([parcel["parcel_id"], code, relation, area, share, floor, f"{number}"])
    return links


def write_links(links, path, dice):
    rows = [[p, code, dice.choice(WORDS[relation]), *rest] for p, code, relation, *rest in links]
    dice.shuffle(rows)
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEAD, *rows])


# ---- the division ----

def apportion(total, weights):
    """Largest remainder; of equal ones the first."""
    if total == 0 or not any(weights):
        return [0] * len(weights)
    quotas = [fractions.Fraction(total * w, sum(weights)) for w in weights]
    parts = [int(q) for q in quotas]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[:total - sum(parts)]:
        parts[i] += 1
    return parts


def positive(text):
    value = fractions.Fraction(text) if text else None
    return value if value and value > 0 else None


def size_of(mode, whole, floor, link):
    """What a row comes to, in FINE parts of 0.01 m²; None unknown, False not stated."""
    _, _, relation, area, share, rooms, _ = link
    size = None
    if mode != "floor" or relation == OWN:
        if positive(area):
            size = round(fractions.Fraction(area) * 100)
        elif positive(share):
            size = whole * fractions.Fraction(share) / 100
    if size is None and not positive(rooms):
        return False
    if size is None and not floor:
        return None
    if size is None:
        size = whole * fractions.Fraction(round(fractions.Fraction(rooms) * 100), 100) / fractions.Fraction(repr(floor))
    return int(size * FINE + fractions.Fraction(1, 2))


class Party:
    def __init__(self, code):
        self.code, self.links = code, {OWN: [], IN: [], OUT: []}
        self.claim, self.unknown, self.land = dict.fromkeys(self.links, 0), dict.fromkeys(self.links, False), dict.fromkeys(self.links, 0)
        self.owner = self.rest = False

    def net(self):
        return None if any(self.unknown.values()) else self.land[OWN] + self.land[IN] - self.land[OUT]


def parties_of(parcel, links):
    found = {}
    for link in links:
        found.setdefault(link[1], Party(link[1])).links[link[2]].append(link)
    owners = [p for p in found.values() if p.links[OWN]]
    if not owners and parcel["holder_code"]:
        owners = [found.setdefault(parcel["holder_code"], Party(parcel["holder_code"]))]
    for party in owners:
        party.owner = True
    return [found[code] for code in sorted(found, key=lambda c: c.encode())]


def ownership(parties, whole, slack):
    """What is nobody's."""
    weights = [(whole * FINE if not p.links[OWN] else p.claim[OWN]) if p.owner else 0 for p in parties]
    left, takers = whole * FINE - sum(weights), [i for i, p in enumerate(parties) if p.rest]
    for n, i in enumerate(takers if left > 0 else []):
        weights[i] += left // len(takers) + (n < left % len(takers))
    nobodys = left if not takers and (not sum(weights) or left > slack * FINE) else 0
    *parts, rest = apportion(whole, [*weights, nobodys])
    for party, part in zip(parties, parts):
        party.land[OWN] = part
    return rest


def rentals(parties, whole, slack, nobodys):
    weights = []
    for party in parties:
        again = 0 if party.owner else party.claim[OUT]
        if again > party.claim[IN]:
            party.unknown[OUT] |= party.unknown[IN]
            again = party.claim[IN]
        party.land[OUT] = (again + FINE // 2) // FINE
        weights.append(party.claim[IN] - again)
    *parts, kept = apportion(whole, [*weights, max(whole * FINE - sum(weights), 0)])
    for party, part in zip(parties, parts):
        party.land[IN] = part + party.land[OUT]
    tenants, vague, owners = whole - kept, any(p.unknown[IN] for p in parties), [p for p in parties if p.owner]
    for party in owners:
        party.land[OUT] = min((party.claim[OUT] + FINE // 2) // FINE, party.land[OWN] + party.land[IN])
    let = sum(p.land[OUT] for p in owners)
    if vague and not let:
        for party in owners:
            party.unknown[OUT] = True
    if tenants > let:
        have = [p.land[OWN] + p.land[IN] - p.land[OUT] for p in owners]
        taken = min(tenants - let, sum(have))
        for party, part in zip(owners, apportion(taken, have)):
            party.land[OUT] += part
        return nobodys - (tenants - let - taken)
    if tenants and let - tenants <= slack:
        for party, part in zip(owners, apportion(tenants, [p.land[OUT] for p in owners])):
            party.land[OUT] = part
        return nobodys
    return nobodys + let - tenants


def equal_parts(parties, whole, floor, slack):
    def lets_all(party):
        sizes = [size_of("equal", whole, floor, link) for link in party.links[OUT]]
        return sum(s for s in sizes if s) >= (whole - slack) * FINE
    takers = [p for p in parties if (p.owner and not lets_all(p)) or p.links[IN]]
    for party, part in zip(takers, apportion(whole, [1] * len(takers))):
        party.land[OWN if party.owner else IN] = part
    return 0 if takers else whole


def divide(mode, parcel, links):
    """(parties, nobody's)."""
    whole, floor, parties = cents(parcel["area_m2"]), parcel["floor_m2"], parties_of(parcel, links)
    if floor is not None and floor <= 0:
        floor = None
    if not whole:
        for party in parties:
            party.unknown = {OWN: party.owner, IN: bool(party.links[IN]) and mode != "owner", OUT: bool(party.links[OUT]) and mode != "owner"}
        return parties, 0
    slack = max(100, whole // 1000)
    if mode == "equal":
        return parties, equal_parts(parties, whole, floor, slack)
    for party in parties:
        for link in (link for relation in ((OWN,) if mode == "owner" else (OWN, IN, OUT)) for link in party.links[relation]):
            size = size_of(mode, whole, floor, link)
            if size:
                party.claim[link[2]] += size
            elif size is False and link[2] == OWN:
                party.rest = True
            elif size is None or link[2] == IN or mode != "floor":
                party.unknown[link[2]] = True
    nobodys = ownership(parties, whole, slack)
    return parties, nobodys if mode == "owner" else rentals(parties, whole, slack, nobodys)


def expected_rows(mode, party):
    """relation -> area of its rows in enterprise_parcels; None unknown."""
    out = {}
    for relation in (OWN, IN, OUT):
        told = party.owner if relation == OWN else party.links[relation] and mode not in ("equal", "owner")
        if told or party.land[relation] or party.unknown[relation]:
            area = None if party.unknown[relation] else party.land[relation]
            out[relation] = -area if area and relation == OUT else area
    return out


# ---- comparing ----

def table(db, sql):
    cursor = db.execute(sql)
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def compare(mode, path, links):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    by_parcel = collections.defaultdict(list)
    for link in links:
        by_parcel[link[0]].append(link)
    found = collections.defaultdict(dict)
    for row in table(db, "select * from enterprise_parcels"):
        found[row["parcel_id"], row["enterprise_code"]][row["relation"]] = cents(row["area_m2"])
        if row["area_m2"] is not None:  # the sentence ends in the figure
            last = re.findall(r"[\d.]+(?=㎡)", row["arithmetic"])[-1]
            expect("arithmetic", row["arithmetic"], cents(float(last)), abs(cents(row["area_m2"])))
    sums, nobodys, wanted = collections.defaultdict(collections.Counter), 0, {}
    partial = set()
    for parcel in table(db, "select parcel_id, holder_code, area_m2, floor_m2 from parcels"):
        parties, left = divide(mode, parcel, by_parcel[parcel["parcel_id"]])
        nobodys += left
        for party in parties:
            rows = expected_rows(mode, party)
            if rows:
                wanted[parcel["parcel_id"], party.code] = rows
            sums[party.code].update(party.land)
            if party.net() != 0:
                sums[party.code]["parcels"] += 1
            if party.net() is None:
                partial.add(party.code)
    for key in sorted(set(found) | set(wanted)):
        expect(f"{mode}: rows", key, found.get(key), wanted.get(key))
    places, roster = collections.Counter(unassigned=nobodys), table(db, "select * from enterprises")
    codes = {row["code"] for row in roster}
    for code, own in sums.items():
        places["assigned" if code in codes else "off_roster"] += own[OWN] + own[IN] - own[OUT]
    expect(f"{mode}: totals", path, {r["code"]: cents(r["area_m2"]) for r in table(db, "select * from totals where topic = 'land'")}, dict(places))
    for row in roster:
        own = sums[row["code"]]
        area = None if row["code"] in partial else own[OWN] + own[IN] - own[OUT]
        expect(f"{mode}: area", row["code"], (cents(row["area_m2"]), row["parcels"]), (area, own["parcels"]))
        per_mu = row["tax"] / (area * 3 / 200000) if area and row["tax"] is not None else None
        near = per_mu == row["tax_per_mu"] or (per_mu is not None and row["tax_per_mu"] is not None and abs(per_mu - row["tax_per_mu"]) <= 1e-12 * per_mu)
        expect(f"{mode}: tax per mu", row["code"], near, True)
    db.close()


def audit(program, data, output, *more):
    command = [program, "audit", str(data / "parcels.shp"), "--enterprises", str(data / "enterprises.csv"), "--as-of", AS_OF, "-o", str(output),
               "--overwrite", "-q", *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(program, data, work):
    data, work = pathlib.Path(data), pathlib.Path(work)
    dice, plain = random.Random(20231130), work / "plain.gpkg"
    audit(program, data, plain, "--scheme", "hengyang-demo")  # which has the table of shares written
    compare("owner", plain, [])  # without links: all is the holder's
    db = sqlite3.connect(plain)
    # of two parcels with one code only the first can be linked: leave both out
    parcels = table(db, "select parcel_id, holder_code, area_m2, floor_m2 from parcels where parcel_id in (select parcel_id from parcels group by 1 having count(*) = 1)")
    codes = [r["code"] for r in table(db, "select code from enterprises where code is not null order by fid limit 200")]
    codes += [r["holder_code"] for r in table(db, "select distinct holder_code from parcels where holder_code not in (select code from enterprises) limit 20")]
    db.close()
    links = draw_links(parcels, codes, dice)
    write_links(links, work / "links.csv", dice)
    for mode in MODES:
        output = work / f"{mode}.gpkg"
        audit(program, data, output, "--links", str(work / "links.csv"), "--land-share", mode)
        compare(mode, output, links)
    for what, count in shown.items():
        print(f"{what}: {count} differ")
    print(f"{len(links)} links on {len(parcels)} parcels, {len(MODES)} modes")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not links else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
