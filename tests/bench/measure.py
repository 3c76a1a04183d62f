#!/usr/bin/python3
"""Audit and check of one set of generated parcels, the plain copy, and the other tools that are installed, as a Markdown table.

measure.py PROGRAM DATA-FOLDER --shared FOLDER [--rounds K] [--no-peers] [--patience SECONDS] [--warm GIB]

Audit, check and copy take turns; the median round counts. The other tools run once, their pipelines are those of --shared.
"others": processors that the rest of the machine took meanwhile, in the worst round. With --patience a run that they disturbed is done again, until
one is quiet or the seconds are over; then the one disturbed least counts, whatever its time.
With --warm that much memory is taken and freed before each run, untimed: a virtual machine whose host takes free memory back pays for every page
that it gets again, and a run of some seconds would pay for what lay idle before it.
Times are of the whole process. Memory of the other tools is that of all their processes together, PostGIS with its server.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PYTHON = "/usr/bin/python3"
QUIET = 0.1  # processors that others may take in a run that counts as undisturbed
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
# "  0.071 s  reading parcels", as the program tells its stages with -v.
STAGE = re.compile(r"^\s*(\d+\.\d+) s\s+(\S.*)$")


class Run:
    """One finished command: seconds, MiB, what it said on stderr."""

    warm = 0  # GiB

    def __init__(self, command, server=None, several=False):
        os.sync()  # what the last command left to be written is not this one's burden
        touch_memory(self.warm << 30)
        self.load = os.getloadavg()[0]
        before, busy = processor_seconds(server), busy_seconds()
        with tempfile.TemporaryFile() as said:
            begin = time.perf_counter()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
            with watched(process.pid, server, several) as peak:
                _, status, usage = os.wait4(process.pid, 0)
                self.wall = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            self.errors = said.read().decode("utf-8", "replace")
        self.code = process.returncode
        self.cpu = usage.ru_utime + usage.ru_stime + processor_seconds(server) - before
        self.others = max(0.0, busy_seconds() - busy - self.cpu) / self.wall
        self.memory = max(usage.ru_maxrss / 1024, peak[0])


def touch_memory(size):
    """Takes memory from the host, and leaves it to the next process. In one of its own: a command would inherit the peak."""
    if size:
        subprocess.run([PYTHON, "-c", f"import mmap; mmap.mmap(-1, {size})[::4096] = b'x' * {size // 4096}"], check=True)


def busy_seconds():
    """What all processes of the machine have taken of its processors so far."""
    user, nice, system, _, _, irq, softirq, steal = map(int, pathlib.Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def processor_seconds(pid):
    """User and system time of a process and of those of its children that have ended."""
    if pid is None:
        return 0.0
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def descendants(pid):
    """A process, its children, theirs."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                found += map(int, pathlib.Path(f"/proc/{one}/task/{task}/children").read_text().split())
    return found


def resident(pid):
    """MiB of a process; what it shares with others in parts."""
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        return int(found.group(1)) / 1024 if found else 0.0
    return 0.0


@contextlib.contextmanager
def watched(pid, server, several):
    """Peak MiB of several processes and their server, looked at every 0.1 s; one process alone is left in peace."""
    peak, stop = [0.0], threading.Event()

    def look():
        while not stop.wait(0.1):
            peak[0] = max(peak[0], sum(map(resident, descendants(pid) + (descendants(server) if server else []))))

    if several:
        threading.Thread(target=look, daemon=True).start()
    try:
        yield peak
    finally:
        stop.set()


