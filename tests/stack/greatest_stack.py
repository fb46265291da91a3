#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The greatest stack of a function and of all that it calls, from g++'s -fcallgraph-info=su.

    greatest_stack.py OBJECT FUNCTION MOST: reads the .ci beside the object, fails above MOST bytes, and where it cannot know: a
    frame whose size depends on data, recursion, or a call of something that is not in the file.

Calls through pointers are resolved by what the library has of them: those of a kernel call tiles
(functions of a conv_call), all others call kernels and reference meanings."""
import re
import sys

# What compilers call for copying memory; glibc's use no more than the margin.
OUTSIDE = {"memcpy": 64, "memset": 64, "memmove": 64}
INDIRECT = "__indirect_call"


def read(path):
    frames, names, calls = {}, {}, {}
    for line in open(path, encoding="utf-8"):
        node = re.match(r'node: \{ title: "([^"]*)" label: "([^"]*)"', line)
        if node:
            title, label = node.groups()
            names[title] = label.split("\\n")[0]
            size = re.search(r"\\n(\d+) bytes \(([a-z,]+)\)", label)
            if size:
                if size[2] not in ("static", "dynamic,bounded"):
                    sys.exit(f"a frame whose size depends on data: {names[title]}")
                frames[title] = int(size[1]) + 8  # the return address
        edge = re.match(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', line)
        if edge:
            calls.setdefault(edge[1], set()).add(edge[2])
    return frames, names, calls


def main(path, start, most):
    path = re.sub(r"(\.o|\.obj)$", ".ci", path)
    frames, names, calls = read(path)

    def kind(title):
        arguments = re.sub(r" \[with .*", "", names[title])
        for known in ("conv_call", "operands", "reference_call"):
            if re.search(rf"\((?:const )?(?:ctnn::)?{known}(?:<[^()]*>)?&", arguments):
                return known
        return "other"

    def callees(title):
        for callee in calls.get(title, ()):
            if callee != INDIRECT:
                yield callee
                continue
            wanted = ["conv_call"] if kind(title) == "operands" else ["operands", "reference_call"]
            yield from (each for each in frames if kind(each) in wanted)

    deepest = {}

    def depth(title, above):
        if title in above:
            sys.exit(f"recursion: {names[title]}")
        if title in OUTSIDE:
            return OUTSIDE[title], [title]
        if title not in frames:
            sys.exit(f"a call of something that is not in the file: {names.get(title, title)}")
        if title not in deepest:
            below = max((depth(callee, above | {title}) for callee in callees(title)),
                        default=(0, []))
            deepest[title] = (frames[title] + below[0], [title] + below[1])
        return deepest[title]

    if start not in frames:
        sys.exit(f"{path} has no function '{start}'")
    total, chain = depth(start, frozenset())
    for title in chain:
        name = names.get(title, title)
        print(f"{frames.get(title, OUTSIDE.get(title)):6}  {name[:160]}")
    print(f"{total:6}  bytes of stack, of {most}")
    return total > most


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
