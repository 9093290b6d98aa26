# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.test import fits


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ("pay*", True),
        ("pay", False),
        ("Pay*", False),
        (["audit", "*-eu"], True),
        (["audit", "api"], False),
        ([], False),
        ("payments.eu", False),
    ],
)
def test_fits_of_a_name_is_true_if_a_whole_pattern_matches(patterns, expected):
    assert fits.TestModule().tests()["fits"]("payments-eu", patterns) is expected


@pytest.mark.parametrize(("text", "patterns"), [(7, "7"), ("7", 7), ("7", [7]), ("7", None), (None, "*")])
def test_fits_of_anything_but_texts_fails(text, patterns):
    with pytest.raises(AnsibleFilterError, match="give a text"):
        fits.fits(text, patterns)
