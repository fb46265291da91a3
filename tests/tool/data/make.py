#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Makes the small models in this folder and what they compute (Debian: python3-onnx).

What is expected is computed here, by loops over the definitions, and by no code of the project.
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(7)


def numbers(*extents):
    return (random.integers(-16, 17, extents) / 16).astype(np.float32)


def save(name, nodes, inputs, outputs, weights, opset=13):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs],
        [numpy_helper.from_array(array, n) for n, array in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="")
    model.ir_version = 7
    onnx.checker.check_model(model)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def conv(image, kernel, bias):
    """Of one image, channels first, padded by one cell of zeros."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1))).astype(np.float64)
    out = np.zeros((kernel.shape[0], *image.shape[1:]))
    for f in range(out.shape[0]):
        for y in range(out.shape[1]):
            for x in range(out.shape[2]):
                out[f, y, x] = bias[f] + (padded[:, y:y + 3, x:x + 3] * kernel[f]).sum()
    return out


def pool(image):
    return image.reshape(image.shape[0], image.shape[1] // 2, 2, image.shape[2] // 2, 2).max((2, 4))


def softmax(row):
    powers = np.exp(row - row.max())
    return powers / powers.sum()


def tiny():
    """A convolution, a pool and a dense layer, and three examples of 3 x 8 x 6 cells."""
    kernel, bias = numbers(4, 3, 3, 3), numbers(4)
    dense, offset = numbers(5, 4 * 4 * 3), numbers(5)
    save("tiny",
         [helper.make_node("Conv", ["image", "k", "b"], ["c"], name="conv", pads=[1, 1, 1, 1]),
          helper.make_node("Relu", ["c"], ["r"], name="relu"),
          helper.make_node("MaxPool", ["r"], ["p"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
          helper.make_node("Flatten", ["p"], ["f"], name="flat"),
          helper.make_node("Gemm", ["f", "w", "o"], ["g"], name="dense", transB=1),
          helper.make_node("Softmax", ["g"], ["scores"], name="soft", axis=1)],
         [("image", ["batch", 3, 8, 6])], [("scores", ["batch", 5])],
         {"k": kernel, "b": bias, "w": dense, "o": offset})
    images = numbers(3, 3, 8, 6)
    scores = [softmax(dense @ pool(np.maximum(conv(i, kernel, bias), 0)).ravel() + offset)
              for i in images]
    np.save(HERE / "tiny.image.npy", images)
    np.save(HERE / "tiny.scores.npy", np.array(scores, np.float32))


def hostile():
    """Two inputs, two outputs, a dynamic width, and names that mean something to a compiler."""
    left, right = 'left"); int main(', "rechts\n*/ #include"
    total, more = 'sum\\', "double"
    kernel = numbers(2, 2, 1, 1)
    save("hostile",
         [helper.make_node("Add", [left, right], [total], name='??/ "add"'),
          helper.make_node("Conv", [total, "k"], [more], name="@name@ */ %s %n")],
         [(left, [1, 2, 4, "width"]), (right, [1, 2, 4, "width"])],
         [(total, [1, 2, 4, "width"]), (more, [1, 2, 4, "width"])], {"k": kernel})
    a, b = numbers(1, 2, 4, 3), numbers(1, 2, 4, 3)
    for name, array in (("left", a), ("right", b), ("sum", a + b),
                        ("twice", np.einsum("fc,nchw->nfhw", kernel[:, :, 0, 0], a + b))):
        np.save(HERE / f"hostile.{name}.npy", array.astype(np.float32))


def unsupported():
    """An operator that no network of this library has."""
    save("unsupported",
         [helper.make_node("Conv", ["x", "k"], ["c"], name="conv"),
          helper.make_node("NonZero", ["c"], ["n"], name="where"),
          helper.make_node("Cast", ["n"], ["y"], name="cast", to=TensorProto.FLOAT)],
         [("x", [1, 1, 4, 4])], [("y", [4, "count"])], {"k": numbers(1, 1, 1, 1)})


tiny()
hostile()
unsupported()
