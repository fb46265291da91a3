#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the seeds of tests/fuzz/corpus/onnx: small networks that reach every converter.
Debian: python3-onnx."""

import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "corpus" / "onnx"
RANDOM = numpy.random.default_rng(1)


def weights(name, *shape):
    return numpy_helper.from_array(RANDOM.standard_normal(shape).astype(numpy.float32), name)


def whole(name, *numbers):
    return numpy_helper.from_array(numpy.array(numbers, dtype=numpy.int64), name)


def save(name, nodes, initialisers=(), shape=(1, 2, 6, 6), opset=13, output="y"):
    graph = helper.make_graph(
        nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], list(initialisers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 7
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())


def node(kind, inputs, output="y", **attributes):
    return helper.make_node(kind, inputs.split(), output.split(), **attributes)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    save("conv", [node("Conv", "x w b", "a", pads=[1, 1, 1, 1]), node("Relu", "a", "c"),
                  node("MaxPool", "c", "d", kernel_shape=[2, 2], strides=[2, 2]),
                  node("Flatten", "d", "e"), node("Gemm", "e m", "f", transB=1), node("Softmax", "f")],
         [weights("w", 3, 2, 3, 3), weights("b", 3), weights("m", 4, 27)])
    save("grouped", [node("Conv", "x w", "a", group=2, auto_pad="SAME_LOWER", strides=[2, 2]),
                     node("ConvTranspose", "a v", "b", output_shape=[6, 6], strides=[2, 2]),
                     node("AveragePool", "b", "y", kernel_shape=[3, 3], ceil_mode=1, count_include_pad=1,
                          pads=[1, 1, 1, 1])],
         [weights("w", 4, 1, 3, 3), weights("v", 4, 1, 2, 2)])
    save("norms", [node("BatchNormalization", "x s s s v", "a"), node("InstanceNormalization", "a s s", "b"),
                   node("LRN", "b", "c", size=3), node("PRelu", "c p", "d"), node("Clip", "d", "e"),
                   node("GlobalAveragePool", "e")],
         [weights("s", 2), numpy_helper.from_array(numpy.ones(2, numpy.float32), "v"), weights("p", 2, 1, 1)])
    save("shapes", [node("Shape", "x", "s"), node("Gather", "s zero", "n"), node("Unsqueeze", "n axis", "u"),
                    node("Concat", "u rest", "t", axis=0), node("Reshape", "x t", "a"),
                    node("Transpose", "a", "b", perm=[0, 2, 1]), node("MatMul", "b m", "c"),
                    node("Slice", "c from to", "d"), node("Split", "d", "f g", axis=2),
                    node("Concat", "f g", "h", axis=1), node("Squeeze", "h")],
         [numpy_helper.from_array(numpy.array(0, numpy.int64), "zero"), whole("axis", 0), whole("rest", 2, -1),
          weights("m", 2, 4), whole("from", 0), whole("to", 1)])
    save("shuffle", [node("Reshape", "x a", "b"), node("Transpose", "b", "c", perm=[0, 2, 1, 3, 4]),
                     node("Reshape", "c d", "e"), node("Conv", "e w", "f"), node("Mul", "f g", "h"),
                     node("Add", "h e", "i"), node("ReduceMean", "i", "y", axes=[2, 3], keepdims=0)],
         [whole("a", 1, 2, 2, 3, 6), whole("d", 1, 4, 3, 6), weights("w", 4, 4, 1, 1), weights("g", 4, 1, 1)])
    save("resize", [node("Resize", "x none scales", "a", mode="linear"), node("Pad", "a pads", "b", mode="reflect"),
                    node("DepthToSpace", "b", "c", blocksize=1), node("SpaceToDepth", "c", "d", blocksize=2),
                    node("Sigmoid", "d", "e"), node("Mul", "d e", "f"), node("Expand", "f t", "g"),
                    node("Tile", "g r")],
         [weights("none", 0), numpy_helper.from_array(numpy.array([1, 1, 2, 2], numpy.float32), "scales"),
          whole("pads", 0, 0, 1, 1, 0, 0, 1, 1), whole("t", 1, 8, 7, 7), whole("r", 1, 1, 2, 1)])


if __name__ == "__main__":
    main()
