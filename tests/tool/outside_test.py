#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A project of somebody else that has its model built in by three lines of CMake.

outside_test.py SOURCE BUILD CXX GENERATOR: the library is installed from the folder BUILD.
"""
import array
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
CXX, GENERATOR = sys.argv[3:5]
DATA = SOURCE / "tests/tool/data"


def run(*command, fails=False, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **more)
    if (done.returncode != 0) != fails:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr if fails else done.stdout


def main(work):
    """Builds, changes the model, breaks it, crosses, and makes mistakes."""
    prefix, project, image = work / "prefix", work / "project", work / "image.f32"
    run("cmake", "--install", BUILD, "--prefix", prefix)
    shutil.copytree(SOURCE / "tests/outside/model", project)
    model = project / "tiny.onnx"
    shutil.copy(DATA / "tiny.onnx", model)
    shutil.copy(DATA / "tiny_int8.tflite", project)

    def configure(build, *more, **rest):
        return run("cmake", "-S", project, "-B", work / build, "-G", GENERATOR,
                   f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_PREFIX_PATH={prefix}",
                   "-DCMAKE_BUILD_TYPE=Release", *more, **rest)

    def build(folder):
        return run("cmake", "--build", work / folder)

    def scores(folder, program, *arguments):
        return [float(line) for line in run(work / folder / program, *arguments).split()]

    # What comes out is what numpy computed.
    configure("build")
    build("build")
    cells = array.array("f", (DATA / "tiny.image.npy").read_bytes()[128:][:4 * 144])
    image.write_bytes(array.array("f", (cells[c * 48 + at] for at in range(48) for c in range(3))).tobytes())
    expected = array.array("f", (DATA / "tiny.scores.npy").read_bytes()[128:][:4 * 5])
    got = scores("build", "embedded", image)
    assert all(abs(a - b) < 1e-5 for a, b in zip(got, expected, strict=True)), (got, expected)

    # On int8 every byte is that of the definition.
    images, rows = ((DATA / f"tiny_int8.{name}.npy").read_bytes()[128:] for name in ("images", "scores"))
    for i in range(3):
        image_i8 = work / "image.i8"
        image_i8.write_bytes(images[144 * i:144 * (i + 1)])
        got_i8 = scores("build", "on_int8", image_i8)
        assert got_i8 == list(array.array("b", rows[5 * i:5 * (i + 1)])), (i, got_i8)

    # Embedded weights and those of the file beside the program are the same.
    weights = work / "build/small.safetensors"
    assert scores("build", "from_file", weights) == scores("build", "embedded")

    # Nothing to do is nothing done; a model that changes is imported again.
    header = work / "build/embedded_models/tiny.hpp"
    written = header.stat().st_mtime_ns
    build("build")
    assert header.stat().st_mtime_ns == written
    data = model.read_bytes()
    model.write_bytes(data + b"\x32\x04more")  # the documentation field
    build("build")
    assert hashlib.sha256(model.read_bytes()).hexdigest() in header.read_text()
    assert scores("build", "embedded", image) == got

    # A model that cannot be imported stops the build and is named.
    model.write_bytes(data[:100])
    said = run("cmake", "--build", work / "build", fails=True)
    assert "ctnn: " in said and "tiny.onnx" in said, said
    model.write_bytes(data)
    build("build")

    # When cross-compiling, the tool is one of the build machine.
    cross = ["-DCMAKE_SYSTEM_NAME=Linux", f"-DCMAKE_SYSTEM_PROCESSOR={os.uname().machine}"]
    configure("cross", *cross)
    run("cmake", "--build", work / "cross", "--target", "embedded", "on_int8")
    assert scores("cross", "embedded", image) == got
    assert scores("cross", "on_int8", work / "image.i8") == got_i8
    tool = prefix / "bin/ctnn"
    elsewhere = work / "tools/ctnn"
    elsewhere.parent.mkdir()
    shutil.copy(tool, elsewhere)
    tool.write_text("of another processor")
    quiet = {**os.environ, "PATH": os.defpath}
    said = configure("without", *cross, fails=True, env=quiet)
    assert "-DCTNN_TOOL=" in said, said
    configure("with", *cross, f"-DCTNN_TOOL={elsewhere}", env=quiet)

    # Mistakes in the call.
    lists = project / "CMakeLists.txt"
    text = lists.read_text()
    shutil.copy(elsewhere, tool)
    for wrong, problem in (("MODEL missing.onnx", "no such file"), ("MODEL", "usage"),
                           ("MODEL tiny.onnx WEIGHTS nowhere", "embedded or file"),
                           ("MODEL tiny.onnx NAME 9x", "identifier"),
                           ("MODEL tiny.onnx TARGETS z80", "unknown target"),
                           ("MODEL tiny.onnx INT8 WEIGHTS file", "are embedded"),
                           ("MODEL tiny.onnx INT8 TARGETS cortex_m4 avx2", "microcontroller")):
        lists.write_text(text.replace("MODEL tiny.onnx)", f"{wrong})", 1))
        said = configure("wrong", fails=True)
        assert problem in " ".join(said.split()), (wrong, said)
    for wrong, problem in (("MODEL tiny_int8.tflite NAME tiny)", "say INT8 in ctnn_add_model"),
                           ("MODEL tiny.onnx INT8)", "leave INT8 out")):
        lists.write_text(text.replace("MODEL tiny.onnx)", wrong, 1))
        configure("wrong")
        said = run("cmake", "--build", work / "wrong", "--target", "embedded", fails=True)
        assert problem in said, (wrong, said)


with tempfile.TemporaryDirectory(prefix="ctnn-outside-") as made:
    main(pathlib.Path(made))
