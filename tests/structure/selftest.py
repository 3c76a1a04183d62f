#!/usr/bin/python3
"""Each structure check on made-up trees: it must find the planted fault, and nothing in a sound tree."""
import pathlib
import sys
import tempfile

import banned
import layers
import sizes
import sources
import top_level

LONG_BODY = "    x++;\n"

# (check, file, text, what the complaint must contain; None: no complaint)
CASES = [
    (layers, "src/base/a.c", '#include "model/table.h"\n', "base may not include"),
    (layers, "src/model/a.h", '#include "io/gpkg.h"\n', "model may not include"),
    (layers, "src/geo/a.c", '#include "io/reader.h"\n', "geo may not include"),
    (layers, "src/geo/a.c", '#include "rules/engine.h"\n', "geo may not include"),
    (layers, "src/rules/a.c", '#include "geo/crs.h"\n', "rules may not include"),
    (layers, "src/io/a.c", '#include "audit/run.h"\n', "io may not include"),
    (layers, "src/audit/a.c", '#include "cli/opt.h"\n', "audit may not include"),
    (layers, "src/cli/a.c", '#include "base/error.h"\n', "cli may not include"),
    (layers, "src/cli/a.c", '#  include   "model/table.h"\n', "cli may not include"),
    (layers, "src/base/a.c", '#include "../model/table.h"\n', "write the path from src"),
    (layers, "src/base/a.c", '#include "error.h"\n', "write the path from src"),
    (layers, "src/base/a.c", "#include HEADER\n", "cannot be read"),
    (layers, "src/util/a.c", "int x;\n", "belongs to no layer"),
    (layers, "src/audit/a.c", "#include <gdal.h>\n", "<gdal.h> enters at"),
    (layers, "src/io/style.c", "#include <ogr_api.h>\n", "<ogr_api.h> enters at"),
    (layers, "src/io/reader.c", "#include <proj.h>\n", "<proj.h> enters at"),
    (layers, "src/audit/a.c", "#include <sqlite3.h>\n", "<sqlite3.h> enters at"),
    (layers, "src/rules/ruleset.c", "#include <libfyaml.h>\n", "<libfyaml.h> enters at"),
    (layers, "src/base/text.c", "#include <iconv.h>\n", "<iconv.h> enters at"),
    (layers, "src/io/gpkg.c", "#include <openssl/evp.h>\n", "<openssl/evp.h> enters at"),
    (layers, "src/base/text.c", "#include <libintl.h>\n", "<libintl.h> enters at"),
    (layers, "src/base/text.c", "#include <curl/curl.h>\n", "no port of entry"),
    (layers, "include/panhuo/a.h", '#include "base/error.h"\n', "a public header may include"),
    (layers, "include/panhuo/a.h", "#include <gdal.h>\n", "a public header may include"),
    (layers, "src/audit/a.c", '#include <stdio.h>\n#include "geo/crs.h"\n#include "io/gpkg.h"\n#include "panhuo/error.h"\n', None),
    (layers, "src/io/gpkg_file.h", "#include <gdal.h>\n#include <cpl_vsi.h>\n#include <sqlite3.h>\n#include <sys/stat.h>\n", None),
    (layers, "src/cli/a.c", '#include "panhuo/audit.h"\n#include "cli/opt.h"\n', None),
    (layers, "src/base/a.c", '/* #include "model/table.h" */\n', None),
    (sizes, "src/base/a.c", "int x;\n" * 501, "501 lines"),
    (sizes, "src/base/a.c", "int x;\n" * 500, None),
    (sizes, "src/base/a.c", "static int f(int x)\n{\n" + LONG_BODY * 58 + "}\n", "f has 61 lines"),
    (sizes, "src/base/a.c", "static int f(int x)\n{\n" + LONG_BODY * 57 + "}\n", None),
    (sizes, "src/base/a.c", "int t[] = {\n" + "    1,\n" * 80 + "};\n", None),
    (sizes, "src/base/a.h", "struct s {\n" + "    int x;\n" * 80 + "};\n", None),
    (sizes, "src/base/a.c", 'const char *s = "}"; /* } */ char c = \'}\';\nint f(void) { return 0; }\n', None),
    (sizes, "src/base/a.c", "int f(void) { {\n", "opening brace too many"),
    (sizes, "include/panhuo/a.h", '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\n', None),
    (banned, "src/base/a.c", "sprintf(s, f);\n", "sprintf"),
    (banned, "src/cli/a.c", "x = atoi(s);\n", "atoi"),
    (banned, "src/base/a.c", "x = strtod (s, &end);\n", "strtod"),
    (banned, "src/base/a.c", "printf(f);\n", "does not print"),
    (banned, "src/base/a.c", "fprintf(stderr, f);\n", "does not print"),
    (banned, "src/audit/a.c", "if (bad) exit(1);\n", "return an error"),
    (banned, "src/audit/a.c", "abort();\n", "return an error"),
    (banned, "src/audit/a.c", "now = time(NULL);\n", "clock"),
    (banned, "src/cli/a.c", "printf(f); fprintf(stderr, f); exit(1);\n", None),
    (banned, "src/base/a.c", '/* strcpy(a, b) */ ph_exit(1); s = "atoi(x)"; c->time(x); snprintf(a, b, c); fprintf(file, f);\n', None),
    (top_level, "docs/a.md", "x\n", "docs: not one of"),
    (top_level, "src/a.c", "open(\"/" + "home/me/data.shp\")\n", "a path of one machine"),
    (top_level, "README.md", "see https://example.org/" + "home/me, ../" + "work/x and ./" + "root/x\n", None),
    (top_level, ".ci/run", "#!/usr/bin/env bash\n", None),
    (sources, "src/base/left_out.c", "int x;\n", "not in a CMakeLists.txt"),
    (sources, "src/cli/cmd_left_out.c", "int x;\n", "not in a CMakeLists.txt"),
    (sources, "src/cli/cmd_audit.c", "int x;\n", None),
    (sources, "src/cli/main.c", "int x;\n", None),
    (sources, "tests/unit/test_left_out.c", "int x;\n", "not in tests/CMakeLists.txt"),
    (sources, "src/base/listed.c", "int x;\n", None),
    (sources, "tests/unit/test_listed.c", "int x;\n", None),
]
LISTS = {"src/CMakeLists.txt": "add_library(x base/listed.c) # base/left_out.c\n",
         "src/cli/CMakeLists.txt": "add_executable(y main.c)\nforeach(c audit rules)\n target_sources(y PRIVATE cmd_${c}.c)\nendforeach()\n",
         "tests/CMakeLists.txt": "panhuo_unit(test_listed)\n"}


def run(check, name, text):
    """The complaints of one check about a tree that holds this file and the build lists."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, content in {**LISTS, name: text}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content, encoding="utf-8")
        return check.check(root)[1]


def main():
    failed = 0
    for check, name, text, expected in CASES:
        complaints = run(check, name, text)
        right = not complaints if expected is None else len(complaints) == 1 and expected in complaints[0]
        if not right:
            failed += 1
            print(f"{check.__name__}: {name}: {text[:60]!r}: expected {expected!r}, got {complaints}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
