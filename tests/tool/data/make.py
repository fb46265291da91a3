#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Makes the small models in this folder and what they compute (Debian: python3-onnx, flatbuffers-compiler).

What is expected is computed here, by loops over the definitions, and by no code of the project.
"""
import json
import pathlib
import subprocess
import tempfile

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
    np.save(HERE / "tiny.last.npy", np.ascontiguousarray(images.transpose(0, 2, 3, 1)))
    tiny_tflite(kernel, bias, dense, offset)


def tiny_tflite(kernel, bias, dense, offset):
    """The same network as TensorFlow Lite has it: channels last. (Debian: flatbuffers-compiler)"""
    dense = dense.reshape(5, 4, 4, 3).transpose(0, 2, 3, 1).reshape(5, 48)
    buffers = [{"data": []}] + [{"data": list(array.astype("<f4").tobytes())}
                                for array in (kernel.transpose(0, 2, 3, 1), bias, dense, offset)]

    def tensor(name, shape, buffer=0):
        return {"name": name, "shape": shape, "type": "float32", "buffer": buffer}

    def layer(code, inputs, output, kind, options):
        return {"opcode_index": code, "inputs": inputs, "outputs": [output], "options_type": kind,
                "options": options}
    same, relu = 0, 1
    model = {
        "version": 3,
        "operator_codes": [{"old_code": code, "code": code} for code in (3, 17, 22, 9, 25)],
        "subgraphs": [{
            "tensors": [tensor("image", [1, 8, 6, 3]), tensor("kernel", [4, 3, 3, 3], 1),
                        tensor("bias", [4], 2), tensor("conv", [1, 8, 6, 4]),
                        tensor("pool", [1, 4, 3, 4]), tensor("flat", [1, 48]),
                        tensor("weights", [5, 48], 3), tensor("offset", [5], 4),
                        tensor("dense", [1, 5]), tensor("scores", [1, 5])],
            "inputs": [0], "outputs": [9],
            "operators": [
                layer(0, [0, 1, 2], 3, "Conv2D", {"padding": same, "stride_w": 1, "stride_h": 1,
                                                  "activation": relu}),
                layer(1, [3], 4, "Pool2D", {"padding": same, "stride_w": 2, "stride_h": 2,
                                            "filter_w": 2, "filter_h": 2}),
                layer(2, [4], 5, "Reshape", {"new_shape": [1, 48]}),
                layer(3, [5, 6, 7], 8, "FullyConnected", {}),
                layer(4, [8], 9, "Softmax", {"beta": 1.0})]}],
        "buffers": buffers}
    schema = HERE.parents[2] / "tools/ctnn/readers/tflite/tflite.fbs"
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder, "tiny.json")
        text.write_text(json.dumps(model))
        subprocess.run(["flatc", "--binary", "-o", folder, schema, text], check=True)
        made = next(f for f in pathlib.Path(folder).iterdir() if f != text)
        (HERE / "tiny.tflite").write_bytes(made.read_bytes())


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
