# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import addresses

PLAIN = "https://media.example.net/a.mp4"


@pytest.mark.parametrize(
    "address, secrets, shown",
    [
        (PLAIN, [], PLAIN),
        (f"{PLAIN}?v=2&id=show-2001", [], f"{PLAIN}?v=2&id=show-2001"),
        ("https://hooks.example.net/?job={job_id}", [], "https://hooks.example.net/?job={job_id}"),
        ("https://user:p%40ss@hooks.example.net/x", ["p@ss"], "https://hooks.example.net/x"),
        ("https://user@hooks.example.net/x", [], "https://hooks.example.net/x"),
        (f"{PLAIN}?token=s3cr3t-9&v=1", ["s3cr3t-9"], f"{PLAIN}?token=(hidden)&v=1"),
        (f"{PLAIN}?X-Amz-Signature=0a1b2c3d", ["0a1b2c3d"], f"{PLAIN}?X-Amz-Signature=(hidden)"),
        (f"{PLAIN}?sig=a%2Bb%3Dcdef", ["a+b=cdef"], f"{PLAIN}?sig=(hidden)"),
        # Too short to be hidden everywhere
        (f"{PLAIN}?key=1", [], f"{PLAIN}?key=(hidden)"),
        (f"{PLAIN}?token={{job_id}}", [], f"{PLAIN}?token={{job_id}}"),
        ("no address", [], "no address"),
        ("https://[broken/", [], "(hidden)"),
    ],
)
def test_secrets(address, secrets, shown):
    assert addresses.secrets(address) == ([*secrets, address] if secrets else [])
    assert addresses.shown(address) == shown


@pytest.mark.parametrize(
    "one, other, same",
    [
        (PLAIN, PLAIN, True),
        (PLAIN, f"{PLAIN}2", False),
        ("https://Media.example.NET/a.mp4", PLAIN, True),
        ("http://media.example.net/a.mp4", PLAIN, False),
        ("https://media.example.net/a%20b", "https://media.example.net/a b", True),
        (PLAIN, "https://u:p@media.example.net/a.mp4", True),
        (f"{PLAIN}?v=1", f"{PLAIN}?v=2", False),
        (f"{PLAIN}?v=1&token=abc", f"{PLAIN}?v=1&token=def", True),
        (f"{PLAIN}?v=1&token=abc", f"{PLAIN}?v=2&token=abc", False),
        (f"{PLAIN}?Expires=1&Signature=a&Key-Pair-Id=k", f"{PLAIN}?Expires=2&Signature=b&Key-Pair-Id=k", True),
        (f"{PLAIN}?se=2026&sp=r&sig=abc", f"{PLAIN}?se=2027&sp=r&sig=def", True),
        # Without a signature, these are names like any other.
        (f"{PLAIN}?se=2026", f"{PLAIN}?se=2027", False),
        ("https://[broken/", PLAIN, False),
    ],
)
def test_the_same(one, other, same):
    assert addresses.are_same(one, other) is same
    assert addresses.are_same(other, one) is same


@pytest.mark.parametrize(
    "shown, same",
    [
        ("https://a.example.net/done/{job_id}?name={job_name}", True),
        ("https://a.example.net/done/c24?name=Evening%20news", True),
        ("https://a.example.net/done/c24/more?name=x", False),
        ("https://a.example.net/other/c24?name=x", False),
    ],
)
def test_tags_that_the_service_has_replaced(shown, same):
    wanted = "https://a.example.net/done/{job_id}?name={job_name}"
    assert addresses.are_same(shown, wanted, ("{job_id}", "{job_name}")) is same
