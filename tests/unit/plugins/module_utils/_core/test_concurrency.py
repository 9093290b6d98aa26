# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from threading import Barrier

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.concurrency import each


@pytest.mark.parametrize("width", [1, 3, 50])
def test_results_keep_the_order(width):
    assert each(lambda number: number * 2, range(20), width) == [number * 2 for number in range(20)]


def test_calls_overlap():
    barrier = Barrier(3, timeout=10)
    each(lambda _number: barrier.wait(), range(3), 3)


@pytest.mark.parametrize("width", [1, 4])
def test_the_first_exception_is_raised(width):
    def fail(number):
        if number >= 3:
            raise ValueError(number)

    with pytest.raises(ValueError, match="3"):
        each(fail, range(9), width)
