#!/usr/bin/python3
"""Adds up every check of a run: builds, cmocka tests, and the checks that a script counts in its closing line.

tally.py [--build NAME=ok|failed]... BUILD-DIR... [--leave-out LABEL...]

Reads BUILD-DIR/results.xml (ctest's JUnit output). A test that no build directory ran is a failure,
unless it carries a label left out on purpose: then it is counted, and named, as skipped.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

CMOCKA = re.compile(r"^\[\s+(PASSED|FAILED|SKIPPED)\s*\]\s+(\d+) test\(s\)", re.M)
CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)


def count(status, output):
    """(passed, failed, skipped) of one ctest test. ctest's verdict wins over a test that counts no failure."""
    passed = failed = skipped = 0
    closing = CLOSING.findall(output)
    cmocka = CMOCKA.findall(output)
    if closing:
        passed, failed, skipped = (int(n or 0) for n in closing[-1])
    elif cmocka:
        sums = {"PASSED": 0, "FAILED": 0, "SKIPPED": 0}
        for word, number in cmocka:
            sums[word] += int(number)
        passed, failed, skipped = sums["PASSED"], sums["FAILED"], sums["SKIPPED"]
    elif status == "run":
        passed = 1
    if status == "skipped":
        skipped = max(skipped, 1)
    elif status != "run":
        failed = max(failed, 1)
    return passed, failed, skipped


def results(directory):
    """Name -> (status, output) of the tests that ran in a build directory."""
    file = directory / "results.xml"
    if not file.exists():
        return {}
    cases = ElementTree.parse(file).getroot().iter("testcase")
    return {case.get("name"): (verdict(case), case.findtext("system-out") or "") for case in cases}


def verdict(case):
    """run, fail, skipped: the test said so itself; not run for another reason, such as a failed setup, is none of these."""
    why = case.find("skipped")
    return "skipped" if why is not None and "SKIP_RETURN_CODE" in why.get("message", "") else case.get("status")


def inventory(directory):
    """Name -> labels of the tests a build directory knows."""
    if not (directory / "CTestTestfile.cmake").exists():
        return {}
    listing = subprocess.run(["ctest", "--test-dir", directory, "--show-only=json-v1"], capture_output=True, text=True, check=True)
    labels = {}
    for test in json.loads(listing.stdout)["tests"]:
        found = [p["value"] for p in test.get("properties", []) if p["name"] == "LABELS"]
        labels[test["name"]] = found[0] if found else []
    return labels


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", action="append", default=[])
    parser.add_argument("--leave-out", nargs="+", default=[])
    parser.add_argument("directories", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    total = [0, 0, 0]
    for build in options.build:
        total[0 if build.endswith("=ok") else 1] += 1
        if not build.endswith("=ok"):
            print("FAILED: build", build.partition("=")[0])
    known, ran = {}, set()
    for directory in options.directories:
        known.update(inventory(directory))
        for name, (status, output) in results(directory).items():
            ran.add(name)
            one = count(status, output)
            total = [a + b for a, b in zip(total, one)]
            if one[1]:
                print(f"FAILED: {name} in {directory}: {one[1]}")
            if one[2]:
                print(f"skipped: {name}: {one[2]}")
                print("\n".join("  " + line for line in output.splitlines() if line.lower().startswith("skip")))
    for name in sorted(set(known) - ran):
        if set(options.leave_out) & set(known[name]):
            print(f"skipped: {name} ({', '.join(known[name])} left out)")
            total[2] += 1
        else:
            print(f"FAILED: {name} was never run")
            total[1] += 1
    if not ran:
        print("FAILED: no test ran at all")
        total[1] += 1
    passed, failed, skipped = total
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
