#!/usr/bin/python3
"""Ctrl-C: the run stops within a second wherever it is, says so, exits with 1 and leaves nothing behind.

interrupt.py PROGRAM WORKDIR
"""
import os
import re
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from osgeo import ogr, osr

PROGRAM = os.path.abspath(sys.argv[1])
WORK = pathlib.Path(sys.argv[2])
SIDE, COUNT, MOMENTS, PATIENCE = 150, 22500, 9, 1.0
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def squares(path):
    """A grid of squares of 40 m; every tenth reaches 2 m into its neighbour."""
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4526)
    data = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(path))
    layer = data.CreateLayer("parcels", srs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("parcel_id", ogr.OFTString))
    for i in range(COUNT):
        x, y, reach = 38500000 + 40 * (i % SIDE), 2970000 + 40 * (i // SIDE), 42 if i % 10 == 0 else 40
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["parcel_id"] = f"430499001{i // 1000:03d}GB{i % 1000:05d}"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(
            f"POLYGON (({x} {y},{x} {y + 40},{x + reach} {y + 40},{x + reach} {y},{x} {y}))"))
        layer.CreateFeature(feature)


def start(command, folder):
    return subprocess.Popen([PROGRAM, command, str(WORK / "in/parcels.shp"), "--as-of", "2023-11-30", "-o", str(folder / "out.gpkg"), "--gaps", "1"],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_handler(run):
    """A signal before the program has come that far ends it as it would any other."""
    while run.poll() is None:
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", pathlib.Path(f"/proc/{run.pid}/status").read_text(), re.M)
        if caught and int(caught.group(1), 16) & 1 << (signal.SIGINT - 1):
            return
        time.sleep(0.001)


WHOLE = ["out.gpkg", "out.qgz"]


def listing(folder):
    return sorted(os.listdir(folder))


def clear(folder):
    for name in WHOLE:
        (folder / name).unlink(missing_ok=True)


def interrupted(command):
    folder = WORK / command
    folder.mkdir()
    began = time.monotonic()
    whole = start(command, folder)
    _, said = whole.communicate(timeout=600)
    length = time.monotonic() - began
    expect(whole.returncode == 0 and listing(folder) == WHOLE, f"{command} undisturbed: {whole.returncode} {said.decode()}")
    clear(folder)
    stopped, slowest = 0, 0.0
    for moment in range(1, MOMENTS + 1):
        run = start(command, folder)
        wait_for_handler(run)
        time.sleep(length * moment / (MOMENTS + 2))
        run.send_signal(signal.SIGINT)
        sent = time.monotonic()
        out, said = run.communicate(timeout=600)
        took = time.monotonic() - sent
        slowest = max(slowest, took)
        left = listing(folder)
        if run.returncode == 0:  # the file was done before anybody asked
            expect(left == WHOLE, f"{command} at {moment}/{MOMENTS}: done, left {left}")
            clear(folder)
            continue
        stopped += 1
        expect(run.returncode == 1 and not left, f"{command} at {moment}/{MOMENTS}: exit code {run.returncode}, left {left}")
        expect("已取消" in said.decode() and not out, f"{command} at {moment}/{MOMENTS}: said {said.decode()!r} {out.decode()!r}")
        expect(took < PATIENCE, f"{command} at {moment}/{MOMENTS}: stopped after {took:.2f} s")
    expect(stopped >= MOMENTS // 2, f"{command}: only {stopped} of {MOMENTS} were stopped")
    print(f"{command}: {length:.2f} s undisturbed, stopped {stopped} of {MOMENTS} times, after {slowest:.3f} s at most")


def told():
    """--progress-lines: for programs that start this one."""
    folder = WORK / "told"
    folder.mkdir()
    command = [PROGRAM, "audit", str(WORK / "in/parcels.shp"), "--as-of", "2023-11-30", "-o", str(folder / "out.gpkg"), "--progress-lines"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    lines = [re.fullmatch(r"(\d+)% (.+)", line) for line in done.stderr.splitlines()]
    expect(done.returncode == 0 and all(lines), f"progress lines: {done.returncode} {done.stderr[:200]}")
    percents = [int(line[1]) for line in lines if line]
    expect(percents == sorted(set(percents)) and len(percents) > 20 and percents[-1] == 100, f"progress rises to 100: {percents}")
    expect(len({line[2] for line in lines if line}) >= 4, "stages are named")
    quiet = subprocess.run([*command, "--overwrite", "-q"], capture_output=True, text=True, encoding="utf-8", check=False)
    expect(quiet.returncode == 0 and not quiet.stderr, f"-q says nothing: {quiet.stderr[:200]}")


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job of a shell ignores it, and so would its children
    os.environ["LC_ALL"] = "C.UTF-8"
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "in").mkdir(parents=True)
    squares(WORK / "in/parcels.shp")
    for command in ("check", "audit"):
        interrupted(command)
    told()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
