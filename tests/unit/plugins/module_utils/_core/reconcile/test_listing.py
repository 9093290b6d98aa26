# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput, JobsError
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

ITEMS = {key: {"id": key, "size": size, "text": key * 3} for size, key in enumerate("abcd")}


def run(keys=None, everything=ITEMS.values, fits=lambda item: True, wanted=None, context=None, **extract):
    def find(keys):
        return {key: ITEMS[key] for key in keys if key in ITEMS}

    source = ListSource("jobs", find, everything, fits, dict)
    return listing(source, keys, Extract(wanted, **extract), context or TaskContext(clock=StillClock()))


def test_everything_is_listed_and_counted_before_the_filters():
    result = run(fits=lambda item: item["size"] > 1)
    assert result == {"changed": False, "jobs": [ITEMS["c"], ITEMS["d"]], "total": 4, "matched": 2, "missing": []}


def test_what_was_asked_for_comes_in_that_order():
    result = run(["d", "x", "a"])
    assert result == {"changed": False, "jobs": [ITEMS["d"], ITEMS["a"]], "total": 2, "matched": 2, "missing": ["x"]}


def test_what_check_mode_predicted_is_missing_and_not_looked_for():
    context, predicted = TaskContext(check_mode=True, clock=StillClock()), "to-be-created-" + "0" * 24
    assert run([predicted, "a"], context=context) == {
        "changed": False,
        "jobs": [ITEMS["a"]],
        "total": 1,
        "matched": 1,
        "missing": [predicted],
    }
    assert context.warnings == ["Check mode has not created all that is asked for, so it is listed as missing."]


def test_only_the_wanted_fields_are_returned():
    assert run(["a"], wanted=["size", "colour"])["jobs"] == [{"id": "a", "size": 0}]
    assert run(["a"], wanted=[])["jobs"] == [{"id": "a"}]


def ids(**extract):
    return [job["id"] for job in run(**extract)["jobs"]]


UNEVEN = [
    {"id": "a", "size": 3},
    {"id": "b", "size": None},
    {"id": "c", "size": 1.5},
    {"id": "d"},
    {"id": "e", "size": "large"},
    {"id": "f", "size": 20},
    {"id": "g", "size": {"bytes": 1}},
]


def test_a_list_is_sorted_by_a_field_and_what_lacks_it_comes_last():
    uneven = {"everything": lambda: iter(UNEVEN), "sort_by": "size"}
    assert ids(**uneven) == ["c", "a", "f", "e", "g", "b", "d"]
    assert ids(**uneven, reverse=True) == ["g", "e", "f", "a", "c", "b", "d"]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_limited_list_is_the_beginning_of_the_whole_one(reverse):
    uneven = {"everything": lambda: iter(UNEVEN), "sort_by": "size", "reverse": reverse}
    whole = ids(**uneven)
    assert [ids(**uneven, limit=limit) for limit in range(9)] == [whole[:limit] for limit in range(9)]


def test_a_limit_without_an_order_keeps_that_of_the_service_and_counts_the_rest():
    result = run(limit=2, fits=lambda item: item["size"] > 0)
    assert result == {"changed": False, "jobs": [ITEMS["b"], ITEMS["c"]], "total": 4, "matched": 3, "missing": []}


def test_with_the_limit_0_the_list_is_only_counted():
    result = run(limit=0, fits=lambda item: item["size"] > 0)
    assert result == {"changed": False, "jobs": [], "total": 4, "matched": 3, "missing": []}


def test_a_list_can_be_sorted_by_a_field_that_is_not_returned():
    assert run(sort_by="size", reverse=True, wanted=["text"], limit=1)["jobs"] == [{"id": "d", "text": "ddd"}]


def params(**given):
    return {"fields": None, "sort_by": None, "reverse": False, "limit": None, **given}


def test_options_of_an_extract_are_read():
    extract = Extract.from_params(
        params(sort_by="size", limit=3, reverse=True, fields=["text"]), ["id", "size", "text"]
    )
    assert extract == Extract(["text"], "size", True, 3)
    assert Extract.from_params(params(sort_by="id"), ["size"]).sort_by == "id"


@pytest.mark.parametrize(
    "given, message",
    [
        ({"sort_by": "colour"}, "sort_by must be one of: id, size, text."),
        ({"limit": -1}, "limit must not be negative."),
    ],
)
def test_options_of_an_extract_that_make_no_sense_are_refused(given, message):
    with pytest.raises(InvalidInput) as refused:
        Extract.from_params(params(**given), ["size", "id", "text"])
    assert str(refused.value) == message


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
