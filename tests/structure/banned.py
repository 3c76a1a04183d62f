#!/usr/bin/python3
"""Functions that the code does not call: unsafe ones anywhere, and below the program those that print, end the process,
look at the clock, at chance or at the locale.

banned.py [ROOT]
"""
import re
import sys

from tree import c_files, close, code_only, root_argument

ANYWHERE = {
    "sprintf": "snprintf", "vsprintf": "vsnprintf", "strcpy": "a bounded copy", "strcat": "a bounded copy", "strncpy": "a bounded copy",
    "strtok": "strchr", "gets": "fgets", "atoi": "base/number.h", "atol": "base/number.h", "atoll": "base/number.h",
    "atof": "base/number.h", "strtod": "base/number.h", "strtof": "base/number.h", "strtold": "base/number.h",
    "alloca": "the arena", "system": "no shell", "popen": "no shell",
}
LIBRARY = {
    "printf": "the library does not print", "vprintf": "the library does not print", "puts": "the library does not print",
    "putchar": "the library does not print", "perror": "the library does not print",
    "exit": "return an error", "_exit": "return an error", "quick_exit": "return an error", "abort": "return an error",
    "time": "results do not depend on the clock", "clock_gettime": "results do not depend on the clock",
    "gettimeofday": "results do not depend on the clock", "localtime": "results do not depend on the clock",
    "localtime_r": "results do not depend on the clock", "rand": "results do not depend on chance",
    "random": "results do not depend on chance", "setlocale": "the locale belongs to the program",
}
CALL = re.compile(r"(?<![\w.>])(\w+)\s*\(")
STREAM = re.compile(r"\b(?:stdout|stderr)\b")

# (file, function) -> why it may be called there.
EXCEPTIONS = {("src/base/number.c", "strtod"): "the number module itself; called under the thread's C locale"}


def check(root):
    """(number of files, complaints)."""
    complaints = []
    files = c_files(root, "src", "include")
    for file in files:
        name = file.relative_to(root).as_posix()
        library = not name.startswith("src/cli/")
        for number, line in enumerate(code_only(file.read_text(encoding="utf-8")).split("\n"), 1):
            for function in CALL.findall(line):
                why = ANYWHERE.get(function) or (LIBRARY.get(function) if library else None)
                if why and (name, function) not in EXCEPTIONS:
                    complaints.append(f"{name}:{number}: {function}: {why}")
            if library and STREAM.search(line):
                complaints.append(f"{name}:{number}: stdout, stderr: the library does not print")
    return len(files), complaints


if __name__ == "__main__":
    sys.exit(close("banned", *check(root_argument())))
