#!/usr/bin/python3
"""The top level holds the agreed entries only, and no file names a path of somebody's machine.

top_level.py [ROOT]
"""
import re
import subprocess
import sys

from tree import close, root_argument

ALLOWED = {"CMakeLists.txt", "src", "include", "sample-data", "tests", "README.md"}
# Home and work folders; a URL or a relative path that contains such a word is none.
FOLDERS = ("work", "farm", "home", "root", "Users", "tmp/bench")
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:" + "|".join(FOLDERS) + r")/\w")


def files_of(root):
    """Paths, relative to root, of what git tracks or would track; without git, of all that does not lie in build."""
    if (root / ".git").exists():
        command = ["git", "-c", f"safe.directory={root.resolve()}", "-C", root, "ls-files", "-z", "-co", "--exclude-standard"]
        listing = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return sorted(name for name in listing.split("\0") if name and (root / name).is_file())
    names = (p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    return sorted(n for n in names if not n.startswith("build/") and "__pycache__" not in n)


def check(root):
    """(number of files, complaints)."""
    files = files_of(root)
    tops = sorted({name.split("/")[0] for name in files})
    complaints = [f"{top}: not one of the agreed top-level entries" for top in tops if top not in ALLOWED and not top.startswith(".")]
    for name in files:
        data = (root / name).read_bytes()
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
            if MACHINE_PATH.search(line):
                complaints.append(f"{name}:{number}: a path of one machine: {line.strip()[:100]}")
    return len(files), complaints


if __name__ == "__main__":
    sys.exit(close("top_level", *check(root_argument())))
