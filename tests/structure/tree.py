"""What the structure checks share: the C files of a tree, their text without comments, the verdict."""
import pathlib
import re
import sys

TOKEN = re.compile(r"""
    (?P<comment> /\*.*?\*/ | //[^\n]* )
  | (?P<include> ^[ \t]*\#[ \t]*include[^\n]* )
  | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
""", re.X | re.S | re.M)


def c_files(root, *folders, suffixes=(".c", ".h", ".def")):
    """Sorted paths of the C files under these folders of root."""
    found = []
    for folder in folders:
        found += [p for p in (pathlib.Path(root) / folder).rglob("*") if p.suffix in suffixes]
    return sorted(found)


def code_only(text):
    """The text with comments blanked and literals emptied; line numbers stay. #include lines stay whole."""
    def blank(match):
        if match.lastgroup == "include":
            return match.group()
        if match.lastgroup == "string":
            return match.group()[0] * 2
        return "\n" * match.group().count("\n") or " "
    return TOKEN.sub(blank, text)


def close(name, checked, complaints):
    """Prints the complaints and what was looked at; returns the exit code. Nothing to look at is a failure."""
    if not checked:
        complaints = ["nothing to check"]
    for complaint in complaints:
        print(complaint)
    print(f"{name}: {checked} looked at, {len(complaints)} complaints")
    return 1 if complaints else 0


def root_argument():
    """The tree to look at: the first argument, or the checkout this file lies in."""
    return pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
