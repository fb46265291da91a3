#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What a network costs the compiler: seconds and memory, and counts that do not vary and have limits:
constexpr operations for g++, for clang constexpr steps and template specialisations, and for all how
much code a model is. With --gate the counts alone. bench/compile_time/run measures more, with what is
here.

usage: tools/compile_cost.py [--gate] [--compiler CXX]...
"""
import argparse
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLAGS = ["-std=c++20", "-I", os.path.join(ROOT, "include"), "-I", ROOT]
CHECK = ["-fsyntax-only"]
BUILD = ["-O2", "-c"] + (["-march=x86-64-v4"] if platform.machine() == "x86_64" else [])


def chain_of(layers):
    """A chain of convolutions that are all different types, and the header that it needs: none."""
    body = ", ".join(f"ctnn::conv2d<{16 + i}, 3, ctnn::same, ctnn::relu>" for i in range(layers))
    return "", f"ctnn::network<ctnn::input<64, 64, 16>, {body}>"


def chain(layers):
    return f"""#include <ctnn/ctnn.hpp>
using namespace ctnn;
using net = {chain_of(layers)[1]};
static_assert(net::output == shape{{64, 64, {15 + layers}}});
static_assert(net::arena_bytes > 0);
"""


def model(header, network):
    """All of a model: its weights are packed, it is run."""
    return f"""#include <new>
#include <ctnn/ctnn.hpp>
{f"#include <{header}>" if header else ""}
using net = {network};
using model = ctnn::model<net>;
void make(void* at, const float* weights) {{ new (at) model(ctnn::weights_span<net>{{weights}}); }}
void run(model& made, const float* image, float* scores) {{
    made.run(ctnn::input_span<net>{{image}}, ctnn::output_span<net>{{scores}});
}}
"""


def zoo(header, name, parameters):
    return f"""#include <ctnn/ctnn.hpp>
