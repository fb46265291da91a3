#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The ctnn command as its users run it.

command_test.py CTNN DATA CXX [unittest's arguments]; CTNN_DATA in the environment is a folder of models
that are too large for the tree.
"""
import array
import ctypes
import hashlib
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

CTNN, DATA = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
CXX = sys.argv[3]
LARGE = os.environ.get("CTNN_DATA") and pathlib.Path(os.environ["CTNN_DATA"], "mlperf_tiny")
HOSTILE = [DATA / "hostile.onnx", "--dimension", "width=3"]


def npy(path):
    """The floats of one of the files in DATA."""
    data = path.read_bytes()
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    return array.array("f", data[start:])


def channels_last(cells, channels, *, example=0):
    """One example, which is channels first, as the network reads it."""
    size = 3 * 8 * 6 if channels == 3 else len(cells)
    one = cells[example * size:(example + 1) * size]
    area = size // channels
    return array.array("f", (one[c * area + at] for at in range(area) for c in range(channels)))


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ctnn command "))  # with a space
        self.addCleanup(shutil.rmtree, self.folder)
        self.out = self.folder / "out"

    def run_command(self, *arguments, **more):
        return subprocess.run([CTNN, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, env={**os.environ, "CXX": CXX}, timeout=300, **more)

    def good(self, *arguments):
        done = self.run_command(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def build(self, *command):
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout


class Import(Command):
    def test_writes_a_type_and_weights(self):
        said = self.good("import", DATA / "tiny.onnx", "-o", self.out)
        self.assertEqual(sorted(p.name for p in self.out.iterdir()), ["tiny.hpp", "tiny.safetensors"])
        header = (self.out / "tiny.hpp").read_text()
        self.assertIn(hashlib.sha256((DATA / "tiny.onnx").read_bytes()).hexdigest(), header)
        for part in ('input<8, 6, 3>', 'conv2d<4, 3, padding<1>, relu>', 'max_pool2d<2>', "flatten",
                     "dense<5, softmax>", "network::parameters == 357", "namespace tiny"):
            self.assertIn(part, header)
        for part in ("conv (conv2d)", "5,424", "357", "wrote"):
            self.assertIn(part, said)

    def test_is_quiet_and_takes_a_name(self):
        said = self.good("import", DATA / "tiny.onnx", "-o", self.out, "--name", "digits", "--quiet",
                         "--blob")
        self.assertEqual(said, "")
        self.assertEqual((self.out / "digits.f32").stat().st_size, 357 * 4)
        self.assertIn("namespace digits", (self.out / "digits.hpp").read_text())

    def test_replaces_what_was_there(self):
        self.out.mkdir()
        (self.out / "tiny.hpp").write_text("old")
        (self.out / "other").write_text("stays")
        self.good("import", DATA / "tiny.onnx", "-o", self.out)
        self.assertNotEqual((self.out / "tiny.hpp").read_text(), "old")
        self.assertEqual((self.out / "other").read_text(), "stays")

    def test_reads_every_format(self):
        for file, name in (("tiny.tflite", "tiny"), ("seed.h5", "seed"), ("residual.keras", "residual")):
            self.good("import", DATA / file, "-o", self.out, "--name", name)
            self.assertIn("using network = ctnn::network<", (self.out / f"{name}.hpp").read_text())

    def test_is_the_same_each_time(self):
        for name in ("once", "again"):
            self.good("import", *HOSTILE, "-o", self.folder / name)
        for file in ("hostile.hpp", "hostile.safetensors"):
            self.assertEqual((self.folder / "once" / file).read_bytes(),
                             (self.folder / "again" / file).read_bytes())

    def test_inputs_keep_their_order(self):
        self.good("import", *HOSTILE, "-o", self.out)
        header = (self.out / "hostile.hpp").read_text()
        self.assertLess(header.index('left\\042'), header.index("rechts"))


class OnInt8(Command):
    MODEL = DATA / "tiny_int8.tflite"

    def test_writes_a_type_with_its_numbers(self):
        said = self.good("import", self.MODEL, "-o", self.out)
        header = (self.out / "tiny_int8.hpp").read_text()
        for part in ("using layers = ctnn::network<", "using network = ctnn::quantized<layers, numbers>;",
                     "{0.05F, 3},", "// first", "0.004F, 0.003F, 0.002F, 0.005F,",
                     "input_numbers[]{numbers::tensors[0]}", "network::weight_bytes == 416"):
            self.assertIn(part, header)
        self.assertIn("416 bytes", said)
        weights = (self.out / "tiny_int8.safetensors").read_bytes()
        self.assertIn(b'"first/kernel":{"dtype":"I8","shape":[3, 3, 3, 4]', weights)
        self.assertIn(b'"first/bias":{"dtype":"I32"', weights)

    def test_summary_is_that_of_import(self):
        said = self.good("summary", self.MODEL)
        self.assertTrue(self.good("import", self.MODEL, "-o", self.out).startswith(said))

    def test_is_checked_to_the_bit(self):
        images, scores = (DATA / f"tiny_int8.{name}.npy" for name in ("images", "scores"))
        for target in ("avx2", "sse2"):
            said = self.good("check", self.MODEL, "--inputs", images, "--outputs", scores, "--target",
                             target)
            self.assertEqual(said.count("3 examples: largest difference 0, relative 0: agrees"), 2)
        raw = self.folder / "raw"
        raw.write_bytes(images.read_bytes()[128:])
        wrong = bytearray(scores.read_bytes()[128:])
        wrong[7] = (wrong[7] + 1) % 256
        (self.folder / "wrong").write_bytes(wrong)
        done = self.run_command("check", self.MODEL, "--inputs", raw, "--outputs", "wrong")
        self.assertEqual(done.returncode, 1)
        self.assertIn("largest difference 1,", done.stdout)
        self.assertIn("cell 2 of example 1", done.stdout)

    def test_what_is_not_there_yet_says_so(self):
        for command in (["explain"], ["pack", "-o", "w.o"], ["export-c", "-o", self.out],
                        ["import", "--blob", "-o", self.out]):
            done = self.run_command(command[0], self.MODEL, *command[1:])
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("is an int8 network, which", done.stderr)
        images = DATA / "tiny.image.npy"
        done = self.run_command("check", self.MODEL, "--inputs", images, "--outputs", images)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(list(self.folder.iterdir()), [])


class Quantize(Command):
    def test_writes_an_int8_network(self):
        said = self.good("quantize", DATA / "tiny.onnx", "--calibration", DATA / "tiny.image.npy", "-o",
                         self.out)
        off = re.search(r"output 'scores', 3 examples: int8 is off by (\S+) at most", said)
        self.assertLess(float(off[1]), 0.02)
        self.assertIn("the greatest cell is the same in 3", said)
        header = (self.out / "tiny.hpp").read_text()
        for part in ("quantised by 3 examples", "ctnn::quantized<layers, numbers>", "dense<5>, softmax",
                     "{0.00390625F, -128},"):
            self.assertIn(part, header)
        (self.folder / "main.cpp").write_text(
            '#include "out/tiny.hpp"\nint main() { return tiny::network::weight_bytes != 384; }\n')
        self.build(CXX, "-std=c++20", "-I", CTNN.parent.parent / "include", "main.cpp", "-o", "main")
        self.build(self.folder / "main")

    def test_what_it_cannot(self):
        image = DATA / "tiny.image.npy"
        for model, problem in ((DATA / "tiny_int8.tflite", "is an int8 network already"),
                               (DATA / "hostile.onnx", "2 inputs")):
            more = ["--dimension", "width=3"] if model.name == "hostile.onnx" else []
            done = self.run_command("quantize", model, *more, "--calibration", image, "-o", self.out)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(problem, done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])


@unittest.skipUnless(LARGE, "skipped: no CTNN_DATA")
class MLPerfTiny(Command):
    """Compiled with all kernels of this machine: every byte is the reference's."""

    def compare(self, model, inputs, outputs, count):
        for file in (model, inputs, outputs):
            if not (LARGE / file).exists():
                self.skipTest(f"skipped: no {file}")
        cpu = pathlib.Path("/proc/cpuinfo")
        flags = set(cpu.read_text().split()) if cpu.exists() else set()
        family = {"sse2": "sse2", "avx2": "avx2", "avx512": "avx512bw"}
        for target in ["scalar", *(name for name, flag in family.items() if flag in flags), "native"]:
            said = self.good("check", LARGE / model, "--inputs", LARGE / inputs, "--outputs",
                             LARGE / outputs, "--no-reference", "--target", target)
            self.assertIn(f"{count} examples: largest difference 0, relative 0: agrees", said)

    def test_keywords(self):
        self.compare("kws_ref_model.tflite", "kws_in.i8", "kws_out.i8", 1000)

    def test_persons(self):
        self.compare("vww_96_int8.tflite", "vww_in_sel100.i8", "vww_out_sel100.i8", 100)

    def test_images(self):
        cifar = LARGE / "../cifar10/test_first1000.bin"
        if not cifar.exists():
            self.skipTest(f"skipped: no {cifar}")
        rows = cifar.read_bytes()
        cells = bytearray()
        for start in range(1, len(rows), 3073):  # a label, then three planes of bytes
            row = rows[start:start + 3072]
            cells += bytes(row[c * 1024 + at] ^ 0x80 for at in range(1024) for c in range(3))
        (self.folder / "images.i8").write_bytes(cells)
        self.compare("pretrainedResnet_quant.tflite", self.folder / "images.i8", "ic_out.i8", 1000)

    def test_anomalies_quantised_here(self):
        for file in ("ad01_fp32.tflite", "ad_in_first16.f32"):
            if not (LARGE / file).exists():
                self.skipTest(f"skipped: no {file}")
        said = self.good("quantize", LARGE / "ad01_fp32.tflite", "--calibration",
                         LARGE / "ad_in_first16.f32", "-o", self.out)
        off = re.search(r"16 examples: int8 is off by \S+ at most and (\S+) on average, of a reach of "
                        r"(\S+);", said)
        self.assertLess(float(off[1]), 0.02 * float(off[2]))


class Summary(Command):
    def test_is_that_of_import(self):
        said = self.good("summary", DATA / "tiny.onnx")
        self.assertTrue(self.good("import", DATA / "tiny.onnx", "-o", self.out).startswith(said))
        self.assertEqual(list(self.folder.iterdir()), [self.out])

    def test_names_do_not_reach_the_terminal_raw(self):
        said = self.good("summary", *HOSTILE)
        self.assertFalse([c for c in said if ord(c) < 32 and c != "\n"])


class Explain(Command):
    def test_plans_for_each_target(self):
        arenas = set()
        for target in ("scalar", "sse2", "avx2", "avx512", "neon"):
            said = self.good("explain", DATA / "tiny.onnx", "--target", target)
            self.assertIn(f"tiny for {target}", said)
            self.assertIn("5,424 multiply-adds; 357 parameters", said)
            arenas.add(re.search(r"packed weights ([\d,]+) bytes", said)[1])
        self.assertGreater(len(arenas), 1)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_stored_weights_take_less(self):
        def packed(*arguments):
            said = self.good("explain", DATA / "tiny.onnx", "--target", "avx2", *arguments)
            return int(re.search(r"packed weights ([\d,]+) bytes", said)[1].replace(",", ""))
        self.assertLess(packed("--stored", "float16"), packed())


class Pack(Command):
    def numbers(self, *arguments):
        self.good("pack", DATA / "tiny.onnx", *arguments, "-o", self.folder / "w.f32")
        return (self.folder / "w.f32").read_bytes()

    def test_reference_is_the_blob(self):
        self.good("import", DATA / "tiny.onnx", "-o", self.out, "--blob")
        self.assertEqual(self.numbers("--target", "reference"),
                         (self.out / "tiny.f32").read_bytes())

    def test_source_and_object_hold_the_same(self):
        expected = self.numbers("--target", "sse2")
        program = self.folder / "p.c"
        program.write_text('#include <stdio.h>\nextern const float heavy[];\nint main(void) '
                           f'{{ return fwrite(heavy, 1, {len(expected)}, stdout) == 0; }}\n')
        for kind in ("c", "s", "o"):
            file = self.folder / f"w.{kind}"
            said = self.good("pack", DATA / "tiny.onnx", "--target", "sse2", "--symbol", "heavy",
                             "--section", ".flash", "--align", "256", "-o", file)
            self.assertIn(f"const float heavy[{len(expected) // 4}]", said)
            self.build("cc", "p.c", file, "-o", "p")
            got = subprocess.run([self.folder / "p"], capture_output=True).stdout
            self.assertEqual(got, expected, kind)
            self.build("cc", "-c", file, "-o", "w2.o") if kind != "o" else shutil.copy(file, self.folder / "w2.o")
            line = next(line for line in self.build("objdump", "-h", "w2.o").splitlines() if ".flash" in line)
            self.assertTrue(line.endswith("2**8"), line)


class Check(Command):
    def check(self, *arguments):
        return self.run_command("check", *arguments)

    def test_agrees(self):
        done = self.check(DATA / "tiny.onnx", "--inputs", DATA / "tiny.image.npy", "--outputs",
                          DATA / "tiny.scores.npy")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count("3 examples"), 2)
        self.assertEqual(done.stdout.count(": agrees"), 2)

    def test_several_inputs_and_outputs(self):
        done = self.check(*HOSTILE, "--inputs", DATA / "hostile.left.npy", DATA / "hostile.right.npy",
                          "--outputs", DATA / "hostile.sum.npy", DATA / "hostile.twice.npy")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count(": agrees"), 4)

    def test_tells_a_difference(self):
        cells = npy(DATA / "tiny.scores.npy")
        cells[7] += 0.25
        (self.folder / "off.f32").write_bytes(cells.tobytes())
        done = self.check(DATA / "tiny.onnx", "--inputs", DATA / "tiny.image.npy", "--outputs",
                          "off.f32")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.count("DIFFERS"), 2)
        self.assertIn("cell 2 of example 1", done.stdout)
        self.assertIn("ctnn: ", done.stderr)
        loose = self.check(DATA / "tiny.onnx", "--inputs", DATA / "tiny.image.npy", "--outputs",
                           "off.f32", "--tolerance", "0.5", "--target", "scalar", "--no-reference")
        self.assertEqual(loose.returncode, 0)

    def test_raw_files_may_be_channels_last(self):
        image = channels_last(npy(DATA / "tiny.image.npy"), 3)
        (self.folder / "image.f32").write_bytes(image.tobytes())
        (self.folder / "scores.f32").write_bytes(npy(DATA / "tiny.scores.npy")[:5].tobytes())
        done = self.check(DATA / "tiny.onnx", "--inputs", "image.f32", "--outputs", "scores.f32",
                          "--channels-last")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_other_formats(self):
        done = self.check(DATA / "tiny.tflite", "--inputs", DATA / "tiny.last.npy", "--outputs",
                          DATA / "tiny.scores.npy")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_files_that_do_not_fit(self):
        for inputs, outputs, problem in (
                (["tiny.scores.npy"], ["tiny.scores.npy"], "expected (1, 3, 8, 6) or (8, 6, 3)"),
                (["tiny.image.npy"], ["hostile.sum.npy"], "has the shape (1, 2, 4, 3)"),
                (["tiny.image.npy"] * 2, ["tiny.scores.npy"], "names 2 files, and the model has 1"),
                (["missing.npy"], ["tiny.scores.npy"], "cannot be read")):
            done = self.check(DATA / "tiny.onnx", "--inputs", *(DATA / i for i in inputs),
                              "--outputs", *(DATA / o for o in outputs))
            self.assertEqual(done.returncode, 1)
            self.assertIn(problem, done.stderr)


