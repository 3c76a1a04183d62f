#!/usr/bin/python3
"""One line on what is measured and where.

machine.py PROGRAM CHECKOUT BUILD-DIR
"""
import os
import pathlib
import re
import subprocess
import sys


def told_by(*command):
    """The first line a command prints; "unknown" when there is none."""
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return lines[0].strip() if lines else "unknown"


def commit(checkout):
    name = told_by("git", "-C", checkout, "rev-parse", "--short", "HEAD")
    changed = subprocess.run(["git", "-C", checkout, "status", "--porcelain", "src", "include", "CMakeLists.txt"], capture_output=True, text=True,
                             check=False).stdout.strip()
    return name + (" with changes" if changed else "")


def compiler(build):
    cache = pathlib.Path(build) / "CMakeCache.txt"
    kept = dict(re.findall(r"^(CMAKE_\w+):\w+=(.*)$", cache.read_text(), re.M)) if cache.exists() else {}
    flags = kept.get("CMAKE_C_FLAGS_" + kept.get("CMAKE_BUILD_TYPE", "").upper(), "")
    return f"{told_by(kept.get('CMAKE_C_COMPILER', 'cc'), '--version')}, {kept.get('CMAKE_BUILD_TYPE', '')} {flags}".rstrip(", ")


def main():
    program, checkout, build = sys.argv[1:4]
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    versions = [f"{name} {told_by('pkg-config', '--modversion', package)}"
                for name, package in (("GDAL", "gdal"), ("GEOS", "geos"), ("PROJ", "proj"), ("SQLite", "sqlite3"))]
    print(f"{told_by(program, '--version')}, commit {commit(checkout)}; {compiler(build)}; {', '.join(versions)}; "
          f"{cpu.group(1) if cpu else 'unknown CPU'}, {len(os.sched_getaffinity(0))} cores\n", flush=True)


if __name__ == "__main__":
    main()
