#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes small files as Keras 2 and Keras 3 write them, for the tests of the reader.

The weights are few numbers over and over, and compressed, so that the files are small.
Usage: make_keras.py DIR (Debian: python3-h5py)
"""
import io
import json
import sys
import zipfile

import h5py
import numpy as np

FIXED = (2026, 1, 1, 0, 0, 0)


def numbers(shape, start=0):
    """Multiples of 1/8 from -3/8 to 3/8."""
    count = int(np.prod(shape))
    return (((np.arange(count) + start) % 7 - 3) / 8).astype("float32").reshape(shape)


def put(group, name, cells):
    cells = np.asarray(cells, dtype="float32")
    if cells.size > 64:
        group.create_dataset(name, data=cells, compression="gzip", compression_opts=9)
    else:
        group.create_dataset(name, data=cells)


def h5_of(version, config, weights):
    """A .h5 file of a whole model: weights by layer, then by name."""
    memory = io.BytesIO()
    with h5py.File(memory, "w", track_order=False) as file:
        file.attrs["keras_version"] = version
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(config).encode()
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = [name.encode() for name in weights]
        for layer, tensors in weights.items():
            group = root.create_group(layer)
            group.attrs["weight_names"] = [name.encode() for name in tensors]
            for name, cells in tensors.items():
                put(group, name, cells)
    return memory.getvalue()


def layer2(kind, name, **config):
    """A layer as Keras 2 describes it."""
    return {"class_name": kind,
            "config": {"name": name, "trainable": True, "dtype": "float32", **config}}


def seed():
    conv = dict(kernel_size=[3, 3], strides=[1, 1], padding="valid", data_format="channels_last",
                dilation_rate=[1, 1], activation="linear", use_bias=True)
    layers = [
        layer2("Conv2D", "conv2d", batch_input_shape=[None, 28, 28, 1], filters=40, **conv),
        layer2("Conv2D", "conv2d_1", filters=8, **conv),
        layer2("Flatten", "flatten", data_format="channels_last"),
        layer2("Dense", "dense", units=10, activation="linear", use_bias=True)]
    config = {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}}
    weights = {
        "conv2d": {"conv2d/kernel:0": numbers((3, 3, 1, 40)), "conv2d/bias:0": numbers((40,))},
        "conv2d_1": {"conv2d_1/kernel:0": numbers((3, 3, 40, 8)), "conv2d_1/bias:0": numbers((8,))},
        "flatten": {},
        "dense": {"dense/kernel:0": numbers((4608, 10)), "dense/bias:0": numbers((10,))}}
    return h5_of("2.3.0-tf", config, weights)


def tower2():
    """(2, 2, 1) to (2), as a model in a model of Keras 2."""
    tower = layer2("Functional", "tower")
    tower["config"] = {
        "name": "tower",
        "layers": [
            {**layer2("InputLayer", "input_1", batch_input_shape=[None, 2, 2, 1]),
             "name": "input_1", "inbound_nodes": []},
            {**layer2("Flatten", "flatten", data_format="channels_last"), "name": "flatten",
             "inbound_nodes": [[["input_1", 0, 0, {}]]]},
            {**layer2("Dense", "code", units=2, activation="relu", use_bias=True), "name": "code",
             "inbound_nodes": [[["flatten", 0, 0, {}]]]}],
        "input_layers": [["input_1", 0, 0]], "output_layers": [["code", 0, 0]]}
    return tower


def shared():
    """Two images through one model; the layers do not stand in the order in which they run."""
    layers = [
        {**layer2("Subtract", "subtract"), "name": "subtract",
         "inbound_nodes": [[["tower", 1, 0, {}], ["tower", 2, 0, {}]]]},
        {**layer2("InputLayer", "left", batch_input_shape=[None, 2, 2, 1]), "name": "left",
         "inbound_nodes": []},
        {**layer2("InputLayer", "right", batch_input_shape=[None, 2, 2, 1]), "name": "right",
         "inbound_nodes": []},
        {**tower2(), "name": "tower",
         "inbound_nodes": [[["left", 0, 0, {}]], [["right", 0, 0, {}]]]}]
    config = {"class_name": "Functional", "config": {
        "name": "model", "layers": layers,
        "input_layers": [["left", 0, 0], ["right", 0, 0]],
        "output_layers": [["subtract", 0, 0]]}}
    weights = {"left": {}, "right": {}, "subtract": {}, "tower": {
        "code/kernel:0": [[1, 0], [0, 1], [2, 0], [0, 2]], "code/bias:0": [0.5, -0.5]}}
    return h5_of("2.4.0", config, weights)


def layer3(kind, name, reads=None, **config):
    """A layer as Keras 3 describes it."""
    layer = {"module": "keras.layers", "class_name": kind, "registered_name": None,
             "config": {"name": name, "trainable": True,
                        "dtype": {"module": "keras", "class_name": "DTypePolicy",
                                  "config": {"name": "float32"}, "registered_name": None},
                        **config},
             "name": name}
    if reads is not None:
        def tensor(of):
            return {"class_name": "__keras_tensor__",
                    "config": {"shape": [None, 4, 4, 2], "dtype": "float32",
                               "keras_history": [of, 0, 0]}}
        args = [tensor(reads)] if isinstance(reads, str) else [[tensor(of) for of in reads]]
        layer["inbound_nodes"] = [{"args": args, "kwargs": {}}] if reads else []
    return layer


def keras3():
    """A residual block with a sequential model in it, a dropout and a global pool."""
    inner = layer3("Sequential", "sequential", "input_layer")
    inner["config"] = {
        "name": "sequential", "trainable": True, "layers": [
            layer3("InputLayer", "input_layer_1", batch_shape=[None, 4, 4, 2], sparse=False),
            layer3("Conv2D", "conv2d_7", filters=2, kernel_size=[1, 1], strides=[1, 1],
                   padding="same", data_format="channels_last", dilation_rate=[1, 1], groups=1,
                   activation="linear", use_bias=False),
            layer3("BatchNormalization", "batch_normalization_3", axis=-1, epsilon=0.0,
                   center=True, scale=True)],
        "build_input_shape": [None, 4, 4, 2]}
    layers = [
        layer3("InputLayer", "input_layer", [], batch_shape=[None, 4, 4, 2], sparse=False),
        inner,
        layer3("Dropout", "dropout", "sequential", rate=0.5),
        layer3("Add", "add", ["input_layer", "dropout"]),
        layer3("GlobalAveragePooling2D", "global_average_pooling2d", "add",
               data_format="channels_last", keepdims=False),
        layer3("Dense", "dense_4", "global_average_pooling2d", units=2, activation="linear",
               use_bias=True),
        layer3("Dense", "scores", "dense_4", units=1, activation="hard_sigmoid", use_bias=True)]
    config = {"module": "keras.src.models.functional", "class_name": "Functional",
              "config": {"name": "functional", "trainable": True, "layers": layers,
                         "input_layers": ["input_layer", 0, 0],
                         "output_layers": ["scores", 0, 0]},
              "registered_name": "Functional", "build_config": {"input_shape": None}}
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        def layer(path, *tensors):
            group = file.create_group(path + "/vars")
            for i, cells in enumerate(tensors):
                put(group, str(i), cells)
        layer("layers/input_layer")
        layer("layers/sequential/layers/conv2d", [[[[1, 2], [3, 4]]]])
        layer("layers/sequential/layers/batch_normalization", [1, 2], [0.5, 0.25], [1, 1], [1, 4])
        layer("layers/dropout")
        layer("layers/add")
        layer("layers/global_average_pooling2d")
        layer("layers/dense", [[1, 0], [0, 1]], [0, 1])
        layer("layers/dense_1", [[1], [-1]], [0.25])
        file.create_group("optimizer/vars")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, content in [("metadata.json", json.dumps({"keras_version": "3.9.2"})),
                              ("config.json", json.dumps(config)),
                              ("model.weights.h5", memory.getvalue())]:
            files.writestr(zipfile.ZipInfo(name, FIXED), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def main():
    folder = sys.argv[1]
    for name, content in [("seed.h5", seed()), ("shared.h5", shared()), ("residual.keras", keras3())]:
        with open(f"{folder}/{name}", "wb") as file:
            file.write(content)


main()