class ExportC(Command):
    def test_c_program(self):
        self.good("export-c", DATA / "tiny.onnx", "-o", self.out, "--name", "reader")
        self.assertEqual(sorted(p.name for p in self.out.iterdir()), ["reader.h", "reader.o"])
        (self.folder / "main.c").write_text('''
#include "reader.h"
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    static float in[READER_IN_FLOATS], out[READER_OUT_FLOATS];
    char* arena = aligned_alloc(READER_ARENA_ALIGNMENT, (reader_arena_bytes() + 63) / 64 * 64);
    if (reader_run(NULL, in, out) != READER_NULL_POINTER) return 1;
    if (reader_run(arena, NULL, out) != READER_NULL_POINTER) return 2;
    if (reader_run(arena, in, NULL) != READER_NULL_POINTER) return 3;
    if (reader_run(arena + 4, in, out) != READER_ARENA_NOT_ALIGNED) return 4;
    if (fread(in, sizeof in, 1, stdin) != 1) return 5;
    if (reader_run(arena, in, out) != READER_DONE) return 6;
    free(arena);
    return fwrite(out, sizeof out, 1, stdout) == 1 ? 0 : 7;
}
''')
        self.build("cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{self.out}",
                   "main.c", self.out / "reader.o", "-lm", "-o", "main")
        image = channels_last(npy(DATA / "tiny.image.npy"), 3, example=2)
        done = subprocess.run([self.folder / "main"], input=image.tobytes(), capture_output=True)
        self.assertEqual(done.returncode, 0)
        for got, wanted in zip(array.array("f", done.stdout), npy(DATA / "tiny.scores.npy")[10:]):
            self.assertAlmostEqual(got, wanted, delta=1e-5)

    def test_object_needs_the_c_library_alone(self):
        self.good("export-c", DATA / "tiny.onnx", "-o", self.out)
        needed = {line.split()[-1] for line in self.build("nm", "-u", self.out / "tiny.o").splitlines()}
        self.assertLessEqual(needed, {"memset", "memcpy", "memmove", "_GLOBAL_OFFSET_TABLE_"})

    def test_python_calls_it(self):
        self.good("export-c", *HOSTILE, "-o", self.out, "--target", "native")
        self.build("cc", "-shared", self.out / "hostile.o", "-lm", "-o", "libhostile.so")
        library = ctypes.CDLL(str(self.folder / "libhostile.so"))
        library.hostile_arena_bytes.restype = ctypes.c_size_t
        floats = ctypes.c_float * 24
        room = ctypes.create_string_buffer(library.hostile_arena_bytes() + 64)
        arena = (ctypes.addressof(room) + 63) // 64 * 64

        def of(name):
            return floats(*channels_last(npy(DATA / f"hostile.{name}.npy"), 2))
        total, twice = floats(), floats()
        self.assertEqual(library.hostile_run(ctypes.c_void_p(arena), of("left"), of("right"), total,
                                             twice), 0)
        self.assertEqual(list(total), list(of("sum")))
        self.assertEqual(list(twice), list(of("twice")))

    def test_sources_compile_by_hand(self):
        self.good("export-c", DATA / "tiny.onnx", "-o", self.out, "--source", "--target", "scalar")
        self.assertEqual(sorted(p.name for p in self.out.iterdir()),
                         ["tiny.cpp", "tiny.h", "tiny.hpp", "tiny.scalar.cpp", "tiny.scalar.f32"])
        headers = CTNN.parent.parent / "include"
        for source in ("tiny.cpp", "tiny.scalar.cpp"):
            done = subprocess.run([CXX, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-O1",
                                   f"-I{headers}", "-c", source], cwd=self.out, capture_output=True,
                                  text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))


