#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""tools/check_commands.py finds what is wrong with a page."""
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from check_commands import Problem, run_page  # noqa: E402


class Pages(unittest.TestCase):
    def run_page(self, page):
        with tempfile.TemporaryDirectory() as folder:
            return run_page(page, Path(folder), dict(os.environ))

    def refuse(self, page, problem):
        with self.assertRaisesRegex(Problem, problem):
            self.run_page(page)

    def test_blocks_run_in_order_in_one_folder(self):
        page = ("<!-- file a/b.txt -->\n```\none\ntwo\n```\n\n```sh\ncat a/b.txt > c\n```\ntext\n"
                "```sh\ncat c; echo three\n```\n\n<!-- prints -->\n```\none\n...\nthree\n```\n"
                "<!-- part of c -->\n\n```\ntwo\n```\n")
        self.assertEqual(self.run_page(page), (2, None))

    def test_files_of_the_tree_are_given(self):
        self.assertEqual(self.run_page("<!-- given LICENSE as x -->\n```sh\ntest -s x\n```\n"), (1, None))

    def test_failures(self):
        self.refuse("```sh\ntrue\nfalse\ntrue\n```\n", "failed with 1")
        self.refuse("```sh\nfalse | true\n```\n", "failed with 1")
        self.refuse("```sh\necho $undefined\n```\n", "failed with")
        self.refuse("```sh\necho a\n```\n<!-- prints -->\n```\nb\n```\n", "not printed: b")
        self.refuse("```sh\necho a; echo b; echo c\n```\n<!-- prints -->\n```\na\nc\n```\n", "not printed: c")
        self.refuse("```sh\necho a > f\n```\n<!-- part of f -->\n```\nb\n```\n", "holds no such lines")
        self.refuse("no commands\n", "has no commands")
        self.refuse("<!-- prints -->\ntext\n```sh\ntrue\n```\n", "no block behind")
        self.refuse("```sh\ntrue\n```\n<!-- prints -->\n", "ends behind a comment")

    def test_what_needs_a_module_that_is_missing_is_left_out(self):
        page = "```sh\ntrue\n```\n<!-- needs no_such_module -->\n```sh\nfalse\n```\n"
        self.assertEqual(self.run_page(page), (1, "no_such_module"))
        self.assertEqual(self.run_page(page.replace("no_such_module", "sys").replace("false", "true")),
                         (2, None))


if __name__ == "__main__":
    unittest.main()
