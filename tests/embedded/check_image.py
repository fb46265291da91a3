#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs a test program and compares what it says with its image.

    check_image.py NM IMAGE EMULATOR...

* it ends with status 0;
* objects are as large as it says ("bytes NAME NUMBER");
* the linker took as many bytes of constants from the program's own files, text left out, as it says
  ("constants NUMBER"), by the map beside the image;
* weights, tables of launches and plans lie where FLASH is, and no object of the library in .data;
* nothing of a heap, of exceptions, of RTTI or of stdio was linked.
The last three where the machine has no operating system: `flash_begin` is in the image."""
import pathlib
import re
import subprocess
import sys

CONSTANT = re.compile(r"weights|launches_of|quantized_table_of|packs_of|plan_of")
UNWANTED = re.compile(
    r"^(_?(malloc|calloc|realloc|free|sbrk)(_r)?|_Z(nw|na|dl|da).*|__cxa_.*|__gxx_personality.*"
    r"|_Unwind_.*|_ZT[IVS].*|_ZGV.*|_GLOBAL__.*|.*printf.*|puts|fputs|fwrite|putchar|abort|exit|atexit)$")


def constants_in(path):
    """Bytes of objects that are constants, of files that belong to no board and no library. What a
    function has of its own, text and numbers without a name, counts as its code."""
    text = pathlib.Path(path).read_text().split("Linker script and memory map", 1)[1]
    found = re.findall(r"^ \.s?rodata(\.\S+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S.*)$", text, re.M)
    return sum(int(size, 16) for name, size, where in found
               if ".str" not in name and "/boards/" not in where and not where.endswith(")"))


def main(nm, image, emulator):
    problems = []
    told = subprocess.run([*emulator, image], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    print(told.stdout, end="")
    if told.returncode != 0:
        problems.append(f"exit status {told.returncode}")

    symbols = {}
    for line in subprocess.run([nm, "-S", image], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        found = re.match(r"([0-9a-f]+) (?:([0-9a-f]+) )?([A-Za-z]) (\S+)$", line)
        if found:
            symbols[found[4]] = (int(found[1], 16), int(found[2] or "0", 16), found[3])
    for name, number in re.findall(r"^bytes (\S+) (\d+)$", told.stdout, re.M):
        size = symbols.get(name, (0, None, ""))[1]
        if size != int(number):
            problems.append(f"{name} has {size} bytes, and should have {number}")

    if "flash_begin" in symbols:
        for number in re.findall(r"^constants (\d+)$", told.stdout, re.M):
            linked = constants_in(f"{image}.map")
            if linked != int(number):
                problems.append(f"{linked} bytes of constants were linked, and should be {number}")
        flash = range(symbols["flash_begin"][0], symbols["flash_end"][0])
        constants = [name for name in symbols if CONSTANT.search(name) and symbols[name][2] not in "TtWw"]
        if not constants:
            problems.append("no constants were found: are there other names now?")
        for name in constants:
            if symbols[name][0] not in flash:
                problems.append(f"{name} is not in flash")
        for name, (_, size, kind) in symbols.items():
            if kind in "Dd" and size > 0:
                problems.append(f"{name} is in .data: {size} bytes of flash and of RAM")
            if UNWANTED.match(name):
                problems.append(f"{name} was linked")
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
