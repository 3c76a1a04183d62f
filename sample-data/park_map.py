"""The map of the made-up park: street grid, blocks, parcels, and the boundaries moved until the published areas come out.

The park is drawn in a flat street grid (s east, t north, metres), cut into blocks and parcels there, and bent into its
place by one smooth map. Neighbours share their edges vertex by vertex.
"""
import math
import random

MU = 2000 / 3                       # m² of one mu


class Dice:
    """Only random() of the standard generator: its stream is promised to stay the same in later Pythons."""

    def __init__(self, seed):
        self._next = random.Random(seed).random

    def between(self, low, high):
        return low + (high - low) * self._next()

    def whole(self, low, high):
        return low + int(self._next() * (high - low + 1))

    def pick(self, items):
        return items[int(self._next() * len(items))]

    def chance(self, share):
        return self._next() < share

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.whole(0, i)
            items[i], items[j] = items[j], items[i]
        return items


# --- the street grid --------------------------------------------------------------------------------------------------

WIDTHS = (300, 345, 330, 365, 380, 400, 385)    # blocks, west to east
HEIGHTS = (325, 300, 330, 290, 315)             # blocks, south to north
S_GAPS = (24, 30, 24, 42, 24, 30)               # streets between them
T_GAPS = (30, 24, 42, 24)
S_STREETS = ("望岳路", "紫云路", "拓新路", "锦程路", "云雁大道", "鸿图路", "长桥路", "东环路")
T_STREETS = ("滨江路", "松涛路", "学林路", "创业大道", "百业路", "铁路东侧")
LAKE = (2, 2)                                   # column and row of the park's green block
DIAGONAL = ((430.0, 1740.0), (2060.0, -60.0), 40.0)
RAILWAY = ((-60.0, 1060.0), (640.0, 1760.0))    # parcels lie to its south-east
NEW_COLUMN = 4                                  # columns from here on are the new part of the park


def cumulate(lengths, gaps):
    places, at = [], 0.0
    for i, length in enumerate(lengths):
        places.append((at, at + length))
        at += length + (gaps[i] if i < len(gaps) else 0)
    return places


COLUMNS = cumulate(WIDTHS, S_GAPS)
ROWS = cumulate(HEIGHTS, T_GAPS)


def bend(s, t):
    """Grid to EPSG:4526, whole millimetres: turned by 8 degrees, streets curved, the south edge follows a river."""
    river = 60 * math.sin(s / 370 + 0.4) + 26 * math.sin(s / 133)
    near = max(0.0, 1 - t / ROWS[0][1])
    u = s + 34 * math.sin(t / 610 + 0.7)
    v = t + 46 * math.sin(s / 830 + 0.3) - river * near ** 1.6
    c, d = math.cos(math.radians(8)), math.sin(math.radians(8))
    return round(38359620 + c * u - d * v, 3), round(2974180 + d * u + c * v, 3)


def area_of(ring):
    """Signed plane area, counter-clockwise positive; about the first vertex, since the eastings have eight digits."""
    x0, y0 = ring[0]
    total = 0.0
    for (xa, ya), (xb, yb) in zip(ring, ring[1:] + ring[:1]):
        total += (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0)
    return total / 2


def side(p, a, b):
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def cut(poly, a, b):
    """A convex polygon cut by the line a-b: (left part, right part), either may be None."""
    left, right = [], []
    for p, q in zip(poly, poly[1:] + poly[:1]):
        dp, dq = side(p, a, b), side(q, a, b)
        if dp >= 0:
            left.append(p)
        if dp <= 0:
            right.append(p)
        if dp * dq < 0:
            k = dp / (dp - dq)
            x = (p[0] + k * (q[0] - p[0]), p[1] + k * (q[1] - p[1]))
            left.append(x)
            right.append(x)
    return (left if len(left) > 2 else None), (right if len(right) > 2 else None)


def cut_at(poly, axis, place):
    """Cut along a grid line: (lower or western part, upper or eastern part)."""
    if axis == 0:
        return cut(poly, (place, 0), (place, 1))
    return cut(poly, (1, place), (0, place))


def extent(poly, axis):
    return min(p[axis] for p in poly), max(p[axis] for p in poly)


def halve(poly, share, axis):
    """Cut across an axis so that the first part has this share of the area."""
    low, high = extent(poly, axis)
    whole = area_of(poly)
    for _ in range(60):
        mid = (low + high) / 2
        part = cut_at(poly, axis, mid)[0]
        if part is not None and area_of(part) > share * whole:
            high = mid
        else:
            low = mid
    return cut_at(poly, axis, high)


