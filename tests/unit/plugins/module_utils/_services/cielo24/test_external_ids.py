# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.external_ids import (
    JobsOfAccount,
    by_external_id,
)
from ansible_collections.saasops.jobs.tests.unit.support.cielo24 import TOKEN, connect, jobs, list_call
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import FakeService


def test_jobs_are_found_by_the_external_ids_that_are_asked_for():
    a, b, twin = {"JobId": "1", "ExternalID": "a"}, {"JobId": "2", "ExternalID": "b"}, {"JobId": "3", "ExternalID": "a"}
    number, none = {"JobId": "4", "ExternalID": 17}, {"JobId": "5"}
    found = by_external_id([a, b, twin, number, none], {"a", "17", "None"})
    assert found == {"a": [a, twin], "17": [number]}


@pytest.mark.parametrize("sub_account", [None, "below", "*"])
@pytest.mark.parametrize("ids", [[], ["a"]])
def test_only_a_sub_account_without_jobs_is_a_warning(sub_account, ids):
    context = TaskContext()
    query = {"Username": sub_account} if sub_account else {}
    with FakeService(list_call(jobs(*ids), **query)):
        listed = JobsOfAccount(connect(**TOKEN), sub_account, context).all()
    assert [job["JobId"] for job in listed] == ids
    warning = "The account below has no captioning jobs. Check its name."
    assert context.warnings == ([warning] if sub_account == "below" and not ids else [])


def test_a_sub_account_whose_jobs_are_gone_at_a_later_look_is_no_warning():
    context = TaskContext()
    with FakeService(list_call(jobs("a"), Username="below"), list_call(jobs(), Username="below")):
        listed = JobsOfAccount(connect(**TOKEN), "below", context)
        assert [len(listed.all()), len(listed.all())] == [1, 0]
    assert context.warnings == []
