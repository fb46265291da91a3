#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Compiles the wrong programs of static_tests/must_fail and checks what the compilers say.
"""Every case must give exactly one error, few lines, and an error line that tells what is wrong.

A case is a program that must not compile, and under `#ifdef RIGHT` its twin that must. Comments say
what belongs to it:

    // title:      a heading                        // fault:   the fault_kind that is reported
    // expect:     a part of the error line         // forbid:  what the output must not hold
    // fix:        what to do about it              // keras:, pytorch:, tfjs: what others say

Before fragments are looked for, lines are brought to one spelling: no `ctnn::`, and `>>` for g++'s
`> >`. A string in a fragment, fixed_string<6>{"dense"}, also stands for the codes of clang 14.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "static_tests" / "must_fail"
INCLUDE = ROOT / "include"
MAX_LINES = 16
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow"]
DEFAULT_COMPILERS = [["g++-12", "g++"], ["clang++-14"], ["clang++-19"]]
DOCUMENTED = ["g++ 12", "clang 14", "clang 19"]
SECTIONS = {
    "shapes": "Shapes that do not fit",
    "layers": "Numbers and options of a layer",
    "paths": "Residuals, branches and merges",
    "lists": "Lists, names and lookups",
    "weights": "Weights",
    "quantized": "Networks on int8",
    "budget": "Budgets of memory",
    "extending": "Layers of your own",
}
ENGINES = {"keras": "Keras 3.9.2", "pytorch": "PyTorch 1.13.1", "tfjs": "TensorFlow.js 4.22"}


@dataclass
class Compiler:
    path: str
    name: str  # "g++ 12"


@dataclass
class Case:
    path: Path
    keys: dict  # key -> list of values

    def __init__(self, path):
        self.path = path
        self.source = path.read_text()
        self.keys = {}
        for key, value in re.findall(r"^// ([a-z]+): (.*)$", self.source, re.M):
            self.keys.setdefault(key, []).append(value)
        for key in ("title", "fault", "expect", "fix"):
            if key not in self.keys:
                sys.exit(f"{path}: no '// {key}:'")
        if "#ifdef RIGHT" not in self.source:
            sys.exit(f"{path}: no right twin")

    def __getitem__(self, key):
        return self.keys[key][0]

    @property
    def section(self):
        return self.path.parent.name

    @property
    def sentence(self):
        """The mistake in words: the second line of the file."""
        return self.source.splitlines()[1].removeprefix("// ")

    @property
    def program(self):
        """The wrong program, without comments of the test and without its twin."""
        code = re.sub(r"^//.*\n", "", self.source, flags=re.M)
        code = re.sub(r"^#ifdef RIGHT\n.*?^#else\n(.*?)^#endif\n", r"\1", code, flags=re.M | re.S)
        return code.strip()


@dataclass
class Result:
    case: Case
    compiler: Compiler
    lines: int
    error: str  # the first error line
    faults: list


def identify(path):
    """The compiler at a path, or None if there is none."""
    found = shutil.which(path)
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    first = version.splitlines()[0]
    major = re.search(r"(\d+)\.\d+\.\d+", first).group(1)
    return Compiler(found, f"{'clang' if 'clang' in first else 'g++'} {major}")


def compile_case(compiler, case, *flags, system=False):
    command = [compiler.path, "-std=c++20", "-fsyntax-only", *flags,
               "-isystem" if system else "-I", str(INCLUDE), str(case.path)]
    run = subprocess.run(command, capture_output=True, text=True,
                         env={**os.environ, "LC_ALL": "C"})
    return run.stdout + run.stderr


def one_spelling(line):
    line = line.replace("ctnn::", "")
    while "> >" in line:
        line = line.replace("> >", ">>")
    return line


def with_codes(fragment):
    """A fragment as clang 14 prints it: of a string, the codes of its first ten characters."""
    def codes(match):
        numbers = [str(ord(character)) for character in match.group(1) + "\0"]
        return "{{" + ", ".join(numbers[:10] + ["..."] * (len(numbers) > 10)) + "}}"

    return re.sub(r'fixed_string<\d+>\{"(.*?)"\}', codes, fragment)


def judge_errors(case, output):
    """What is wrong with a compiler's output for the wrong program."""
    errors = [line for line in output.splitlines() if re.search(r": (fatal )?error: ", line)]
    line = one_spelling(errors[0]) if errors else ""
    faults = []
    if len(errors) != 1:
        faults.append(f"{len(errors)} errors")
    if len(output.splitlines()) > MAX_LINES:
        faults.append(f"more than {MAX_LINES} lines")
    if not re.search(rf"& ?[\w:]*\b{case['fault']}\b", line):
        faults.append(f"the error line does not name {case['fault']}")
    faults += [f"not in the error line: {part}" for part in case.keys["expect"]
               if part not in line and with_codes(part) not in line]
    faults += [f"in the output: {part}" for part in case.keys.get("forbid", []) if part in output]
    return (errors[0] if errors else ""), faults


def run_case(case, compiler, system):
    """Both programs of a case; with `system`, the library is in a system directory."""
    output = compile_case(compiler, case, system=system)
    error, faults = judge_errors(case, output)
    twin = compile_case(compiler, case, "-DRIGHT", *WARNINGS, system=system)
    if twin:
        faults.append(f"the right twin is not silent: {twin.splitlines()[0]}")
    return Result(case, compiler, len(output.splitlines()), error, faults)


