#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Exports torchvision's networks with random weights as cases for onnx_backend: a folder each, with
model.onnx and what torch computes. Usage: export_torch.py FOLDER [--size N] [--opset N] [MODEL...]
Debian: python3-torch, python3-torchvision, python3-onnx."""

import argparse
import pathlib

import onnx.numpy_helper
import torch
import torchvision

MODELS = ("resnet18", "mobilenet_v2", "mobilenet_v3_small", "squeezenet1_1", "googlenet", "densenet121",
          "efficientnet_b0", "shufflenet_v2_x1_0")


def network(name):
    torch.manual_seed(1)
    options = {"init_weights": True} if name == "googlenet" else {}
    made = getattr(torchvision.models, name)(weights=None, **options).eval()
    for part in made.modules(): # statistics that do something
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1)
            part.running_var.uniform_(0.5, 1.5)
            part.weight.data.uniform_(0.5, 1.5)
            part.bias.data.normal_(0, 0.1)
    return made


def save(path, array):
    path.write_bytes(onnx.numpy_helper.from_array(array.detach().numpy()).SerializeToString())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--opset", type=int, default=13)
    parser.add_argument("--unfolded", action="store_true", help="keep batch norms beside convolutions")
    given = parser.parse_args()
    for name in given.models:
        made = network(name)
        image = torch.randn(1, 3, given.size, given.size)
        data = given.folder / name / "test_data_set_0"
        data.mkdir(parents=True, exist_ok=True)
        options = {"training": torch.onnx.TrainingMode.PRESERVE} if given.unfolded else {}
        torch.onnx.export(made, image, str(given.folder / name / "model.onnx"), opset_version=given.opset,
                          input_names=["image"], output_names=["scores"],
                          dynamic_axes={"image": {0: "batch"}}, **options)
        save(data / "input_0.pb", image)
        save(data / "output_0.pb", made(image))


if __name__ == "__main__":
    main()
