#!/usr/bin/python3
"""The output appears whole or not at all: kill -9, a full disk, failing writes, targets that cannot be written.

fault.py PANHUO WORKDIR [--seed N]

After each fault the folder holds the GeoPackage and the project that were there before, byte for byte, or neither, and nothing
beside them but `.part` files.
Mounts are made in a mount namespace of this process, so that none outlives it; where that is not allowed, the checks
that need them are skipped and said to be.
"""
import argparse
import errno
import os
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import parcels

KILLS, FAILED_WRITES = 20, 20
PATIENCE = 180  # seconds until a run counts as hung
COULD_NOT, WRONG_USE = 1, 2
INSIDE = "PANHUO_FAULT_NAMESPACE"


class Tally:
    """Says each check in one line and counts."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, name, complaints):
        complaints = [c for c in complaints if c]
        if complaints:
            self.failed += 1
            print(f"FAILED {name}: {'; '.join(complaints)}", flush=True)
        else:
            self.passed += 1
            print(f"ok {name}", flush=True)

    def skip(self, name, why):
        self.skipped += 1
        print(f"skipped {name}: {why}", flush=True)


class Bench:
    """Inputs, the folder that outputs go to, and what they should be."""

    def __init__(self, program, work):
        self.program, self.work = program, work
        shutil.rmtree(work, ignore_errors=True)
        (work / "in").mkdir(parents=True)
        self.large = parcels.write(work / "in/large", 20000)
        self.small = parcels.write(work / "in/small", 2000)
        self.tiny = parcels.write(work / "in/tiny", 10)
        self.out = work / "out"
        self.target = self.out / "audit.gpkg"
        self.part = self.out / "audit.gpkg.part"

    @property
    def project(self):
        return self.target.with_suffix(".qgz")

    def state(self):
        """The bytes of the GeoPackage and of the project beside it; None where there is none, or no file."""
        return tuple(p.read_bytes() if p.is_file() else None for p in (self.target, self.project))

    def command(self, source, target, overwrite=True):
        return [self.program, "audit", source, "-o", target, "--as-of", "2023-11-30"] + (["--overwrite"] if overwrite else [])

    def run(self, source, target=None, overwrite=True, **more):
        """One audit to its end: (exit code, what it said)."""
        try:
            done = subprocess.run(self.command(source, target or self.target, overwrite), stdin=subprocess.DEVNULL, timeout=PATIENCE,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
        except subprocess.TimeoutExpired:
            return "hung", ""
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def whole(self, source):
        """What an undisturbed audit writes."""
        self.fresh(None)
        code, said = self.run(source)
        if code != 0 or None in self.state():
            raise RuntimeError(f"an undisturbed audit ended with {code}: {said.strip()[-400:]}")
        return self.state()

    def fresh(self, old):
        """An output folder that holds nothing, or an earlier output."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        self.put(old)

    def put(self, old):
        if old is not None:
            self.target.write_bytes(old[0])
            self.project.write_bytes(old[1])

    def complaints(self, old, *others, beside=()):
        """What is wrong in the output folder: the files must hold the old bytes (None: be absent) or those of one of the others."""
        found = self.state()
        known = {self.target.name, self.part.name, self.project.name, self.project.name + ".part", *beside}
        litter = sorted({p.name for p in self.out.iterdir()} - known)
        wrong = [f"litter: {', '.join(litter)}"] if litter else []
        if found not in (old or (None, None), *others):
            wrong.append("a half file" if found[0] not in (None, *(o[0] for o in (old, *others) if o)) else
                         "the old file is gone" if found[0] is None and old else "the project is not that of the file")
        return wrong


def refused(code, said, *words, codes=(COULD_NOT,)):
    """What is wrong with how a run refused: its exit code, and that its message holds one of the words."""
    wrong = [] if code in codes else [f"exit code {code}"]
    if words and not any(w in said for w in words):
        wrong.append(f"the message names none of {', '.join(words)}: {said.strip()[-300:]!r}")
    return wrong


