#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A table of what networks need on small machines, made by building and running bench/embedded:
instructions by QEMU and a plugin that counts exactly, sizes by the linker's map.

    embedded_table.py [--target TARGET]... [--model MODEL]... [--cells float|int8]...
    embedded_table.py --write-docs docs/embedded.md

TARGET: cortex-m0 ... rv32imafdc, as in cmake/toolchains; cortex-m4f if none is named.
Columns: million instructions of a run; bytes of code (kernels, what calls them and what they take
of the compiler's and the C library; no start-up); of constants (weights; tables); of RAM (arena;
stack of a run). Input and output are the caller's. A model that does not fit a board is left out. --write-docs puts
the table of DOCUMENTED between the marks of a page, beside what others need."""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What a program of bench/embedded has besides the network: weights, and what measures it.
BESIDES = r"\.network_weights$|measured"
MODELS = ["kws", "ic", "vww", "ad"]
DOCUMENTED = [("int8", "cortex-m4f"), ("int8", "cortex-m55"), ("int8", "cortex-m7"),
              ("int8", "cortex-m33"), ("int8", "cortex-m3"), ("int8", "rv32imac"),
              ("float", "cortex-m4f")]
# TensorFlow Lite for Microcontrollers with CMSIS-NN on the same emulated boards, GCC 12 -O2: million
# instructions, bytes of code, of the model file, and of the arena that it was found to need.
OTHERS = {
    ("int8", "cortex-m4f"): {
        "kws": (7.70, 96890, 53936, 22820), "ic": (29.9, 91876, 98496, 54996),
        "vww": (24.1, 96896, 333288, 100708), "ad": (0.583, 44520, 276976, 2580)},
    ("int8", "cortex-m55"): {
        "kws": (1.82,), "ic": (4.91,), "vww": (6.56,), "ad": (0.286,)},
    ("float", "cortex-m4f"): { # its reference kernels: CMSIS-NN has none for floats
        "kws": (33.1,), "ic": (99.9,), "vww": (86.3,), "ad": (1.36,)},
}
MARKS = ("<!-- tools/embedded_table.py --write-docs writes this table -->\n", "<!-- end -->\n")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, text=True, **options)


def configure(target):
    directory = ROOT / "build/embedded-table" / target
    run("cmake", "-S", ROOT, "-B", directory, "-G", "Ninja", "--log-level=WARNING",
        f"--toolchain={ROOT}/cmake/toolchains/{target}.cmake", "-DCMAKE_BUILD_TYPE=Release",
        "-DCTNN_BUILD_TESTS=OFF", "-DCTNN_BUILD_EXAMPLES=OFF", stdout=subprocess.DEVNULL)
    cache = (directory / "CMakeCache.txt").read_text()
    known = dict(re.findall(r"^(CMAKE_NM|CTNN_EMULATOR):\w+=(.*)$", cache, re.M))
    return directory, known["CMAKE_NM"], known["CTNN_EMULATOR"].split(";")


def sections(path):
    """The input sections of a linker's map: (name, bytes, object)."""
    text = path.read_text().split("Linker script and memory map", 1)[1]
    text = text.split("OUTPUT(", 1)[0]
    for found in re.finditer(r"^ (\.[\w.$\[\]-]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S.*)$", text, re.M):
        if int(found[2], 16) > 0:
            yield found[1], int(found[2], 16), found[3]


def measure(directory, nm, emulator, plugin, program):
    """None if the program does not fit."""
    built = subprocess.run(["cmake", "--build", directory, "--target", program], text=True,
                           capture_output=True, check=False)
    if built.returncode != 0:
        if re.search("will not fit|overflowed|are left for the stack", built.stdout):
            return None
        sys.exit(built.stdout[-3000:] + built.stderr)
    image = directory / "bench/embedded" / program
    address = dict(reversed(line.split()[::2]) for line in run(
        nm, image, capture_output=True).stdout.splitlines() if len(line.split()) == 3)
    with tempfile.NamedTemporaryFile("r") as counted:
        first, rest = emulator[0], emulator[1:]
        told = run(first, "-plugin", f"{plugin},begin={address['count_begin']},"
                   f"end={address['count_end']},out={counted.name}", *rest, image,
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, # QEMU prints what is said there
                   stdin=subprocess.DEVNULL, timeout=600)
        facts = dict(line.split() for line in told.stdout.splitlines())
        facts = {name: int(number) for name, number in facts.items()}
        facts["instructions"] = int(counted.read())
    facts["code"] = facts["tables"] = 0
    for name, size, where in sections(directory / "bench/embedded" / f"{program}.map"):
        if "/run.cpp" in where or "ctnn_board" in where or re.search(BESIDES, name):
            continue
        if name.startswith(".text"):
            facts["code"] += size
        elif re.match(r"\.s?rodata", name):
            facts["tables"] += size
    return facts


def documented_row(target, cells, model, facts):
    others = OTHERS.get((cells, target), {}).get(model, ())
    beside = [f"{number:,}" for number in others] + [""] * (4 - len(others))
    own = (f"{facts['instructions'] / 1e6:.3f}", f"{facts['code']:,}",
           f"{facts['weights'] + facts['tables']:,}", f"{facts['arena']:,} + {facts['stack']:,}")
    return f"| {target}, {cells} | {model} | {' | '.join([*own, *beside])} |\n"


def write_docs(page, plugin):
    rows = ("| | model | M instructions | code | constants | RAM: arena + stack | TFLM: M instructions"
            " | code | model file | arena |\n|---|---|" + "--:|" * 8 + "\n")
    for cells, target in DOCUMENTED:
        directory, nm, emulator = configure(target)
        for model in MODELS:
            facts = measure(directory, nm, emulator, plugin, f"embedded_{cells}_{model}")
            if facts is None:
                sys.exit(f"{cells} {model} does not fit {target}: leave it out of DOCUMENTED")
            rows += documented_row(target, cells, model, facts)
    old = page.read_text()
    if any(old.count(mark) != 1 for mark in MARKS):
        sys.exit(f"{page}: expected the lines {''.join(MARKS)} once each")
    before, after = old.split(MARKS[0])[0], old.split(MARKS[1])[1]
    page.write_text(f"{before}{MARKS[0]}{rows}{MARKS[1]}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--target", action="append")
    parser.add_argument("--model", action="append", choices=MODELS)
    parser.add_argument("--cells", action="append", choices=["float", "int8"])
    parser.add_argument("--write-docs", metavar="PAGE", type=pathlib.Path)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        plugin = pathlib.Path(scratch) / "count.so"
        run("cc", "-O2", "-shared", "-fPIC", ROOT / "bench/embedded/count.c", "-o", plugin)
        if options.write_docs:
            write_docs(options.write_docs, plugin)
            return
        print("| target | cells | model | M instructions | code | weights | tables | arena | stack |")
        print("|---|---|---|---|---|---|---|---|---|")
        for target in options.target or ["cortex-m4f"]:
            directory, nm, emulator = configure(target)
            for cells in options.cells or ["float", "int8"]:
                for model in options.model or MODELS:
                    facts = measure(directory, nm, emulator, plugin, f"embedded_{cells}_{model}")
                    if facts is None:
                        print(f"| {target} | {cells} | {model} | does not fit |||||||", flush=True)
                        continue
                    print(f"| {target} | {cells} | {model} | {facts['instructions'] / 1e6:.3f} |"
                          f" {facts['code']} | {facts['weights']} | {facts['tables']} |"
                          f" {facts['arena']} | {facts['stack']} |", flush=True)


if __name__ == "__main__":
    main()
