#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs the commands of pages of documentation, in an empty folder for each page.

    check_commands.py [--bin FOLDER] [--prefix FOLDER] [--cxx COMPILER] PAGE...

Every block of `sh` is run by bash, one after the other. A comment before a block, or by itself, says
more:

    <!-- file digits.py -->            the block is the file digits.py
    <!-- prints -->                    the commands before it printed these lines, in this order; a
                                       line `...` stands for any others
    <!-- part of digits.hpp -->        the block is a stretch of this file, which is there by now
    <!-- given path/in/tree as x -->   a file of the tree is there under this name
    <!-- needs module... -->           the rest needs these modules of Python

Exits with 77 if something was left out because a module is missing.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PART = re.compile(r"^<!-- (?P<word>file|prints|part of|given|needs)(?: (?P<what>[^\n]*?))? -->\n+"
                  r"|^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


class Problem(Exception):
    pass


def parts_of(page):
    """(word, what, language, text): a comment goes with the block behind it."""
    waiting, end = None, 0
    for found in PART.finditer(page):
        if found["word"]:
            if waiting:
                raise Problem(f"no block behind <!-- {' '.join(filter(None, waiting))} -->")
            if found["word"] in ("given", "needs"):
                yield found["word"], found["what"], "", ""
            else:
                waiting, end = (found["word"], found["what"]), found.end()
            continue
        if waiting and found.start() != end:
            raise Problem(f"no block behind <!-- {' '.join(filter(None, waiting))} -->")
        yield *(waiting or ("", "")), found["language"], found["text"]
        waiting = None
    if waiting:
        raise Problem("the page ends behind a comment without a block")


def stand_in_order(wanted, found):
    """The first of the lines wanted that is not among those found behind the one before it."""
    lines = iter(line.rstrip() for line in found.splitlines())
    anywhere = True
    for line in (line.rstrip() for line in wanted.splitlines()):
        if line == "...":
            anywhere = True
        elif anywhere:
            if not any(line == other for other in lines):
                return line
            anywhere = False
        elif next(lines, None) != line:
            return line
    return None


def missing_module(modules, environment):
    for module in modules:
        if subprocess.run(["python3", "-c", f"import {module}"], env=environment,
                          capture_output=True).returncode != 0:
            return module
    return None


def run_page(page, folder, environment):
    """Returns how many blocks were run, and the module for want of which the rest was not."""
    said, count = "", 0
    for word, what, language, text in parts_of(page):
        if word == "given":
            source, name = what.split(" as ")
            shutil.copy(ROOT / source, folder / name)
        elif word == "needs":
            missing = missing_module(what.split(), environment)
            if missing:
                return count, missing
        elif word == "file":
            file = folder / what
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif word == "prints":
            lacking = stand_in_order(text, said)
            if lacking is not None:
                raise Problem(f"not printed: {lacking}\nbut this was:\n{said}")
        elif word == "part of":
            if text not in (folder / what).read_text(encoding="utf-8"):
                raise Problem(f"{what} holds no such lines, but:\n{(folder / what).read_text()}")
        elif language == "sh":
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=folder,
                                  env=environment, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            said = done.stdout
            count += 1
            if done.returncode != 0:
                raise Problem(f"failed with {done.returncode}:\n{text}{said}")
    if count == 0:
        raise Problem("has no commands")
    return count, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=Path, help="where the command ctnn is")
    parser.add_argument("--prefix", type=Path, help="where the library is installed")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("pages", nargs="+", type=Path)
    given = parser.parse_args()

    # Debian's Python has Debian's modules.
    path = [str(f.resolve()) for f in (given.bin,) if f] + ["/usr/bin", os.environ["PATH"]]
    environment = {**os.environ, "PATH": ":".join(path), "CXX": given.cxx}
    if given.prefix:
        environment["CMAKE_PREFIX_PATH"] = str(given.prefix.resolve())
    failed = skipped = False
    for page in given.pages:
        with tempfile.TemporaryDirectory(prefix="ctnn-docs-") as folder:
            try:
                count, missing = run_page(page.read_text(encoding="utf-8"), Path(folder), environment)
            except Problem as problem:
                print(f"{page}: {problem}")
                failed = True
                continue
        print(f"{page}: {count} blocks run" + (f"; the rest SKIPPED, as Python has no {missing}" if missing else ""))
        skipped = skipped or missing is not None
    return 1 if failed else 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
