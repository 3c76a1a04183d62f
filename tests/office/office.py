#!/usr/bin/python3
"""The workbook in a real office: LibreOffice opens it, works its formulas out anew, prints it; the first sheet is kept as a picture.

office.py PROGRAM WORKDIR AUDIT.gpkg PICTURE.png
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import openpyxl

PROGRAM, AUDIT, PICTURE = (os.path.abspath(sys.argv[i]) for i in (1, 3, 4))
WORK = pathlib.Path(sys.argv[2]).absolute()
# The office is to work out every formula when it opens a file, whatever values stand in it.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
passed, failures = 0, []


def expect(good, what):
    global passed
    passed += bool(good)
    if not good:
        failures.append(what)


def convert(source, kind):
    """The file that the office makes of it."""
    profile = WORK / "profile"
    if not profile.exists():
        (profile / "user").mkdir(parents=True)
        (profile / "user/registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    folder = WORK / f"{source.stem}-{kind}"
    done = subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind, "--outdir", folder, source],
                          capture_output=True, check=False, timeout=600)
    made = folder / f"{source.stem}.{kind}"
    expect(done.returncode == 0 and made.exists(), f"{source.name} to {kind}: {done.stdout.decode()}{done.stderr.decode()}")
    return made


def rewritten(source, name, change):
    """The workbook with its parts changed."""
    path = WORK / name
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part).decode()))
    return path


def formulas(path):
    """Sheet and cell -> formula."""
    return {(s.title, c.coordinate): c.value for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row if c.data_type == "f"}


def values(path):
    return {(s.title, c.coordinate): c.value for s in openpyxl.load_workbook(path, data_only=True) for row in s.iter_rows() for c in row}


def recalculated(workbook):
    """Every formula gives the value that stands in the file; also where another one stood."""
    wanted, cells = formulas(workbook), values(workbook)
    expect(len(wanted) > 30, f"{len(wanted)} formulas")

    def spoil(part, text):
        return re.sub(r"(</f><v>)[^<]*", r"\g<1>7", text) if "worksheets" in part else text

    for file in (workbook, rewritten(workbook, "spoiled.xlsx", spoil)):
        now = values(convert(file, "xlsx"))
        for cell in wanted:
            old, new = cells[cell], now.get(cell)
            good = abs(new - old) <= 1e-9 * max(1, abs(old)) if isinstance(old, (int, float)) and isinstance(new, (int, float)) else new == old
            expect(good, f"{file.name} {cell}: {wanted[cell]} gives {new!r}, in the file stands {old!r}")


def live(workbook):
    """A change of a list is seen in its total and on the first sheet."""
    sheets = openpyxl.load_workbook(workbook).sheetnames
    number = sheets.index("疑似闲置土地清单") + 1
    column = next(c.column_letter for c in openpyxl.load_workbook(workbook)["疑似闲置土地清单"][3] if c.value == "面积(㎡)")
    before = values(workbook)

    def change(part, text):
        return re.sub(rf'(<c r="{column}4"[^>]*><v>)[^<]*', r"\g<1>1", text) if part == f"xl/worksheets/sheet{number}.xml" else text

    after = values(convert(rewritten(workbook, "changed.xlsx", change), "xlsx"))
    total = next(c for (s, c), v in before.items() if s == "疑似闲置土地清单" and v == "合计")
    cell = ("疑似闲置土地清单", f"{column}{total[1:]}")
    expect(abs(after[cell] - (before[cell] - before["疑似闲置土地清单", f"{column}4"] + 1)) < 1e-6, f"total of the list: {after[cell]}")
    checks = [c for (s, c), v in before.items() if s == "汇总表" and v == "一致"]
    told = [after["汇总表", c] for c in checks]
    expect(sorted(told) == ["一致"] * (len(checks) - 1) + ["不一致"], f"held against the lists: {told}")


def printed(workbook):
    pdf = convert(workbook, "pdf")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
    pages = text.split("\f")[:-1]
    sheets = openpyxl.load_workbook(workbook).sheetnames
    expect(len(pages) >= len(sheets), f"{len(pages)} pages for {len(sheets)} sheets")
    titles = ["土地盘活审计汇总表" if name == "汇总表" else name for name in sheets]
    for title in titles:
        expect(any(title in page for page in pages), f"{title} is printed")
    expect(all(any(title in page for title in titles) and "填报单位" in page for page in pages), "every page repeats its title")
    expect(f"第 {len(pages)} 页，共 {len(pages)} 页" in pages[-1], "pages are numbered")
    expect("###" not in text, "a number does not fit its column")
    stem = pathlib.Path(PICTURE).with_suffix("")
    subprocess.run(["pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", "-singlefile", pdf, stem], check=True)
    expect(os.path.getsize(PICTURE) > 20000, "the picture of the first sheet")


def main():
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        print("skipped: LibreOffice or poppler-utils is not here")
        return 77
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    workbook = WORK / "audit.xlsx"
    done = subprocess.run([PROGRAM, "report", AUDIT, "-o", workbook], capture_output=True, check=False)
    expect(done.returncode == 0, f"report: {done.stderr.decode()}")
    for part in (recalculated, live, printed):
        part(workbook)
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
