# SPDX-License-Identifier: BSL-1.0
"""Engines in turn, round by round, each time in a new process, so that no engine always has the
better pages or the quieter minute. Rounds in which the core was slow are thrown away."""

import datetime
import statistics
import sys
import tempfile

import machine

# What only a measurement can choose for a network: the fastest that agrees is taken.
VARIANTS = {"onednn": ["onednn", "onednn_blocked", "onednn_fused", "onednn_blocked_fused"]}

# What ctnn can store weights as, and how far their rounding may take an output from the reference's, in
# parts of the greatest: they have 11 and 8 bits. The library's tests hold them to the rounded weights.
STORED = {"float16": 1e-2, "bfloat16": 8e-2}

# What is less than this apart is not a difference: the plainer variant stays.
TELLING = 1.03

# A round counts if no reading of the peak in it is below this part of the best of all.
LEAST_PEAK = 0.95
# Rounds are repeated until enough count, but not for ever.
MOST_ROUNDS = 3


def percentile(numbers, part):
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class Network:
    """One network in all engines."""

    def __init__(self, name, program, core, options):
        self.name, self.program, self.core, self.options = name, program, core, options
        self.facts = core.call(program, "facts")
        self.engines = {}   # the variant of each engine that takes part
        self.refused = {}   # why another one does not
        self.differences = {}
        self.rounds = []    # {engine: {"us", "peak_before", "peak_after"}}

    def prepare(self):
        """Checks every engine against the reference; one that differs is not measured."""
        with tempfile.NamedTemporaryFile(suffix=".bin") as reference:
            told = self.core.call(self.program, "reference", reference.name)
            if not told["other_image"] > 5 * self.options.limit:
                raise machine.Failed(f"{self.name}: its output hardly depends on the image: {told}")
            for engine in self.options.engines:
                self.prepare_engine(engine, reference.name, self.options.limit)
            for weights in self.options.weights:
                self.prepare_engine("ctnn_" + weights, reference.name, STORED[weights])

    def prepare_engine(self, engine, reference, limit):
        agreeing = {}
        for variant in VARIANTS.get(engine, [engine]):
            try:
                told = self.core.call(self.program, "agree", variant, reference, limit)
            except (machine.Unavailable, machine.Failed) as why:
                self.refused[engine] = {"wrong": isinstance(why, machine.Failed), "why": str(why)}
                continue
            if told["difference"] <= limit:
                agreeing[variant] = told["difference"]
            else:
                why = f"differs from the reference by {told['difference']:.1e} of the greatest output"
                self.refused[engine] = {"wrong": True, "why": why}
        if not agreeing:
            return
        self.refused.pop(engine, None)
        self.engines[engine] = self.fastest(list(agreeing))
        self.differences[engine] = agreeing[self.engines[engine]]

    def fastest(self, variants):
        if len(variants) == 1:
            return variants[0]
        times = {variant: [] for variant in variants}
        for _ in range(3):
            for variant in variants:
                times[variant].append(self.time(variant, self.options.seconds / 2)["us"])
        best = min(min(readings) for readings in times.values())
        return next(variant for variant in variants if min(times[variant]) < TELLING * best)

    def time(self, variant, seconds):
        caches = "cold" if self.options.cold else "warm"
        return self.core.call(self.program, "time", variant, caches, seconds)

    def measure_round(self):
        self.rounds.append({engine: self.time(variant, self.options.seconds)
                            for engine, variant in self.engines.items()})

    def peaks(self):
        return [[reading[key] for reading in turn.values() for key in ("peak_before", "peak_after")]
                for turn in self.rounds]

    def good_rounds(self, best_peak):
        return [turn for turn, peaks in zip(self.rounds, self.peaks())
                if min(peaks) >= LEAST_PEAK * best_peak]

    @staticmethod
    def ratio(engine, other, rounds):
        return statistics.median(turn[engine]["us"] / turn[other]["us"] for turn in rounds)

    def summary(self, best_peak):
        good = self.good_rounds(best_peak)
        result = dict(self.facts, rounds=len(self.rounds), good_rounds=len(good),
                      refused=self.refused, engines={}, stored={})
        if not good:
            return result
        result["peak"] = statistics.median(
            reading[key] for turn in good for reading in turn.values()
            for key in ("peak_before", "peak_after"))
        for engine, variant in self.engines.items():
            times = [turn[engine]["us"] for turn in good]
            entry = {"variant": variant, "us": statistics.median(times),
                     "us_quartiles": [percentile(times, 0.25), percentile(times, 0.75)],
                     "difference": self.differences[engine]}
            entry["gflops"] = 2e-3 * self.facts["macs"] / entry["us"]
            entry["percent_of_peak"] = 100 * entry["gflops"] / result["peak"]
            if engine.startswith("ctnn_"):
                entry["ratios"] = {peer: self.ratio(peer, engine, good) for peer in self.engines
                                   if not peer.startswith("ctnn_")}
                result["stored"][engine.removeprefix("ctnn_")] = entry
                continue
            if "ctnn" in self.engines and engine != "ctnn":
                entry["ratio"] = self.ratio(engine, "ctnn", good)
            result["engines"][engine] = entry
        return result


def best_peak_of(networks):
    return max((peak for network in networks for peaks in network.peaks() for peak in peaks), default=0)


def run_rounds(networks, options):
    """Rounds over all networks, then more for those that had too many bad ones."""
    todo = [network for network in networks if network.engines]
    for number in range(MOST_ROUNDS * options.rounds):
        if not todo:
            break
        for network in todo:
            network.measure_round()
            progress(f"round {number + 1}: {network.name}")
        best = best_peak_of(networks)
        todo = [network for network in networks
                if network.engines and len(network.good_rounds(best)) < options.rounds]
    progress("")


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def call_cost(program, core, options):
    """Microseconds that ONNX Runtime takes for a graph without arithmetic."""
    try:
        return statistics.median(core.call(program, "time", "onnxruntime_empty", "warm",
                                           options.seconds / 2)["us"] for _ in range(3))
    except machine.Unavailable:
        return None


def bandwidths(program, core):
    """Reads from half of each cache, and from memory."""
    sizes = machine.cache_sizes()
    places = {f"L{level}": size // 2 for level, size in sizes.items()}
    places["memory"] = 4 * max(sizes.values(), default=32 << 20)
    return {place: {"bytes": size, "gb_per_s": core.call(program, "bandwidth", size)["bandwidth"]}
            for place, size in places.items()}


def run(programs, options):
    machine.warn_if_busy()
    core = machine.Core(options.core, options.isa)
    networks = [Network(name, program, core, options) for name, program in programs.items()]
    for network in networks:
        progress(f"checking {network.name}")
        network.prepare()
    run_rounds(networks, options)
    best = best_peak_of(networks)
    some_program = next(iter(programs.values()))
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine.describe(),
        "core": options.core,
        "isa": options.isa,
        "vector_bytes": networks[0].facts["vector_bytes"],
        "caches": "cold" if options.cold else "warm",
        "limit": options.limit,
        "best_peak": best,
        "bandwidth": bandwidths(some_program, core),
        "onnxruntime_call_us": call_cost(some_program, core, options)
                               if "onnxruntime" in options.engines else None,
        "wanted_rounds": options.rounds,
        "engines": options.engines,
        "networks": [network.summary(best) for network in networks],
    }
