# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.plugin_utils._deletion_limit import Limited


@pytest.mark.parametrize(("count", "limit"), [(0, 0), (2, 2), (2, "2"), (1, 10)])
def test_refusal_within_the_limit_is_empty(count, limit):
    assert Limited(["x"] * count, "log stream", "the_limit").refusal(limit) == ""


def test_refusal_over_the_limit_names_everything():
    assert Limited(["a", "b"], "log stream", "the_limit").refusal(1) == (
        "2 log streams would be deleted, but the_limit allows 1. Nothing was changed. They are: a, b."
    )


def test_refusal_of_one_thing_is_in_the_singular():
    assert (
        Limited(["a"], "download", "the_limit", "cancelled").refusal(0).startswith("1 download would be cancelled, but")
    )


def test_refusal_of_very_many_names_twenty():
    sentence = Limited([str(number) for number in range(23)], "log stream", "the_limit").refusal(10)
    assert sentence.endswith("They are: " + ", ".join(str(number) for number in range(20)) + " and 3 more.")
