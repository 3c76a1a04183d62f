#!/usr/bin/python3
"""The shapefiles GDAL tests itself with, and real parcels with slivers: an audit, or an error that says what is wrong.

shapefiles.py PANHUO WORKDIR

Data: data/gdal-autotest and data/kr-gangnam in $PANHUO_SHARED or, beside the checkout, in shared; exit 77 (skipped) without them.
"""
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import time

from osgeo import gdal, ogr

gdal.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")

HERE = pathlib.Path(__file__).resolve()
SHARED = pathlib.Path(os.environ.get("PANHUO_SHARED") or HERE.parents[3] / "shared")
SHAPEFILES = SHARED / "data/gdal-autotest/shp"
PARCELS = SHARED / "data/kr-gangnam/Parcels.shp"
AS_OF = ("--as-of", "2023-11-30")
SECONDS = 20
CLEAN = (0, 1, 2)
ALARM = re.compile(r"Sanitizer|runtime error:|Traceback|Assertion|assert|stack smashing|core dumped", re.I)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FEWEST = 40  # shapefiles; fewer means that the data is not what this test was written for


class Trial:
    """One run of the program, and what is wrong with how it ended."""

    def __init__(self, program, *arguments):
        begin = time.monotonic()
        self.faults = []
        try:
            done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL,
                                  env={**os.environ, "LC_ALL": "C.UTF-8"})
            self.code, raw, self.out = done.returncode, done.stderr, done.stdout.decode("utf-8", "replace")
        except subprocess.TimeoutExpired as late:
            self.code, raw, self.out = None, late.stderr or b"", ""
            self.faults.append(f"still running after {SECONDS} s")
        self.seconds = time.monotonic() - begin
        self.errors = raw.decode("utf-8", "replace")
        if self.code is not None and self.code not in CLEAN:
            self.faults.append(f"exit {self.code}" + (f" (signal {-self.code})" if self.code < 0 else "") + ": " + self.errors.strip()[-1500:])
        elif ALARM.search(self.errors):
            self.faults.append("alarm on stderr: " + self.errors.strip()[-1500:])
        if "\ufffd" in self.errors:
            self.faults.append("stderr is not UTF-8")

    def must_explain(self, file):
        """A refusal names the file and says something in Chinese besides."""
        place = [line for line in self.errors.splitlines() if file.name in line]
        words = "".join(CHINESE.findall(self.errors.replace("错误", "").replace("位置", "")))
        if not place:
            self.faults.append(f"the error does not name the file: {self.errors.strip()[:300]!r}")
        if len(words) < 4:
            self.faults.append(f"the error does not say what is wrong: {self.errors.strip()[:300]!r}")


def sources():
    """Every shapefile, and every dbf that belongs to none."""
    shapes = sorted(SHAPEFILES.rglob("*.shp"))
    return shapes + [f for f in sorted(SHAPEFILES.rglob("*.dbf")) if not f.with_suffix(".shp").exists()]


def layer_facts(file):
    """(rows, polygons, has a CRS, a CRS to claim for it); rows and polygons are None when GDAL cannot open it."""
    try:
        source = ogr.Open(str(file))
        layer = source.GetLayer(0)
    except (RuntimeError, AttributeError):
        return None, None, False, "EPSG:4526"
    polygons = ogr.GT_Flatten(layer.GetGeomType()) in (ogr.wkbPolygon, ogr.wkbMultiPolygon, ogr.wkbUnknown)
    rows = sum(1 for _ in layer)
    try:
        left, right, bottom, top = layer.GetExtent()
        degrees = abs(left) <= 180 and abs(right) <= 180 and abs(bottom) <= 90 and abs(top) <= 90
    except RuntimeError:
        degrees = False
    return rows, polygons, layer.GetSpatialRef() is not None, "EPSG:4326" if degrees else "EPSG:4526"


def rings_of(geometry):
    """The closed rings of a flat shape, in order; none for what is empty or no shape at all."""
    if geometry is None:
        return []
    if geometry.GetGeometryCount():
        return [ring for part in geometry for ring in rings_of(part)]
    points = [point[:2] for point in geometry.GetPoints() or []]
    return [tuple(points if points[0] == points[-1] else points + points[:1])] if points else []


def flat(geometry):
    """As the output keeps it, a multipolygon without heights, byte for byte."""
    if geometry is None or geometry.IsEmpty():
        return None
    clone = geometry.Clone()
    clone.FlattenTo2D()
    return bytes(ogr.ForceToMultiPolygon(clone).ExportToWkb(ogr.wkbNDR))


def said(output):
    """The features of which the output says that their rings were closed or sorted anew."""
    with sqlite3.connect(output) as db:
        return {row[0] for row in db.execute("SELECT feature FROM problems WHERE code IN ('geometry.unclosed', 'geometry.ring_roles')")}


def output_faults(file, output, rows):
    """What is wrong with the parcels of an output: their number, and shapes that are not the source's."""
    result, source = ogr.Open(str(output)), ogr.Open(str(file))  # layers die with what they were opened from
    written = result.GetLayerByName("parcels")
    if written.GetFeatureCount() != rows:
        return [f"{written.GetFeatureCount()} parcels of {rows} rows"]
    faults, explained = [], said(output)
    for before, after in zip(source.GetLayer(0), written):
        old, new = before.GetGeometryRef(), after.GetGeometryRef()
        if sorted(rings_of(old)) != sorted(rings_of(new)):
            faults.append(f"the rings of row {before.GetFID()} are not the source's")
        elif flat(old) != flat(new) and before.GetFID() not in explained:
            faults.append(f"the rings of row {before.GetFID()} were sorted anew, and nothing says so")
    return faults


