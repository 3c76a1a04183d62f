#!/usr/bin/python3
"""What README.md shows is what the program does.

readme.py PROGRAM [README]

Runs every line that begins with "$ panhuo " in a block marked ```console, in order, in a scratch folder that holds the
sample data and an empty build/. The lines below it must be the output's, one by one, but for the width of columns; "..." stands for any
number of lines. A shown command must succeed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PROMPT = "$ "


def commands(text):
    """(command, lines shown) of each console block."""
    found = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith(PROMPT):
                found.append((line[len(PROMPT):], []))
            elif found:
                found[-1][1].append(line)
    return found


def narrow(line):
    return " ".join(line.split())


def fits(shown, printed):
    """The first shown line that the output does not have in its place, or None."""
    at, skip = 0, False
    for line in shown:
        if line.strip() == "...":
            skip = True
            continue
        while skip and at < len(printed) and printed[at] != narrow(line):
            at += 1
        if at >= len(printed) or printed[at] != narrow(line):
            return line
        at, skip = at + 1, False
    return None if skip or at == len(printed) else f"(nothing more, but there is: {printed[at]})"


def main(program, readme):
    passed, failures = 0, []
    found = commands(pathlib.Path(readme).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        shutil.copytree(TOP / "sample-data", scratch / "sample-data")
        (scratch / "build").mkdir()
        bare = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "COLUMNS"))}
        environment = {**bare, "LC_ALL": "C.UTF-8", "PATH": f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}"}
        for command, shown in found:
            if not command.startswith("panhuo "):
                continue
            done = subprocess.run(command, shell=True, cwd=scratch, env=environment, capture_output=True, text=True, encoding="utf-8",
                                  timeout=600, check=False)
            wrong = fits(shown, [narrow(line) for line in done.stdout.splitlines()])
            if done.returncode != 0:
                failures.append(f"{command}: exit {done.returncode}: {done.stderr.strip()}")
            elif wrong is not None:
                failures.append(f"{command}: not printed where it is shown: {wrong}")
            else:
                passed += 1
    if not found:
        failures.append(f"{readme}: no console block")
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else TOP / "README.md"))