class Errors(Command):
    """Each says `ctnn: ...` on standard error, and leaves nothing behind."""

    def refuse(self, arguments, *problems, code=1):
        before = sorted(self.folder.rglob("*"))
        done = self.run_command(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("ctnn: "), done.stderr)
        for problem in problems:
            self.assertIn(problem, done.stderr)
        self.assertEqual(sorted(self.folder.rglob("*")), before)

    def test_usage(self):
        self.refuse([], "subcommand", code=2)
        self.refuse(["frobnicate"], code=2)
        self.refuse(["import"], "MODEL", code=2)
        self.refuse(["import", DATA / "tiny.onnx"], "--directory", code=2)
        self.refuse(["import", DATA / "tiny.onnx", "-o", self.out, "--frob"], "--frob", code=2)

    def test_models(self):
        (self.folder / "empty.onnx").write_bytes(b"")
        (self.folder / "text.onnx").write_text("this is no model\n")
        (self.folder / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        (self.folder / "net.pt").write_bytes(b"PK\x03\x04" + bytes(100))
        for file, problem in (("missing.onnx", "no such file"), ("empty.onnx", "is empty"),
                              ("text.onnx", "is no ONNX model"), ("image.png", "no format"),
                              ("net.pt", "torch.onnx.export"), (self.folder, "is a folder")):
            for command in (["import", "-o", self.out], ["summary"], ["explain"],
                            ["pack", "-o", "w.o"], ["export-c", "-o", self.out]):
                self.refuse([command[0], file, *command[1:]], str(file), problem)

    def test_unsupported_operator(self):
        self.refuse(["import", DATA / "unsupported.onnx", "-o", self.out], "unsupported.onnx",
                    "node 'where'", "NonZero", "not supported")

    def test_names(self):
        for name in ("9lives", "a-b", "class", "_x", "a__b", "int", "std", "ctnn", "network", "é",
                     "x;int y", "../up", "a" * 65):
            self.refuse(["import", DATA / "tiny.onnx", "-o", self.out, "--name", name], "--name", name)

    def test_names_of_files(self):
        for stem, name in (("class", "class_model"), ("9 lives", "model_9_lives"), ("-é-", "model"),
                           ('x";int y', "x_int_y")):
            shutil.copy(DATA / "tiny.onnx", self.folder / f"{stem}.onnx")
            self.good("import", f"./{stem}.onnx", "-o", self.out)
            self.assertTrue((self.out / f"{name}.hpp").exists(), list(self.out.iterdir()))

    def test_folders(self):
        (self.folder / "file").write_text("")
        for folder in ("file", "file/below", "/proc/nowhere", "/proc/nowhere/deep"):
            for command in ("import", "export-c"):
                self.refuse([command, DATA / "tiny.onnx", "-o", folder, "--quiet"], folder)
        self.refuse(["pack", DATA / "tiny.onnx", "-o", "file/w.o"], "file")
        (self.folder / "out" / "tiny.hpp").mkdir(parents=True)
        self.refuse(["import", DATA / "tiny.onnx", "-o", self.out], "tiny.hpp", "is a folder")

    def test_options(self):
        tiny = DATA / "tiny.onnx"
        for command in (["explain", tiny], ["pack", tiny, "-o", "w.o"],
                        ["export-c", tiny, "-o", self.out]):
            self.refuse([*command, "--target", "z80"], "--target 'z80'", "avx2")
            self.refuse([*command, "--target", "avx2", "--stored", "int3"], "--stored 'int3'")
        self.refuse(["pack", tiny, "-o", "weights.zip"], "weights.zip", ".o an object")
        self.refuse(["pack", tiny, "-o", "w.o", "--symbol", "a b"], "--symbol")
        self.refuse(["pack", tiny, "-o", "w.o", "--section", 'x",@nobits\n'], "--section")
        self.refuse(["pack", tiny, "-o", "w.o", "--align", "48"], "--align")
        self.refuse(["export-c", tiny, "-o", self.out, "--target", "neon", "--target", "avx2"], "neon")
        for given in ("width", "=3", "width=0", "width=-1", "width=x", "width=99999999999999999999"):
            self.refuse(["summary", *HOSTILE[:1], "--dimension", given], given)
        self.refuse(["summary", tiny, "--dimension", "width=3"], "tiny.onnx", "'width'")
        self.refuse(["summary", DATA / "tiny.tflite", "--dimension", "width=3"], "--input NAME=EXTENTS")
        self.refuse(["summary", HOSTILE[0]], "hostile.onnx", "dynamic dimension", "width")
        self.refuse(["summary", tiny, "--input", "image=1,2,"], "image=1,2,")

    def test_compiler(self):
        for cxx, problem in (("/no/such/compiler", "cannot be run"), ("false", "failed (1)")):
            before = sorted(self.folder.rglob("*"))
            done = subprocess.run([CTNN, "export-c", DATA / "tiny.onnx", "-o", self.out],
                                  capture_output=True, text=True, env={**os.environ, "CXX": cxx})
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(problem, done.stderr)
            self.assertEqual(sorted(self.folder.rglob("*")), before)
        self.refuse(["export-c", DATA / "tiny.onnx", "-o", self.out, "--include", "nowhere"],
                    "--include 'nowhere'")

    def test_damaged_files(self):
        """Truncated, or with a byte changed: an error or a model, and never a crash."""
        whole = (DATA / "tiny.onnx").read_bytes()
        damaged = [whole[:size] for size in range(0, len(whole), 97)]
        damaged += [whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1:]
                    for at in range(3, len(whole), 61)]
        for number, data in enumerate(damaged):
            (self.folder / "damaged.onnx").write_bytes(data)
            done = self.run_command("explain", "damaged.onnx")
            self.assertIn(done.returncode, (0, 1), f"case {number}: {done.stderr}")
            self.assertEqual(done.returncode == 1, done.stderr.startswith("ctnn: damaged.onnx"),
                             f"case {number}: {done.stderr}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
