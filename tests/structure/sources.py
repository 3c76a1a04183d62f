#!/usr/bin/python3
"""Every .c file is built: those of src stand in its CMakeLists.txt or that of their folder, the unit tests in tests/CMakeLists.txt.

sources.py [ROOT]
"""
import re
import sys

from tree import c_files, close, root_argument


def words(file):
    """The words of a CMake file, without its comments."""
    if not file.exists():
        return set()
    return set(re.sub(r"#[^\n]*", "", file.read_text(encoding="utf-8")).replace("(", " ").replace(")", " ").replace('"', " ").split())


def listed(name, known):
    """Whether the list names this file, be it as cmd_${command}.c with the command among its words."""
    for word in known:
        parts = re.split(r"\$\{\w+\}", word)
        if len(parts) == 1 and word == name:
            return True
        if len(parts) == 2 and parts[0] + parts[1] and name.startswith(parts[0]) and name.endswith(parts[1]):
            if name[len(parts[0]):len(name) - len(parts[1])] in known:
                return True
    return False


def check(root):
    """(number of files, complaints)."""
    sources = c_files(root, "src", suffixes=(".c",))
    units = sorted((root / "tests/unit").glob("*.c"))
    library, tests = words(root / "src/CMakeLists.txt"), words(root / "tests/CMakeLists.txt")
    complaints = [f"{s.relative_to(root)}: not in a CMakeLists.txt" for s in sources
                  if not listed(s.relative_to(root / "src").as_posix(), library)
                  and not (s.parent != root / "src" and listed(s.name, words(s.parent / "CMakeLists.txt")))]
    complaints += [f"{u.relative_to(root)}: not in tests/CMakeLists.txt" for u in units
                   if not listed(u.stem, tests) and f"unit/{u.name}" not in tests]
    return len(sources) + len(units), complaints


if __name__ == "__main__":
    sys.exit(close("sources", *check(root_argument())))
