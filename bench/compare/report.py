# SPDX-License-Identifier: BSL-1.0
"""What was measured, as a table to read."""

NAMES = {"ctnn": "ctnn", "onednn": "oneDNN", "xnnpack": "XNNPACK", "onnxruntime": "ONNX Runtime"}


def number(value):
    """Four digits, and thousands apart."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def cell(network, engine):
    entry = network["engines"].get(engine)
    if entry is None:
        return "-"
    ratio = f" {entry['ratio']:5.2f}x" if "ratio" in entry else ""
    return f"{number(entry['us'])} ({entry['percent_of_peak']:.0f} %){ratio}"


def stored_cell(entry, engine):
    """Of a row for ctnn with other weights: its time, and those of the other engines over it."""
    if engine == "ctnn":
        over = f" {entry['ratios']['ctnn']:5.2f}x" if "ctnn" in entry["ratios"] else ""
        return f"{number(entry['us'])} ({entry['percent_of_peak']:.0f} %){over}"
    return f"{entry['ratios'][engine]:.2f}x" if engine in entry["ratios"] else "-"


def columns(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join([row[0].ljust(widths[0])] +
                      [text.rjust(width) for text, width in zip(row[1:], widths[1:])]) for row in rows]


def variants(network):
    return [entry["variant"] for engine, entry in network["engines"].items() if entry["variant"] != engine]


def notes(result):
    lines = []
    for network in result["networks"]:
        for engine, refusal in network["refused"].items():
            lines.append(f"{network['network']}: no {NAMES.get(engine, engine)}: {refusal['why']}")
        for variant in variants(network):
            lines.append(f"{network['network']}: {variant} is oneDNN's fastest way")
        if network["good_rounds"] < result["wanted_rounds"]:
            lines.append(f"{network['network']}: only {network['good_rounds']} of {network['rounds']} rounds "
                         "count; the core was too slow in the others")
    if result["onnxruntime_call_us"] is not None:
        lines.append(f"ONNX Runtime takes {result['onnxruntime_call_us']:.2f} us for a graph that only copies "
                     "one number; this is in its times.")
    return lines


def table(result):
    machine = result["machine"]
    engines = result["engines"]
    rows = [["network", "MMAC"] + [NAMES[engine] for engine in engines] + ["rounds"]]
    for network in result["networks"]:
        rounds = f"{network['good_rounds']}/{network['rounds']}"
        rows.append([network["network"], number(network["macs"] * 1e-6)] +
                    [cell(network, engine) for engine in engines] + [rounds])
        for weights, entry in network["stored"].items():
            rows.append([f"  {weights} weights", ""] +
                        [stored_cell(entry, engine) for engine in engines] + [rounds])
    head = [
        f"{machine['cpu']}, core {result['core']}, {machine['compiler']}",
        f"one image, float32, {result['caches']} caches, {8 * result['vector_bytes']}-bit vectors, "
        f"peak {result['best_peak']:.0f} GFLOP/s",
        "median microseconds (% of the peak)" + ("; an engine's time over ctnn's" if "ctnn" in engines else ""),
        "",
    ]
    return "\n".join(head + columns(rows) + [""] + notes(result))


def is_good(result):
    """Whether every engine that did a network did it right, and every network has rounds that count."""
    return all(network["good_rounds"] > 0 and
               not any(refusal["wrong"] for refusal in network["refused"].values())
               for network in result["networks"])