def subdivide(poly, target, dice):
    """Parcels of about the target area, each cut across the longer side."""
    whole = area_of(poly)
    if whole < target * dice.between(1.25, 1.75):
        return [[poly]]
    spans = [extent(poly, axis) for axis in (0, 1)]
    axis = 0 if spans[0][1] - spans[0][0] > spans[1][1] - spans[1][0] else 1
    parts = halve(poly, dice.between(0.38, 0.62), axis)
    return [parcel for part in parts for parcel in subdivide(part, target, dice)]


def l_shape(poly, target, dice):
    """An L round the north-east rest of the block."""
    west, east = halve(poly, 0.34, 0)
    south, north = halve(east, 0.36, 1)
    return [[west, south]] + subdivide(north, target, dice)


def enclave(poly, target, dice):
    """A parcel with a smaller one inside (a substation), beside ordinary ones."""
    frame, rest = halve(poly, 0.62, 0)
    west, other = halve(frame, 0.38, 0)
    middle, east = halve(other, 0.36, 0)
    south, inner = halve(middle, 0.36, 1)
    inside, north = halve(inner, 0.42, 1)
    return [[west, south, north, east], [inside]] + subdivide(rest, target, dice)


def blocks():
    """(column, row, convex polygon in the grid) after the diagonal road and the railway have taken their land."""
    a, b, width = DIAGONAL
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    off = (-(b[1] - a[1]) / length * width / 2, (b[0] - a[0]) / length * width / 2)
    for row, (t0, t1) in enumerate(ROWS):
        for column, (s0, s1) in enumerate(COLUMNS):
            poly = [(s0, t0), (s1, t0), (s1, t1), (s0, t1)]
            poly = cut(poly, *RAILWAY)[1]
            if poly is None or (column, row) == LAKE:
                continue
            for sign, keep in ((1, 0), (-1, 1)):
                line = [(p[0] + sign * off[0], p[1] + sign * off[1]) for p in (a, b)]
                part = cut(poly, *line)[keep]
                if part is not None and area_of(part) > 6000:
                    yield column, row, part


def refine(pieces):
    """Inserts the neighbours' corners into each edge and bends the whole: rings that fit vertex by vertex."""
    nodes = sorted({p for piece in pieces for p in piece})
    rings = []
    for piece in pieces:
        ring = []
        for p, q in zip(piece, piece[1:] + piece[:1]):
            dx, dy = q[0] - p[0], q[1] - p[1]
            length = math.hypot(dx, dy)
            on = {0.0: p, 1.0: q}
            for node in nodes:
                k = ((node[0] - p[0]) * dx + (node[1] - p[1]) * dy) / length ** 2
                if 1e-9 < k < 1 - 1e-9 and abs(dx * (node[1] - p[1]) - dy * (node[0] - p[0])) / length < 1e-6:
                    on[k] = node
            stops = [on[k] for k in sorted(on)]
            for u, v in zip(stops, stops[1:]):
                ring.extend(between(u, v))
        rings.append([bend(*p) for p in ring])
    return rings


def between(u, v):
    """u and the points from u towards v that let the edge follow the bend; the same points seen from either side."""
    a, b = min(u, v), max(u, v)
    step = 28 if a[1] < 1 and b[1] < 1 else 90
    count = max(1, math.ceil(math.hypot(b[0] - a[0], b[1] - a[1]) / step))
    points = [(a[0] + (b[0] - a[0]) * i / count, a[1] + (b[1] - a[1]) * i / count) for i in range(1, count)]
    return [u] + (points if u == a else points[::-1])


def union(rings):
    """Rings of the union of polygons that share edges exactly: what remains when opposite edges cancel."""
    edges = {(p, q) for ring in rings for p, q in zip(ring, ring[1:] + ring[:1])}
    follow = {p: q for p, q in edges if (q, p) not in edges}
    out = []
    while follow:
        start = min(follow)
        ring, at = [], start
        while at in follow:
            ring.append(at)
            at = follow.pop(at)
        out.append(ring)
    return sorted(out, key=area_of, reverse=True)


class Parcel:
    """One record: its rings (outer counter-clockwise, holes clockwise), its place, its attributes."""

    def __init__(self, rings, column, row):
        self.rings, self.column, self.row = rings, column, row
        self.group = None       # which published figure it belongs to
        self.role = None        # which planted defect it carries
        self.values = {}
        self.register()

    def area(self):
        return sum(area_of(ring) for ring in self.rings)

    def register(self):
        """The registered area is the survey's: plane, to 0.01 m²."""
        self.registered = round(self.area() + 1e-9, 2)

    def mu(self):
        return self.registered / MU

    def points(self):
        return {p for ring in self.rings for p in ring}


def lay_out(dice):
    parcels = []
    for column, row, poly in blocks():
        target = 37500 if column >= NEW_COLUMN else 24500
        make = {(5, 3): l_shape, (6, 1): l_shape, (4, 4): l_shape, (1, 1): enclave}.get((column, row), subdivide)
        if area_of(poly) < 60000:
            make = subdivide
        shapes = make(poly, target, dice)
        flat = refine([piece for shape in shapes for piece in shape])
        at = 0
        for shape in shapes:
            rings = union(flat[at:at + len(shape)])
            at += len(shape)
            if sum(map(area_of, rings)) > 3000:
                parcels.append(Parcel(rings, column, row))
    return parcels


