#!/usr/bin/python3
"""The Chinese catalogue is whole: valid, nothing untranslated or fuzzy, nothing that the program says missing, nothing left over.

catalogue.py [ROOT]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
CATALOGUE = ROOT / "src/cli/po/zh_CN.po"


def run(*command):
    """(exit code, both streams) of a gettext tool speaking English."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout + done.stderr


def main():
    failures, checks = [], 0

    def expect(good, what):
        nonlocal checks
        checks += 1
        if not good:
            failures.append(what)

    code, said = run("msgfmt", "--check", "--statistics", "-o", "/dev/null", CATALOGUE)
    expect(code == 0, f"msgfmt --check: {said}")
    expect(re.fullmatch(r"\d+ translated messages?\.\s*", said) is not None, f"not complete: {said}")
    expect("#~" not in CATALOGUE.read_text(encoding="utf-8"), "obsolete messages are kept")
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "panhuo.pot"
        sources = sorted((ROOT / "src/cli").glob("*.[ch]"))
        code, said = run("xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "-o", template, *sources)
        expect(code == 0 and template.exists(), f"xgettext: {said}")
        code, said = run("msgcmp", CATALOGUE, template)
        expect(code == 0, f"said by the program, not in the catalogue: {said}")
        code, said = run("msgcmp", "--use-untranslated", template, CATALOGUE)
        expect(code == 0, f"in the catalogue, not said by the program: {said}")
    for failure in failures:
        print("FAILED:", failure)
    print(f"{checks - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
