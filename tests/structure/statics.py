#!/usr/bin/python3
"""No variable outlives a call: the library's objects hold no writable data, only constant tables.

statics.py OBJECT...
"""
import pathlib
import re
import subprocess
import sys

from tree import close

# Constant tables of pointers lie in .data.rel.ro: written by the loader, read-only ever after.
WRITABLE = re.compile(r"^[0-9a-f]+ \w[^\n]* O \.(?:bss|data|tbss|tdata)(?!\.rel\.ro)\S*\s+[0-9a-f]+ (?:\.hidden )?(\S+)$", re.M)


def main():
    complaints = []
    for name in sys.argv[1:]:
        symbols = subprocess.run(["objdump", "-t", name], capture_output=True, text=True, check=True).stdout
        complaints += [f"{pathlib.Path(name).name}: {variable} is a variable of the whole process" for variable in WRITABLE.findall(symbols)]
    return close("statics", len(sys.argv) - 1, complaints)


if __name__ == "__main__":
    sys.exit(main())
