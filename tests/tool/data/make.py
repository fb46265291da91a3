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
    save_tflite("tiny", model)


def save_tflite(name, model):
    schema = HERE.parents[2] / "tools/ctnn/readers/tflite/tflite.fbs"
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder, "model.json")
        text.write_text(json.dumps(model))
        subprocess.run(["flatc", "--binary", "-o", folder, schema, text], check=True)
        made = next(f for f in pathlib.Path(folder).iterdir() if f != text)
        (HERE / f"{name}.tflite").write_bytes(made.read_bytes())


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


def scaled(total, factor):
    """An integer times a factor as TensorFlow Lite's reference kernels have it: rounded twice."""
    fraction, shift = np.frexp(factor)
    multiplier, shift = int(np.floor(float(fraction) * 2**31 + 0.5)), int(shift)
    product = (int(total) << max(shift, 0)) * multiplier
    high = abs(2 * product) + 2**31 >> 32  # halves go away from zero, both times
    high = high if product >= 0 else -high
    if shift >= 0:
        return high
    low = abs(high) + (1 << -shift - 1) >> -shift
    return low if high >= 0 else -low


def tiny_int8():
    """On int8: two convolutions, their sum, a pool and a dense layer, and three images."""
    single = np.float32
    scales = {"image": (0.05, 3), "first": (0.07, -128), "second": (0.11, -20), "sum": (0.13, -128),
              "scores": (0.21, 11)}
    scales = {name: (single(scale), zero) for name, (scale, zero) in scales.items()}
    kernels = {"first": (random.integers(-127, 128, (4, 3, 3, 3)), [0.004, 0.003, 0.002, 0.005]),
               "second": (random.integers(-127, 128, (4, 1, 1, 4)), [0.004, 0.01, 0.006, 0.008]),
               "scores": (random.integers(-127, 128, (5, 48)), [0.003])}
    kernels = {name: (cells, np.array(each, single)) for name, (cells, each) in kernels.items()}
    biases = {name: random.integers(-3000, 3000, len(cells)) for name, (cells, _) in kernels.items()}

    def products(sums, layer, source, low=-128):
        """Sums, filters last, brought to the numbers of a layer."""
        (scale, zero), each = scales[layer], kernels[layer][1]
        read = float(scales[source][0])
        made = np.empty(sums.shape, np.int64)
        for at in np.ndindex(sums.shape):
            factor = read * float(each[at[-1] % len(each)]) / float(scale)
            made[at] = scaled(sums[at], factor) + zero
        return np.clip(made, low, 127)

    def convolved(map, layer, source, low=-128):
        kernel = kernels[layer][0].astype(np.int64)
        sides = kernel.shape[1] // 2
        padded = np.pad(map - scales[source][1], ((sides, sides), (sides, sides), (0, 0)))
        sums = np.array([[[(padded[y:y + kernel.shape[1], x:x + kernel.shape[2]] * one).sum()
                           for one in kernel] for x in range(map.shape[1])]
                         for y in range(map.shape[0])])
        return products(sums + biases[layer], layer, source, low)

    def added(left, right, low):
        """Of `first` and `second`: both in twice the greater scale, with 20 bits more."""
        (a, a_zero), (b, b_zero), (made, zero) = (scales[n] for n in ("first", "second", "sum"))
        both = 2 * max(float(a), float(b))
        factor = both / (2**20 * float(made))
        cells = [scaled(scaled((int(x) - a_zero) << 20, float(a) / both) +
                        scaled((int(y) - b_zero) << 20, float(b) / both), factor) + zero
                 for x, y in zip(left.ravel(), right.ravel())]
        return np.clip(np.array(cells).reshape(left.shape), low, 127)

    def run(image):
        first = convolved(image, "first", "image", scales["first"][1])
        total = added(first, convolved(first, "second", "first"), scales["sum"][1])
        flat = total.reshape(4, 2, 3, 2, 4).max((1, 3)).ravel()
        sums = kernels["scores"][0].astype(np.int64) @ (flat - scales["sum"][1]) + biases["scores"]
        return products(sums, "scores", "sum")
    images = random.integers(-128, 128, (3, 8, 6, 3))
    np.save(HERE / "tiny_int8.images.npy", images.astype(np.int8))
    np.save(HERE / "tiny_int8.scores.npy", np.array([run(i) for i in images], np.int8))

    buffers, tensors, index = [{"data": []}], [], {}

    def tensor(name, shape, numbers, kind="int8", data=None, axis=0):
        scale, zero = numbers
        made = {"name": name, "shape": shape, "type": kind, "buffer": 0,
                "quantization": {"scale": [float(s) for s in scale], "zero_point": zero, "axis": axis}}
        if data is not None:
            made["buffer"] = len(buffers)
            buffers.append({"data": list(data.tobytes())})
        index[name] = len(tensors)
        tensors.append(made)
    for name, shape in (("image", [1, 8, 6, 3]), ("first", [1, 8, 6, 4]), ("second", [1, 8, 6, 4]),
                        ("sum", [1, 8, 6, 4]), ("pool", [1, 4, 3, 4]), ("flat", [1, 48]),
                        ("scores", [1, 5])):
        scale, zero = scales.get(name, scales["sum"])
        tensor(name, shape, ([scale], [zero]))
    for name, (cells, each) in kernels.items():
        source = {"first": "image", "second": "first", "scores": "sum"}[name]
        zeros = [0] * len(each)
        tensor(name + "/kernel", list(cells.shape), (each, zeros), data=cells.astype(np.int8))
        tensor(name + "/bias", [len(cells)], (each * scales[source][0], zeros), "int32",
               biases[name].astype("<i4"))

    def layer(code, inputs, output, kind, options):
        return {"opcode_index": code, "inputs": [index[i] for i in inputs],
                "outputs": [index[output]], "options_type": kind, "options": options}
    window = {"padding": 0, "stride_w": 1, "stride_h": 1}
    save_tflite("tiny_int8", {
        "version": 3,
        "operator_codes": [{"old_code": code, "code": code} for code in (3, 0, 17, 22, 9)],
        "subgraphs": [{
            "tensors": tensors, "inputs": [index["image"]], "outputs": [index["scores"]],
            "operators": [
                layer(0, ["image", "first/kernel", "first/bias"], "first", "Conv2D",
                      {**window, "activation": 1}),
                layer(0, ["first", "second/kernel", "second/bias"], "second", "Conv2D", window),
                layer(1, ["first", "second"], "sum", "Add", {"activation": 1}),
                layer(2, ["sum"], "pool", "Pool2D", {"padding": 0, "stride_w": 2, "stride_h": 2,
                                                     "filter_w": 2, "filter_h": 2}),
                layer(3, ["pool"], "flat", "Reshape", {"new_shape": [1, 48]}),
                layer(4, ["flat", "scores/kernel", "scores/bias"], "scores", "FullyConnected", {})]}],
        "buffers": buffers})


tiny()
hostile()
unsupported()
tiny_int8()
