# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import KEPT, NameFilter
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import jobs_api
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.deletion import AbsentJobReconciler
from ansible_collections.saasops.jobs.tests.unit.support.cielo24 import TOKEN, connect, delete_call, jobs, list_call
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import FakeService, Reply


def absent(keep=None):
    return AbsentJobReconciler(connect(**TOKEN), NameFilter({"name_pattern": None, "keep": keep, "state": "absent"}))


def test_ids_are_sent_in_the_spelling_of_the_service():
    with FakeService(list_call(jobs("AB")), delete_call(Reply(204), job_id="AB")):
        deletions = absent()
        job = deletions.observe(["ab"]).items["ab"]
        assert deletions.apply(Item("ab", job, deletions.plan("ab", job, None))) is True


def test_a_job_is_deleted_whatever_its_status():
    assert not absent().plan("a", None, None).acts
    for status in jobs_api.STATUSES:
        change = absent().plan("a", {"JobName": "n", "JobStatus": status}, None)
        assert (change.action, change.before) == ("delete", {"JobName": "n", "JobStatus": status})


def test_a_job_is_kept_if_its_name_fits_a_pattern():
    assert absent(keep=["News*"]).plan("a", {"JobName": "News at ten"}, None) == KEPT
    assert absent(keep=["News*"]).plan("a", {"JobName": "Weather"}, None).acts
