#!/usr/bin/python3
"""Tables with bytes changed, cut or put in: read, or refused in words; the parser never falls over.

tables.py PANHUO WORKDIR [ROUNDS]
"""
import io
import os
import pathlib
import random
import re
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fixtures"))
import make_fixtures  # noqa: E402

PROGRAM, WORK = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 6
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
PIECES = [b"", b"\0", b"<", b">", b"&", b"\"", b",", b";", b"\n", b"\xff\xfe", b"-1", b"99999999999999999999", b"1e400", b"<c r=\"XFE1\">", b"</row>", b"<v>",
          b"A0", b"ZZZZZZ9", b"\xef\xbf\xbd", b"number-columns-repeated=\"99999999\"", b"\" r=\"0\" s=\"70000\" t=\"s", b"<mergeCell ref=\"A1:A1048576\"/>"]


def changed(dice, data):
    data = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        kind = dice.random()
        if kind < 0.4:
            data[at:at + dice.randint(0, 8)] = dice.choice(PIECES)
        elif kind < 0.7 and data:
            data[at % len(data)] = dice.randrange(256)
        elif kind < 0.85:
            data[at:at] = data[dice.randrange(len(data) + 1):][:dice.randint(1, 200)]
        else:
            del data[at:at + dice.randint(1, 400)]
    return bytes(data)


def rezipped(dice, data):
    """One part of the package changed, the package itself whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        victim = dice.choice([n for n in names if n.endswith(".xml") and n != "[Content_Types].xml"] or names)
        for name in names:
            new.writestr(zipfile.ZipInfo(name), changed(dice, old.read(name)) if name == victim else old.read(name))
    return out.getvalue()


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    tables = {f"{c['name']}/{n}": b for c in make_fixtures.cases() if c["name"].startswith("sheet-") for n, b in c["contents"].items()
              if n.rsplit(".", 1)[-1] in ("xlsx", "ods", "csv", "xls")}
    passed = failed = 0
    for k, (name, content) in enumerate(sorted(tables.items())):
        for turn in range(ROUNDS):
            dice = random.Random(f"{name} {turn}")
            whole = content[:2] == b"PK" and turn % 3 and zipfile.is_zipfile(io.BytesIO(content))
            file = WORK / f"{k}-{turn}.{name.rsplit('.', 1)[-1]}"
            file.write_bytes(rezipped(dice, content) if whole else changed(dice, content))
            done = subprocess.run([PROGRAM, "inspect", str(file), "--json"], capture_output=True, check=False, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})
            errors = done.stderr.decode("utf-8", "replace")
            good = done.returncode == 0 or (done.returncode in (1, 2) and CHINESE.search(errors))
            passed += bool(good)
            failed += not good
            if good:
                file.unlink()
            else:
                print(f"FAILED: {file}: exit {done.returncode}: {errors.strip()[-800:]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
