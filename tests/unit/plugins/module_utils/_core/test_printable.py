# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.printable import one_line, printable


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain", "plain"),
        ("Caf\u00e9 \u65e5\u672c \U0001f600", "Caf\u00e9 \u65e5\u672c \U0001f600"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\r\nfatal: [host]", "a\\x0d\\x0afatal: [host]"),
        ("\u202eevil\u2066x\u2069\u200f", "\\u202eevil\\u2066x\\u2069\\u200f"),
        ("\x9b2J\x85\u2028\u2029", "\\x9b2J\\x85\\u2028\\u2029"),
        ("half \ud83c", "half \\ud83c"),
    ],
)
def test_control_characters_become_escapes(text, shown):
    assert printable(text) == shown


def test_several_lines_become_one():
    assert one_line(" a\r\n\tb\u2028c \x1b ", 100) == "a b c \\x1b"


def test_a_line_that_is_too_long_is_truncated():
    assert one_line("x" * 101, 100) == "x" * 97 + "..."
    assert one_line("x" * 100, 100) == "x" * 100
    # Escapes are longer than what they stand for.
    assert len(one_line("\x1b" * 100, 100)) == 100


def test_a_very_long_text_loses_its_middle():
    shown = printable("It is " + "x" * 100_000 + ". Do this.")
    assert len(shown) < 11_000
    assert shown.startswith("It is x")
    assert shown.endswith("x. Do this.")
    assert printable("x" * 10_000) == "x" * 10_000