def kill_checks(bench, tally, chance, old, new):
    """kill -9 spread over the whole run, most of it over the time in which the file is written."""
    bench.fresh(old)
    begun, written = time.monotonic(), None
    with subprocess.Popen(bench.command(bench.large, bench.target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            if written is None and bench.part.exists():
                written = time.monotonic() - begun
            time.sleep(0.002)
    whole = time.monotonic() - begun
    tally.check("the file is written as .part first", [] if written else ["no .part was seen"])
    written = written or 0.0
    early = KILLS // 4
    moments = [chance.uniform(0, written) for _ in range(early)] + [chance.uniform(written, whole * 1.02) for _ in range(KILLS - early)]
    while_writing = 0
    for number, moment in enumerate(sorted(moments)):
        before = old if number % 2 == 0 else None
        bench.fresh(before)
        with subprocess.Popen(bench.command(bench.large, bench.target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(moment)
            part = bench.part.exists()
            while_writing += part
            process.send_signal(signal.SIGKILL)
            process.wait()
        state = "finished before" if process.returncode == 0 else "while writing" if part else "not writing"
        tally.check(f"kill -9 after {moment:.3f} s of {whole:.3f} ({state})", bench.complaints(before, new))
    tally.check(f"{while_writing} of {KILLS} kills fell into the writing", [] if while_writing else ["none did"])
    # What a killed run left behind must not stand in the way of the next one, and must not get into its file.
    bench.fresh(None)
    bench.part.write_bytes(b"left behind by a killed run " * 4096)
    code, said = bench.run(bench.large)
    tally.check("the run after a kill", [f"exit code {code}: {said.strip()[-300:]}" if code else "", *bench.complaints(new),
                                         "the .part is still there" if bench.part.exists() else ""])


def write_checks(bench, tally, chance, old, new):
    """The k-th write, sync or rename of the .part fails."""
    with tempfile.TemporaryDirectory() as folder:  # LD_PRELOAD takes no path with a blank, which the work folder may have
        fail_writes(bench, tally, chance, old, new, pathlib.Path(folder))


def fail_writes(bench, tally, chance, old, new, folder):
    """write_checks with the shim in this folder."""
    shim, state = folder / "shim.so", folder / "shim.state"
    built = subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", shim, pathlib.Path(__file__).with_name("shim.c"), "-ldl"],
                           capture_output=True, text=True, check=False)
    if built.returncode != 0:
        tally.check("compile shim.c", [built.stderr.strip()[-300:]])
        return

    def run(at, code):
        state.write_bytes(bytes(16))
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        extra = {"LD_PRELOAD": str(shim), "SHIM_STATE": str(state), "SHIM_AT": str(at), "SHIM_ERRNO": str(code), "ASAN_OPTIONS": sanitizer}
        result = bench.run(bench.small, env={**os.environ, **extra})
        return *result, *struct.unpack("=QQ", state.read_bytes())

    bench.fresh(None)
    code, said, operations, _ = run(0, 0)
    tally.check(f"writes are counted ({operations})", [f"exit code {code}: {said.strip()[-300:]}" if code else "", *bench.complaints(new),
                                                       "" if operations > 2 else "the shim saw no writes"])
    if operations < 3:
        return
    # The last five: the project is written, both are synced, the project is renamed, then the file.
    places = {1, *range(operations - 4, operations + 1)} | set(chance.sample(range(1, operations + 1), min(FAILED_WRITES - 6, operations)))
    for number, at in enumerate(sorted(places)):
        name, value, words = ("EIO", errno.EIO, ()) if number % 3 else ("ENOSPC", errno.ENOSPC, ("space", "空间"))
        before = old if number % 2 == 0 else None
        bench.fresh(before)
        code, said, _, failures = run(at, value)
        if failures == 0:  # the program wrote less this time: then it must be right
            tally.check(f"operation {at} was not reached", [f"exit code {code}" if code else "", *bench.complaints(new)])
        else:
            # When only the file itself could not be renamed, an older one has the new project.
            mixed = [(old[0], new[1])] if before and at == operations else []
            tally.check(f"operation {at} of {operations} fails with {name}", [*refused(code, said, *words), *bench.complaints(before, *mixed)])


def limit_check(bench, tally, old):
    """No file may grow beyond 100 kB."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, 100 * 1024))

    for before in (None, old):
        bench.fresh(before)
        code, said = bench.run(bench.small, preexec_fn=limit)
        tally.check(f"a limit on the size of files, {'an' if before else 'no'} earlier output", [*refused(code, said), *bench.complaints(before)])


def mounted(folder, *options):
    """Mounts an empty file system there; False when that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    return subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", folder], capture_output=True, check=False).returncode == 0


def mount_checks(bench, tally, old):
    """A full disk, and a folder that cannot be written even by root."""
    plain = bench.out, bench.target, bench.part
    for name, before in (("full disk", None), ("full disk, an earlier output", old), ("read-only folder", None), ("read-only folder, an earlier output", old)):
        place = bench.work / name.replace(" ", "_").replace(",", "")
        if not mounted(place, "-o", "size=1m"):
            tally.skip(name, "mounting is not allowed here (needs root or user namespaces)")
            continue
        bench.out, bench.target, bench.part = place, place / "audit.gpkg", place / "audit.gpkg.part"
        bench.put(before)
        words = ("space", "空间")
        if name.startswith("read-only"):
            subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
            words = (str(place),)
        code, said = bench.run(bench.large)
        tally.check(name, [*refused(code, said, *words), *bench.complaints(before)])
        subprocess.run(["umount", place], check=False)
    bench.out, bench.target, bench.part = plain


def target_checks(bench, tally, old):
    """Targets that must be refused before anything is written."""
    either = (COULD_NOT, WRONG_USE)
    bench.fresh(None)
    bench.target.mkdir()
    (bench.target / "keep").write_bytes(b"keep")
    code, said = bench.run(bench.tiny)
    kept = bench.target.is_dir() and [p.name for p in bench.target.iterdir()] == ["keep"]
    litter = [p.name for p in bench.out.iterdir() if p not in (bench.target, bench.part)]
    tally.check("the target is a folder", [*refused(code, said, str(bench.target), codes=either), "" if kept else "it was touched", *litter])

    bench.fresh(None)
    target = bench.out / "missing" / "audit.gpkg"
    code, said = bench.run(bench.tiny, target)
    tally.check("the folder is missing", [*refused(code, said, str(target.parent), codes=either), *bench.complaints(None)])

    bench.fresh(None)
    (bench.out / "file").write_bytes(b"")
    code, said = bench.run(bench.tiny, bench.out / "file" / "audit.gpkg")
    tally.check("the folder is a file", [*refused(code, said, str(bench.out / "file"), codes=either), *bench.complaints(None, beside=("file",))])

    bench.fresh(old)
    code, said = bench.run(bench.small, overwrite=False)
    tally.check("an existing output without --overwrite", [*refused(code, said, "--overwrite", codes=either), *bench.complaints(old)])

    bench.fresh(None)
    bench.project.write_bytes(b"somebody's own")
    code, said = bench.run(bench.small, overwrite=False)
    tally.check("an existing project without --overwrite", [*refused(code, said, "--overwrite", codes=either),
                                                            "" if bench.state() == (None, b"somebody's own") else "it was touched"])

    bench.fresh(None)
    bench.project.mkdir()
    code, said = bench.run(bench.small)
    tally.check("a folder has the project's name", [*refused(code, said, str(bench.project), codes=either),
                                                    "" if bench.project.is_dir() and bench.state() == (None, None) else "it was touched"])

    bench.fresh(old)
    wal = bench.out / "audit.gpkg-wal"
    wal.write_bytes(b"edits not yet merged")
    code, said = bench.run(bench.small)
    tally.check("the output is open elsewhere (-wal)", [*refused(code, said, wal.name, "QGIS"), *bench.complaints(old, beside=(wal.name,)),
                                                        "" if wal.read_bytes() == b"edits not yet merged" else "the -wal was touched"])

    bench.fresh(old)
    inputs = {p: p.read_bytes() for p in sorted((bench.work / "in").iterdir())}
    code, said = bench.run(bench.small, bench.small)
    unchanged = all(p.exists() and p.read_bytes() == data for p, data in inputs.items())
    tally.check("the target is the input", [*refused(code, said, codes=either), "" if unchanged else "an input was changed"])

    bench.fresh(old)
    code, said = bench.run(bench.work / "in" / "none.shp")
    tally.check("the input is missing", [*refused(code, said, "none.shp", codes=either), *bench.complaints(old)])


def own_namespace():
    """Starts this script again where its mounts are its own; returns where that cannot be."""
    if INSIDE in os.environ or not shutil.which("unshare"):
        return
    flags = ["-m"] if os.geteuid() == 0 else ["-rm"]
    if subprocess.run(["unshare", *flags, "true"], capture_output=True, check=False).returncode == 0:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def main():
    own_namespace()
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=20231130)
    options = parser.parse_args()
    chance, tally = random.Random(options.seed), Tally()
    bench = Bench(options.program.resolve(), options.work.resolve())
    try:
        old, small, large = (bench.whole(source) for source in (bench.tiny, bench.small, bench.large))
    except RuntimeError as error:
        tally.check("undisturbed audits", [str(error)])
    else:
        tally.check("undisturbed audits, the same bytes again", ["" if bench.whole(bench.small) == small else "other bytes"])
        target_checks(bench, tally, old)
        limit_check(bench, tally, old)
        mount_checks(bench, tally, old)
        write_checks(bench, tally, chance, old, small)
        kill_checks(bench, tally, chance, old, large)
    print(f"{tally.passed} passed, {tally.failed} failed" + (f", {tally.skipped} skipped" if tally.skipped else ""))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
