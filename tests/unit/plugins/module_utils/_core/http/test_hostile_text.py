# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that a server made to keep us busy. Reading it must take a few steps for each character at most.

A search that starts again at each character would take hours here.
"""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import wildcards

MANY = 2_000_000


@pytest.mark.parametrize(
    "page",
    [
        "<title>" * MANY,
        "<title " * MANY,
        "<title>" + "<" * MANY,
        "<html><title" + " " * MANY,
        " " * MANY + "<title>",
        "<?xml" + " ?" * MANY,
        "<!--" * MANY,
        "<!-- -->" * MANY,
        ("<?xml " + " " * 50) * MANY,
        "<!doctype" + " " * MANY,
    ],
    ids=range(10),
)
def test_page_without_an_end_is_described_in_linear_time(page):
    response = Response(404, {"Content-Type": "text/html"}, page[: 8 * MANY].encode())
    assert response.describe(lambda text: text).startswith("it answered with an HTML page")
    assert response.is_page in (True, False)


@pytest.mark.parametrize(
    "page, title",
    [
        ("<html><head><title>Bad\n gateway</title>", "Bad gateway"),
        ("<HTML><TITLE lang=en>A</TITLE>", "A"),
        ("<title>\u0130stanbul</title>", "\u0130stanbul"),
        ("<title>\x1b]0;owned\x07</title>", "\\x1b]0;owned\\x07"),
        ("<title></title>", None),
        ("<title>A", None),
        ("<html>" + " " * 10_000 + "<title>A</title>", None),
        ("<title>" + "x" * 400 + "</title>", "x" * 297 + "..."),
    ],
)
def test_page_is_described_by_its_title(page, title):
    words = "it answered with an HTML page"
    expected = f"{words} ({title})" if title else words
    assert Response(404, {}, page.encode()).describe(lambda text: text) == expected


def test_long_name_is_matched_in_linear_time():
    fits = wildcards.wildcard("*a*a*a*a*a*a*b")
    assert not fits("a" * 20_000)
    assert fits("a" * 20_000 + "b")
