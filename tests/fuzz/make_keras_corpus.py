#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the seeds of tests/fuzz/corpus/keras: descriptions that reach every converter, an archive,
and a message of the process that reads HDF5."""

import io
import json
import pathlib
import struct
import zipfile

FOLDER = pathlib.Path(__file__).parent / "corpus" / "keras"


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, **config}, "name": name}


def sequential(name, shape, *layers):
    entrance = layer("InputLayer", "in", batch_shape=[None, *shape])
    save(name, {"class_name": "Sequential",
                "config": {"name": "s", "layers": [entrance, *layers]}})


def functional(name, shapes, *nodes):
    """Nodes: (layer, names that it reads)."""
    layers = []
    for i, shape in enumerate(shapes):
        layers.append({**layer("InputLayer", f"in{i}", batch_input_shape=[None, *shape]),
                       "inbound_nodes": []})
    for described, reads in nodes:
        layers.append({**described, "inbound_nodes": [[[read, 0, 0, {}] for read in reads]]})
    save(name, {"class_name": "Functional", "config": {
        "name": "m", "layers": layers,
        "input_layers": [[f"in{i}", 0, 0] for i in range(len(shapes))],
        "output_layers": [[layers[-1]["name"], 0, 0]]}})


def save(name, model):
    (FOLDER / f"{name}.json").write_text(json.dumps(model, separators=(",", ":")))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    sequential("conv", [8, 8, 2],
               layer("Conv2D", "a", filters=4, kernel_size=[3, 3], padding="same", strides=2,
                     activation="relu"),
               layer("BatchNormalization", "b", axis=[3]), layer("ReLU", "c", max_value=6.0),
               layer("DepthwiseConv2D", "d", kernel_size=[3, 3], depth_multiplier=2),
               layer("SeparableConv2D", "e", filters=2, kernel_size=1, use_bias=False),
               layer("GlobalAveragePooling2D", "f"), layer("Dropout", "g", rate=0.5),
               layer("Dense", "h", units=3, activation="softmax"))
    sequential("first", [2, 6, 6],
               layer("Conv2D", "a", filters=4, kernel_size=3, data_format="channels_first"),
               layer("BatchNormalization", "b", axis=1), layer("Softmax", "s", axis=1),
               layer("MaxPooling2D", "c", pool_size=[2, 2], data_format="channels_first"),
               layer("PReLU", "p", shared_axes=[2, 3]), layer("Flatten", "d"),
               layer("Dense", "e", units=2))
    sequential("grown", [4, 4, 2],
               layer("Conv2DTranspose", "a", filters=2, kernel_size=3, strides=2,
                     padding="same", output_padding=1),
               layer("UpSampling2D", "b", size=[2, 2], interpolation="bilinear"),
               layer("ZeroPadding2D", "c", padding=[[1, 2], [0, 1]]),
               layer("Cropping2D", "d", cropping=1), layer("Resizing", "r", height=3, width=4),
               layer("Reshape", "e", target_shape=[-1, 4]), layer("Permute", "f", dims=[2, 1]),
               layer("LayerNormalization", "g", axis=[-1]), layer("Conv1D", "h", filters=2,
                                                                  kernel_size=2, padding="causal"))
    sequential("numbers", [3],
               layer("Rescaling", "a", scale=[1, 2, 3], offset=0.5),
               layer("Normalization", "b", mean=[1, 2, 3], variance=[1, 4, 9]),
               layer("RepeatVector", "c", n=4), layer("AveragePooling1D", "d", pool_size=2),
               layer("LeakyReLU", "e", alpha=0.1), layer("UnitNormalization", "f"),
               layer("GroupNormalization", "g", groups=3), layer("Activation", "h",
                                                                 activation="hard_sigmoid"))
    sequential("volume", [4, 4, 4, 1], layer("Conv3D", "a", filters=2, kernel_size=[2, 2, 2]),
               layer("MaxPooling3D", "b"), layer("GlobalMaxPooling3D", "c", keepdims=True))
    functional("joined", [[4, 4, 2], [4, 4, 2]],
               (layer("Add", "add"), ["in0", "in1"]),
               (layer("GlobalAveragePooling2D", "pool", keepdims=True), ["add"]),
               (layer("Multiply", "gate"), ["pool", "in0"]),
               (layer("Concatenate", "cat", axis=-1), ["gate", "in1"]),
               (layer("Average", "mean"), ["cat", "cat"]), (layer("Dot", "dot", axes=1), ["mean", "mean"]))
    tower = {"class_name": "Functional", "name": "tower", "config": {
        "name": "tower", "layers": [
            {**layer("InputLayer", "i", batch_input_shape=[None, 4]), "inbound_nodes": []},
            {**layer("Dense", "d", units=2), "inbound_nodes": [[["i", 0, 0, {}]]]}],
        "input_layers": [["i", 0, 0]], "output_layers": [["d", 0, 0]]}}
    save("shared", {"class_name": "Model", "config": {"name": "m", "layers": [
        {**layer("InputLayer", "l", batch_input_shape=[None, 4]), "inbound_nodes": []},
        {**layer("InputLayer", "r", batch_input_shape=[None, 4]), "inbound_nodes": []},
        {**tower, "inbound_nodes": [[["l", 0, 0, {}]], [["r", 0, 0, {}]]]},
        {**layer("Subtract", "s"), "inbound_nodes": [[["tower", 1, 0, {}], ["tower", 2, 0, {}]]]}],
        "input_layers": [["l", 0, 0], ["r", 0, 0]], "output_layers": [["s", 0, 0]]}})

    def tensor(name):
        return {"class_name": "__keras_tensor__",
                "config": {"shape": [None, 4], "keras_history": [name, 0, 0]}}
    save("keras3", {"class_name": "Functional", "config": {"name": "m", "layers": [
        {**layer("InputLayer", "i", batch_shape=[None, 4]), "inbound_nodes": []},
        {**layer("Add", "a"), "inbound_nodes": [{"args": [tensor("i"), 2.0], "kwargs": {}}]},
        {**layer("Subtract", "s"),
         "inbound_nodes": [{"args": [[tensor("i"), tensor("a")]], "kwargs": {}}]}],
        "input_layers": ["i", 0, 0], "output_layers": ["s", 0, 0]}})
    save("keras1", {"class_name": "Sequential", "config": [
        layer("Convolution2D", "c", nb_filter=2, nb_row=3, nb_col=3, border_mode="same",
              subsample=[1, 1], dim_ordering="tf", batch_input_shape=[None, 6, 6, 1]),
        layer("Flatten", "f"), layer("Dense", "d", output_dim=2, bias=True)]})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name in ("config.json", "model.weights.h5"):
            files.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), "{}" * 20,
                           zipfile.ZIP_DEFLATED)
    (FOLDER / "archive.zip").write_bytes(archive.getvalue())

    def text(value):
        return struct.pack("<Q", len(value)) + value
    (FOLDER / "message").write_bytes(
        b"G" + text(b"") + b"T" + text(b"layer_names") + text(b"a") + b"M" + text(b"d") + b"D" +
        text(b"d") + struct.pack("<QQQ", 1, 2, 2) + struct.pack("<ff", 1, 2) + b"E")


main()
