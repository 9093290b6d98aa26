# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import ttl_and_tags

SYSTEM = {"_sys_enterprise_project_id": "0"}


def wanted(ttl_in_days=None, tags=None, purge_tags=True):
    params = {"ttl_in_days": ttl_in_days, "tags": tags, "purge_tags": purge_tags}
    return ttl_and_tags.TtlAndTags.from_params(params)


@pytest.mark.parametrize(
    "params",
    [
        {"ttl_in_days": 0},
        {"ttl_in_days": 366},
        {"tags": {"_a": "x"}},
        {"tags": {"": "x"}},
        {"tags": {"a" * 129: "x"}},
        {"tags": {"a/b": "x"}},
        {"tags": {7: "x"}},
        {"tags": {"a": "x" * 256}},
        {"tags": {"a": True}},
        {"tags": {"a": None}},
        {"tags": {"a": "x\ny"}},
        {"tags": {"a": "x;y"}},
        {"tags": {f"k{number}": "x" for number in range(21)}},
    ],
)
def test_malformed_options_are_refused(params):
    with pytest.raises(InvalidInput):
        wanted(**params)


def test_longest_values_are_allowed():
    tags = {f"k{number}": "x" for number in range(18)}
    odd = {"ä b.:=+-@_" + "1" * 118: "ß /" + "x" * 252, "empty": "", "number": 7}
    made = wanted(365, {**tags, **dict(list(odd.items())[:2])})
    assert made.ttl_in_days == 365
    assert wanted(1, {"number": 7}).as_fields() == {"ttl_in_days": 1, "tag": {"number": "7"}}
    assert wanted().as_fields() == {}


@pytest.mark.parametrize(
    "given, observed, before, after",
    [
        ({}, {"ttl_in_days": 7, "tag": {"a": "1"}}, {}, {}),
        ({"ttl_in_days": 7}, {"ttl_in_days": 7}, {}, {}),
        ({"ttl_in_days": 8}, {"ttl_in_days": 7}, {"ttl_in_days": 7}, {"ttl_in_days": 8}),
        ({"ttl_in_days": 8}, {}, {"ttl_in_days": None}, {"ttl_in_days": 8}),
        ({"tags": {}}, {"tag": SYSTEM}, {}, {}),
        ({"tags": {"a": "1"}}, {"tag": {**SYSTEM, "a": "1"}}, {}, {}),
        ({"tags": {"a": "1"}}, {"tag": None}, {"tag": {}}, {"tag": {"a": "1"}}),
        (
            {"tags": {"a": "2"}},
            {"tag": {**SYSTEM, "a": "1"}},
            {"tag": {**SYSTEM, "a": "1"}},
            {"tag": {**SYSTEM, "a": "2"}},
        ),
        ({"tags": {"a": "1"}}, {"tag": {"a": "1", "b": "2"}}, {"tag": {"a": "1", "b": "2"}}, {"tag": {"a": "1"}}),
        ({"tags": {"a": "1"}, "purge_tags": False}, {"tag": {"a": "1", "b": "2"}}, {}, {}),
        (
            {"tags": {"a": "3"}, "purge_tags": False},
            {"tag": {"a": "1", "b": "2"}},
            {"tag": {"a": "1", "b": "2"}},
            {"tag": {"a": "3", "b": "2"}},
        ),
    ],
)
def test_update_is_planned_for_what_differs(given, observed, before, after):
    change = wanted(**given).plan_update(observed)
    expected = PlannedChange("update", before=before, after=after) if after else PlannedChange()
    assert change == expected


def apply(item):
    sent = []
    ttl_and_tags.apply_update(
        item, lambda *new: sent.append(("update", *new)), lambda tags: sent.append(("delete", tags))
    )
    return sent


@pytest.mark.parametrize(
    "given, observed, sent",
    [
        ({"ttl_in_days": 8}, {"ttl_in_days": 7, "tag": {"a": "1"}}, [("update", 8, {})]),
        ({"tags": {"a": "1"}}, {"ttl_in_days": 7, "tag": SYSTEM}, [("update", 7, {"a": "1"})]),
        # Tags are removed first, as an update may leave them there.
        (
            {"tags": {"a": "1"}},
            {"ttl_in_days": 7, "tag": {**SYSTEM, "b": "2"}},
            [("delete", {"b": "2"}), ("update", 7, {"a": "1"})],
        ),
        ({"tags": {}}, {"ttl_in_days": 7, "tag": {**SYSTEM, "b": "2"}}, [("delete", {"b": "2"})]),
        # All tags that stay are sent, as an update may replace those that are there.
        (
            {"tags": {"a": "1"}, "purge_tags": False},
            {"ttl_in_days": 7, "tag": {**SYSTEM, "b": "2"}},
            [("update", 7, {"b": "2", "a": "1"})],
        ),
        (
            {"ttl_in_days": 8, "tags": {}},
            {"ttl_in_days": 7, "tag": {"b": "2"}},
            [("delete", {"b": "2"}), ("update", 8, {})],
        ),
    ],
)
def test_update_removes_tags_before_it_sends_those_that_stay(given, observed, sent):
    assert apply(Item("web", observed, wanted(**given).plan_update(observed))) == sent


def test_update_of_what_was_created_just_now_keeps_its_ttl_and_shows_its_tags():
    """The answer to the creation was lost, and another look found it without its tags."""
    item = Item("web", None, PlannedChange("create", after={"log_group_name": "web"}))
    item.latest = {"log_group_id": "g1", "ttl_in_days": 30}
    item.remaining = wanted(tags={"a": "1"}).plan_update(item.latest)
    assert apply(item) == [("update", 30, {"a": "1"})]
    assert item.latest == {"log_group_id": "g1", "ttl_in_days": 30, "tag": {"a": "1"}}


@pytest.mark.parametrize(
    "seen, noticed",
    [({"tag": {"b": "2"}}, False), ({"tag": {}}, True), ({}, True), (None, False)],
)
def test_removed_tags_are_recorded_after_a_lost_answer(seen, noticed):
    item = Item("web", {}, PlannedChange("update", before={"tag": {"b": "2"}}, after={"tag": {"a": "1"}}))
    ttl_and_tags.record_deleted_tags(item, seen)
    assert (item.changed, item.action) == ((True, "update") if noticed else (False, "none"))
