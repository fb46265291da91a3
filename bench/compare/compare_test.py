#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests what is made of measurements, with a core that gives known ones."""

import argparse
import itertools
import unittest
import xml.etree.ElementTree

import charts
import machine
import measure
import report


class FakeCore:
    """Answers as the programs do; every third round is slow by a half, and its peak too."""

    def __init__(self, differences, us, absent=()):
        self.differences, self.us, self.absent = differences, us, absent
        self.calls = []
        self.rounds = itertools.count()
        self.slow = False

    def call(self, program, what, *words):
        self.calls.append((what, *words))
        if what == "facts":
            return {"network": program, "macs": 1_000_000, "parameters": 10, "least_bytes": 100,
                    "vector_bytes": 64}
        if what == "reference":
            return {"other_image": 0.5}
        if what == "bandwidth":
            return {"bandwidth": 100.0}
        engine = words[0]
        if engine in self.absent:
            raise machine.Unavailable(f"{engine}: not here")
        if what == "agree":
            return {"difference": self.differences.get(engine, 1e-7)}
        if engine == "ctnn" and words[2] == SECONDS:
            self.slow = next(self.rounds) % 3 == 2
        factor = 1.5 if self.slow else 1.0
        return {"us": self.us[engine] * factor, "readings": 10,
                "peak_before": 200 / factor, "peak_after": 198 / factor}


SECONDS = 0.25


def options(**changes):
    chosen = {"engines": ["ctnn", "onednn", "xnnpack"], "rounds": 4, "seconds": SECONDS, "cold": False,
              "limit": 1e-4, "weights": []}
    return argparse.Namespace(**dict(chosen, **changes))


def onednn(*us):
    return dict(zip(measure.VARIANTS["onednn"], us))


def network_of(core, **changes):
    network = measure.Network("net", "net", core, options(**changes))
    network.prepare()
    measure.run_rounds([network], network.options)
    return network


class Rounds(unittest.TestCase):
    def setUp(self):
        self.core = FakeCore({}, {"ctnn": 10.0, "xnnpack": 40.0, **onednn(25.0, 20.0, 30.0, 30.0)})

    def test_slow_rounds_are_thrown_away_and_repeated(self):
        network = network_of(self.core)
        summary = network.summary(measure.best_peak_of([network]))
        self.assertEqual(summary["good_rounds"], 4)
        self.assertEqual(summary["rounds"], 5)
        self.assertEqual(summary["engines"]["ctnn"]["us"], 10.0)
        self.assertEqual(summary["peak"], 199)

    def test_engines_are_measured_in_turn(self):
        network_of(self.core)
        timed = [call[1] for call in self.core.calls if call[0] == "time" and call[3] == SECONDS]
        self.assertEqual(timed[:6], 2 * ["ctnn", "onednn_blocked", "xnnpack"])

    def test_ratios_and_parts_of_the_peak(self):
        summary = network_of(self.core).summary(200)
        self.assertEqual(summary["engines"]["onednn"]["ratio"], 2.0)
        self.assertEqual(summary["engines"]["xnnpack"]["ratio"], 4.0)
        self.assertEqual(summary["engines"]["ctnn"]["gflops"], 200.0) # 2 million in 10 us
        self.assertAlmostEqual(summary["engines"]["ctnn"]["percent_of_peak"], 100 * 200 / 199)

    def test_the_fastest_variant_is_taken(self):
        self.assertEqual(network_of(self.core).engines["onednn"], "onednn_blocked")

    def test_the_plainer_variant_stays_where_it_makes_no_difference(self):
        self.core.us.update(onednn(20.5, 20.0, 30.0, 30.0))
        self.assertEqual(network_of(self.core).engines["onednn"], "onednn")

    def test_other_weights_have_ratios_of_their_own(self):
        self.core.us["ctnn_float16"] = 5.0
        self.core.differences["ctnn_float16"] = 5e-3
        summary = network_of(self.core, weights=["float16"]).summary(200)
        self.assertEqual(summary["stored"]["float16"]["ratios"],
                         {"ctnn": 2.0, "onednn": 4.0, "xnnpack": 8.0})
        self.assertNotIn("ctnn_float16", summary["engines"])
        self.assertEqual(summary["engines"]["onednn"]["ratio"], 2.0)

    def test_other_weights_are_refused_beyond_their_rounding(self):
        self.core.us["ctnn_float16"] = 5.0
        self.core.differences["ctnn_float16"] = 2e-2
        summary = network_of(self.core, weights=["float16"]).summary(200)
        self.assertEqual(summary["stored"], {})
        self.assertTrue(summary["refused"]["ctnn_float16"]["wrong"])

    def test_cold_caches(self):
        network_of(self.core, cold=True)
        self.assertEqual({call[2] for call in self.core.calls if call[0] == "time"}, {"cold"})


