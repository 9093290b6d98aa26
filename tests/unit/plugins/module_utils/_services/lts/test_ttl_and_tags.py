# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.engine import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import ttl_and_tags

SYSTEM = {"_sys_enterprise_project_id": "0"}


def settings(ttl_in_days=None, tags=None, purge_tags=True):
    return ttl_and_tags.Settings({"ttl_in_days": ttl_in_days, "tags": tags, "purge_tags": purge_tags})


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
def test_malformed_settings(params):
    with pytest.raises(InvalidInput):
        settings(**params)


def test_settings_that_are_just_allowed():
    tags = {f"k{number}": "x" for number in range(18)}
    odd = {"ä b.:=+-@_" + "1" * 118: "ß /" + "x" * 252, "empty": "", "number": 7}
    made = settings(365, {**tags, **dict(list(odd.items())[:2])})
    assert made.ttl_in_days == 365
    assert settings(1, {"number": 7}).as_fields() == {"ttl_in_days": 1, "tag": {"number": "7"}}
    assert settings().as_fields() == {}


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
def test_changes(given, observed, before, after):
    assert settings(**given).changes(observed) == (before, after)


def item(before, after, observed):
    change = PlannedChange("update", before=before, after=after)
    return SimpleNamespace(remaining=change, observed=observed, changed=False, action="none")


def apply(given, observed):
    before, after = settings(**given).changes(observed)
    sent = []
    made = item(before, after, observed)
    ttl_and_tags.apply_changes(
        made, lambda *new: sent.append(("update", *new)), lambda tags: sent.append(("delete", tags))
    )
    return sent, made


@pytest.mark.parametrize(
    "given, observed, sent",
    [
        ({"ttl_in_days": 8}, {"ttl_in_days": 7, "tag": {"a": "1"}}, [("update", 8, {})]),
        ({"tags": {"a": "1"}}, {"ttl_in_days": 7, "tag": SYSTEM}, [("update", 7, {"a": "1"})]),
        # What is to go is taken away first: an update may leave it there.
        (
            {"tags": {"a": "1"}},
            {"ttl_in_days": 7, "tag": {**SYSTEM, "b": "2"}},
            [("delete", {"b": "2"}), ("update", 7, {"a": "1"})],
        ),
        ({"tags": {}}, {"ttl_in_days": 7, "tag": {**SYSTEM, "b": "2"}}, [("delete", {"b": "2"})]),
        # All that is to stay is sent: an update may put it in the place of what is there.
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
def test_what_is_sent(given, observed, sent):
    assert apply(given, observed)[0] == sent


@pytest.mark.parametrize(
    "seen, noticed",
    [({"tag": {"b": "2"}}, False), ({"tag": {}}, True), ({}, True), (None, False)],
)
def test_tags_that_were_taken_away_before_an_answer_was_lost(seen, noticed):
    made = item({"tag": {"b": "2"}}, {"tag": {"a": "1"}}, {})
    ttl_and_tags.record_partial_change(made, seen)
    assert (made.changed, made.action) == ((True, "update") if noticed else (False, "none"))
