#!/usr/bin/python3
"""Each public header compiles alone, twice over, as C17 and as C++17, pedantically; each internal one as C17.

headers.py ROOT [INCLUDE-DIR...] [--foreign INCLUDE-DIR...]
The first folders are those of generated public headers; the foreign ones are for internal headers only.
Compilers: $CC and $CXX, else cc and c++.
"""
import argparse
import os
import pathlib
import subprocess
import sys

from tree import close

COMMON = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-Wundef", "-fsyntax-only"]
C17 = [os.environ.get("CC", "cc"), "-x", "c", "-std=c17", "-Wstrict-prototypes", *COMMON]
CXX17 = [os.environ.get("CXX", "c++"), "-x", "c++", "-std=c++17", *COMMON]


def compiles(command, header, folders):
    """The compiler's first words about a file that includes only this header, or None when it has none."""
    text = f'#include "{header}"\n#include "{header}"\nextern int panhuo_headers_test;\n'
    flags = [f"-I{folder}" for folder in folders]
    done = subprocess.run([*command, *flags, "-"], input=text, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{header} as {command[2]}: " + " | ".join(done.stderr.strip().split("\n")[:3])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("generated", nargs="*", type=pathlib.Path)
    parser.add_argument("--foreign", nargs="*", type=pathlib.Path, default=[])
    options = parser.parse_args()
    root, public = options.root, [options.root / "include", *options.generated]
    trials = []
    for folder in public:
        for header in sorted(folder.glob("panhuo/*.h")):
            name = header.relative_to(folder).as_posix()
            trials += [(C17, name, public), (CXX17, name, public)]
    posix = [*C17, "-D_POSIX_C_SOURCE=200809L", *(f"-isystem{folder}" for folder in options.foreign)]
    for header in sorted((root / "src").rglob("*.h")):
        trials.append((posix, header.relative_to(root / "src").as_posix(), [root / "src", *public]))
    found = [compiles(*trial) for trial in trials]
    return close("headers", len(trials), [complaint for complaint in found if complaint])


if __name__ == "__main__":
    sys.exit(main())
