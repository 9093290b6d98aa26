# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths, whatever is to be filled into them."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.endpoint import Endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import validators

DELETE = Endpoint("delete {thing_id}", "DELETE", "/things/{thing_id}/parts", Effect.CHANGE)
# What may come from a service in the place of an id, and would lead elsewhere.
NO_IDS = [
    "",
    ".",
    "..",
    "...",
    "a/b",
    "../a",
    "a\\b",
    "a?b",
    "a#b",
    "%2e%2e",
    "a%2fb",
    "a\nb",
    "a\0",
    "\ud83c",
    "a\x7f",
]
NO_TEXTS = [None, [], ["a"], {}, {"id": "a"}, True, 1.5, b"a"]


@pytest.mark.parametrize("value, segment", [("a1", "a1"), (5, "5"), ("a b", "a%20b"), ("a.b", "a.b"), ("é", "%C3%A9")])
def test_what_can_be_a_part_of_a_path(value, segment):
    assert DELETE.path_for({"thing_id": value, "another": ".."}) == f"/things/{segment}/parts"


@pytest.mark.parametrize("value", [*NO_IDS, *NO_TEXTS], ids=repr)
def test_what_would_lead_to_another_path(value):
    with pytest.raises(JobsError, match="thing_id: .* cannot be part of a path, so nothing was asked"):
        DELETE.path_for({"thing_id": value})


def test_only_the_beginning_of_what_is_no_id_is_shown():
    with pytest.raises(JobsError) as caught:
        DELETE.path_for({"thing_id": ["x" * 10_000]})
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", ["66f1c0de00000000000000a1", "66F1", "1111-aaaa", "a_b", "a.b", "x:y"])
def test_ids_of_whatever_form(value):
    assert validators.is_id(value) is True


@pytest.mark.parametrize("value", [*NO_IDS, *NO_TEXTS, 5, "a b", "é", "x" * 129], ids=repr)
def test_what_is_no_id(value):
    assert validators.is_id(value) is False
