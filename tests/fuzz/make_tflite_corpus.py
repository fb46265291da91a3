#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the seeds of tests/fuzz/corpus/tflite: small networks that reach every converter.
Debian: flatbuffers-compiler."""

import json
import pathlib
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
FOLDER = pathlib.Path(__file__).parent / "corpus" / "tflite"
SCHEMA = ROOT / "tools" / "ctnn" / "readers" / "tflite" / "tflite.fbs"


class File:
    """A file with one network, as flatc reads it."""

    def __init__(self, *shape):
        self.tensors, self.buffers, self.codes, self.operators = [], [{}], [], []
        self.last = self.input = self.tensor(shape)

    def tensor(self, shape, kind="float32", data=None):
        made = {"shape": list(shape), "type": kind, "name": f"t{len(self.tensors)}"}
        if data is not None:
            made["buffer"] = len(self.buffers)
            self.buffers.append({"data": list(data)})
        self.tensors.append(made)
        return len(self.tensors) - 1

    def floats(self, *shape):
        count = 1
        for extent in shape:
            count *= extent
        return self.tensor(shape, data=b"".join(struct.pack("<f", i % 5 - 2) for i in range(count)))

    def whole(self, *numbers, shape=None):
        data = b"".join(struct.pack("<i", n) for n in numbers)
        return self.tensor([len(numbers)] if shape is None else shape, "int32", data)

    def add(self, code, shape, *others, before=(), kind=None, **options):
        """An operator on the last tensor; `kind`: the table of its options."""
        made = self.tensor(shape)
        operator = {"opcode_index": len(self.codes), "inputs": [*before, self.last, *others],
                    "outputs": [made]}
        if kind:
            operator |= {"options_type": kind, "options": options}
        self.codes.append({"old_code": min(code, 127), "code": code})
        self.operators.append(operator)
        self.last = made
        return self

    def save(self, name):
        model = {"version": 3, "operator_codes": self.codes, "buffers": self.buffers,
                 "subgraphs": [{"tensors": self.tensors, "inputs": [self.input],
                                "outputs": [self.last], "operators": self.operators}]}
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / f"{name}.json"
            path.write_text(json.dumps(model))
            subprocess.run(["flatc", "--binary", "-o", folder, SCHEMA, path], check=True)
            (FOLDER / f"{name}.tflite").write_bytes((path.with_suffix(".bin")).read_bytes())


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    f = File(1, 4, 4, 2)
    f.add(3, [1, 4, 4, 3], f.floats(3, 3, 3, 2), f.floats(3), kind="Conv2D", stride_w=1, stride_h=1,
          activation=1)
    f.add(4, [1, 2, 2, 3], f.floats(1, 3, 3, 3), f.floats(3), kind="DepthwiseConv2D", padding=1,
          stride_w=1, stride_h=1)
    f.add(1, [1, 1, 1, 3], kind="Pool2D", padding=1, stride_w=2, stride_h=2, filter_w=2, filter_h=2)
    f.add(22, [1, 3], f.whole(-1, 3), kind="Reshape")
    f.add(9, [1, 2], f.floats(2, 3), f.floats(2), kind="FullyConnected")
    f.add(25, [1, 2], kind="Softmax", beta=1.0)
    f.save("conv")
    f = File(1, 2, 2, 1)
    f.add(67, [1, 4, 4, 2], before=(), kind="TransposeConv", stride_w=2, stride_h=2)
    f.operators[0]["inputs"] = [f.whole(1, 4, 4, 2), f.floats(2, 3, 3, 1), f.input]
    f.add(97, [1, 8, 8, 2], f.whole(8, 8), kind="ResizeNearest")
    f.add(23, [1, 3, 5, 2], f.whole(3, 5), kind="ResizeBilinear", half_pixel_centers=True)
    f.add(34, [1, 4, 5, 3], f.whole(0, 0, 1, 0, 0, 0, 0, 1, shape=[4, 2]))
    f.add(39, [1, 3, 4, 5], f.whole(0, 3, 1, 2))
    f.add(40, [1, 5], f.whole(1, 2), kind="Reducer")
    f.save("grown")
    f = File(1, 2, 3, 4)
    f.add(0, [1, 2, 3, 4], f.floats(4), kind="Add", activation=3)
    f.add(18, [1, 2, 3, 4], f.floats(2, 1, 1), kind="Mul")
    f.add(41, [1, 2, 3, 4], f.input, kind="Sub")
    f.add(55, [1, 2, 3, 4], f.floats(1))
    f.add(54, [1, 2, 3, 4], f.floats(1, 1, 4))
    f.add(98, [1, 2, 3, 4], kind="LeakyRelu", alpha=0.1)
    f.add(2, [1, 2, 3, 8], f.input, kind="Concatenation", axis=3)
    f.add(45, [1, 2, 2, 4], f.whole(0, 0, 1, 0), f.whole(1, 2, 3, 8), f.whole(1, 1, 1, 2),
          kind="StridedSlice", begin_mask=2)
    f.add(65, [1, 1, 2, 4], f.whole(0, 1, 0, 0), f.whole(1, 1, -1, 4))
    f.add(5, [1, 2, 4, 1], kind="DepthBlock", block_size=2)
    f.add(26, [1, 1, 2, 4], kind="Block", block_size=2)
    f.add(11, [1, 1, 2, 4])
    f.add(13, [1, 1, 2, 4], kind="LocalResponseNormalization", radius=1, bias=1.0, alpha=0.1,
          beta=0.5)
    f.add(43, [2, 4], kind="Squeeze", squeeze_dims=[0, 1])
    f.save("arithmetic")
    f = File(1, 4)
    f.add(77, [2])
    f.add(45, [], f.whole(0), f.whole(1), f.whole(1), kind="StridedSlice", shrink_axis_mask=1)
    f.add(83, [2], f.whole(4, shape=[]), kind="Stack", values_count=2)
    extents = f.last
    f.last = f.input
    f.add(22, [1, 4], extents)
    f.add(70, [1, 1, 4], f.whole(1))
    f.add(49, [1, 1, 2], before=(f.whole(2),), kind="Split", num_splits=2)
    f.operators[-1]["outputs"].append(f.tensor([1, 1, 2]))
    f.add(100, [1, 1, 4], f.whole(0, 0, 0, 0, 1, 1, shape=[3, 2]), kind="MirrorPad")
    f.add(78, [1, 1, 4], f.floats(1))
    f.save("extents")


main()
