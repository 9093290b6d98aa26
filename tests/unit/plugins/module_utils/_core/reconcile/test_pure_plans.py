# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check that plans are pure finds those that are not."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import Observation, Reconciler
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import FakeService
from ansible_collections.saasops.jobs.tests.unit.support.pure_plans import check_plans


class Planner(Reconciler):
    """Plans by a function that the test hands in."""

    def __init__(self, function):
        self.made = 0
        self.context = TaskContext()
        self._function = function

    def observe(self, keys):
        return Observation({}, facts=None)

    def plan(self, key, observed, facts):
        return self._function(self, observed)

    def apply(self, item):
        return False

    def fields(self, key, observed):
        return {"id": key}


def count(planner, observed):
    planner.made += 1
    return PlannedChange()


def warn(planner, observed):
    planner.context.warn("Mind the gap.")
    return PlannedChange()


def take(planner, observed):
    observed.clear()
    return PlannedChange()


ANSWERS = iter(range(1000))


@pytest.mark.parametrize(
    "function, words",
    [
        (count, "changed its reconciler"),
        (warn, "changed its reconciler"),
        (take, "changed what was observed"),
        (lambda planner, observed: PlannedChange("update", after={"size": next(ANSWERS)}), "another one"),
    ],
)
def test_a_plan_that_is_not_pure_is_found(monkeypatch, function, words):
    check_plans(monkeypatch)
    with pytest.raises(AssertionError, match=words):
        Planner(function).plan("a", {"size": 1}, None)


def test_a_pure_plan_passes(monkeypatch):
    check_plans(monkeypatch)
    change = PlannedChange("update", after={"size": 2})
    assert Planner(lambda planner, observed: change).plan("a", {"size": 1}, None) == change


def test_plans_are_still_checked_after_a_fake_service():
    with FakeService():
        pass
    with pytest.raises(AssertionError, match="changed its reconciler"):
        Planner(count).plan("a", {"size": 1}, None)