def uncovered_kinds(cases):
    declared = set()
    for header in INCLUDE.rglob("*.hpp"):
        declared |= set(re.findall(r"inline constexpr fault_kind (\w+)", header.read_text()))
    return sorted(declared - {case["fault"] for case in cases})


def print_table(cases, compilers, results):
    width = max(len(str(case.path.relative_to(CASES))) for case in cases)
    print(" " * width, *(f"{compiler.name:>10}" for compiler in compilers))
    for case in cases:
        cells = [next(r for r in results if r.case is case and r.compiler is c) for c in compilers]
        marks = (f"{cell.lines:3} {'FAILED' if cell.faults else 'ok':>6}" for cell in cells)
        print(f"{str(case.path.relative_to(CASES)):{width}}", *marks)


def documented_lines(page):
    """The error lines that a page holds: (title, compiler) -> line."""
    lines = {}
    for chapter in re.split(r"^### ", page, flags=re.M)[1:]:
        title = chapter.splitlines()[0]
        for name, line in re.findall(r"^(\S+ \d+):\n\n```text\n(.*)\n```$", chapter, re.M):
            lines[title, name] = line
    return lines


def quoted(words):
    return words if words.startswith("no error") else f"`{words.replace('`', '')}`"


def make_page(cases, results, kept):
    """docs/errors.md; what the compilers at hand do not say is taken from `kept`."""
    lines = dict(kept)
    for result in results:
        shortened = re.sub(r"^.*?(?=include/ctnn/)", "", result.error)
        lines[result.case["title"], result.compiler.name] = shortened
    page = [
        "# What the compiler says",
        "",
        "A network that does not fit together does not compile, with one error. These are the",
        "wrong programs of `static_tests/must_fail`, the line with the error from each compiler",
        "as it is, and what to do. `tools/must_fail.py --write-docs docs/errors.md` writes this",
        "page.",
        "",
        "How to read a line: `mistake<` the kind of mistake, `at<` index, name path and type of",
        "the layer `>`, the facts, `after<` the layer before it `>>`, and a sentence. Shapes are",
        "height, width, channels. clang 14 prints names as character codes; the index stands",
        "beside them.",
        "",
    ]
    for section, heading in SECTIONS.items():
        page += [f"## {heading}", ""]
        for case in (case for case in cases if case.section == section):
            page += [f"### {case['title']}", "", case.sentence, ""]
            page += ["```cpp", case.program, "```", ""]
            for name in DOCUMENTED:
                if (case["title"], name) in lines:
                    page += [f"{name}:", "", "```text", lines[case["title"], name], "```", ""]
            page += [f"What to do: {case['fix']}", ""]
            others = [f"- {name}: {quoted(case[key])}"
                      for key, name in ENGINES.items() if key in case.keys]
            if others:
                page += ["What others say to a mistake of this kind:", "", *others, ""]
    return "\n".join(page).rstrip() + "\n"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compiler", action="append", help="may be given several times")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write-docs", metavar="PAGE", type=Path)
    parser.add_argument("--check-docs", metavar="PAGE", type=Path)
    parser.add_argument("pattern", nargs="?", default="", help="only cases whose path contains it")
    return parser.parse_args()


def find_compilers(wanted):
    found = []
    for names in [[name] for name in wanted] if wanted else DEFAULT_COMPILERS:
        compiler = next(filter(None, map(identify, names)), None)
        if compiler is None:
            print(f"skipped: {names[0]} (not found)")
        else:
            found.append(compiler)
    return found or sys.exit("no compiler found")


def main():
    arguments = parse_arguments()
    compilers = find_compilers(arguments.compiler)
    every = [Case(path) for path in sorted(CASES.rglob("*.cpp"))]
    cases = [case for case in every if arguments.pattern in str(case.path)]

    jobs = [(case, compiler, False) for case in cases for compiler in compilers]
    jobs += [(cases[0], compiler, True) for compiler in compilers]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda job: run_case(*job), jobs))
    in_tree, in_system = results[:-len(compilers)], results[-len(compilers):]

    print_table(cases, compilers, in_tree)
    failed = [result for result in results if result.faults]
    for result in failed:
        how = " with -isystem" if result in in_system else ""
        print(f"\n{result.case.path.relative_to(CASES)}, {result.compiler.name}{how}:",
              *result.faults, result.error, sep="\n  ")
    for compiler in compilers:
        most = max(result.lines for result in in_tree if result.compiler is compiler)
        print(f"{compiler.name}: at most {most} lines")
    uncovered = uncovered_kinds(every)
    for kind in uncovered:
        print(f"no case for the fault kind {kind}")

    stale = False
    page_path = arguments.write_docs or arguments.check_docs
    if page_path:
        old = page_path.read_text() if page_path.exists() else ""
        page = make_page(every, in_tree, documented_lines(old))
        if arguments.write_docs and failed:
            print(f"{page_path} is not written: a case failed")
        elif arguments.write_docs:
            page_path.write_text(page)
        elif page != old:
            stale = True
            print(f"{page_path} is out of date: tools/must_fail.py --write-docs {page_path}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or uncovered or stale else 0


if __name__ == "__main__":
    sys.exit(main())
