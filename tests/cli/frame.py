#!/usr/bin/python3
"""What every command shares: help, languages, exit codes, man page, completion, the catalogue found from the build tree.

frame.py PROGRAM
"""
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import unicodedata

PROGRAM = os.path.abspath(sys.argv[1])
COMMANDS = ["audit", "check", "explain", "export", "inspect", "report", "rules", "help"]
BARE = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "COLUMNS", "NO_COLOR", "PANHUO_"))}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
passed, failures = 0, []


def run(*arguments, **environment):
    """(exit code, stdout, stderr) under no locale but what is given."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL,
                          env={**BARE, **environment})
    return done.returncode, done.stdout, done.stderr


def expect(good, what):
    global passed
    if good:
        passed += 1
    else:
        failures.append(what)


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def languages():
    cases = [({}, True), ({"LANG": "C"}, True), ({"LC_ALL": "C.UTF-8"}, True), ({"LC_ALL": "POSIX"}, True), ({"LANG": "zh_CN.GB18030"}, True),
             ({"LANG": "en_US.UTF-8"}, False), ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, False), ({"LANG": "de_DE.UTF-8"}, False),
             ({"LC_ALL": "", "LANG": "en_US"}, False), ({"LC_ALL": "zh_TW", "LANG": "en_US"}, True), ({"LANGUAGE": "en"}, True)]
    for environment, chinese in cases:
        for option, expected in (((), chinese), (("--lang", "zh"), True), (("--lang=en",), False)):
            code, out, _ = run(*option, "--help", **environment)
            expect(code == 0 and bool(CHINESE.search(out)) == expected, f"language of {environment} {option}: {out[:40]!r}")
    code, _, err = run("audit", "--no-such", "--lang", "zh", LANG="en_US.UTF-8")
    expect(code == 2 and CHINESE.search(err), f"--lang after the error: {err!r}")
    with tempfile.TemporaryDirectory() as empty:
        code, out, _ = run("--help", PANHUO_LOCALEDIR=empty)
        expect(code == 0 and out.startswith("Usage:"), "without a catalogue the English words show")


def help_pages():
    for lang in ("zh", "en"):
        for arguments in [("--help",), *[(command, "--help") for command in COMMANDS]]:
            for width in ("40", "72", "100"):
                code, out, err = run(*arguments, "--lang", lang, COLUMNS=width)
                expect(code == 0 and out and not err, f"{arguments} --lang {lang}: {code} {err!r}")
                long = [line for line in out.split("\n")[1:] if cells(line) > int(width)]  # the usage line is never broken
                expect(width == "40" or not long, f"{arguments} --lang {lang} at {width}: {long}")
            expect("\033" not in out, f"{arguments}: colours without a terminal")
            expect(lang == "zh" or not CHINESE.search(out), f"{arguments}: Chinese in the English help: {CHINESE.findall(out)}")
    for command in COMMANDS:
        code, out, _ = run("help", command)
        expect(code == 0 and out == run(command, "-h")[1], f"help {command} and {command} -h differ")


def exit_codes():
    expect(re.fullmatch(r"panhuo \d+\.\d+\.\d+\n", run("--version")[1]) is not None, "--version")
    for arguments, code in [((), 2), (("--help",), 0), (("--version",), 0), (("audti",), 2), (("audit",), 2), (("--nope",), 2), (("help", "nope"), 2),
                            (("audit", "a", "--as-of", "2023-02-30"), 2), (("audit", "a.shp", "b.yaml", "--as-of", "2023-01-01", "-o", "c.gpkg"), 2), (("audit", "a.shp", "b.shp", "--as-of", "2023-01-01", "-o", "/tmp/c.gpkg"), 1), (("--lang", "fr", "--help"), 2),
                            (("inspect",), 2)]:
        got, out, err = run(*arguments, "--lang", "en") if "--lang" not in arguments else run(*arguments)
        expect(got == code, f"{arguments}: exit code {got}, not {code}: {err}")
        expect(code == 0 or (not out and err), f"{arguments}: a usage error speaks on stderr only: {out!r}")
    expect("did you mean 'audit'?" in run("audti", "--lang", "en")[2], "nearest command")
    expect("did you mean --as-of?" in run("audit", "a", "--as-off", "2023-01-01", "--lang", "en")[2], "nearest option")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=BARE, check=False)
    expect(done.returncode == 1 and done.stderr and "?" not in done.stderr, f"a full disk behind stdout: {done.returncode} {done.stderr!r}")


def colours():
    """Bold headings on a terminal, none under NO_COLOR."""
    for extra, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)):
        ours, theirs = pty.openpty()
        subprocess.run([PROGRAM, "--help"], stdout=theirs, env={**BARE, "TERM": "xterm", **extra}, check=False)
        os.close(theirs)
        text = b""
        try:
            while chunk := os.read(ours, 65536):
                text += chunk
        except OSError:
            pass  # the end of a terminal
        os.close(ours)
        expect(bool(text) and (b"\033[1m" in text) == coloured, f"colours under {extra}")


def man_page():
    for lang in ("zh", "en"):
        code, page, _ = run("help", "--man", "--lang", lang)
        expect(code == 0 and page.count("\n.SH ") >= 6, f"man page in {lang}")
        expect(all(f"panhuo {command}" in page for command in COMMANDS), f"a command is missing in the man page in {lang}")
        expect(not re.search(r"^\.(?!\\\"|TH|SH|SS|TP|B |I |PP|br|ad)", page, re.M), f"text taken for a macro in {lang}")


def completion():
    code, script, _ = run("help", "--completion", "bash")
    expect(code == 0, "completion script")
    cases = [(["panhuo", ""], set(COMMANDS)), (["panhuo", "a"], {"audit"}), (["panhuo", "audit", "--area-basis", "re"], {"registered"}),
             (["panhuo", "audit", "--land-share", ""], {"explicit", "owner", "equal", "floor", "merge"}), (["panhuo", "audit", "--lin"], {"--links"}),
             (["panhuo", "audit", "--overw"], {"--overwrite"}), (["panhuo", "check", "--overlap-m"], {"--overlap-min-m2", "--overlap-min-share", "--overlap-max-m2"}), (["panhuo", "--lang", ""], {"zh", "en"}), (["panhuo", "audit", "par"], set()),
             (["panhuo", "audit", "x.shp", "--lang", "e"], {"en"}), (["panhuo", "--ver"], {"--version", "--verbose"})]
    for words, expected in cases:
        asked = f"{script}\nCOMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _panhuo; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run(["bash", "-c", asked, "bash", *words], capture_output=True, text=True, check=False)
        expect(done.returncode == 0 and set(done.stdout.split()) == expected, f"completion of {words}: {done.stdout.split()} {done.stderr}")


def keys():
    _, help_text, _ = run("audit", "--help", "--lang", "en", COLUMNS="200")
    own = help_text.split("General options")[0]
    options = set(re.findall(r"^ +(?:-\w, )?--?([a-z][a-z0-9-]+)", own, re.M)) - {"config", "json"}
    listed = set(re.findall(r"^# ([a-z0-9-]+): ", run("help", "--keys")[1], re.M))
    expect(options == listed and "as-of" in listed, f"keys of AUDIT.yaml and options differ: {options ^ listed}")


def main():
    pathlib.Path(PROGRAM).resolve(strict=True)
    for part in (languages, help_pages, exit_codes, colours, man_page, completion, keys):
        part()
    for failure in failures:
        print("FAILED:", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