def join_across_street(parcels):
    """One parcel of two parts: the western and the eastern side of a street."""
    west = max((p for p in parcels if (p.column, p.row) == (0, 0)), key=lambda p: max(x for x, _ in p.points()))
    middle = sum(y for _, y in west.points()) / len(west.points())
    east = min((p for p in parcels if (p.column, p.row) == (1, 0)),
               key=lambda p: (round(min(x for x, _ in p.points()), -1), abs(min(y for _, y in p.points()) - middle)))
    west.rings += east.rings
    west.register()
    parcels.remove(east)
    return west


# --- the published figures ---------------------------------------------------------------------------------------------

PUBLISHED = {"trade": 167, "reinvest": 482, "supply": 1809, "plan": 835}     # mu
PART_OF_PARCEL = 30                 # mu: one reinvestment took in only part of its parcel
FACTORY = (8200, 6800, 12000, 5400, 9600, 7300, 4700, 8500)     # m² of standard factory in the plans, 62 500 in all


def shared_side(p, q, everyone):
    """Corners of the boundary between two parcels, if nobody else has part in it; from end to end as p's ring runs."""
    if len(p.rings) > 1 or len(q.rings) > 1:
        return []
    common = p.points() & q.points()
    if any(common & r.points() for r in everyone if r not in (p, q)):
        return []
    ring = p.rings[0]
    starts = [i for i, x in enumerate(ring) if x in common and ring[i - 1] not in common]
    if len(starts) != 1:
        return []
    ring = ring[starts[0]:] + ring[:starts[0]]
    chain = ring[:len(common)]
    return [ring[-1]] + chain + [ring[len(common)]] if set(chain) == common and len(chain) > 1 else []


def movable(group, everyone):
    """(parcel of the group, neighbour in no group, their side) with the longest side that can be moved, or None."""
    best = None
    for p in group:
        for q in everyone:
            if q.group is None and q not in group and (q.column, q.row) == (p.column, p.row):
                line = shared_side(p, q, everyone)
                if line and (best is None or math.dist(line[1], line[-2]) > math.dist(best[2][1], best[2][-2])):
                    best = p, q, line
    return best


def choose(dice, parcels, count, mu, everyone):
    """So many parcels whose areas nearly make the figure, one of them with a boundary that can be moved for the rest."""
    for _ in range(40000):
        some = dice.shuffled(parcels)[:count]
        if abs(sum(p.mu() for p in some) - mu) < 2 and movable(some, everyone):
            return sorted(some, key=everyone.index)
    raise SystemExit("no parcels make %d mu" % mu)


def close_group(group, mu, everyone):
    """Moves one boundary between a parcel of the group and one outside it until the group has its area, within 2 m²."""
    p, q, (before, *chain, after) = movable(group, everyone)

    def unit(a, b):
        return [(b[i] - a[i]) / math.dist(a, b) for i in (0, 1)]

    here, there = unit(chain[0], before), unit(chain[-1], after)
    rings = p.rings, q.rings

    def moved(k):
        move = {}
        for i, x in enumerate(chain):
            w = i / (len(chain) - 1)
            move[x] = tuple(round(x[j] + k * ((1 - w) * here[j] + w * there[j]), 3) for j in (0, 1))
        for parcel, old in zip((p, q), rings):
            parcel.rings = [[move.get(x, x) for x in ring] for ring in old]
            parcel.register()
        return round(sum(x.registered for x in group), 2) - mu * MU

    low, high = -25.0, 25.0
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if moved(mid) > 0 else (low, mid)
    assert abs(moved(high)) < 2, moved(high)


def make_groups(parcels, dice):
    plain = [p for p in parcels if len(p.rings) == 1]
    new = [p for p in plain if p.column >= NEW_COLUMN]
    old = [p for p in plain if p.column < NEW_COLUMN and p.mu() > 14]
    groups = {}
    for name, pool, count, largest in (("supply", new, 30, 36), ("trade", old, 3, 24), ("plan", old, 20, 46), ("reinvest", old, 12, 40)):
        mu = PUBLISHED[name] - (PART_OF_PARCEL if name == "reinvest" else 0)
        free = sorted((p for p in pool if p.group is None), key=lambda p: -p.area())[:largest]
        groups[name] = choose(dice, free, count, mu, parcels)
        for p in groups[name]:
            p.group = name
        close_group(groups[name], mu, parcels)
    part = next(p for p in old if p.group is None and 40 < p.mu() < 70)
    part.group = "reinvest"
    groups["reinvest"].append(part)     # last, counted with its event's area
    return groups
