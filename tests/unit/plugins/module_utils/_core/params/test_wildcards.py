# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import wildcards


@pytest.mark.parametrize(
    "pattern, text, expected",
    [
        (None, "anything", True),
        ("web-*", "web-1", True),
        ("web-*", "my-web-1", False),
        ("web-?", "web-12", False),
        ("web.1", "webx1", False),
        ("[ab]", "a", False),
        ("*", "", True),
        ("a*", "ab", True),
        ("a*", "ba", False),
        ("*b", "ab", True),
        ("a*b*c", "aXbYc", True),
        ("a*b*c", "aXcYb", False),
        ("a**c", "abc", True),
        ("*ab*b", "abb", True),
        ("*ab*b", "ab", False),
        ("*a?c*c", "abcabc", True),
        ("*a?c*c", "abc", False),
        ("a?", "a\n", True),
        ("a.c*", "abc", False),
        ("*a*a*", "aa", True),
        ("*a*a*", "a", False),
    ],
)
def test_a_pattern_matches_only_whole_names(pattern, text, expected):
    assert wildcards.wildcard(pattern)(text) is expected
