# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.creation import (
    NewLogJobReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.log_jobs.retention import Retention
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.log_job_specs import DATES, JOB, NOW, request


class Jobs:
    """The jobs of a project; `listed` says what each listing shows."""

    def __init__(self, *listed):
        self._listed = list(listed)

    def all(self):
        return self._listed.pop(0) if len(self._listed) > 1 else self._listed[0]


def reconciler(jobs, spec, force=False):
    nothing = Retention({"expires_at": None, "keep_for": None})
    context = TaskContext(clock=StillClock(), check_mode=True)
    return NewLogJobReconciler(jobs, spec, nothing, context, force=force, now=lambda: NOW), context


def test_what_may_have_been_created_under_another_name_is_not_created_again():
    new = {**JOB, "id": "j9", "resourceType": "cluster"}
    jobs, _context = reconciler(Jobs([], [new]), request(resource_type="CLUSTER"))
    lost, change = Item("66f1c0de0000000000000077", None, PlannedChange("create")), PlannedChange("create")
    jobs.observe([lost.key])
    assert jobs.may_repeat(lost, change) is True
    assert jobs.observe([lost.key]).items == {}
    assert jobs.may_repeat(lost, change) is False
    # Unless it is what another item created.
    jobs.note_created(Item("shGreen", None, PlannedChange("create")), "j9")
    assert jobs.may_repeat(lost, change) is True


@pytest.mark.parametrize(
    "status, action",
    [
        ("IN_PROGRESS", "none"),
        ("SUCCESS", "none"),
        ("QUEUED", "none"),
        (None, "none"),
        ("FAILURE", "create"),
        ("MARKED_FOR_EXPIRY", "create"),
        ("EXPIRED", "create"),
    ],
)
def test_a_job_is_started_only_if_there_is_none_that_may_have_the_logs(status, action):
    jobs, context = reconciler(Jobs([{**JOB, "id": "j9", "status": status}]), request())
    (item,) = engine.reconcile(jobs, ["rsBlue"], context, HttpSettings())
    assert item.action == action


@pytest.mark.parametrize("force, count", [(False, 1), (True, 0)])
def test_a_job_that_does_not_show_its_dates_is_warned_of_before_another_one_is_started(force, count):
    undated = {**JOB, "id": "j9", "status": "SUCCESS"}
    jobs, context = reconciler(Jobs([undated]), request(**DATES), force)
    (item,) = engine.reconcile(jobs, ["rsBlue"], context, HttpSettings())
    assert item.action == "create"
    assert len(context.warnings) == count
    assert all("Log collection job j9 may be the requested one" in warning for warning in context.warnings)
