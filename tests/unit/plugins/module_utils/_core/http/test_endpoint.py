# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The paths of endpoints, whatever is filled into them."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.endpoint import Endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import validators

DELETE = Endpoint("delete {thing_id}", "DELETE", "/things/{thing_id}/parts", Effect.CHANGE)
# Values that a service may send in the place of an id, and that would lead elsewhere.
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
def test_plain_value_becomes_one_quoted_segment(value, segment):
    assert DELETE.path_for({"thing_id": value, "another": ".."}) == f"/things/{segment}/parts"


@pytest.mark.parametrize("value", [*NO_IDS, *NO_TEXTS], ids=repr)
def test_value_that_would_lead_to_another_path_is_refused(value):
    with pytest.raises(JobsError, match="thing_id: .* cannot be part of a path, so no request was sent"):
        DELETE.path_for({"thing_id": value})


def test_refused_value_is_shown_only_in_part():
    with pytest.raises(JobsError) as caught:
        DELETE.path_for({"thing_id": ["x" * 10_000]})
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", ["66f1c0de00000000000000a1", "66F1", "1111-aaaa", "a_b", "a.b", "x:y"])
def test_id_of_any_form_is_recognised(value):
    assert validators.is_id(value) is True


@pytest.mark.parametrize("value", [*NO_IDS, *NO_TEXTS, 5, "a b", "é", "x" * 129], ids=repr)
def test_value_that_is_not_an_id_is_recognised(value):
    assert validators.is_id(value) is False