def has_modules(*names):
    return subprocess.run([PYTHON, "-c", "import " + ",".join(names)], capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def postgres(shared):
    """The process of a private server; None when PostGIS is not installed or does not start."""
    extension = pathlib.Path("/usr/share/postgresql/15/extension/postgis.control")
    if not (POSTGRES / "initdb").exists() or not extension.exists() or not shutil.which("bc"):
        yield None
        return
    data = pathlib.Path(os.environ["PANHUO_BENCH"]) / "pg/data"
    # Its log is a file: a pipe would stay open as long as the server does.
    with tempfile.TemporaryFile() as said:
        started = subprocess.run(["bash", shared / "pg_start.sh"], stdout=said, stderr=said, check=False).returncode == 0
        said.seek(0)
        if not started:
            print("PostGIS did not start:", said.read().decode("utf-8", "replace")[-300:], file=sys.stderr)
    try:
        yield int((data / "postmaster.pid").read_text().split()[0]) if started else None
    finally:
        if started:
            subprocess.run(["su", "postgres", "-c", f"{POSTGRES}/pg_ctl -D {data} -m fast stop"], capture_output=True, check=False)


def peers(shared, data, server):
    """(name, command, server) of the other tools that are here; what is not here, by name."""
    here, missing = [], []

    def offer(name, good, command, of_server=None):
        if good:
            here.append((name, [str(c) for c in command], of_server))
        else:
            missing.append(name)

    out = data / "peer.gpkg"
    tools = all(map(shutil.which, ("bc", "sqlite3", "ogr2ogr")))
    offer("SpatiaLite", tools and shutil.which("spatialite"), ["bash", shared / "peer_spatialite.sh", data, out])
    offer("PostGIS", server is not None, ["bash", shared / "peer_postgis.sh", data, out, "ogr2ogr"], server)
    offer("vectorised Python", has_modules("geopandas", "pyproj", "shapely"), [PYTHON, shared / "peer_pyfast.py", data, out])
    offer("GeoPandas", has_modules("geopandas", "pyproj", "shapely"), [PYTHON, shared / "peer_geopandas.py", data, out])
    return here, missing


def own_commands(program, data):
    """Name -> command; where it ends in -o, or copies, its output comes behind."""
    parcels = str(data / "parcels.shp")
    audit = [program, "audit", parcels, "--enterprises", str(data / "enterprises.csv"), "--ledger", str(data / "ledger.csv"), "-v", "--lang", "en"]
    commands = {
        "audit": [*audit, "--as-of", "2023-11-30", "-o"],
        # the generated enterprises report for 2024
        "later": [*audit, "--as-of", "2025-06-30", "-o"],
        "scheme": [*audit, "--as-of", "2025-06-30", "--scheme", "hengyang-demo", "-o"],
        "check": [program, "check", parcels, "-v", "--lang", "en"],
        "check-o": [program, "check", parcels, "--lang", "en", "-o"],
        "copy": ["ogr2ogr", "-f", "GPKG"],
    }
    return commands


def quietest(run, patience):
    """The first run that others did not disturb, or after some seconds the one they disturbed least."""
    begin, best = time.monotonic(), run()
    while best.others > QUIET and time.monotonic() - begin < patience:
        time.sleep(1)
        best = min(best, run(), key=lambda r: r.others)
    return best


def run_own(name, command, data):
    out = data / f"{name}.gpkg"
    made = [out, out.with_suffix(".qgz")]
    for file in made:
        file.unlink(missing_ok=True)
    run = Run(command + ([str(out)] if command[-1] in ("-o", "GPKG") else []) + ([str(data / "parcels.shp")] if name == "copy" else []))
    if run.code != 0:
        sys.exit(f"{name}: exit {run.code}: {run.errors[-800:]}")
    for file in made:
        file.unlink(missing_ok=True)
    return run


def row(name, runs, copy, audit):
    """One line of the table; copy and audit are the seconds that are compared with."""
    wall = statistics.median(r.wall for r in runs)
    span = f"{min(r.wall for r in runs):.2f}–{max(r.wall for r in runs):.2f}" if len(runs) > 1 else "once"
    cpu, memory = statistics.median(r.cpu for r in runs), max(r.memory for r in runs)
    others = max(r.others for r in runs)
    print(f"| {name} | {wall:.2f} | {span} | {cpu:.2f} | {memory:.0f} | {others:.1f} | {wall / copy:.2f} | {wall / audit:.2f} |", flush=True)


def stages(runs):
    """Median seconds of every stage the program told of, in its order."""
    told = {}
    for line in "\n".join(run.errors for run in runs).splitlines():
        if found := STAGE.match(line):
            told.setdefault(found[2], []).append(float(found[1]))
    return ", ".join(f"{name} {statistics.median(seconds):.2f}" for name, seconds in told.items())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--patience", type=float, default=0)
    parser.add_argument("--warm", type=int, default=0)
    options = parser.parse_args()
    Run.warm = options.warm
    data, shared = options.data.resolve(), options.shared.resolve()
    commands = own_commands(options.program, data)
    runs = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            runs[name].append(quietest(lambda n=name, c=command: run_own(n, c, data), options.patience))
    copy, audit = (statistics.median(r.wall for r in runs[name]) for name in ("copy", "audit"))
    count = json.loads((data / "truth.json").read_text())["n"]
    print(f"| {count:,} parcels | s | from–to | CPU s | peak MiB | others | × copy | × audit |\n|---|---:|---:|---:|---:|---:|---:|---:|".replace(",", " "))
    for name, title in (("audit", "`panhuo audit`"), ("later", "`panhuo audit`, 2025"), ("scheme", "`panhuo audit --scheme`, 2025"), ("check", "`panhuo check`, nothing written"), ("check-o", "`panhuo check -o`"),
                        ("copy", "`ogr2ogr -f GPKG`, plain copy")):
        row(title, runs[name], copy, audit)
    done = [r for name in runs for r in runs[name]]
    missing = run_peers(shared, data, options.patience, done, (copy, audit)) if not options.no_peers else []
    loads = sorted(r.load for r in done)
    print(f"\n{options.rounds} rounds. Load average {loads[0]:.1f}–{loads[-1]:.1f}.", end="")
    for name in ("audit", "check"):
        told = stages(runs[name])
        print(f" Seconds of {name}: {told}." if told else "", end="")
    adds = sorted(100 * (with_it.wall / without.wall - 1) for with_it, without in zip(runs["scheme"], runs["later"], strict=True))
    quarter = len(adds) // 4
    if len(adds) > 2:
        print(f" A scheme adds {statistics.median(adds):.1f} % to its round's audit of 2025 (middle half of the rounds: {adds[quarter]:.0f} to {adds[-1 - quarter]:.0f}).", end="")
    print(f" Not installed: {', '.join(missing)}.\n" if missing else "\n", flush=True)


def run_peers(shared, data, patience, done, compared):
    """Their rows; adds their runs to those done; returns what is not installed."""
    subprocess.run([PYTHON, shared / "make_sql.py"], check=True)
    with postgres(shared) as server:
        here, missing = peers(shared, data, server)
        for name, command, of_server in here:
            run = quietest(lambda c=command, s=of_server: Run(c, s, several=True), patience)
            done.append(run)
            if run.code == 0:
                row(name, [run], *compared)
            else:
                print(f"| {name} | failed | | | | | | |", flush=True)
                print(f"{name}: exit {run.code}: {run.errors[-500:]}", file=sys.stderr)
            for left in data.glob("peer.*"):
                left.unlink()
    return missing


if __name__ == "__main__":
    main()
