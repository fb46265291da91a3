#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Measures ctnn beside other engines. bench/compare/run installs what this needs and calls it."""

import argparse
import json
import sys

import machine
import measure
import report

NETWORKS = ["seed", "lenet5", "resnet8", "dscnn", "vww", "ae", "mobilenet_v2", "resnet50"]
MORE_NETWORKS = ["alexnet", "densenet121", "googlenet", "inception_v3", "mobilenet", "resnet18",
                 "squeezenet", "vgg16"]
ENGINES = ["ctnn", "onednn", "xnnpack", "onnxruntime"]
# Engines that can be kept from wider vectors than AVX2.
AVX2_ENGINES = ["ctnn", "onednn"]


def listed(choices):
    def parse(text):
        names = [name for name in text.split(",") if name]
        for name in names:
            if name not in choices:
                raise argparse.ArgumentTypeError(f"{name}: choose from {', '.join(choices)}")
        return names
    return parse


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="bench/compare/run",
        allow_abbrev=False,
        description="ctnn beside oneDNN, XNNPACK and ONNX Runtime: one core, one image, float32.")
    parser.add_argument("--networks", type=listed(NETWORKS + MORE_NETWORKS), default=NETWORKS,
                        metavar="A,B", help=f"default: {','.join(NETWORKS)}; also: {','.join(MORE_NETWORKS)}")
    parser.add_argument("--engines", type=listed(ENGINES), default=ENGINES, metavar="A,B",
                        help=f"default: {','.join(ENGINES)}")
    parser.add_argument("--weights", type=listed(list(measure.STORED)), default=[], metavar="A,B",
                        help="ctnn also with weights stored so: " + ", ".join(measure.STORED))
    parser.add_argument("--rounds", type=int, default=9, metavar="N",
                        help="rounds that must be good, of which medians are taken (9)")
    parser.add_argument("--seconds", type=float, default=0.25, metavar="S",
                        help="for one engine in one round (0.25)")
    parser.add_argument("--isa", choices=["native", "avx2"], default="native",
                        help="the instructions that ctnn and oneDNN may use")
    parser.add_argument("--cold", action="store_true", help="empty the caches before every run")
    parser.add_argument("--limit", type=float, default=1e-4, metavar="X",
                        help="difference from the reference, in parts of the greatest output (1e-4)")
    parser.add_argument("--core", type=int, default=machine.last_core(), metavar="N",
                        help="the core to run on (the last one)")
    parser.add_argument("--json", metavar="FILE", help="writes what was measured")
    return parser.parse_args()


def main():
    options = parse_arguments()
    if options.isa == "avx2":
        for name in [name for name in options.engines if name not in AVX2_ENGINES]:
            print(f"{name} cannot be kept from wider vectors and is left out")
        options.engines = [name for name in options.engines if name in AVX2_ENGINES]
    if not options.engines:
        sys.exit("error: no engine is left")
    programs = machine.build(options.networks, options.isa)
    result = measure.run(programs, options)
    print()
    print(report.table(result))
    if options.json:
        with open(options.json, "w", encoding="ascii") as file:
            json.dump(result, file, indent=1)
            file.write("\n")
    return 0 if report.is_good(result) else 1


if __name__ == "__main__":
    sys.exit(main())
