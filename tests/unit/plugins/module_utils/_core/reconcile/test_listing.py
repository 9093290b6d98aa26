# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import ListSource, listing
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

ITEMS = {key: {"id": key, "size": size, "text": key * 3} for size, key in enumerate("abcd")}


def run(keys=None, everything=ITEMS.values, fits=lambda item: True, wanted=None, context=None):
    def find(keys):
        return {key: ITEMS[key] for key in keys if key in ITEMS}

    source = ListSource("jobs", find, everything, fits, dict)
    return listing(source, keys, wanted, context or TaskContext(clock=StillClock()))


def test_everything_is_listed_and_counted_before_the_filters():
    result = run(fits=lambda item: item["size"] > 1)
    assert result == {"changed": False, "jobs": [ITEMS["c"], ITEMS["d"]], "total": 4, "missing": []}


def test_what_was_asked_for_comes_in_that_order():
    result = run(["d", "x", "a"])
    assert result == {"changed": False, "jobs": [ITEMS["d"], ITEMS["a"]], "total": 2, "missing": ["x"]}


def test_what_check_mode_predicted_is_missing_and_not_looked_for():
    context, predicted = TaskContext(check_mode=True, clock=StillClock()), "to-be-created-" + "0" * 24
    assert run([predicted, "a"], context=context) == {
        "changed": False,
        "jobs": [ITEMS["a"]],
        "total": 1,
        "missing": [predicted],
    }
    assert context.warnings == ["Check mode has not created all that is asked for, so it is listed as missing."]


def test_only_the_wanted_fields_are_returned():
    assert run(["a"], wanted=["size", "colour"])["jobs"] == [{"id": "a", "size": 0}]
    assert run(["a"], wanted=[])["jobs"] == [{"id": "a"}]


def test_memory_grows_with_what_is_returned():
    def everything():
        for number in range(2000):
            yield {"id": str(number), "size": number, "text": "x" * 10_000}

    tracemalloc.start()
    try:
        result = run(everything=everything, fits=lambda item: item["size"] % 2, wanted=["size"])
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(result["jobs"]), result["total"]) == (1000, 2000)
    # All items together are 20 MB.
    assert peak < 1_000_000


def test_a_list_that_is_stopped_says_so():
    context = TaskContext(clock=StillClock())

    def everything():
        yield ITEMS["a"]
        context.cancel_token.request("Stopped by SIGTERM.")

    with pytest.raises(JobsError, match="Stopped by SIGTERM"):
        run(everything=everything, context=context)
