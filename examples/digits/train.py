#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Train the digit network and write the files the example embeds.

Writes next to itself, byte for byte the same on every run of one machine:
    digits.safetensors            the weights, in Keras layouts
    held_back_images.idx3-ubyte   the images no training step has seen
    held_back_labels.idx1-ubyte   their labels
"""

import json
import math
import struct
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent
SIDE = 28  # pixels along an edge of a network input
HELD_BACK = 360  # images never used for training or for choosing the recipe
VALIDATION = 287  # images of the training part set aside for the validation figure
SEED = 0

# The recipe: chosen by five-fold cross-validation inside the training part.
EPOCHS = 60
BATCH = 32
PEAK_RATE = 3e-3
WEIGHT_DECAY = 5e-2
LABEL_SMOOTHING = 0.05
ROTATION = 12.0  # largest turn, in degrees
SCALING = 0.12  # largest relative change of width or height
SHEAR = 0.15  # largest slant, as a ratio
SHIFT = 2.5  # largest shift, in pixels


# ---- data --------------------------------------------------------------------


def scale_up(images: np.ndarray) -> np.ndarray:
    """8x8 images with values 0..16 -> 28x28 uint8 images with values 0..255.

    Bilinear with pixel centres at half-integers: output pixel i reads position
    (i + 0.5) * 8 / 28 - 0.5 = (4 * i - 5) / 14, clamped to 0..7. The result is
    multiplied by 255 / 16 and rounded to the nearest integer, halves upwards. All in
    integers, so that it comes out the same everywhere.
    """
    fourteenths = np.clip(4 * np.arange(SIDE) - 5, 0, 7 * 14)
    low = np.minimum(fourteenths // 14, 6)
    weight = fourteenths - 14 * low
    matrix = np.zeros((SIDE, 8), np.int64)
    matrix[np.arange(SIDE), low] = 14 - weight
    matrix[np.arange(SIDE), low + 1] = weight
    scaled = matrix @ images.astype(np.int64) @ matrix.T  # in units of 1 / (14 * 14)
    unit = 14 * 14 * 16
    return ((2 * 255 * scaled + unit) // (2 * unit)).astype(np.uint8)


def split(images, labels, count):
    """Take `count` images out, each digit in proportion."""
    return train_test_split(
        images, labels, test_size=count, stratify=labels, random_state=SEED
    )


def as_input(images: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(images).float().div(255).unsqueeze(1)


# ---- network -----------------------------------------------------------------


def make_network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 40, 3),
        nn.ReLU(),
        nn.Conv2d(40, 8, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(8 * 24 * 24, 10),
    )


def distort(batch: torch.Tensor) -> torch.Tensor:
    """Turn, stretch, slant and shift every image a little, each in its own way."""
    n = len(batch)

    def uniform(limit):
        return (torch.rand(n) * 2 - 1) * limit

    angle = uniform(math.radians(ROTATION))
    width, height = 1 + uniform(SCALING), 1 + uniform(SCALING)
    shear = uniform(SHEAR)
    shift_x, shift_y = uniform(2 * SHIFT / SIDE), uniform(2 * SHIFT / SIDE)
    cos, sin = torch.cos(angle), torch.sin(angle)
    row_x = torch.stack([width * cos, shear - height * sin, shift_x], dim=1)
    row_y = torch.stack([width * sin, height * cos, shift_y], dim=1)
    grid = F.affine_grid(torch.stack([row_x, row_y], dim=1), batch.shape, align_corners=False)
    return F.grid_sample(batch, grid, align_corners=False)


def train(images: np.ndarray, labels: np.ndarray) -> nn.Sequential:
    """A fixed number of epochs; nothing is selected on the way."""
    torch.manual_seed(SEED)
    network = make_network()
    inputs, targets = as_input(images), torch.from_numpy(labels)
    steps = EPOCHS * math.ceil(len(inputs) / BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(inputs)).split(BATCH):
            scores = network(distort(inputs[chosen]))
            loss = F.cross_entropy(scores, targets[chosen], label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return network.eval()


@torch.no_grad()
def read(network: nn.Sequential, images: np.ndarray) -> np.ndarray:
    return network(as_input(images)).argmax(1).numpy()


# ---- files -------------------------------------------------------------------


def keras_tensors(network: nn.Sequential) -> dict:
    """The weights under Keras's names and in Keras's layouts."""

    def array(parameter):
        return parameter.detach().numpy()

    first, second, dense = network[0], network[2], network[5]
    # PyTorch flattens channels first (c, h, w), Keras channels last (h, w, c).
    dense_kernel = array(dense.weight).reshape(10, 8, 24, 24).transpose(2, 3, 1, 0)
    return {
        "conv2d/kernel": array(first.weight).transpose(2, 3, 1, 0),  # OIHW -> HWIO
        "conv2d/bias": array(first.bias),
        "conv2d_1/kernel": array(second.weight).transpose(2, 3, 1, 0),
        "conv2d_1/bias": array(second.bias),
        "dense/kernel": dense_kernel.reshape(24 * 24 * 8, 10),
        "dense/bias": array(dense.bias),
    }


def write_safetensors(path: Path, tensors: dict) -> None:
    header, data = {"__metadata__": {"format": "ctnn"}}, b""
    for name, tensor in tensors.items():
        raw = tensor.astype("<f4").tobytes(order="C")
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_idx(path: Path, array: np.ndarray) -> None:
    """MNIST's format: 0, 0, 8 (uint8), the rank, the extents (big-endian), the bytes."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(head + array.astype(np.uint8).tobytes(order="C"))


# ---- the run -----------------------------------------------------------------


def report(what: str, truth: np.ndarray, answers: np.ndarray) -> None:
    right = int((truth == answers).sum())
    print(f"{what}: {right} of {len(truth)} right, {right / len(truth):.2%}")


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    digits = load_digits()
    images, held_images, labels, held_labels = split(
        scale_up(digits.images), digits.target.astype(np.int64), HELD_BACK
    )

    # What the recipe reaches within the training part.
    fit_images, val_images, fit_labels, val_labels = split(images, labels, VALIDATION)
    network = train(fit_images, fit_labels)
    report("validation", val_labels, read(network, val_images))

    # The network that is kept: same recipe, the whole training part.
    start = time.monotonic()
    network = train(images, labels)
    print(f"trained on {len(images)} images in {time.monotonic() - start:.0f} s")
    answers = read(network, held_images)
    report("held back", held_labels, answers)

    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (held_labels, answers), 1)
    print("confusion matrix (row: truth, column: read)")
    print(confusion)
    for index in np.flatnonzero(answers != held_labels):
        print(f"image {index}: a {held_labels[index]} read as {answers[index]}")

    write_safetensors(HERE / "digits.safetensors", keras_tensors(network))
    write_idx(HERE / "held_back_images.idx3-ubyte", held_images)
    write_idx(HERE / "held_back_labels.idx1-ubyte", held_labels)


if __name__ == "__main__":
    main()
