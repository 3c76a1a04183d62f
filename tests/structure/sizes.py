#!/usr/bin/python3
"""Files of at most 500 lines, functions of at most 60.

sizes.py [ROOT]
"""
import re
import sys

from tree import c_files, close, code_only, root_argument

FILE_LINES = 500
FUNCTION_LINES = 60

# "file" or "file:function" -> why it may be longer.
EXCEPTIONS = {}

SKIPPED = re.compile(r"[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M)
EXTERN_C = re.compile(r'extern\s*""\s*\{')


def functions(text):
    """(name, first line, lines) of each function defined in C text. Raises ValueError on unbalanced braces."""
    text = code_only(text)
    text = SKIPPED.sub(lambda m: "\n" * m.group().count("\n"), text)
    has_extern = EXTERN_C.search(text) is not None
    text = EXTERN_C.sub(lambda m: " " * len(m.group()), text)
    depth, start, body, line, found = 0, 0, False, 1, []
    for at, char in enumerate(text):
        if char == "\n":
            line += 1
        elif char == "{":
            if depth == 0:
                head = text[start:at].rstrip()
                body = head.endswith(")")
            depth += 1
        elif char == "}":
            depth -= 1
            if depth < 0:
                if has_extern and text[at + 1:].strip() == "":
                    return found
                raise ValueError(f"line {line}: a closing brace too many")
            if depth == 0:
                if body:
                    first = text.count("\n", 0, start + len(text[start:]) - len(text[start:].lstrip())) + 1
                    names = re.findall(r"(\w+)\s*\(", text[start:at])
                    found.append((names[0] if names else "?", first, line - first + 1))
                    body = False
                start = at + 1
        elif char == ";" and depth == 0:
            start = at + 1
    if depth:
        raise ValueError("an opening brace too many")
    return found


def check(root):
    """(number of files, complaints)."""
    complaints = []
    files = c_files(root, "src", "include", "tests")
    for file in files:
        name = file.relative_to(root).as_posix()
        text = file.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > FILE_LINES and name not in EXCEPTIONS:
            complaints.append(f"{name}: {lines} lines (limit {FILE_LINES})")
        if file.suffix == ".def":
            continue
        try:
            for function, first, length in functions(text):
                if length > FUNCTION_LINES and f"{name}:{function}" not in EXCEPTIONS:
                    complaints.append(f"{name}:{first}: {function} has {length} lines (limit {FUNCTION_LINES})")
        except ValueError as error:
            complaints.append(f"{name}: {error}")
    return len(files), complaints


if __name__ == "__main__":
    sys.exit(close("sizes", *check(root_argument())))