#include <examples/zoo/{header}>
static_assert({name}::parameters == {parameters});
static_assert({name}::arena_bytes > 0);
"""


PROGRAMS = {
    "nothing": "",
    "header": "#include <ctnn/ctnn.hpp>\n",
    "seed": zoo("seed.hpp", "ctnn::zoo::seed", 49378),
    "8 layers": chain(8),
    "20 layers": chain(20),
    "50 layers": chain(50),
    "ResNet50": zoo("resnet50.hpp", "ctnn::zoo::resnet50", 25636712),
    "NASNet": zoo("nasnet_mobile.hpp", "ctnn::zoo::nasnet_mobile", 5326716),
    "DenseNet121": zoo("densenet.hpp", "ctnn::zoo::densenet121", 8062504),
}

# The gates: a constant expression may take this many operations (g++) or steps (clang), and a
# program this many template specialisations more than the header alone (clang). About 1.3 times
# what was measured; a lower measurement lowers them.
LIMITS = {
    "50 layers": {"operations": 550_000, "steps": 72_000, "specialisations": 85},
    "DenseNet121": {"operations": 2_850_000, "steps": 265_000, "specialisations": 140},
    "NASNet": {"operations": 5_700_000, "steps": 545_000, "specialisations": 860},
    "ResNet50": {"operations": 1_090_000, "steps": 140_000, "specialisations": 280},
}

# Models, and how much machine code they may be: bytes, and functions. About 1.3 times what was
# measured for x86-64-v4.
MODELS = {
    "ResNet-8": model("examples/zoo/mlperf_ic.hpp", "ctnn::zoo::mlperf_ic"),
    "MobileNetV2": model("examples/zoo/mobilenet_v2.hpp", "ctnn::zoo::mobilenet_v2"),
}
MODEL_LIMITS = {
    "g++": {"ResNet-8": {"bytes": 73_000, "functions": 52},
            "MobileNetV2": {"bytes": 132_000, "functions": 72}},
    "clang": {"ResNet-8": {"bytes": 73_000, "functions": 60},
              "MobileNetV2": {"bytes": 187_000, "functions": 120}},
}


def is_clang(compiler):
    return "clang" in os.path.basename(compiler)


def write_program(folder, name, program):
    path = os.path.join(folder, re.sub(r"\W", "_", name) + ".cpp")
    with open(path, "w", encoding="utf-8") as file:
        file.write(program)
    return path


def compile_once(compiler, path, extra=CHECK):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([compiler, *FLAGS, *extra, path], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, seconds


def peak_memory(compiler, path, extra=CHECK):
    """Megabytes, from a child of its own: ru_maxrss is a maximum over all children."""
    code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    out = subprocess.run([sys.executable, "-c", code, compiler, *FLAGS, *extra, path],
                         capture_output=True, text=True, check=True)
    return int(out.stdout.split()[-1]) / 1024


def specialisations(compiler, path):
    result, _ = compile_once(compiler, path, [*CHECK, "-Xclang", "-print-stats"])
    counts = re.findall(r"^\s*(\d+) (?:Class|Var)Template(?:Partial)?Specialization decls", result.stderr,
                        re.MULTILINE)
    return sum(map(int, counts))


def least_limit(compiler, path, option):
    """The smallest limit, in steps of 5 %, under which the program still compiles."""
    low, high = 1_000, 32_000_000
    while high / low > 1.05:
        middle = int((low * high) ** 0.5)
        if compile_once(compiler, path, [*CHECK, f"{option}={middle}"])[0].returncode == 0:
            high = middle
        else:
            low = middle
    return high


def code_of(made):
    """The machine code of an object: bytes of all its text sections, and how many functions."""
    sections = subprocess.run(["size", "-A", made], capture_output=True, text=True, check=True).stdout
    symbols = subprocess.run(["nm", made], capture_output=True, text=True, check=True).stdout
    return {"bytes": sum(map(int, re.findall(r"^\.text\S*\s+(\d+)", sections, re.MULTILINE))),
            "functions": len(re.findall(r"^[0-9a-f]+ [TtWw] ", symbols, re.MULTILINE))}


def measure_models(compiler, folder, gate):
    print(f"{compiler} {' '.join(BUILD)}: machine code")
    limits = MODEL_LIMITS["clang" if is_clang(compiler) else "g++"]
    gated = platform.machine() == "x86_64"
    failures = []
    for name, program in MODELS.items():
        line = f"  {name:11}"
        path = write_program(folder, name, program)
        made = os.path.splitext(path)[0] + ".o"
        result, _ = compile_once(compiler, path, [*BUILD, "-o", made])
        if result.returncode != 0:
            sys.exit(f"{compiler} does not compile '{name}':\n{result.stderr}")
        for key, value in code_of(made).items():
            limit = limits[name][key]
            verdict = "  OVER" if gated and value > limit else ""
            line += f"  {key} {value:,} (limit {limit:,}){verdict}"
            if verdict:
                failures.append(f"{compiler}, {name}: {value:,} {key}, limit {limit:,}")
        print(line)
    return failures if gate else []


def measure(compiler, folder, gate):
    """With a gate only what has a limit: whether a program compiles under it is quickly known."""
    clang = is_clang(compiler)
    print(f"\n{compiler}: " + ("counts of -fsyntax-only" if gate else
                              "seconds and MB of -fsyntax-only (least of 5), beyond an empty file"))
    option, key = ("-fconstexpr-steps", "steps") if clang else ("-fconstexpr-ops-limit", "operations")
    base_seconds = base_specialisations = None
    failures = []
    for name, program in PROGRAMS.items():
        path = write_program(folder, name, program)
        if name == "header" and clang:
            base_specialisations = specialisations(compiler, path)
        limits = LIMITS.get(name, {})
        if gate and not limits:
            continue
        result, _ = compile_once(compiler, path)
        if result.returncode != 0:
            sys.exit(f"{compiler} does not compile '{name}':\n{result.stderr}")
        line = f"  {name:11}"
        if not gate:
            seconds = min(compile_once(compiler, path)[1] for _ in range(5))
            base_seconds = seconds if base_seconds is None else base_seconds
            line += f" {seconds - base_seconds:6.3f} s {peak_memory(compiler, path):5.0f} MB"
        if limits:
            within = [*CHECK, f"{option}={limits[key]}"]
            known = gate and compile_once(compiler, path, within)[0].returncode == 0
            found = {key: None if known else least_limit(compiler, path, option)}
            if clang:
                found["specialisations"] = specialisations(compiler, path) - base_specialisations
            for what, value in found.items():
                if value is None:
                    line += f"  {what} within {limits[what]:,}"
                    continue
                verdict = "" if value <= limits[what] else "  OVER"
                line += f"  {what} {value:,} (limit {limits[what]:,}){verdict}"
                if verdict:
                    failures.append(f"{compiler}, {name}: {value:,} {what}, limit {limits[what]:,}")
        print(line)
    return failures if gate else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gate", action="store_true", help="measure only what has a limit, and fail if a count is over it")
    parser.add_argument("--compiler", action="append", default=None)
    arguments = parser.parse_args()
    compilers = arguments.compiler or [c for c in ("g++", "clang++-14", "clang++-19") if shutil.which(c)]
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for compiler in compilers:
            failures += measure(compiler, folder, arguments.gate)
            failures += measure_models(compiler, folder, arguments.gate)
    for failure in failures:
        print(f"over the limit: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
