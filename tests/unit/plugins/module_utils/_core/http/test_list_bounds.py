# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.list_bounds import Bounds


@pytest.mark.parametrize(
    "pages, items, size", [(10_001, 1, 10), (10_001, 0, 10), (2_001, 1000, 10), (5, 1, 256 * 1024**2)]
)
def test_a_list_that_always_brings_something_new_ends(pages, items, size):
    bounds = Bounds("Things did not list the things")
    with pytest.raises(JobsError, match="Things did not list the things: the list has no end"):
        for _page in range(pages):
            bounds.take(items, size)


def test_a_long_list_that_ends_is_accepted():
    bounds = Bounds("Things did not list the things")
    for _page in range(4_000):
        bounds.take(500, 200_000)
