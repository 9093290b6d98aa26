# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import urls
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.orders import same_url

PLAIN = "https://media.example.net/a.mp4"

SAME = [
    (PLAIN, PLAIN),
    ("https://Media.example.NET/a.mp4", PLAIN),
    ("https://media.example.net:443/a.mp4", PLAIN),
    ("https://media.example.net", "https://media.example.net/"),
    ("https://media.example.net/a%20b", "https://media.example.net/a b"),
    ("https://media.example.net/%7ea%c3%bc", "https://media.example.net/~aü"),
    (PLAIN, "https://u:p@media.example.net/a.mp4"),
    (f"{PLAIN}?a=1&b=2", f"{PLAIN}?b=2&a=1"),
    # Services need not show what lets them in.
    (PLAIN, f"{PLAIN}?token=abc"),
]
DIFFERENT = [
    (PLAIN, f"{PLAIN}2"),
    ("http://media.example.net/a.mp4", PLAIN),
    (f"{PLAIN}?v=1", f"{PLAIN}?v=2"),
    (f"{PLAIN}?v=1&token=abc", f"{PLAIN}?v=2&token=abc"),
    (f"{PLAIN}?key=news/01.mp4", f"{PLAIN}?key=news/02.mp4"),
    (f"{PLAIN}?se=2026", f"{PLAIN}?se=2027"),
    ("https://media.example.net/a%2Fb", "https://media.example.net/a/b"),
    (f"{PLAIN}?a=1%26b=2", f"{PLAIN}?a=1&b=2"),
    ("https://[broken/", PLAIN),
]
SIGNED_ANEW = [
    (f"{PLAIN}?v=1&token=abc", f"{PLAIN}?v=1&token=def"),
    (f"{PLAIN}?Expires=1&Signature=a&Key-Pair-Id=k", f"{PLAIN}?Expires=2&Signature=b&Key-Pair-Id=k"),
    (f"{PLAIN}?se=2026&sp=r&sig=abc", f"{PLAIN}?se=2027&sp=r&sig=def"),
    (f"{PLAIN}?md5=a&expires=1", f"{PLAIN}?md5=b&expires=2"),
    (f"{PLAIN}?X-Amz-Date=1&X-Amz-Signature=a", f"{PLAIN}?X-Amz-Date=2&X-Amz-Signature=b"),
    (PLAIN, f"{PLAIN}?X-Amz-Date=2&X-Amz-Signature=b"),
]


@pytest.mark.parametrize(
    "one, other, same, is_source",
    [
        *((*pair, True, is_source) for pair in SAME for is_source in (True, False)),
        *((*pair, False, is_source) for pair in DIFFERENT for is_source in (True, False)),
        *((*pair, True, True) for pair in SIGNED_ANEW),
        *((*pair, False, False) for pair in SIGNED_ANEW[:-1]),
    ],
)
def test_equivalent_urls_are_the_same(one, other, same, is_source):
    assert same_url.are_same(one, other, is_source=is_source) is same
    assert same_url.are_same(other, one, is_source=is_source) is same


@pytest.mark.parametrize(
    "shown, same",
    [
        ("https://a.example.net/done/{job_id}?name={job_name}", True),
        ("https://a.example.net/done/c24?name=Evening%20news", True),
        ("https://a.example.net/done/c24?name=Q%26A", True),
        ("https://a.example.net/done/%7Bjob_id%7D?name=%7bjob_name%7d", True),
        ("https://a.example.net/done/c24/more?name=x", False),
        ("https://a.example.net/other/c24?name=x", False),
    ],
)
def test_a_url_with_replaced_placeholders_is_the_same(shown, same):
    wanted = "https://a.example.net/done/{job_id}?name={job_name}"
    assert same_url.are_same(shown, wanted, ("{job_id}", "{job_name}")) is same


def test_long_url_is_compared_in_linear_time():
    tags = ("{a}", "{b}", "{c}", "{d}", "{e}")
    ours = "https://h.example/x" + "-".join(tags) + "/end"
    assert not same_url.are_same("https://h.example/x" + "-" * 30_000, ours, tags)
    assert same_url.are_same("https://h.example/x" + "-" * 30_000 + "/end", ours, tags)
    assert not same_url.are_same("https://h.example/x1-2-3/4-5/end", ours, tags)
    assert same_url.are_same("https://h.example/x1-2-3-{d}-%7Be%7D/end", ours, tags)


def test_urls_whose_paths_differ_in_hidden_parts_are_not_the_same():
    one, other = (f"https://hooks.example.net/3e1f09c47ab2d85f6c10{end}" for end in "12")
    assert urls.shown(one) == urls.shown(other)
    assert not same_url.are_same(one, other)
