#!/usr/bin/python3
"""Includes point one way, and each foreign library enters at its ports only.

layers.py [ROOT]
"""
import re
import sys

from tree import c_files, close, code_only, root_argument

# A folder of src -> the folders it may include. The program is a client like any other: it sees public headers only.
LAYERS = {
    "base": {"base"},
    "model": {"base", "model"},
    "geo": {"base", "model", "geo"},
    "rules": {"base", "model", "rules"},
    "io": {"base", "model", "io"},
    "audit": {"base", "model", "geo", "rules", "io", "audit"},
    "report": {"base", "model", "io", "report"},
    "cli": {"cli"},
}

# Foreign headers -> the files that may include them: their ports of entry.
PORTS = [
    (r"cpl_error\.h", {"src/io/watch.c"}),  # GDAL's messages
    (r"(gdal|ogr|cpl)\w*\.h", {"src/io/source_file.h", "src/io/gpkg_file.h"}),  # reading, writing
    (r"(proj|geodesic)\w*\.h", {"src/geo/crs_proj.h"}),
    (r"libxml/\w+\.h", {"src/io/markup.c"}),
    (r"geos_c\.h", {"src/geo/geos.c"}),
    (r"sqlite3\.h", {"src/io/gpkg_file.h", "src/io/gpkg_read.c", "src/rules/calendar.h"}),
    (r"libpq-fe\.h", {"src/io/postgis.c"}),
    (r"libfyaml\.h", {"src/base/yaml.c"}),
    (r"iconv\.h", {"src/base/decoder.c"}),
    (r"malloc\.h", {"src/base/arena.c"}),
    (r"zip\.h", {"src/io/zip.c"}),
    (r"openssl/\w+\.h", {"src/base/digest.c"}),
    (r"xlsxwriter\.h", {"src/report/book.c"}),
    (r"libintl\.h|langinfo\.h", {"src/cli/lang.c", "src/cli/lang.h"}),
    (r"locale\.h", {"src/cli/lang.c", "src/cli/lang.h", "src/base/number.c", "src/report/book.c"}),  # the last two: numbers of the C locale, of their thread only
]

STANDARD = set("""
assert ctype errno fenv float inttypes iso646 limits math setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib
stdnoreturn string strings tgmath time wchar wctype
dirent fcntl fnmatch pthread unistd sys/ioctl sys/mman sys/resource sys/stat sys/time sys/types sys/uio sys/wait
""".split())

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>|(.*))', re.M)


def complaint(name, quoted, angled):
    """What is wrong with one include of the file `name` (relative to the root), or None."""
    layer = name.split("/")[1]
    if name.startswith("include/"):
        if quoted is None and angled.removesuffix(".h") in STANDARD or (quoted or "").startswith("panhuo/"):
            return None
        return f"a public header may include panhuo/*.h and the standard library, not {quoted or angled}"
    if quoted is not None:
        folder = quoted.split("/")[0]
        if "/" not in quoted or ".." in quoted:
            return f'"{quoted}": write the path from src, as in "base/error.h"'
        if folder == "panhuo" or folder in LAYERS.get(layer, ()):
            return None
        return f'{layer} may not include "{quoted}"'
    for pattern, ports in PORTS:
        if re.fullmatch(pattern, angled):
            return None if name in ports else f"<{angled}> enters at {', '.join(sorted(ports))} only"
    if angled.removesuffix(".h") in STANDARD:
        return None
    return f"<{angled}> has no port of entry in the table of layers.py"


def check(root):
    """(number of files, complaints)."""
    complaints = []
    files = c_files(root, "src", "include")
    for file in files:
        name = file.relative_to(root).as_posix()
        if name.startswith("src/") and name.split("/")[1] not in LAYERS:
            complaints.append(f"{name}: belongs to no layer")
            continue
        text = code_only(file.read_text(encoding="utf-8"))
        for match in INCLUDE.finditer(text):
            quoted, angled, odd = match.groups()
            why = f"an include that cannot be read: {odd}" if odd is not None else complaint(name, quoted, angled)
            if why:
                complaints.append(f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {why}")
    return len(files), complaints


if __name__ == "__main__":
    sys.exit(close("layers", *check(root_argument())))
