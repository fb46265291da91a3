#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""torchvision's networks, exported here, are imported and give what torch gives, and their headers are short.
Usage: torch_test.py ONNX_BACKEND. Debian: python3-torch, python3-torchvision, python3-onnx."""

import pathlib
import subprocess
import sys
import tempfile

LONGEST = 400


def main():
    try:
        import onnx, torch, torchvision # noqa: F401
    except ImportError as problem:
        print(f"skipped: {problem} (Debian: python3-torch python3-torchvision python3-onnx)")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        exporter = pathlib.Path(__file__).with_name("export_torch.py")
        subprocess.run([sys.executable, exporter, folder / "cases"], check=True)
        tested = subprocess.run([sys.argv[1], "--list", "--write", folder / "written", "1", folder / "cases"],
                                stdout=subprocess.PIPE, text=True)
        print(tested.stdout)
        names = sorted(case.name for case in (folder / "cases").iterdir())
        failed = tested.returncode != 0 or tested.stdout.count("\npassed") + tested.stdout.startswith("passed") != len(names)
        for i, case in enumerate(names):
            header = folder / "written" / f"case_{i}.hpp"
            lines = header.read_text().count("\n") if header.exists() else LONGEST + 1
            print(f"{case:24} {lines} lines")
            failed = failed or lines > LONGEST
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