class Refusals(unittest.TestCase):
    def summary(self, differences, absent=()):
        core = FakeCore(differences, {"ctnn": 10.0, "xnnpack": 40.0, **onednn(20.0, 20.0, 20.0, 20.0)}, absent)
        return network_of(core).summary(200)

    def test_an_engine_that_differs_is_not_measured(self):
        summary = self.summary({"xnnpack": 2e-4})
        self.assertNotIn("xnnpack", summary["engines"])
        self.assertTrue(summary["refused"]["xnnpack"]["wrong"])

    def test_neither_is_one_that_gives_no_number(self):
        self.assertIn("xnnpack", self.summary({"xnnpack": float("nan")})["refused"])

    def test_no_ratio_without_ctnn(self):
        summary = self.summary({"ctnn": 1.0})
        self.assertNotIn("ratio", summary["engines"]["onednn"])

    def test_a_variant_that_differs_is_not_taken(self):
        summary = self.summary({"onednn": 1.0})
        self.assertEqual(summary["engines"]["onednn"]["variant"], "onednn_blocked")
        self.assertEqual(summary["refused"], {})

    def test_an_absent_engine_is_no_error(self):
        summary = self.summary({}, absent=["xnnpack"])
        self.assertFalse(summary["refused"]["xnnpack"]["wrong"])

    def test_an_output_that_ignores_the_image_is_an_error(self):
        core = FakeCore({}, {})
        answer = core.call
        core.call = lambda program, what, *words: (
            {"other_image": 1e-5} if what == "reference" else answer(program, what, *words))
        with self.assertRaises(machine.Failed):
            measure.Network("net", "net", core, options()).prepare()


class Reports(unittest.TestCase):
    def setUp(self):
        core = FakeCore({}, {"ctnn": 10.0, "xnnpack": 40.0, **onednn(20.0, 25.0, 30.0, 30.0)})
        core.us["ctnn_float16"] = 5.0
        network = network_of(core, weights=["float16"])
        self.result = {
            "machine": {"cpu": "A & B", "cores": 2, "compiler": "a compiler"}, "core": 1, "isa": "native",
            "vector_bytes": 64, "caches": "warm", "best_peak": 200.0, "wanted_rounds": 4,
            "bandwidth": {"L1": {"bytes": 1, "gb_per_s": 400.0}, "memory": {"bytes": 1, "gb_per_s": 20.0}},
            "onnxruntime_call_us": None, "engines": ["ctnn", "onednn", "xnnpack"],
            "networks": [network.summary(200)]}

    def test_the_table_holds_times_and_ratios(self):
        text = report.table(self.result)
        self.assertIn("20.00 (50 %)", text)
        self.assertIn("2.00x", text)
        self.assertIn("float16 weights", text)
        self.assertIn("5.00 (201 %)  2.00x", text)
        self.assertIn("8.00x", text)
        self.assertIn("4.00x", text)
        self.assertTrue(report.is_good(self.result))

    def test_what_is_wrong_is_told(self):
        self.result["networks"][0]["refused"] = {"xnnpack": {"wrong": True, "why": "differs"}}
        self.assertIn("no XNNPACK: differs", report.table(self.result))
        self.assertFalse(report.is_good(self.result))

    def test_charts_are_xml_and_hold_every_ratio(self):
        bars = charts.draw_bars(self.result)
        for drawn in (bars, charts.draw_roofline(self.result)):
            xml.etree.ElementTree.fromstring(drawn)
        self.assertIn(">2.00<", bars)
        self.assertIn(">4.00<", bars)


if __name__ == "__main__":
    unittest.main()
