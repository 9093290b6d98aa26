# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.endpoint import Endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import objects
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.objects import NotFound
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply
from ansible_collections.saasops.jobs.tests.unit.support.mongodb import connect

GET = Endpoint("show", "GET", "/jobs/{job_id}", Effect.READ)


@pytest.mark.parametrize("odd", ["", "..", "a/b", "a?b", 5, None, ["a"], {"a": 1}], ids=repr)
def test_a_job_with_an_id_that_cannot_be_one_is_refused(odd):
    answer = Call("GET /jobs/a", Reply(200, {"id": odd}))
    with FakeService(answer), pytest.raises(errors.ServiceError, match="not have the form that the service documents"):
        objects.get_job(connect(), GET, {"job_id": "a"})


@pytest.mark.parametrize(
    "status, code, expected",
    [
        (404, "JOB_NOT_FOUND", NotFound.MISSING),
        (404, "SOMETHING_NOT_FOUND", NotFound.UNCLEAR),
        (404, "GROUP_NOT_FOUND", NotFound.OTHER),
        (404, "CLUSTER_NOT_FOUND", NotFound.OTHER),
        # A gateway's answer has no code.
        (404, None, NotFound.OTHER),
        (403, "JOB_NOT_FOUND", NotFound.OTHER),
    ],
)
def test_only_the_documented_code_says_for_certain_that_a_job_is_missing(status, code, expected):
    error = errors.ServiceError("gone", status, code, "gone", None, "GET", "/")
    assert objects.existence(error, ("JOB_NOT_FOUND",), ("CLUSTER_NOT_FOUND",)) is expected
