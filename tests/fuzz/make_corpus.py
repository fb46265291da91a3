#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the seeds in corpus/safetensors: files for the network of tiny_network.hpp, right ones
(good_*) and wrong ones (bad_*), byte for byte the same on every run. tests/safetensors.test.cpp
reads them too and holds their names to be true."""

import json
import struct
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "corpus" / "safetensors"
WEIGHTS = {
    "conv2d/kernel": [3, 3, 1, 2],
    "conv2d/bias": [2],
    "dense/kernel": [8, 3],
    "dense/bias": [3],
}


def layout_hash(weights: dict) -> int:
    """FNV-1a over each name, a zero, the rank, and the extents as 32 little-endian bits."""
    result = 0xCBF29CE484222325
    for name, shape in weights.items():
        for byte in name.encode() + bytes([0, len(shape)]) + struct.pack(f"<{len(shape)}I", *shape):
            result = (result ^ byte) * 0x100000001B3 % 2**64
    return result


def count(shape: list) -> int:
    result = 1
    for extent in shape:
        result *= extent
    return result


def header_of(weights: dict, dtype: str = "F32", cell: int = 4, layout: int = None) -> dict:
    metadata = {"format": "ctnn"}
    if layout is not None:
        metadata["ctnn.layout"] = f"{layout:016x}"
    header = {"__metadata__": metadata}
    first = 0
    for name, shape in weights.items():
        end = first + count(shape) * cell
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [first, end]}
        first = end
    return header


def values(code: str) -> bytes:
    """47 of them; no byte of theirs is a closing brace, in any of the three cell types."""
    numbers = [(i - 20) / 16 for i in range(47)]
    if code == "bf16":
        return b"".join(struct.pack("<f", number)[2:] for number in numbers)
    return struct.pack(f"<47{code}", *numbers)


def file_of(header: dict | str, data: bytes) -> bytes:
    text = header if isinstance(header, str) else json.dumps(header, separators=(",", ":"))
    raw = text.encode()
    raw += b" " * (-len(raw) % 8)
    return struct.pack("<Q", len(raw)) + raw + data


def seeds() -> dict:
    data = values("f")
    plain = header_of(WEIGHTS)
    good = file_of(plain, data)
    swapped = dict(reversed(WEIGHTS.items()))
    overlapping = header_of(WEIGHTS)
    overlapping["dense/bias"]["data_offsets"] = [172, 184]
    turned = header_of({**WEIGHTS, "conv2d/kernel": [2, 1, 3, 3]})
    lacking = header_of({name: WEIGHTS[name] for name in list(WEIGHTS)[:3]})
    huge = header_of(WEIGHTS)
    huge["conv2d/kernel"]["shape"] = [2**32, 2**32, 1, 2]
    twice = json.dumps(plain)[:-1] + ',"dense/bias":' + json.dumps(plain["dense/bias"]) + "}"
    return {
        "good_plain": good,
        "good_hash": file_of(header_of(WEIGHTS, layout=layout_hash(WEIGHTS)), data),
        "good_other_order": file_of(header_of(swapped), data),
        "good_float16": file_of(header_of(WEIGHTS, "F16", 2), values("e")),
        "good_bfloat16": file_of(header_of(WEIGHTS, "BF16", 2), values("bf16")),
        "bad_empty": b"",
        "bad_truncated": good[:-10],
        "bad_header_size": struct.pack("<Q", 2**60) + good[8:],
        "bad_overlap": file_of(overlapping, data),
        "bad_dtype": file_of(header_of(WEIGHTS, "I32"), data),
        "bad_nan": good[:-4] + struct.pack("<f", float("nan")),
        "bad_missing": file_of(lacking, data[:176]),
        "bad_extra": file_of(header_of({**WEIGHTS, "extra": [1]}), data + bytes(4)),
        "bad_shape": file_of(turned, data),
        "bad_overflow": file_of(huge, data),
        "bad_twice": file_of(twice, data),
        "bad_hash": file_of(header_of(WEIGHTS, layout=layout_hash(swapped)), data),
        "bad_nested": file_of('{"a":' + "[" * 40 + "]" * 40 + "}", b""),
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in seeds().items():
        (FOLDER / f"{name}.safetensors").write_bytes(content)


if __name__ == "__main__":
    main()