def run_faults(program, file, work):
    """Audited and checked without and, where nothing declares one, with a CRS."""
    rows, polygons, has_crs, crs = layer_facts(file)
    faults, audited = [], False
    runs = [(command, given) for command in ("audit", "check") for given in (((),) if has_crs else ((), ("--crs", crs)))]
    for command, given in runs:
        output, project = work / f"{file.stem}.gpkg", work / f"{file.stem}.qgz"
        trial = Trial(program, command, file, "-o", output, *AS_OF, *given)
        found = trial.faults
        if trial.code == 0:
            audited = True
            found += output_faults(file, output, rows)
        elif trial.code in CLEAN:
            trial.must_explain(file)
            if list(work.glob(f"*{file.stem}.*")):
                found.append("refused, and yet something was written")
            if polygons and (has_crs or given):
                found.append(f"polygons in a known CRS are refused: {trial.errors.strip()[:300]!r}")
        faults += [" ".join((command, *given)) + ": " + fault for fault in found]
        for written in (output, project):
            written.unlink(missing_ok=True)
    return faults, audited


def inspect_faults(program, file):
    faults = []
    for arguments in ((), ("--json",)):
        trial = Trial(program, "inspect", file, *arguments)
        if trial.code in (1, 2):
            trial.must_explain(file)
        elif trial.code == 0 and not trial.out:
            trial.faults.append("nothing on stdout")
        faults += [" ".join(("inspect", *arguments)) + ": " + fault for fault in trial.faults]
    return faults


def pairs_by_geos(file):
    """Area of the common ground of every two parcels that share any: GEOS on every pair."""
    source = ogr.Open(str(file))
    shapes = [f.GetGeometryRef().MakeValid() for f in source.GetLayer(0)]
    boxes = [s.GetEnvelope() for s in shapes]
    shared = {}
    for a, (left, right, bottom, top) in enumerate(boxes):
        for b in range(a + 1, len(boxes)):
            other = boxes[b]
            if other[0] <= right and other[1] >= left and other[2] <= top and other[3] >= bottom:
                area = shapes[a].Intersection(shapes[b]).GetArea()
                if area > 0:
                    shared[a + 1, b + 1] = area
    return shared, [s.GetArea() for s in shapes]


def reported_pairs(output):
    with sqlite3.connect(output) as db:
        return {(a, b): area for a, b, area in db.execute(
            "SELECT min(fid_a, fid_b), max(fid_a, fid_b), sum(area_m2) FROM topology WHERE fid_b IS NOT NULL GROUP BY 1, 2")}


def parcels_faults(program, work):
    """Real parcels: 321 pairs share less than 1 m², one pair 1.5 m²; registered areas in A12."""
    output = work / "gangnam.gpkg"
    mapped = ("--map", "parcel_id=A1", "--map", "registered_m2=A12:m2")
    shared, areas = pairs_by_geos(PARCELS)
    large = {pair for pair, area in shared.items() if area > 1}
    beyond = {(a, b) for (a, b), area in shared.items() if area > 1 or area > 0.001 * min(areas[a - 1], areas[b - 1])}
    faults = [] if (len(large), len(shared)) == (1, 322) else [f"GEOS itself finds {len(shared)} pairs, {len(large)} beyond 1 m²"]
    for command, given, wanted in (("audit", (), beyond), ("audit", ("--overlap-min-m2", "0"), set(shared)),
                                   ("check", ("--overlap-min-m2", "0", "--overlap-max-m2", "1"), set(shared) - large),
                                   ("check", ("--overlap-min-share", "1"), large), ("audit", ("--overlap-min-share", "1"), large)):
        trial = Trial(program, command, PARCELS, "-o", output, "--overwrite", *AS_OF, *mapped, *given)
        faults += trial.faults
        if trial.code != 0:
            faults.append(f"{command}: exit {trial.code}: {trial.errors.strip()[-500:]}")
            continue
        found = reported_pairs(output)
        wrong = [p for p in found if abs(found[p] - shared.get(p, 0)) > 1e-6]
        if set(found) != wanted or wrong:
            faults.append(f"{command} {given}: pairs lost {sorted(wanted - set(found))}, made up {sorted(set(found) - wanted)}, "
                          f"of another area {wrong}")
    faults += output_faults(PARCELS, output, len(areas))
    with sqlite3.connect(output) as db:
        known, by_register = db.execute("SELECT count(registered_m2), sum(area_basis = 'registered') FROM parcels").fetchone()
    if (known, by_register) != (235, 235):
        faults.append(f"registered areas: {known} known, {by_register} adopted")
    return faults


def main():
    program, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    if not SHAPEFILES.is_dir():
        print(f"skipped: shapefiles: no data/gdal-autotest in {SHARED} (set PANHUO_SHARED)")
        return 77
    work.mkdir(parents=True, exist_ok=True)
    files = sources()
    trials, audited = [], 0
    for file in files:
        faults, done = run_faults(program, file, work)
        trials.append((str(file.relative_to(SHAPEFILES)), faults + inspect_faults(program, file)))
        audited += done
    trials.append(("number of files", [] if len(files) >= FEWEST else [f"{len(files)}, not {FEWEST} or more"]))
    skipped = 0
    if PARCELS.exists():
        trials.append(("kr-gangnam", parcels_faults(program, work)))
    else:
        print(f"SKIPPED: no data/kr-gangnam in {SHARED}")
        skipped = 1
    for name, faults in trials:
        for fault in faults:
            print(f"FAILED: {name}: {fault}")
    failed = sum(1 for _, faults in trials if faults)
    print(f"{len(files)} files, {audited} audited, the others refused with a reason")
    print(f"{len(trials) - failed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
